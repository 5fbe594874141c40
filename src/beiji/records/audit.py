"""The kinds of audit lines, as a registry, and the one function that writes a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django_stubs_ext import StrOrPromise

from . import revocations
from .models import AuditLine, Event
from .revocations import Revocation


@dataclass(frozen=True)
class Kind:
    """A kind of audit line: `text` is a translated sentence for readers; `erasable` names details that may hold personal data.

    `again` makes it a revocation, which a restore of an older backup does again: it answers the user name of whoever then
    needs a new code, or nothing.
    """

    code: str
    text: StrOrPromise
    erasable: tuple[str, ...] = ()
    again: Callable[[Revocation], str] | None = None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of audit lines; a code may be registered once. Raises ValueError on a second time."""
    for kind in kinds:
        if kind.code in _KINDS and _KINDS[kind.code] != kind:
            raise ValueError(f"audit kind {kind.code} is registered twice")
        _KINDS[kind.code] = kind


def kinds() -> list[Kind]:
    """All registered kinds, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def again() -> dict[str, Callable[[Revocation], str]]:
    """Kinds that a restore does again, with what does it."""
    return {code: kind.again for code, kind in sorted(_KINDS.items()) if kind.again is not None}


def thing(obj: models.Model) -> str:
    """How audit lines and events name an object: `app.model:key`."""
    return f"{obj._meta.label_lower}:{obj.pk}"


#: Lines and events of the changes inside `together`.
_waiting: ContextVar[list[AuditLine | Event] | None] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Append the lines and events of many changes in one go when they are done: for a caller who holds them all in one
    transaction of his own and reads none of them before its end."""
    waiting: list[AuditLine | Event] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    AuditLine.objects.bulk_create(row for row in waiting if isinstance(row, AuditLine))
    Event.objects.bulk_create(row for row in waiting if isinstance(row, Event))


def _append(row: AuditLine | Event) -> None:
    waiting = _waiting.get()
    if waiting is None:
        row.save(force_insert=True)
    else:
        waiting.append(row)


def write(kind: str, *, city: str, by: UUID | None, of: models.Model | str, now: datetime, **details: Any) -> None:
    """Append one line. Raises KeyError for an unregistered kind, so that nobody invents one in passing."""
    if kind not in _KINDS:
        raise KeyError(f"audit kind {kind} is not registered")
    name = of if isinstance(of, str) else thing(of)
    _append(AuditLine(city=city, at=now, kind=kind, person=by, thing=name, details=details))
    if _KINDS[kind].again is not None:
        transaction.on_commit(partial(revocations.note, Revocation(now, kind, city, name)))


def newest(kind: str, *, of: models.Model) -> AuditLine | None:
    """The last line of a kind about an object: who changed it last, and when."""
    line: AuditLine | None = AuditLine.objects.filter(kind=kind, thing=thing(of)).first()
    return line


def publish(kind: str, *, city: str, now: datetime, **data: Any) -> None:
    """Append one event to the outbox; inside the caller's transaction, so that it is seen exactly when the change is."""
    _append(Event(city=city, at=now, kind=kind, data=data))
