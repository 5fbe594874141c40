"""The list of items holds what the figures count, and leaves the system only with those who may take it."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from openpyxl import load_workbook

from beiji.programme.models import Subject
from beiji.readiness import queries
from beiji.readiness.rules.rows import Condition
from beiji.records.models import AuditLine
from tests import cast
from tests.readiness.conftest import timed

LIST = "/yangzhou/readiness/items/"


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture
def told(record):
    record(
        timed("ginkgo-east", 40, date(2026, 11, 2), Condition.DAY),
        timed("egret", 10, date(2026, 11, 2), Condition.DAY),
        timed("egret", 10, date(2026, 11, 2), Condition.NIGHT),
    )


def browser(code: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username=code, password=cast.PASSWORD)
    return client


@pytest.mark.parametrize("show", ["open", "gap", "core", "core-met", "soon"])
def test_each_figure_leads_to_as_many_rows_as_it_counts(told, loaded, show):
    with scope(city="yangzhou"):
        counts = queries.picture(city=loaded.city, subjects=Subject.objects.hospitals(), now=cast.NOW).tally
    expected = {
        "open": counts.open_items, "gap": counts.all_gaps, "core": counts.core_items, "core-met": counts.core_met, "soon": 0,
    }[show]  # fmt: skip
    page = browser("li-wen").get(f"{LIST}?show={show}").content.decode()
    said = re.search(r'role="status">\s*([\d,]+)( of [\d,]+)? items?', page)
    assert int(said[1].replace(",", "")) == expected


def test_a_coordinator_finds_only_the_own_hospital(told, loaded):
    page = browser("wu-lan").get(LIST).content.decode()
    assert "Egret" in page
    assert "Ginkgo" not in page


def test_a_list_that_was_taken_holds_every_row_and_is_written_down(told, loaded):
    answer = browser("li-wen").get(f"{LIST}?subject=ginkgo&file=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) > 50
    assert {row[0] for row in rows} == {"Ginkgo"}
    line = AuditLine.objects.get(kind="programme.list-taken")
    assert line.details["rows"] == len(rows)
    assert line.person == loaded.people["manager"].pk


def test_a_guest_is_led_from_a_file_to_the_page_on_which_he_asks_for_it(told, loaded):
    guest = browser("dana-peretz")
    answer = guest.get(f"{LIST}?file=csv")
    assert answer.status_code == 302
    assert answer.url.startswith("/yangzhou/exports/new/?address=")
    assert not AuditLine.objects.filter(kind="programme.list-taken").exists()
