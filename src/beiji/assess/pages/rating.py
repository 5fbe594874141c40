"""The page of one question: its words in two languages, one's own answer, evidence, and what others may be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from beiji.documents.models import UserText
from beiji.documents.pages.typed import TypedText, typed_text
from beiji.programme.models import Person
from beiji.programme.people import name_in
from beiji.readiness.pages import wording
from beiji.readiness.rules.rows import Condition, Method, Notice
from beiji.records.models import Attachment
from beiji.ui import formats
from beiji.ui.languages import pick

from ..asked import Asked, Target
from ..models import Note, Visit
from ..rules.answers import Answer, Answers, Key, Op
from ..rules.consensus import finals
from ..rules.measuring import Measuring
from ..rules.operations import NOTICES
from . import words
from .steps import Way, rate_url

Texts = Mapping[str, Any]
KILOBYTE = 1024
#: Units that a stopwatch can fill in → seconds.
WATCHED = {"s": 1, "min": 60}


@dataclass(frozen=True)
class Anchor:
    """One level that can be chosen, in the pack's own words, and what shows it."""

    digit: int
    text: Texts
    shown_by: Sequence[Texts]
    chosen: bool


@dataclass(frozen=True)
class Tab:
    """A campus or place of an item that is asked for each."""

    part: str
    name: str
    url: str
    current: bool
    mine: words.Said


@dataclass(frozen=True)
class Line:
    """One piece of evidence: what it says, by whom, and whether the reader may take it back."""

    operation: str
    said: str
    by: str
    mine: bool
    text: TypedText | None = None
    url: str = ""
    is_picture: bool = False


@dataclass(frozen=True)
class Choice:
    """A word that can be chosen in the measurement form."""

    value: str
    word: str


@dataclass(frozen=True)
class Meter:
    """The measurement form of an item."""

    is_number: bool
    unit: str
    watch_seconds: int
    asks: Texts
    target: str
    minutes: Sequence[int]
    methods: Sequence[Choice]
    conditions: Sequence[Choice]
    notices: Sequence[Choice]


@dataclass(frozen=True)
class RatingPage:
    """Everything on the page of one question."""

    code: str
    title: Texts
    look_at: Texts
    proven_by: Texts
    domain: str
    pillar: str
    must_pass: bool
    may_be_not_applicable: bool
    anchors: Sequence[Anchor]
    evidence_of_3: Sequence[Texts]
    tabs: Sequence[Tab]
    part: str
    part_name: str
    mine: Answer | None
    mine_said: words.Said
    history: str
    others: Sequence[str]
    first_word: str
    is_blind: bool
    settled: str
    previous: words.Said | None
    way: Way
    before_url: str
    after_url: str
    after_word: str
    meter: Meter | None
    measurements: Sequence[Line]
    notes: Sequence[Line]
    files: Sequence[Line]
    editable: bool


def history_of(operations: Sequence[Op], person: UUID, key: Key) -> str:
    """One's own answers on a key that stand, oldest first, for the browser's undo."""
    mine = [
        {
            "id": str(op.id),
            "level": op.payload["level"],
            "how": op.payload.get("how", "check"),
            "reason": op.payload.get("reason", ""),
        }
        for op in operations
        if op.kind == "rate" and op.person == person and _key_of(op) == key
    ]
    return json.dumps(mine, ensure_ascii=False)


def _key_of(op: Op) -> Key:
    return Key(op.payload["indicator"], op.payload.get("part", ""))


def anchors_of(texts: Mapping[str, Any], mine: Answer | None) -> list[Anchor]:
    """Levels 0 to 2 with the pack's words."""
    evidence = texts.get("evidence", {})
    return [
        Anchor(
            digit,
            texts["anchors"][str(digit)],
            [e["title"] for e in evidence.get(str(digit), ())],
            mine is not None and mine.said == digit,
        )
        for digit in (0, 1, 2)
    ]


def tabs_of(visit: Visit, item: Asked, answers: Answers, person: UUID, key: Key, names: words.Names) -> list[Tab]:
    """One tab for each part; none where the item is asked once."""
    if item.parts == ("",):
        return []
    tabs = []
    for part in item.parts:
        here = Key(item.code, part)
        given = answers.by_key.get(here, {}).get(person)
        tabs.append(
            Tab(
                part,
                pick(names.get(part, {})) or part,
                rate_url(visit, here),
                here == key,
                words.said(given.said if given else None),
            )
        )
    return tabs


