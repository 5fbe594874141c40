"""A hospital's capacity timetable as its people fill it and its head puts it in force; who may not; what is refused."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import uuid6
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beiji.plans import changes
from beiji.plans.capacity.grid import Column, Known, Place
from beiji.plans.capacity.reading import Typed, cells_of, grid_in_force, grid_of, last_number
from beiji.plans.models import CapacityCell, CapacityTimetable
from beiji.programme import changes as programme
from beiji.programme.models import Subject
from tests.cast import NOW, PASSWORD, TODAY, names

THEATRES = Place("theatres", Column.NIGHT)


@pytest.fixture
def world(yangzhou, monkeypatch):
    """The cast with the head of Ginkgo and a second coordinator there, on its own day."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for part, code, role in (("head", "gu-qing", "head"), ("second", "he-lin", "coordinator")):
        person = programme.add_person(
            city=yangzhou.city, code=code, names=names(code), organisation=yangzhou.organisations["ginkgo"], by=None, now=NOW
        )  # fmt: skip
        programme.grant_role(
            person=person, role=role, subject=yangzhou.subjects["ginkgo"], since=TODAY, by=None, now=NOW
        )
        programme.create_account(person=person, username=code, password=PASSWORD, by=None, now=NOW)
        yangzhou.people[part] = person
    return yangzhou


def browser(world, part: str) -> Client:
    client = Client()
    client.force_login(world.people[part].accounts.get())
    return client


def address(page: str) -> str:
    return reverse(page, kwargs={"city": "yangzhou", "subject": "ginkgo"})


def type_cell(client, name, typed, *, base=0, known="counted", operation=None):
    said = {"operation": operation or str(uuid6.uuid7()), "place": name, "typed": typed, "known": known, "base": base}
    return client.post(address("plans:capacity-cell"), json.dumps(said), content_type="application/json")


def fill(world, part, place, value, base=None):
    typed = [Typed(place, value, Known.COUNTED, base)]
    return changes.fill_cells(subject=world.subjects["ginkgo"], typed=typed, by=world.people[part], now=NOW)


def test_a_sheet_from_its_first_number_to_its_being_in_force(world):
    coordinator, head = browser(world, "coordinator"), browser(world, "head")
    hospital = world.subjects["ginkgo"]
    empty = coordinator.get(address("plans:capacity")).content.decode()
    assert "0 of 36 numbers are filled. The others are unknown, which is not zero." in empty
    assert "Put in force" not in empty
    first = {"theatres.night": "４", "theatres.day": "2", "anaesthetists.night": "2", "seen": "0", "known": "measured"}
    shown = coordinator.post(address("plans:capacity"), first, follow=True).content.decode()
    assert "3 numbers are saved." in shown
    assert "Operating rooms, now, at night: 4, but 2 of anaesthetists. Who works in the others?" in shown
    assert "Operating rooms, now, at night: 4, more than by day (2)." in shown
    assert {place.name: cell.value for place, cell in grid_of(cells_of(hospital)).items()} == {
        "theatres.night": 4, "theatres.day": 2, "anaesthetists.night": 2,
    }  # fmt: skip
    seen = str(last_number(hospital))
    assert (
        "Timetable 1 is in force"
        in head.post(address("plans:capacity-force"), {"seen": seen}, follow=True).content.decode()
    )
    assert "Nothing has changed since timetable 1" in head.post(
        address("plans:capacity-force"), {"seen": seen}, follow=True
    ).content.decode()  # fmt: skip
    answer = type_cell(coordinator, "theatres.night", "2", base=int(seen)).json()
    assert (answer["value"], answer["filled"][:8]) == ("2", "3 of 36 ")
    assert grid_in_force(hospital)[THEATRES].value == 4, "a draft changes nothing that is in force"
    changed = head.post(address("plans:capacity-force"), {"seen": seen}, follow=True).content.decode()
    assert "Somebody wrote into the timetable since you opened this page" in changed
    head.post(address("plans:capacity-force"), {"seen": str(last_number(hospital))})
    assert grid_in_force(hospital)[THEATRES].value == 2
    assert [row.number for row in CapacityTimetable.objects.all()] == [1, 2]
    assert (
        "Timetable 2"
        in browser(world, "manager").get(reverse("plans:plans", kwargs={"city": "yangzhou"})).content.decode()
    )


def test_an_emptied_cell_is_unknown_and_not_zero(world):
    fill(world, "coordinator", THEATRES, 4)
    fill(world, "coordinator", THEATRES, None)
    fill(world, "coordinator", Place("ct_scanners", Column.DAY), 0)
    assert {place.name: cell.value for place, cell in grid_of(cells_of(world.subjects["ginkgo"])).items()} == {
        "ct_scanners.day": 0
    }


