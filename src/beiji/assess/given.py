"""What was said in visits: the operations of each, and what stands after them.

Operations are only ever added, so their number says which of them there are: what was read of a visit is kept in the
process and read again when one has been added, or when the team has sat down to settle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from uuid import UUID

from django.db.models import Count, QuerySet

from beiji.records.models import Operation
from beiji.records.recent import Recent

from .models import Visit
from .rules.answers import Answers, Op, live, project

#: A visit of two assessors to one hospital weighs some hundred kilobytes.
MOST_KEPT = 100


@dataclass(frozen=True)
class Given:
    """Every operation of a visit in the order of arrival, and what stands after them. Shared by all who ask: whoever
    hides something of the answers takes a copy."""

    operations: tuple[Op, ...]
    answers: Answers

    @cached_property
    def live(self) -> list[Op]:
        """The operations that stand, in the order in which they were made."""
        return live(self.operations)

    def by(self, person: UUID) -> Given:
        """What one person said, as if he had been there alone."""
        mine = tuple(op for op in self.operations if op.person == person)
        return Given(mine, project(mine))


_KEPT: Recent[Given] = Recent(MOST_KEPT)


#: The stream of a visit, how many operations it has, and when the team sat down to settle.
State = tuple[str, int, datetime | None]


def _states(visits: list[Visit]) -> dict[UUID, State]:
    counted = dict(_operations(visits).values_list("stream").annotate(Count("pk")).order_by()) if visits else {}
    return {visit.pk: (visit.stream, counted.get(visit.stream, 0), visit.opened_at) for visit in visits}


def state_of(visit: Visit) -> State:
    """What changes as soon as anybody says anything more in a visit; one query."""
    return _states([visit])[visit.pk]


def given_in(visits: Iterable[Visit]) -> dict[UUID, Given]:
    """What was said in some visits, by key of the visit; one query, two where one of them has to be read."""
    visits = list(visits)
    keys = _states(visits)
    unread = _Unread([visit for visit in visits if not _KEPT.has_read(keys[visit.pk])])
    return {visit.pk: _KEPT.get_or_read(keys[visit.pk], partial(unread.given, visit)) for visit in visits}


def given_of(visit: Visit) -> Given:
    """What was said in a visit."""
    return given_in([visit])[visit.pk]


def answers_in(visits: Iterable[Visit]) -> dict[UUID, Answers]:
    """What stands in some visits now, by key of the visit; each reader may hide what he likes in his own."""
    return {key: given.answers.copy() for key, given in given_in(visits).items()}


def answers_of(visit: Visit) -> Answers:
    """What stands in a visit now."""
    return answers_in([visit])[visit.pk]


def _operations(visits: Iterable[Visit]) -> QuerySet[Operation]:
    operations: QuerySet[Operation] = Operation.objects.filter(stream__in=[visit.stream for visit in visits])
    return operations


class _Unread:
    """Reads the operations of several visits at once, as soon as those of one are wanted."""

    def __init__(self, visits: list[Visit]) -> None:
        self.visits = visits

    def given(self, visit: Visit) -> Given:
        """What was said in one of them; one that is kept no more is read alone."""
        streams = self._by_stream if visit in self.visits else _Unread([visit])._by_stream
        operations = tuple(streams[visit.stream])
        return Given(operations, project(operations, visit.opened_at))

    @cached_property
    def _by_stream(self) -> dict[str, list[Op]]:
        streams: dict[str, list[Op]] = {visit.stream: [] for visit in self.visits}
        fields = ("stream", "pk", "person", "device", "seq", "kind", "made_at", "payload", "received_at")
        rows = _operations(self.visits).values_list(*fields)
        for stream, key, person, device, seq, kind, said_at, payload, received_at in rows:
            made_at = min(said_at, received_at)  # a clock that runs ahead must not outvote later answers
            streams[stream].append(Op(key, person, device, seq, kind, made_at, payload, received_at))
        return streams