def others_words(
    raw: Mapping[UUID, Answer], shown: Mapping[UUID, Answer], person: UUID, people: Mapping[Any, Person],
    reasons: Mapping[UUID, UserText],
) -> list[str]:  # fmt: skip
    """What the other assessors said on this question, or only that they have answered."""
    sentences = []
    for other in raw:
        if other == person:
            continue
        name = name_in(people, other)
        answer = shown.get(other)
        if answer is None:
            sentences.append(gettext("%(name)s has answered; the answer is shown once yours is in.") % {"name": name})
            continue
        parts = [
            gettext("%(name)s: %(level)s") % {"name": name, "level": level_words(answer.said)},
            words.how_word(answer.how),
            words.reason_words(reasons.get(answer.operation), answer.reason),
        ]
        sentences.append(wording.joined(parts))
    return sentences


def first_word(answers: Answers, shown: Mapping[UUID, Answer], key: Key, person: UUID) -> str:
    """That one's own first answer stays, once another's can be seen; and which it was, if it was changed."""
    if not set(shown) - {person} and not answers.changed(key):
        return ""
    changed = next((word for word in answers.changed(key) if word.person == person), None)
    if changed is not None:
        return gettext("Your first answer, “%(level)s”, stays in the list of differences.") % {
            "level": level_words(changed.said)
        }
    if person in answers.first.get(key, {}):
        return gettext("If you change yours now, your first answer stays in the list of differences.")
    return ""


def level_words(value: int | str) -> str:
    """An answer in words, with its digit if it has one."""
    given = words.said(value)
    return f"{given.digit} {given.word}" if given.digit is not None else given.word


def settled_words(answers: Answers, key: Key, reasons: Mapping[UUID, UserText]) -> str:
    """The team's settled word on the question, if it still holds."""
    for final in finals(answers):
        if final.key == key and final.settled:
            reason = words.reason_words(reasons.get(answers.settled[key].operation), final.reason)
            return gettext("Settled by the team: %(level)s. %(reason)s") % {
                "level": level_words(final.said),
                "reason": reason,
            }
    return ""


def previous_said(before: Answers | None, key: Key) -> words.Said | None:
    """What the round before said on the question."""
    final = next((f for f in finals(before) if f.key == key), None) if before is not None else None
    return words.said(final.said) if final else None


def meter_of(item: Asked, target: Target | None, measuring: Measuring) -> Meter | None:
    """The measurement form; None for what cannot be measured."""
    if not measuring.methods:
        return None
    unit = item.edition.unit
    drills = any(method.endswith("drill") for method in measuring.methods)
    return Meter(
        is_number=measuring.is_number,
        unit=wording.unit_sign(unit),
        watch_seconds=WATCHED.get(unit, 0),
        asks=item.edition.measure,
        target=wording.target_words(target.values, unit, target.better) if target else "",
        minutes=measuring.minutes,
        methods=[Choice(m, wording.method_word(Method(m))) for m in measuring.methods],
        conditions=[Choice(c, wording.condition_word(Condition(c))) for c in ("day", "night", "holiday")],
        notices=[Choice(n, wording.notice_word(Notice(n))) for n in NOTICES] if drills else [],
    )


def measurement_lines(
    visit: Visit, item: Asked, answers: Answers, key: Key, person: UUID, people: Mapping[Any, Person]
) -> list[Line]:
    """Every measurement on the question."""
    return [
        Line(
            str(m.operation), words.measured_words(m, item.edition.unit), name_in(people, m.person),
            m.person == person,
        )
        for m in answers.measurements
        if m.key == key
    ]  # fmt: skip


def note_lines(
    notes: Sequence[tuple[Note, UserText]], person: UUID, people: Mapping[Any, Person], hide_others: bool
) -> list[Line]:
    """Notes on the item; those of others only once one's own answer is in, since they may tell theirs."""
    return [
        Line(str(note.pk), "", name_in(people, note.by), note.by == person, text=typed_text(typed))
        for note, typed in notes
        if note.by == person or not hide_others
    ]


def file_lines(
    visit: Visit, code: str, operations: Sequence[Op], files: Mapping[UUID, Attachment], person: UUID,
    people: Mapping[Any, Person],
) -> list[Line]:  # fmt: skip
    """Photographs and papers on an item; `operations` are those that stand."""
    lines = []
    for op in operations:
        file = files.get(UUID(str(op.payload["attachment"]))) if op.kind == "attach" else None
        if file is None or op.payload["indicator"] != code:
            continue
        address = {"city": visit.city_id, "visit": visit.pk, "attachment": file.pk}
        size = gettext("%(size)s kB") % {"size": formats.number_text(max(1, file.size // KILOBYTE))}
        lines.append(
            Line(
                str(op.id),
                file.name,
                wording.joined([size, name_in(people, op.person)]),
                op.person == person,
                url=reverse("assess:attachment", kwargs=address),
                is_picture=file.kind.startswith("image/"),
            )
        )
    return lines


def head_words(item: Asked, domains: words.Names, pillars: words.Names) -> tuple[str, str]:
    """Domain and pillar of a question."""
    return pick(domains.get(item.question.domain, {})), pick(pillars.get(item.question.pillar, {}))
