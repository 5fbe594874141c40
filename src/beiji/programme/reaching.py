"""Everything that a person could see: worked out from grants over time, by the filters that the pages ask, not from a log.

The time of a person is cut where a grant begins or ends; within a piece he has the same roles. What he could see in it is what the
rooms answer (`providers.reach`) for these roles, of what had been recorded before the piece ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from beiji.records import providers
from beiji.records.providers import Reach

from .access import act_as, roles_of
from .grants import Span, midnight, span_of
from .models import Person, RoleGrant


@dataclass(frozen=True)
class Piece:
    """A time in which the same grants held, what they opened, and how often the person did what in it (kinds of the audit)."""

    span: Span
    grants: Sequence[RoleGrant]
    reach: Sequence[Reach]
    deeds: Counter[str]


def looking_span(grant: RoleGrant, zone: str) -> Span:
    """When a grant can have been used. Rows of earlier versions say only the day on which they were taken back; it counts whole."""
    span = span_of(grant, zone)
    if grant.ended_on is None or grant.ended_at is not None:
        return span
    over = midnight(grant.ended_on + timedelta(days=1), zone)
    ends = [over, *([midnight(grant.until, zone)] if grant.until else []), *([grant.ends_at] if grant.ends_at else [])]
    return Span(span.since, min(ends))


def pieces_of(
    person: Person, grants: Sequence[RoleGrant], deeds: Sequence[tuple[datetime, str]], now: datetime
) -> list[Piece]:
    """The time of a person until `now`, the latest piece first. The person keeps the roles of the last piece that was asked for."""
    zone = person.city.time_zone
    spans = [(looking_span(grant, zone), grant) for grant in grants]
    spans = [(span, grant) for span, grant in spans if not span.is_empty and span.since < now]
    cuts = sorted({min(end, now) for span, _grant in spans for end in (span.since, span.until or now)})
    pieces = []
    for since, until in pairwise(cuts):
        held = [grant for span, grant in spans if span.since <= since and (span.until is None or until <= span.until)]
        if held:
            within = Counter(kind for at, kind in deeds if since <= at < until)
            pieces.append(Piece(Span(since, until), held, _reach(person, held, until), within))
    return pieces[::-1]


def _reach(person: Person, grants: Sequence[RoleGrant], until: datetime) -> list[Reach]:
    act_as(person, roles_of(grants))
    return [reach for reach in providers.reach.collect(person, until) if reach.count]