def test_an_operation_that_arrives_twice_counts_once(world):
    client, operation = browser(world, "coordinator"), str(uuid6.uuid7())
    for _time in range(2):
        assert type_cell(client, "theatres.night", "4", operation=operation).json()["kept"]
    assert CapacityCell.objects.count() == 1


def test_two_who_write_into_one_cell(world):
    fill(world, "second", THEATRES, 5)
    answer = type_cell(browser(world, "coordinator"), "theatres.night", "4")
    assert answer.status_code == 409
    assert answer.json()["error"].startswith("Operating rooms, now, at night: somebody else wrote here meanwhile.")
    assert (answer.json()["value"], answer.json()["number"]) == ("5", 1)
    form = {"theatres.night": "4", "theatres.day": "6", "seen": "0"}
    refused = browser(world, "coordinator").post(address("plans:capacity"), form)
    assert refused.status_code == 422
    assert 'value="6"' in refused.content.decode(), "what was typed comes back"
    assert CapacityCell.objects.count() == 1, "of several cells all or none are kept"
    untouched = {"theatres.night": "", "theatres.day": "6", "seen": "0"}
    browser(world, "coordinator").post(address("plans:capacity"), untouched)
    assert cells_of(world.subjects["ginkgo"])[THEATRES].value == 5, "a field that nobody touched takes nothing back"


def test_what_is_no_number_is_named_by_its_cell(world):
    client = browser(world, "coordinator")
    for typed, why in (
        ("1,0O0", "is not a number"),
        ("-2", "is too small"),
        ("900", "is too large"),
        ("2.5", "is not a whole number"),
    ):
        answer = type_cell(client, "theatres.night", typed)
        assert answer.status_code == 422
        assert answer.json()["error"].startswith("Operating rooms, now, at night: ")
        assert why in answer.json()["error"]
    for said in ("[]", "{", '{"place": "theatres.noon"}'):
        assert client.post(address("plans:capacity-cell"), said, content_type="application/json").status_code == 422
    assert not CapacityCell.objects.exists()


def test_a_block_of_a_spreadsheet(world):
    client = browser(world, "coordinator")
    block = {"block": "12\t４\t10\r\n21\t\t37", "start": "theatres.day", "seen": "0", "known": "agreed"}
    assert "5 numbers are saved." in client.post(address("plans:capacity-block"), block, follow=True).content.decode()
    assert {cell.known for cell in CapacityCell.objects.all()} == {"agreed"}
    for wrong, sentence in (
        ("\n".join(["\t".join(["1"] * 10)] * 1000), "10,000 cells were pasted; the whole timetable has 54."),
        ("1\t2\t3\t4\t5", "The pasted block is larger than the timetable"),
        ("7\t1,0O0", "Operating rooms, now, at night: "),
    ):
        refused = client.post(address("plans:capacity-block"), {**block, "block": wrong, "seen": "5"})
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert CapacityCell.objects.count() == 5


def test_a_closed_hospital_keeps_its_timetable(world):
    fill(world, "coordinator", THEATRES, 4)
    hospital = world.subjects["ginkgo"]
    Subject.objects.filter(pk=hospital.pk).update(until=TODAY, until_recorded_at=NOW - timedelta(hours=1))
    for refused in (
        lambda: fill(world, "coordinator", THEATRES, 5),
        lambda: changes.put_in_force(subject=hospital, seen=1, by=world.people["head"], now=NOW),
    ):
        with pytest.raises(changes.CapacityError, match="The hospital is closed"):
            refused()


def test_nothing_filled_is_no_timetable(world):
    with pytest.raises(changes.CapacityError, match="Nothing is filled yet"):
        changes.put_in_force(subject=world.subjects["ginkgo"], seen=0, by=world.people["head"], now=NOW)


def test_who_reads_fills_and_puts_in_force(world):
    status = {
        part: browser(world, part).get(address("plans:capacity")).status_code
        for part in ("head", "manager", "coordinator_other", "lead")
    }
    assert status == {"head": 200, "manager": 200, "coordinator_other": 404, "lead": 404}
    assert browser(world, "head").post(address("plans:capacity"), {}).status_code == 404
    assert browser(world, "coordinator").post(address("plans:capacity-force"), {"seen": "0"}).status_code == 404
    assert "theatres.night" not in browser(world, "manager").get(address("plans:capacity")).content.decode().replace(
        "mark-theatres", ""
    )
