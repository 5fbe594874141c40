"""From operations to answers: what each assessor's present word is, whatever order the operations arrived in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    received_at: datetime | None = None

    @property
    def arrived(self) -> datetime:
        """When the server had it: from then on others could be shown what it says."""
        return self.received_at or self.made_at


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
    """Everything that stands in a visit.

    `first` holds each assessor's word as it was before another's answer could be shown to him; whoever gave none until
    then has none there. It is `by_key` for whoever changed nothing afterwards.
    """

    by_key: dict[Key, dict[UUID, Answer]] = field(default_factory=lambda: defaultdict(dict))
    first: dict[Key, dict[UUID, Answer]] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)
    notes: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    attachments: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    settled: dict[Key, Settled] = field(default_factory=dict)

    def of(self, person: UUID) -> dict[Key, Answer]:
        """One assessor's answers."""
        return {key: answers[person] for key, answers in self.by_key.items() if person in answers}

    def all_keys(self) -> list[Key]:
        """Everything on which somebody's word stands or was given before seeing another's, in order of the codes."""
        return sorted({*self.by_key, *self.first}, key=lambda key: (key.indicator, key.part))

    def changed(self, key: Key) -> list[Answer]:
        """First words that no longer stand: taken back or replaced by another level after another's could be seen."""
        now = self.by_key.get(key, {})
        return [
            first
            for person, first in self.first.get(key, {}).items()
            if person not in now or now[person].said != first.said
        ]

    def words(self, key: Key) -> list[Answer]:
        """What the talk on a key is about: the answers that stand, and the first words that were changed."""
        return [*self.by_key.get(key, {}).values(), *self.changed(key)]

    def copy(self) -> Answers:
        """The same answers, of which some may be hidden without hiding them from others."""
        return replace(self, by_key=self.by_key.copy(), first=self.first.copy(), settled=self.settled.copy())

    def hide(self, keys: Iterable[Key]) -> None:
        """Take everything said on some keys out, for a reader who may not see it yet."""
        for key in keys:
            self.by_key.pop(key, None)
            self.first.pop(key, None)
            self.settled.pop(key, None)


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


def project(operations: Iterable[Op], opened_at: datetime | None = None) -> Answers:
    """What stands after all operations. The same operation twice counts once; an undone one counts not at all.

    `opened_at` is when the team sat down to settle: from then on all its answers are shown to all its members.
    """
    every = list(operations)
    answers = Answers()
    for op in live(every):
        _apply(answers, op)
    for key, rated in _rated(every).items():
        seen = seen_at(rated, opened_at)
        words = {person: _word(rated, person, at) for person, at in seen.items()}
        words |= {person: word for person, word in answers.by_key.get(key, {}).items() if person not in seen}
        if first := {person: word for person, word in words.items() if word is not None}:
            answers.first[key] = first
    return answers


def _rated(operations: Iterable[Op]) -> dict[Key, list[Op]]:
    """The ratings of each key, with the undos that concern them."""
    keys: dict[UUID, Key] = {}
    by_key: dict[Key, list[Op]] = defaultdict(list)
    distinct = {op.id: op for op in operations}.values()
    for op in distinct:
        if op.kind == "rate":
            keys[op.id] = Key(op.payload["indicator"], op.payload.get("part", ""))
            by_key[keys[op.id]].append(op)
    for op in distinct:
        key = keys.get(target_of(op)) if op.kind == "undo" else None
        if key is not None:
            by_key[key].append(op)
    return by_key


def _word(rated: list[Op], person: UUID, at: datetime) -> Answer | None:
    """A person's word on one key as the server knew it at an instant."""
    ratings = live(op for op in rated if op.person == person and op.arrived <= at)
    return answer_of(ratings[-1]) if ratings else None


def seen_at(rated: list[Op], opened_at: datetime | None) -> dict[UUID, datetime]:
    """Person → when another's answer on this key could first be shown to him: once his own was in as well, or once the
    team sat down to settle. Follows the rule by which pages hide (`access.answers_shown_to`), from the times of arrival.
    """
    people = {op.person for op in rated}
    if len(people) < 2 and opened_at is None:
        return {}
    authors = {op.id: op.person for op in rated if op.kind == "rate"}
    standing: dict[UUID, set[UUID]] = {person: set() for person in people}
    instants: dict[datetime, list[Op]] = defaultdict(list)
    for op in rated:
        instants[op.arrived].append(op)
    if opened_at is not None:
        instants[opened_at] += []
    moments: dict[UUID, datetime] = {}
    for at in sorted(instants):
        for op in sorted(instants[at], key=lambda op: op.kind == "undo"):
            if op.kind == "rate":
                standing[op.person].add(op.id)
            elif authors.get(target_of(op)) == op.person:
                standing[op.person].discard(target_of(op))
        speak = {person for person, ids in standing.items() if ids}
        for person in people - moments.keys():  # whoever has seen stays one who has seen
            is_open = person in speak or (opened_at is not None and at >= opened_at)
            if is_open and speak - {person}:
                moments[person] = at
    return moments


def live(operations: Iterable[Op]) -> list[Op]:
    """The operations that stand, in the order in which they were made: without those taken back and without the undos."""
    ordered = in_order(operations)
    undone = _undone(ordered)
    return [op for op in ordered if op.kind != "undo" and op.id not in undone]


def _undone(operations: list[Op]) -> set[UUID]:
    """Operations that their own author took back. Nobody undoes somebody else's, and nobody revives it either; what
    was taken back stays so: an undo is no operation that can be undone."""
    author = {op.id: op.person for op in operations if op.kind != "undo"}
    return {target_of(op) for op in operations if op.kind == "undo" and author.get(target_of(op)) == op.person}


def target_of(undo: Op) -> UUID:
    """The operation that an undo takes back."""
    return UUID(str(undo.payload["operation"]))


def answer_of(op: Op) -> Answer:
    """What a rating says."""
    said = op.payload
    return Answer(op.id, op.person, said["level"], said.get("how", "check"), said.get("reason", ""), op.made_at)


def _apply(answers: Answers, op: Op) -> None:
    said = op.payload
    if op.kind == "rate":
        key = Key(said["indicator"], said.get("part", ""))
        answers.by_key[key][op.person] = answer_of(op)
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
