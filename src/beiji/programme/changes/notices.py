"""What people do with what they were told. All of it is their own, and so without an audit line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time

from beiji.records.models import Notice
from beiji.records.notices import Topic

from ..identity import NoticeChoice
from ..models import Person
from ..writing import change


@change
def mark_read(*, person: Person, now: datetime, until: datetime, only: int | None = None) -> int:
    """Mark as read what a person was told up to an instant, that of the newest which his page showed; or `only` one. Returns
    how many."""
    rows = Notice.objects.filter(person=person.pk, read_at__isnull=True, at__lte=until)
    return rows.update(read_at=now) if only is None else rows.filter(pk=only).update(read_at=now)


@change
def drop_hidden(*, person: Person, notices: Collection[int]) -> int:
    """Delete what a person was told of things that he may not see any more. Returns how many."""
    return Notice.objects.filter(person=person.pk, pk__in=notices).delete()[0]


@change
def choose_notices(
    *, person: Person, topics: Iterable[str], pace: str, quiet_from: time, quiet_until: time, address: str
) -> None:
    """Keep what a person wants to be told (`topics`), and when his phone may sound."""
    wanted = set(topics)
    NoticeChoice.objects.update_or_create(
        person=person,
        defaults={
            "off": [topic.value for topic in Topic if topic not in wanted],
            "pace": pace,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "address": address,
        },
    )
