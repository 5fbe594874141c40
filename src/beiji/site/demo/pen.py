"""One device on which somebody types: operations as the desk browser sends them, with ids that follow from the story."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from beiji.assess import changes as assess
from beiji.assess.models import Visit

from .city import World


class Pen:
    """One device on which somebody types operations: ids and numbers rise, times lie a minute apart."""

    def __init__(self, world: World, visit: Visit, device: str) -> None:
        self.world, self.visit, self.device = world, visit, device
        self.seq = 0
        self.ids: dict[tuple[str, str], UUID] = {}

    def write(self, person: str, kind: str, payload: Mapping[str, Any], at: datetime, *, settles: bool = False) -> UUID:
        """Keep one operation as the desk browser would have sent it; returns its id."""
        self.seq += 1
        data = {
            "id": str(uuid7_at(at, f"{self.visit.pk}/{self.device}/{self.seq}")),
            "kind": kind,
            "device": self.device,
            "seq": self.seq,
            "made_at": at.isoformat(),
            "payload": dict(payload),
        }
        keyed, _ = assess.take_operation(
            visit=self.visit, data=data, person=self.world.people[person], may_settle=settles, now=at
        )
        return keyed


def uuid7_at(at: datetime, seed: str) -> UUID:
    """A version-7 UUID of an instant whose random part follows from `seed`, so that two seedings are equal."""
    tail = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    value = (int(at.timestamp() * 1000) & (2**48 - 1)) << 80
    value |= tail & (2**80 - 1)
    value = value & ~(0xF << 76) | (7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
