"""What is worth telling a person: the kinds, as a registry, and the rows (decision 41).

A row holds codes and ids only. Its sentence is made by its kind when somebody reads it, in the reader's own language and
only as far as he may see the thing then; what he may no longer see has no line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled
from django_stubs_ext import StrOrPromise

from . import audit
from .models import Notice, Reminded
from .providers import Registry

#: What was read is kept for so long, and everything for so long. *Assumptions.*
READ_KEPT = timedelta(days=90)
KEPT = timedelta(days=400)
#: How long before its day people are reminded of a thing, and how often after it. *Assumptions.*
BEFORE_DAYS = 7
AGAIN_DAYS = 7


class Topic(StrEnum):
    """What people choose to be told of, in the order of the page."""

    ACTIONS = "actions"
    DECISIONS = "decisions"
    VISITS = "visits"
    REPLIES = "replies"
    TRANSLATIONS = "translations"
    ROLES = "roles"
    WORK = "work"


TOPICS: Mapping[Topic, StrOrPromise] = {
    Topic.ACTIONS: _("Actions"),
    Topic.DECISIONS: _("Decisions"),
    Topic.VISITS: _("Assessments"),
    Topic.REPLIES: _("Replies to results"),
    Topic.TRANSLATIONS: _("Translations"),
    Topic.ROLES: _("My roles"),
    Topic.WORK: _("My work in the background"),
}


@dataclass(frozen=True)
class Line:
    """A notice in words, with the address of the thing ("": there is nothing to open)."""

    text: str
    url: str = ""


#: (reader, notices of one kind) → line by notice; a notice without a line is of something that he may not see.
Lines = Callable[[Any, Sequence[Notice]], Mapping[int, Line]]


@dataclass(frozen=True)
class Kind:
    """A kind of notice. `lines` makes its sentences; `is_counted`: a repetition raises the row's count and its time."""

    code: str
    topic: Topic
    title: StrOrPromise
    lines: Lines
    is_counted: bool = True


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds; a code may be registered once. Raises ValueError on a second time."""
    for kind in kinds:
        if kind.code in _KINDS and _KINDS[kind.code] != kind:
            raise ValueError(f"kind of notice {kind.code} is registered twice")
        _KINDS[kind.code] = kind


def kinds() -> list[Kind]:
    """All registered kinds, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def kind_of(code: str) -> Kind:
    """A kind. Raises KeyError for an unregistered one, so that nobody invents one in passing."""
    return _KINDS[code]


def is_known(code: str) -> bool:
    """Does this version of the program know the kind?"""
    return code in _KINDS


def codes_of(topic: Topic) -> list[str]:
    """The kinds of a topic."""
    return [kind.code for kind in kinds() if kind.topic == topic]


@dataclass(frozen=True)
class News:
    """One thing to be told to some people."""

    thing: str
    people: Collection[UUID]
    details: Mapping[str, Any]


def put(kind: str, news: Sequence[News], *, city: str, by: UUID | None, now: datetime) -> None:
    """Write rows, in the caller's transaction: a new one, or once more on the one that is still unread.

    Three queries, and one for each row that is told again. Should two writers begin the same row at the same instant, one of them
    is not counted.
    """
    counted = kind_of(kind).is_counted
    unread = Notice.objects.filter(city=city, kind=kind, read_at__isnull=True, thing__in={n.thing for n in news})
    unread = unread.filter(person__in={person for n in news for person in n.people})
    known = {(row.person, row.thing): row.pk for row in unread}
    rows = []
    for one in news:
        again = [known[person, one.thing] for person in one.people if (person, one.thing) in known]
        if again and counted:
            Notice.objects.filter(pk__in=again).update(count=F("count") + 1, at=now, by=by, details=dict(one.details))
        rows += [
            Notice(city=city, person=person, kind=kind, thing=one.thing, details=dict(one.details), by=by, at=now)
            for person in one.people
            if (person, one.thing) not in known
        ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def forget(of: models.Model) -> None:
    """Take back what was told of a thing that is gone."""
    Notice.objects.filter(thing=audit.thing(of)).delete()


def forget_person(person: UUID) -> None:
    """Delete all that was told somebody who is erased."""
    with scopes_disabled():
        Notice.objects.filter(person=person).delete()


def key_of(notice: Notice) -> str:
    """The key of the thing that a notice is about."""
    return notice.thing.partition(":")[2]


def lines_of(reader: Any, rows: Sequence[Notice]) -> dict[int, Line]:
    """The lines of some notices for their reader, each kind asked once; a kind of another version of the program has none."""
    by_kind: dict[str, list[Notice]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    lines: dict[int, Line] = {}
    for code, some in by_kind.items():
        if code in _KINDS:
            lines |= _KINDS[code].lines(reader, some)
    return lines


@cache
def unread_of(reference: str) -> Coalesce:
    """How many notices of a person are unread, as a column of a query whose rows hold the person's id as `reference`; it is
    built once, since every request asks with it."""
    with scopes_disabled():
        unread = Notice.objects.filter(person=OuterRef(reference), read_at__isnull=True).order_by()
    counted = unread.values("person").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def unread(people: Iterable[UUID]) -> dict[str, str]:
    """How many notices of some people are unread, as the state of their bells (`records.live`)."""
    keys = list(people)
    rows = Notice.objects.filter(person__in=keys, read_at__isnull=True).order_by().values("person")
    numbers = dict(rows.annotate(number=Count("pk")).values_list("person", "number"))
    return {str(key): str(numbers.get(key, 0)) for key in keys}


def unread_by_topic(person: UUID, since: datetime) -> dict[Topic, int]:
    """How many notices of a person that came since an instant are unread, by topic; in the scope of his city."""
    topics = {kind.code: kind.topic for kind in kinds()}
    counts: dict[Topic, int] = {}
    for code in Notice.objects.filter(person=person, read_at__isnull=True, at__gte=since).values_list(
        "kind", flat=True
    ):
        if code in topics:
            counts[topics[code]] = counts.get(topics[code], 0) + 1
    return counts


#: (city, day) -> Due, of every room: what people are to be reminded of.
dues = Registry("due")


@dataclass(frozen=True)
class Due:
    """Something with a day by which it is to be done, and who is reminded of it. `kinds`: of the notice before the day, on
    the day and after it; "" where nobody is reminded then. `own`: it is those people's own, such as a role."""

    of: models.Model
    day: date
    kinds: tuple[str, str, str]
    people: Collection[UUID | None]
    own: bool = False


def steps_due(rows: Iterable[tuple[str, str]], *, city: str, now: datetime) -> set[tuple[str, str]]:
    """Which of these steps (thing, step) nobody has been reminded of; they are kept as reminded of, in the caller's transaction."""
    wanted = set(rows)
    done = set(
        Reminded.objects.filter(city=city, thing__in={thing for thing, _step in wanted}).values_list("thing", "step")
    )
    fresh = wanted - done
    Reminded.objects.bulk_create(Reminded(city=city, thing=thing, step=step, at=now) for thing, step in sorted(fresh))
    return fresh


def clear(now: datetime) -> int:
    """Delete what is old. Returns how many."""
    with scopes_disabled():
        read = Notice.objects.filter(read_at__lt=now - READ_KEPT).delete()[0]
        Reminded.objects.filter(at__lt=now - KEPT).delete()
        return read + Notice.objects.filter(at__lt=now - KEPT).delete()[0]
