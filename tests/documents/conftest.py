"""A document of a room that exists in these tests only: everybody of the hospital reads, writes, reviews and approves it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import uuid6

from beiji.documents import changes, owners, reading
from beiji.documents.changes import NewBlock
from beiji.records.operations import Said
from tests.cast import NOW

KIND = "tests.thing"


@pytest.fixture(autouse=True)
def owned(monkeypatch):
    """The room of these tests; the cast's lead may never review."""
    heads = lambda documents: {d.pk: owners.Head("A thing", "Ginkgo", "/", "Things") for d in documents}  # noqa: E731
    refusal = lambda person, act, past: "Not your own words." if person.pk in past.writers else ""  # noqa: E731
    owner = owners.Owner(KIND, "things", lambda rows, person: rows, lambda *_: True, refusal, heads)
    monkeypatch.setitem(owners.OWNERS, KIND, owner)


class Desk:
    """A document that people of the cast write in."""

    def __init__(self, world, *blocks: NewBlock) -> None:
        self.world, self.now, self.seq = world, NOW, 0
        self.document = changes.begin_document(
            city=world.city, owner=KIND, owner_key=str(uuid6.uuid7()), subject=world.subjects["ginkgo"], language="en",
            blocks=blocks, by=world.people["coordinator"], now=NOW,
        )  # fmt: skip

    def person(self, part: str):
        return self.world.people[part]

    @property
    def draft(self):
        return reading.draft_of(self.document)

    def written(self):
        return reading.blocks_of_draft(self.draft)

    def said(self, at: int, body: str, *, base=None, tab: str = "one", key=None) -> Said:
        """An operation on the block at a place; `base`: by default what it says now."""
        self.seq += 1
        one = self.written()[at]
        payload = {"block": str(one.block.id), "body": body}
        return Said(key or uuid6.uuid7(), "block", tab, self.seq, base or one.revision, self.now, payload)

    def type(self, at: int, body: str, by: str = "coordinator", **more):
        self.now += timedelta(minutes=more.pop("later", 10))
        return changes.save_block(draft=self.draft, said=self.said(at, body, **more), by=self.person(by), now=self.now)

    def add(self, kind: str, body: str, **more):
        """A block at the end."""
        below = self.written()[-1].block.id if self.written() else None
        new = NewBlock(kind, body, **more)
        return changes.add_block(draft=self.draft, new=new, below=below, by=self.person("coordinator"), now=self.now)

    def submit(self, by: str = "coordinator"):
        self.now += timedelta(hours=1)
        return changes.submit(draft=self.draft, by=self.person(by), now=self.now)

    def in_force(self, reviewer: str = "manager", leader: str = "leader"):
        """Hand in, review, approve."""
        version = self.submit()
        changes.review(version=version, by=self.person(reviewer), now=self.now)
        changes.approve(version=version, by=self.person(leader), now=self.now)
        return version

    def states(self):
        return {line.row.number: line.state for line in reading.versions_of_document(self.document)}

    def says(self):
        return [one.block.body for one in self.written()]


@pytest.fixture
def desk(yangzhou):
    return Desk(yangzhou, NewBlock("heading", "1 Purpose", level=1), NewBlock("text", "Call wave 2 at T+30."))
