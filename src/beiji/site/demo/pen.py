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
    """One device on which somebody types: ids and numbers rise. What was typed is sent in parcels, as a tablet does it."""

    def __init__(self, world: World, visit: Visit, device: str, person: str) -> None:
        self.world, self.visit, self.device, self.person = world, visit, device, person
        self.seq = 0
        self.parcel: list[tuple[dict[str, Any], datetime]] = []

    def write(self, kind: str, payload: Mapping[str, Any], at: datetime) -> UUID:
        """Type one operation as the desk browser would word it; returns its id."""
        self.seq += 1
        key = uuid7_at(at, f"{self.visit.pk}/{self.device}/{self.seq}")
        data = {
            "id": str(key),
            "kind": kind,
            "device": self.device,
            "seq": self.seq,
            "made_at": at.isoformat(),
            "payload": dict(payload),
        }
        self.parcel.append((data, at))
        return key

    def send(self, *, settles: bool = False) -> None:
        """Have kept what was typed since the last parcel."""
        person = self.world.people[self.person]
        assess.take_operations(visit=self.visit, entries=self.parcel, person=person, may_settle=settles)
        self.parcel = []


def uuid7_at(at: datetime, seed: str) -> UUID:
    """A version-7 UUID of an instant whose random part follows from `seed`, so that two seedings are equal."""
    tail = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    value = (int(at.timestamp() * 1000) & (2**48 - 1)) << 80
    value |= tail & (2**80 - 1)
    value = value & ~(0xF << 76) | (7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
