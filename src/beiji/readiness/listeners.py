"""Rooms that move when a standing is rewritten (improve, say) register a function here; there are no signals.

A listener runs inside the transaction that wrote the evidence: if it raises, the evidence is not recorded either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beiji.programme.models import City, Subject

from .models import Capability, Evidence
from .rules.rows import Standing, State


@dataclass(frozen=True)
class StandingChange:
    """What a write did to one whole subject and capability.

    `before` is the state that the cache held (None: there was none); `after` the standing now, which may be equal.
    `evidence` are the rows just written about this pair, empty when only time passed.
    """

    city: City
    subject: Subject
    capability: Capability
    before: State | None
    after: Standing
    evidence: Sequence[Evidence]
    now: datetime
    by: UUID | None


Listener = Callable[[Sequence[StandingChange]], None]
_LISTENERS: dict[str, Listener] = {}


def register(name: str, listener: Listener) -> None:
    """Add a listener under a name of its own (room.purpose). Raises ValueError when the name is taken by another."""
    if _LISTENERS.get(name, listener) is not listener:
        raise ValueError(f"listener {name} is registered twice")
    _LISTENERS[name] = listener


def tell(changes: Sequence[StandingChange]) -> None:
    """Call every listener, in order of their names, with all changes of one transaction."""
    if not changes:
        return
    for name in sorted(_LISTENERS):
        _LISTENERS[name](changes)
