"""Files that leave: guests ask, the city decides, every file says who took it; and the watermark."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone
from django_scopes import scope
from openpyxl import load_workbook

from beiji.programme import access, changes, exports
from beiji.programme.models import City, RoleGrant
from beiji.programme.releases import Export
from beiji.records.models import AuditLine
from tests.cast import NOW, TODAY
from tests.programme.test_grants import body, signed_in

HOUR = timedelta(hours=1)
LIST = "/yangzhou/findings/?file="
ASK = "/yangzhou/exports/new/"


@pytest.fixture
def clock(monkeypatch):
    """The clock, to be moved."""
    at = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: at[0])
    return at


def ask(client, address=f"{LIST}csv", purpose="for the ministry"):
    return client.post(ASK, {"address": address, "purpose": purpose})


def decide(client, answer: str, reason: str = ""):
    with scope(city="yangzhou"):
        export = Export.objects.get(decided_at=None, taken_at=None)
    address = f"/yangzhou/exports/{export.pk}/decision/"
    return client.post(address, {"answer": answer, "reason": reason}, follow=True)


def test_a_guest_asks_the_manager_approves_and_the_file_is_taken_within_a_day(world, clock):
    guest, manager = signed_in("dana-peretz"), signed_in("li-wen")
    led = guest.get(f"{LIST}csv")
    assert led.url == f"{ASK}?address={quote(f'{LIST}csv', safe='')}"
    assert ask(guest).status_code == 302
    assert guest.get(f"{LIST}csv").status_code == 302, "asking opens nothing"
    assert "guest&#x27;s file waits for your decision" in body(manager.get("/yangzhou/"))
    assert "Approved" in body(decide(manager, "yes"))
    clock[0] = NOW + 23 * HOUR
    guest = signed_in("dana-peretz")
    rows = list(csv.reader(io.StringIO(guest.get(f"{LIST}csv").content.decode("utf-8-sig"))))
    assert "dana-peretz" in rows[0][0]
    assert "-X-0001" in rows[0][0]
    assert guest.get(f"{LIST}xlsx").status_code == 302, "another file is another question"
    clock[0] = NOW + 24 * HOUR
    assert guest.get(f"{LIST}csv").status_code == 302


def test_a_refused_file_stays_and_the_guest_reads_why(world, clock):
    guest, manager = signed_in("dana-peretz"), signed_in("li-wen")
    ask(guest)
    assert "Write why the file is refused" in body(decide(manager, "no"))
    decide(manager, "no", "not before the steering group has met")
    assert "not before the steering group has met" in body(guest.get("/yangzhou/exports/"))
    assert guest.get(f"{LIST}csv").status_code == 302


def test_the_end_of_a_grant_ends_the_approved_file(world, clock):
    guest, manager = signed_in("dana-peretz"), signed_in("li-wen")
    ask(guest)
    decide(manager, "yes")
    with scope(city="yangzhou"):
        grant = RoleGrant.objects.get(person=world.people["lead"])
        changes.end_grant(grant=grant, reason="left", by=world.people["manager"].pk, now=NOW)
    assert guest.get(f"{LIST}csv").status_code == 404


def test_an_approved_file_is_one_persons_own(world, clock):
    guest, manager = signed_in("dana-peretz"), signed_in("li-wen")
    ask(guest)
    decide(manager, "yes")
    assert signed_in("noam-levi").get(f"{LIST}csv").status_code == 302


def test_what_cannot_be_asked_is_said_in_one_sentence(world, clock):
    guest = signed_in("dana-peretz")
    assert "no file of the city" in body(ask(guest, "/yangzhou/findings/"))
    assert "no file of the city" in body(ask(guest, "/nanjing/findings/?file=csv"))
    assert "no file of the city" in body(ask(guest, "https://elsewhere.example/yangzhou/findings/?file=csv"))
    assert ask(guest, purpose=" ").status_code == 422
    ask(guest)
    assert "asked for this file already" in body(ask(guest))


def test_two_managers_decide_once_and_nobody_on_his_own(yangzhou):
    guest, manager = yangzhou.people["lead"], yangzhou.people["manager"]
    export = changes.ask_for_file(person=guest, address="/a", what="list:a", purpose="p", now=NOW)
    with pytest.raises(changes.ProgrammeError, match="his own file"):
        changes.decide_on_file(export=export, approved=True, reason="", by=guest, now=NOW)
    changes.decide_on_file(export=export, approved=True, reason="", by=manager, now=NOW)
    with pytest.raises(changes.ProgrammeError, match="decided on this file already"):
        changes.decide_on_file(export=export, approved=False, reason="r", by=manager, now=NOW)


def test_one_of_the_citys_own_takes_at_once_under_the_next_number(world, clock):
    manager = signed_in("li-wen")
    for number in (1, 2):
        book = load_workbook(io.BytesIO(manager.get(f"{LIST}xlsx").content))
        about = dict(book.worksheets[1].iter_rows(values_only=True))
        assert about["Number"].endswith(f"-X-000{number}")
        assert f"-X-000{number}" in book.worksheets[0].oddFooter.center.text
        assert "li-wen" in book.worksheets[0].oddFooter.center.text
    with scope(city="yangzhou"):
        numbers = [line.details["number"] for line in AuditLine.objects.filter(kind="programme.list-taken")]
    assert sorted(numbers) == [1, 2]


def test_taking_a_file_leaves_the_kept_pages_as_they_are(world, clock):
    """What was drawn for all readers is thrown away by what changes in the city, and a file changes nothing."""
    before = City.objects.get(pk="yangzhou").written
    assert signed_in("li-wen").get(f"{LIST}csv").status_code == 200
    with scope(city="yangzhou"):
        assert Export.objects.get().number == 1
    assert City.objects.get(pk="yangzhou").written == before


def test_a_file_leaves_however_long_its_address_is(world, clock):
    """A database that counts signs would refuse the row."""
    assert signed_in("li-wen").get(f"{LIST}csv&q={'x' * 1200}").status_code == 200
    with scope(city="yangzhou"):
        assert len(Export.objects.get().address) == 1000


def test_from_abroad_nothing_leaves(yangzhou):
    person = yangzhou.people["assessor"]
    access.act_as(person, (access.LiveRole("remote-expert", None),))
    assert not exports.may_take_lists(person)


def test_a_watermark_names_whoever_looks_where_the_city_wants_it(world, clock):
    manager, administrator = signed_in("li-wen"), signed_in("chen-wei")
    assert 'class="watermark"' not in body(manager.get("/yangzhou/findings/"))
    administrator.post("/yangzhou/access/switches/", {"from_abroad": "no", "watermarks": "yes"})
    assert City.objects.get(pk="yangzhou").watermarks
    page = body(manager.get("/yangzhou/findings/"))
    assert 'class="watermark" aria-hidden="true"' in page
    assert "li-wen · 24 November 2026 10:00" in page
    assert "style=" not in page


def test_the_matrix_of_exports(yangzhou):
    """Who may take, ask and decide: by role alone."""
    people = {part: access.enter(person, TODAY) for part, person in yangzhou.people.items() if part != "stranger"}
    takes = {part for part, person in people.items() if access.may_take_files(person) and not access.is_guest(person)}
    asks = {part for part, person in people.items() if access.may_take_files(person) and access.is_guest(person)}
    decides = {part for part, person in people.items() if access.may_give_grants(person)}
    assert asks == {"lead", "assessor"}
    assert takes == {"administrator", "manager", "coordinator", "coordinator_other", "translator", "leader"}
    assert decides == {"manager"}
