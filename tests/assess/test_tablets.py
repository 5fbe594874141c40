"""Tablets that were offline send in any order, again and again: what stands in the end is what was said."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from beiji.assess import given
from beiji.assess.models import Visit
from beiji.assess.rules.answers import Op, project
from beiji.records.models import Operation
from tests.assess.browsing import send, signed_in
from tests.assess.conftest import Device
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("frozen")
CODES = ("TRI-3", "TRI-4", "SUR-3", "SUR-4", "SUR-5")


def a_day_of(tablet: Device, random: Random, count: int) -> list[dict]:
    """What an assessor enters on one tablet: answers, remarks, and some of it taken back."""
    words: list[dict] = []
    for number in range(count):
        kind = random.choices(["rate", "note", "undo"], [6, 2, 2])[0]
        if kind == "undo" and (entries := [word for word in words if word["kind"] != "undo"]):
            words.append(tablet.word("undo", operation=random.choice(entries)["id"]))
        elif kind == "note":
            words.append(tablet.word("note", indicator=random.choice(CODES), language="en", text=f"remark {number}"))
        else:
            words.append(tablet.word("rate", indicator=random.choice(CODES), level=random.choice([0, 1, 2, "unable"])))
    return words


def as_said(tablet: Device, word: dict) -> Op:
    """The word as if it had arrived at once; a clock that runs ahead cannot outvote later answers."""
    made_at = min(datetime.fromisoformat(word["made_at"]), NOW)
    key, said = UUID(word["id"]), word["payload"]
    return Op(key, tablet.person.pk, tablet.name, word["seq"], word["kind"], made_at, said, NOW)


def test_cut_requests_and_any_order_end_in_what_was_said(yangzhou, visit):
    """Two tablets of each of two assessors, one an hour ahead and one an hour behind; a third of the requests is cut."""
    random = Random(15)
    tablets = {part: [Device(visit, yangzhou.people[part]) for _ in range(2)] for part in ("lead", "assessor")}
    tablets["lead"][0].clock += timedelta(hours=3)
    tablets["assessor"][1].clock -= timedelta(hours=1)
    queues = [(part, tablet, a_day_of(tablet, random, 16)) for part in tablets for tablet in tablets[part]]
    said = [as_said(tablet, word) for _part, tablet, words in queues for word in words]
    browsers = {part: signed_in(yangzhou, part) for part in tablets}
    waiting = [(part, list(words)) for part, _tablet, words in queues]
    while any(words for _part, words in waiting):
        part, words = random.choice([one for one in waiting if one[1]])
        parcel = random.sample(words, min(len(words), random.randint(1, 12)))
        fate = random.random()
        if fate < 0.15:
            continue  # cut before it arrived
        results = send(browsers[part], visit, *parcel, *parcel[:1]).json()["results"]
        assert all(result["kept"] or result.get("again") for result in results), (
            "an undo may wait for what it takes back"
        )
        if fate < 0.30:
            continue  # cut before the answer was heard: all of it comes again
        heard = {result["id"] for result in results if result["kept"]}
        words[:] = [word for word in words if word["id"] not in heard]
    assert Operation.objects.filter(stream=visit.stream).count() == len(said)
    stands, serial = given.answers_of(Visit.objects.get(pk=visit.pk)), project(said)
    assert stands.by_key == serial.by_key
    assert stands.notes == serial.notes
