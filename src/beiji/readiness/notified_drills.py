"""Notified drills as they are kept: which are overdue, of which parts each is asked. Reads; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from beiji.programme.models import City, Subject

from .book import Book, local, nodes_under, plain_drill, size_class, subject_facts
from .models import NotifiedDrill
from .rules import drills
from .rules import rows as plain

LISTED_DAYS = 366
"""How long a drill of which nothing is left stays in the city's list after its day."""


def facts_of(city: City, drill: NotifiedDrill) -> tuple[plain.CapabilityFacts, plain.SubjectFacts]:
    """The capability and the subject tree that a drill is about."""
    facts = Book(city, [drill.capability_id]).facts(drill.capability.code, size_class(drill.whole))
    return facts, subject_facts(drill.whole, nodes_under([drill.whole])[drill.whole_id], city)


def overdue(city: City, now: datetime, wholes: Sequence[Subject] | None = None) -> list[NotifiedDrill]:
    """Drills of a city (or of these whole subjects) whose days for handing in are over and of which no miss was written."""
    # A day of slack: whether the days are over is the law's to say, by the city's calendar.
    began = now - timedelta(days=drills.HAND_IN_DAYS - 1)
    waiting = NotifiedDrill.objects.filter(missed_row__isnull=True, called_off_at__isnull=True, starts_at__lt=began)
    mine = waiting.filter(city=city) if wholes is None else waiting.filter(whole__in=wholes)
    return list(mine.select_related("whole", "subject", "capability", "place"))


def parts_asked(city: City, drill: NotifiedDrill, now: datetime) -> tuple[plain.NotifiedDrill, ...]:
    """The drill for each part that it is asked of, as the subject tree stands; none where nothing is left of it."""
    facts, tree = facts_of(city, drill)
    return drills.parts_of_drill(plain_drill(drill, city), facts, tree, local(now, city))


def without_parts(city: City, now: datetime) -> list[NotifiedDrill]:
    """Overdue drills of which no campus or place is left, so that no miss can be written: the city must look at them."""
    since = now - timedelta(days=LISTED_DAYS)
    return [d for d in overdue(city, now) if d.starts_at >= since and not parts_asked(city, d, now)]
