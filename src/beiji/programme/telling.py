"""Telling people: the one way by which a room's change leaves a notice (`records.notices`).

A room names those concerned by what happened. Of them only those are told who may see the thing at that instant, by the same
`visible_to` that its pages ask; nobody is told what he did himself, nor anything of a topic that he has switched off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from beiji.records import audit, notices, options, outbox
from beiji.records.notices import News

from .access import enter, today_in
from .identity import NoticeChoice
from .models import City, Person
from .quiet import message_time
from .visible import FILTERS


@dataclass(frozen=True)
class Told:
    """What is told of one thing, and who is concerned by it. `details`: codes, ids and days of which the sentence is made."""

    of: models.Model
    to: Collection[UUID | None]
    details: Mapping[str, Any] = field(default_factory=dict)


def tell(
    kind: str, *, of: models.Model, to: Collection[UUID | None], city: City, by: UUID | None, now: datetime,
    own: bool = False, **details: Any,
) -> None:  # fmt: skip
    """Tell of one thing (see `tell_all`)."""
    tell_all(kind, [Told(of, to, details)], city=city, by=by, now=now, own=own)


def tell_all(kind: str, said: Sequence[Told], *, city: City, by: UUID | None, now: datetime, own: bool = False) -> None:
    """Tell of several things of one model, in the caller's transaction: three queries, and two for each person concerned.

    `own`: the thing is the person's own, such as his role, and needs no right to be seen.
    """
    concerned = {person for one in said for person in one.to if person is not None and person != by}
    if not concerned:
        return
    people = _who_want(kind, concerned)
    seen = _seen_by(people, [one.of for one in said], now, own)
    news = [
        News(
            audit.thing(one.of),
            {person for person in one.to if person in seen and one.of.pk in seen[person]},
            one.details,
        )
        for one in said
    ]
    notices.put(kind, [one for one in news if one.people], city=city.pk, by=by, now=now)
    if settings.MESSAGES != "off":
        told = {person for one in news for person in one.people}
        _ask_for_messages([person for person in people if person.pk in told], city, now)


def _ask_for_messages(people: Iterable[Person], city: City, now: datetime) -> None:
    """A message to each one's phone, when it may sound; whoever has read everything by then gets none, nor whoever has given no
    address."""
    delay = timedelta(minutes=options.read("BEIJI_MESSAGE_MINUTES"))
    wanted = []
    for person in people:
        choice = _choice_of(person)
        has_way = settings.MESSAGES == "file" or bool(choice.address)
        if has_way and choice.pace != NoticeChoice.Pace.NEVER:
            is_daily = choice.pace == NoticeChoice.Pace.DAILY
            due = message_time(now, city.time_zone, delay, choice.quiet_from, choice.quiet_until, daily=is_daily)
            wanted.append((person.pk, due))
    outbox.ask_for(wanted, city=city.pk, now=now)


def _who_want(kind: str, concerned: Iterable[UUID]) -> list[Person]:
    """Those of them who are still there and have not switched the topic off. One query."""
    topic = notices.kind_of(kind).topic
    people = Person.objects.filter(pk__in=concerned, erased_at__isnull=True).select_related(
        "choice", "organisation", "city"
    )
    return [person for person in people.order_by("pk") if topic not in _choice_of(person).off]


def _choice_of(person: Person) -> NoticeChoice:
    choice: NoticeChoice | None = getattr(person, "choice", None)
    return choice or NoticeChoice(person=person)


def _seen_by(
    people: Iterable[Person], things: Sequence[models.Model], now: datetime, own: bool
) -> dict[UUID, set[Any]]:
    keys = {thing.pk for thing in things}
    if own:
        return {person.pk: keys for person in people}
    model = type(things[0])
    rows = model._default_manager.filter(pk__in=keys)
    return {
        person.pk: set(
            FILTERS[model](rows, enter(person, today_in(person.city, now), now)).values_list("pk", flat=True)
        )
        for person in people
    }
