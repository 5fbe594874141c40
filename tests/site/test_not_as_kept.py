"""What was changed past the program is not given out, and doctor names it."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django_scopes import scope

from beiji.assess import access as assess_access
from beiji.programme.models import City
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import Evaluator, Method
from beiji.records import files
from beiji.reports import rendering
from beiji.reports.changes import make_snapshot
from beiji.reports.models import Snapshot
from beiji.site import store_checks
from tests import cast
from tests.cast import NOW
from tests.committed import take_guards_off
from tests.records.test_files import photograph


def forge(statement: str, *values: object) -> None:
    """As somebody with the rights of the database's owner would."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    take_guards_off()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture(scope="module")
def world_of_module(loaded_of_module):
    return loaded_of_module


@pytest.fixture
def report(world) -> Snapshot:
    with scope(city="yangzhou"):
        draft = ledger.Draft(
            subject="egret", capability="ed-clear-time", method=Method.SPOT_CHECK,
            evaluator=Evaluator.EXTERNAL, as_of=cast.TODAY, level=1,
        )  # fmt: skip
        ledger.record_evidence(city=world.city, draft=draft, by=None, office="integrator", now=NOW)
        return make_snapshot(city=world.city, audience="ward", subject=world.subjects["egret"], by=None, now=NOW)


@pytest.fixture
def manager(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username="li-wen", password=cast.PASSWORD)
    return client


def test_a_forged_report_is_given_out_in_no_form(report, manager, caplog):
    page = f"/yangzhou/reports/{report.number}/"
    assert store_checks.snapshots() == []
    said = json.dumps(report.content, ensure_ascii=False)
    forge("UPDATE reports_snapshot SET content = %s", said.replace("Egret", "Gull"))
    answer = manager.get(page)
    assert answer.status_code == 500
    assert f"Report {report.number} does not say any more what it said when it was made" in answer.content.decode()
    assert "Gull" not in answer.content.decode()
    assert manager.get(f"{page}en.pdf").status_code == 500
    assert "not as kept" in caplog.text
    with scope(city="yangzhou"), pytest.raises(store_checks.NotAsKept):
        rendering.render(Snapshot.objects.get(), "zh-Hans", "docx")
    assert [finding.what for finding in store_checks.snapshots()] == [
        f"report {report.number} of yangzhou is not as it was frozen"
    ]


@pytest.mark.parametrize(
    "forged",
    ["audience = 'ministers'", "as_of = '2026-01-01'", "known_at = '2026-01-01T00:00:00Z'", "number = 'YZ-9-0001'"],
)
def test_a_report_is_not_passed_off_as_another(report, forged):
    forge(f"UPDATE reports_snapshot SET {forged}")
    assert len(store_checks.snapshots()) == 1


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_file_that_is_not_the_one_attached_is_not_given_out(world, how, monkeypatch, client):
    with scope(city="yangzhou"):
        kept = files.add_attachment(
            city="yangzhou", upload=SimpleUploadedFile("ward.jpg", photograph()), by=world.people["lead"].pk, now=NOW
        )
    assert store_checks.files() == []
    path = files.path_of(kept)
    if how == "changed":
        path.write_bytes(photograph() + b" ")
    else:
        path.unlink()
    monkeypatch.setattr(assess_access, "visit_or_404", lambda person, key: None)
    monkeypatch.setattr(assess_access, "attachment_or_404", lambda person, visit, key: kept)
    client.login(username="dana-peretz", password=cast.PASSWORD)
    answer = client.get(f"/yangzhou/assessments/{kept.pk}/files/{kept.pk}/")
    assert answer.status_code == 500
    sentence = "is not the one that was attached" if how == "changed" else "is not on the server any more"
    assert f"The file ward.jpg {sentence}" in answer.content.decode()
    assert [finding.check for finding in store_checks.files()] == ["files"]


def test_doctor_names_a_clock_that_had_run_ahead(world):
    City.objects.filter(pk="yangzhou").update(illustrative=False, known_until="2999-01-01T00:00:00+00:00")
    assert [finding.what for finding in store_checks.clock()] == [
        "a report of yangzhou was frozen as known at 2999-01-01 00:00 UTC, which lies in the future"
    ]


def test_doctor_finds_a_database_that_takes_no_writes(world):
    assert store_checks.database() == []
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET TRANSACTION READ ONLY")
        found = store_checks.database()
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = OFF")
    assert [finding.check for finding in found] == ["database"]
    assert "takes no writes" in found[0].what
