"""The page on which the lead settles differences: who said what and why, and the team's word with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from beiji.documents.models import UserText
from beiji.documents.pages.typed import TypedText, typed_text
from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.readiness.pages import wording
from beiji.ui.languages import pick

from .. import access, asked
from ..asked import Asked
from ..models import Note, Visit
from ..rules.answers import Answer, Answers, Key
from ..rules.consensus import differences, finals
from . import words
from .steps import rate_url


@dataclass(frozen=True)
class Word:
    """One assessor's answer; `was_changed` when it is his first one, which he changed once another's could be seen."""

    name: str
    said: words.Said
    how: str
    was_changed: bool = False


@dataclass(frozen=True)
class Typed:
    """What the lead sent for one difference and why it was refused; the page shows it again."""

    key: Key
    refusal: str
    level: str
    reason: str
    language: str


@dataclass(frozen=True)
class Settling:
    """One difference, open or settled; `typed`: what was sent for it and refused."""

    key: Key
    code: str
    title: str
    part: str
    url: str
    must_pass: bool
    must_discuss: bool
    answers: Sequence[Word]
    anchors: Sequence[tuple[int, Mapping[str, str]]]
    may_be_not_applicable: bool
    notes: Sequence[tuple[str, TypedText]]
    measurements: Sequence[str]
    settles: str
    team: words.Said | None = None
    typed: Typed | None = None


@dataclass(frozen=True)
class SettlingPage:
    """Open differences first, those that must be talked about on top; then what has been settled."""

    open: Sequence[Settling]
    settled: Sequence[Settling]
    may_settle: bool
    hidden: str

    @property
    def is_refused(self) -> bool:
        """Whether what was typed for a difference comes back with the reason beside it."""
        return any(item.typed for item in self.open)


def settling_page(person: Person, visit: Visit, typed: Typed | None = None) -> SettlingPage:
    """The page for one reader; on the ward only differences on which his own answer is in."""
    items = {item.code: item for item in asked.asked_in(visit)}
    answers = access.shown_answers(person, visit)
    open_now = differences(answers, asked.must_pass_codes(list(items.values())))
    done = [f for f in finals(answers) if f.settled]
    people = people_by_id({a.person for d in open_now for a in d.words} | {a.person for f in done for a in f.words})
    notes = access.notes_of(visit, [n for d in open_now for n in answers.notes.get(d.key.indicator, ())])
    names = asked.part_names(visit)
    spoken = [a.operation for d in open_now for a in d.words if a.reason]
    spoken += [a.operation for f in done for a in f.words if a.reason] + [
        answers.settled[f.key].operation for f in done
    ]
    reasons = access.reasons_of(visit, spoken)
    texts = asked.texts_of(visit, {d.key.indicator for d in open_now}) if open_now else {}
    made = [
        _settling(
            visit, items[d.key.indicator], d.key, d.words, answers, people, notes, names, reasons, d.must_discuss,
            anchors=[(level, texts[d.key.indicator]["anchors"][str(level)]) for level in (0, 1, 2)],
            typed=typed if typed is not None and typed.key == d.key else None,
        )
        for d in open_now
    ]  # fmt: skip
    on_ward = visit.phase in (Visit.Phase.DESK, Visit.Phase.ON_SITE)
    return SettlingPage(
        open=sorted(made, key=lambda s: not s.must_discuss),
        settled=[
            _settling(
                visit, items[f.key.indicator], f.key, f.words, answers, people, [], names, reasons, False,
                team=words.said(f.said, words.reason_words(reasons.get(answers.settled[f.key].operation), f.reason)),
            )
            for f in done
        ],
        may_settle=access.may_settle(person, visit),
        hidden=gettext("While the visit is on site, a question appears here once your own answer is in.") if on_ward else "",
    )  # fmt: skip


def _settling(
    visit: Visit, item: Asked, key: Key, given: Sequence[Answer], answers: Answers, people: Mapping[Any, Person],
    notes: Sequence[tuple[Note, UserText]], names: words.Names, reasons: Mapping[UUID, UserText],
    must_discuss: bool, *,
    anchors: Sequence[tuple[int, Mapping[str, str]]] = (), team: words.Said | None = None,
    typed: Typed | None = None,
) -> Settling:  # fmt: skip
    changed = {a.operation for a in answers.changed(key)}
    return Settling(
        key=key,
        code=item.code,
        title=pick(item.question.titles),
        part=(pick(names.get(key.part, {})) or key.part) if key.part else "",
        url=rate_url(visit, key),
        must_pass=item.question.must_pass,
        must_discuss=must_discuss,
        answers=[
            Word(
                name_in(people, a.person),
                words.said(a.said, words.reason_words(reasons.get(a.operation), a.reason)),
                words.how_word(a.how),
                a.operation in changed,
            )
            for a in given
        ],
        anchors=anchors,
        may_be_not_applicable=item.question.indicator.may_be_not_applicable and not item.question.must_pass,
        notes=[(name_in(people, note.by), typed_text(text)) for note, text in notes if note.indicator == item.code],
        measurements=[words.measured_words(m, item.edition.unit) for m in answers.measurements if m.key == key],
        settles=" ".join(str(a.operation) for a in given),
        team=team,
        typed=typed,
    )


def count_words(page: SettlingPage) -> str:
    """How many are open, and how many of them must be talked about."""
    must = sum(s.must_discuss for s in page.open)
    return wording.joined(
        [
            gettext("%(count)s open") % {"count": len(page.open)},
            gettext("%(count)s to be talked about") % {"count": must} if must else "",
            gettext("%(count)s settled") % {"count": len(page.settled)},
        ]
    )
