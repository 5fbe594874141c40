"""Messages that leave the house (decision 41): asked for with the notice, written when they are sent, each sent once.

A message that was begun and not ended has no known fate: its worker was killed between sending and writing so. It is not
sent again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django_scopes import scopes_disabled

from .models import Message
from .posting_out import NotSent

State = Message.State
#: A message that is due later than this was put off by a clock that was set back.
FURTHEST = timedelta(days=2)
#: What has ended is shown for so long, then cleared.
SHOWN_FOR = timedelta(days=90)


def ask_for(wanted: Iterable[tuple[UUID, datetime]], *, city: str, now: datetime) -> None:
    """Ask for a message to each person, due at an instant; whoever has one waiting gets no second. In the caller's transaction."""
    rows = [Message(city=city, person=person, made_at=now, due_at=due) for person, due in wanted]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def ask_for_test(now: datetime) -> Message:
    """Ask for a message that says nothing, to nobody in particular."""
    with scopes_disabled():
        return Message.objects.create(made_at=now, due_at=now)


def due(now: datetime, most: int = 100) -> list[UUID]:
    """Messages to be sent now."""
    with scopes_disabled():
        waiting = Message.objects.filter(Q(due_at__lte=now) | Q(due_at__gt=now + FURTHEST), state=State.WAITING)
        return list(waiting.order_by("due_at").values_list("pk", flat=True)[:most])


def begin(key: UUID, channel: str) -> Message | None:
    """Begin to send a message, or to try again one that was surely not taken. None when it is not to be sent."""
    with scopes_disabled():
        can = Q(state=State.WAITING) | Q(state=State.SENDING) & ~Q(reason="")
        mine = Message.objects.filter(can, pk=key).update(
            state=State.SENDING, reason="", channel=channel, attempts=F("attempts") + 1
        )
        if not mine:
            Message.objects.filter(pk=key, state=State.SENDING).update(state=State.UNCLEAR)
            return None
        return Message.objects.get(pk=key)


def end(message: Message, state: str, now: datetime, *, count: int = 0, reason: str = "") -> None:
    """Write what became of a message that was begun."""
    with scopes_disabled():
        Message.objects.filter(pk=message.pk, state=State.SENDING).update(
            state=state, ended_at=now, count=count, reason=reason
        )


def put_off(message: Message, why: NotSent) -> None:
    """Write that it was surely not taken, and is tried again."""
    with scopes_disabled():
        Message.objects.filter(pk=message.pk, state=State.SENDING).update(reason=str(why)[:200])


def forget_person(person: UUID) -> None:
    """Delete the messages of somebody who is erased."""
    with scopes_disabled():
        Message.objects.filter(person=person).delete()


def clear(now: datetime) -> int:
    """Delete what is old. Returns how many."""
    with scopes_disabled():
        return Message.objects.filter(made_at__lt=now - SHOWN_FOR).delete()[0]


@dataclass(frozen=True)
class Health:
    """How the messages fare: failed or unclear lately, and waiting although they are due."""

    failed: int
    late: int


def health(now: datetime) -> Health:
    """Of the last two days."""
    with scopes_disabled():
        lately = Message.objects.filter(made_at__gt=now - FURTHEST)
        failed = lately.filter(state__in=(State.FAILED, State.UNCLEAR)).count()
        late = Message.objects.filter(state__in=(State.WAITING, State.SENDING), due_at__lt=now - timedelta(hours=1))
        return Health(failed, late.count())


def newest(most: int) -> list[Message]:
    """The newest messages of the installation."""
    with scopes_disabled():
        return list(Message.objects.all()[:most])
