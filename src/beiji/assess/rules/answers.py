"""From operations to answers: what each assessor's present word is, whatever order the operations arrived in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

#: What an assessor may say besides a level.
NOT_APPLICABLE = "na"
UNABLE = "unable"
LEVELS = (0, 1, 2)
HOW = ("check", "interview", "document")


@dataclass(frozen=True)
class Op:
    """One kept operation of a visit."""

    id: UUID
    person: UUID
    device: str
    seq: int
    kind: str
    made_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """What is answered: an indicator, for the whole subject (`part` empty) or one campus or place."""

    indicator: str
    part: str = ""


@dataclass(frozen=True)
class Answer:
    """One assessor's present word on one key: a level 0–2, `na` (with `reason`) or `unable`, and how it was found."""

    operation: UUID
    person: UUID
    said: int | str
    how: str
    reason: str
    made_at: datetime


@dataclass(frozen=True)
class Measurement:
    """A number or a yes/no that was measured; every one counts, none replaces another."""

    operation: UUID
    person: UUID
    key: Key
    method: str
    condition: str
    value: str | None
    shown: bool | None
    at_min: int | None
    sample: int
    notice: str | None
    made_at: datetime


@dataclass(frozen=True)
class Settled:
    """The team's word where its members differed."""

    operation: UUID
    said: int | str
    how: str
    reason: str
    made_at: datetime
    settles: frozenset[UUID]


@dataclass
class Answers:
    """Everything that stands in a visit."""

    by_key: dict[Key, dict[UUID, Answer]] = field(default_factory=lambda: defaultdict(dict))
    measurements: list[Measurement] = field(default_factory=list)
    notes: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    attachments: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    settled: dict[Key, Settled] = field(default_factory=dict)

    def of(self, person: UUID) -> dict[Key, Answer]:
        """One assessor's answers."""
        return {key: answers[person] for key, answers in self.by_key.items() if person in answers}


def in_order(operations: Iterable[Op]) -> list[Op]:
    """Operations in the order in which they were made, the same for every order of arrival.

    A device's own counter is trusted before its clock: a clock set back cannot make an older answer the newer one.
    """
    by_device: dict[tuple[UUID, str], list[Op]] = defaultdict(list)
    for op in {op.id: op for op in operations}.values():
        by_device[op.person, op.device].append(op)
    stamped: list[tuple[datetime, str, int, Op]] = []
    for (_person, device), ops in by_device.items():
        latest: datetime | None = None
        for op in sorted(ops, key=lambda o: o.seq):
            latest = op.made_at if latest is None else max(latest, op.made_at)
            stamped.append((latest, device, op.seq, op))
    return [op for *_order, op in sorted(stamped, key=lambda s: (s[0], s[1], s[2], s[3].id))]


def project(operations: Iterable[Op]) -> Answers:
    """What stands after all operations. The same operation twice counts once; an undone one counts not at all."""
    answers = Answers()
    for op in live(operations):
        _apply(answers, op)
    return answers


def live(operations: Iterable[Op]) -> list[Op]:
    """The operations that stand, in the order in which they were made: without those taken back and without the undos."""
    ordered = in_order(operations)
    undone = _undone(ordered)
    return [op for op in ordered if op.kind != "undo" and op.id not in undone]


def _undone(operations: list[Op]) -> set[UUID]:
    """Operations that their own author took back; nobody undoes somebody else's."""
    author = {op.id: op.person for op in operations}
    wanted = {UUID(str(op.payload["operation"])): op.person for op in operations if op.kind == "undo"}
    return {target for target, person in wanted.items() if author.get(target) == person}


def _apply(answers: Answers, op: Op) -> None:
    said = op.payload
    if op.kind == "rate":
        key = Key(said["indicator"], said.get("part", ""))
        answers.by_key[key][op.person] = Answer(
            op.id, op.person, said["level"], said.get("how", "check"), said.get("reason", ""), op.made_at
        )
    elif op.kind == "settle":
        key = Key(said["indicator"], said.get("part", ""))
        settles = frozenset(UUID(str(i)) for i in said.get("settles", ()))
        answers.settled[key] = Settled(
            op.id, said["level"], said.get("how", "check"), said.get("reason", ""), op.made_at, settles
        )
    elif op.kind == "measure":
        answers.measurements.append(
            Measurement(
                operation=op.id,
                person=op.person,
                key=Key(said["indicator"], said.get("part", "")),
                method=said["method"],
                condition=said["condition"],
                value=said.get("value"),
                shown=said.get("shown"),
                at_min=said.get("at_min"),
                sample=said.get("sample", 1),
                notice=said.get("notice"),
                made_at=op.made_at,
            )
        )
    elif op.kind == "note":
        answers.notes[said["indicator"]].append(op.id)
    elif op.kind == "attach":
        answers.attachments[said["indicator"]].append(UUID(str(said["attachment"])))
