"""A larger city than the demo's: every hospital assessed in full by two assessors, round after round.

Written on top of a seeded demo through the same changes that pages call, so that nothing is there that could not have
been typed: planned, answered on two devices, differences settled, locked. `pages.py --rounds-in-full 3` measures on it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid6

#: The first of these rounds gets this number; the demo's own rounds come before it.
FIRST_ROUND = 10
DAYS_BETWEEN = 20


def add_rounds(city: Any, rounds: int, now: datetime) -> int:
    """Lock so many full visits to every hospital of the city; returns how many questions were answered."""
    from beiji.programme.models import Subject

    hospitals = list(Subject.objects.hospitals())
    draw = random.Random(7)
    answered = 0
    for number in range(rounds):
        begun = now - timedelta(days=DAYS_BETWEEN * (rounds - number))
        for hospital in hospitals:
            answered += _visit(city, hospital, FIRST_ROUND + number, begun, draw)
    return answered


def _team() -> list[Any]:
    """A lead and an assessor of the demo's visits."""
    from beiji.assess.models import Member
    from beiji.programme.models import Person

    rating = Member.objects.filter(post__in=("lead", "assessor"), visit__kind="external")
    lead = Person.objects.filter(pk__in=rating.filter(post="lead").values("person")).order_by("code").first()
    other = Person.objects.filter(pk__in=rating.filter(post="assessor").values("person")).order_by("code").first()
    return [lead, other]


def _visit(city: Any, hospital: Any, number: int, begun: datetime, draw: random.Random) -> int:
    from beiji.assess import asked, changes
    from beiji.assess.models import Visit
    from beiji.programme.access import enter

    lead, other = (enter(person, begun.date()) for person in _team())
    day = begun.date()
    visit = changes.plan_visit(
        city=city, subject=hospital, round=number, kind="external", scope="full", first_day=day, last_day=day,
        team=[changes.Seat(lead, "lead"), changes.Seat(other, "assessor")], by=lead.pk, now=begun,
    )  # fmt: skip
    changes.move_visit(visit=visit, to=Visit.Phase.ON_SITE, by=lead.pk, now=begun)
    questions = [(item.code, part) for item in asked.asked_in(visit) for part in item.parts]
    first = {question: draw.choices((0, 1, 2), (2, 3, 5))[0] for question in questions}
    second = {question: max(0, level - (draw.random() < 0.1)) for question, level in first.items()}
    said = [
        _send(visit, person, device, "rate", levels, begun)
        for person, device, levels in ((lead, "tablet-1", first), (other, "tablet-2", second))
    ]
    changes.move_visit(visit=visit, to=Visit.Phase.CONSENSUS, by=lead.pk, now=begun)
    differ = {question: level for question, level in first.items() if second[question] != level}
    settles = {question: [str(said[0][question]), str(said[1][question])] for question in differ}
    _send(visit, lead, "desk", "settle", differ, begun, settles)
    changes.lock_visit(visit=Visit.objects.get(pk=visit.pk), by=lead, now=begun + timedelta(hours=9))
    return 2 * len(questions)


def _send(
    visit: Any, person: Any, device: str, kind: str, levels: dict[tuple[str, str], int], at: datetime,
    settles: dict[tuple[str, str], list[str]] | None = None,
) -> dict[tuple[str, str], UUID]:  # fmt: skip
    """Send one device's queue; answers the id of what was said on each question."""
    from beiji.assess import changes

    keys = {question: uuid6.uuid7() for question in levels}
    entries = list(_entries(device, kind, levels, keys, at, settles or {}))
    for start in range(0, len(entries), 200):
        changes.take_operations(
            visit=visit, entries=entries[start : start + 200], person=person, may_settle=kind == "settle"
        )
    return keys


def _entries(
    device: str, kind: str, levels: dict[tuple[str, str], int], keys: dict[tuple[str, str], UUID], at: datetime,
    settles: dict[tuple[str, str], list[str]],
) -> Iterator[tuple[dict[str, Any], datetime]]:  # fmt: skip
    for number, ((code, part), level) in enumerate(levels.items()):
        payload: dict[str, Any] = {"indicator": code, "level": level, "how": "check"}
        if part:
            payload["part"] = part
        if kind == "settle":
            payload |= {"settles": settles[code, part], "reason": "Seen together.", "language": "en"}
        made_at = at + timedelta(seconds=30 * number)
        entry = {
            "id": str(keys[code, part]), "kind": kind, "device": device, "seq": number + 1,
            "made_at": made_at.isoformat(), "payload": payload,
        }  # fmt: skip
        yield entry, made_at
