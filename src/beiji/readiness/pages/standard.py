"""The standard itself: its items by domain, what each says in two languages, and who stands for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beiji.packs.reviews import ReviewState, Signature, state_of
from beiji.programme.people import name_in, office_of
from beiji.ui import formats
from beiji.ui.languages import LANGUAGES, pick

from ..methodology import Method
from ..models import Indicator
from ..reviews import Review

CHIPS = {ReviewState.AWAITING: "outline", ReviewState.STALE: "warn", ReviewState.REVIEWED: "good"}
STATES = {
    ReviewState.AWAITING: _("Awaits review"),
    ReviewState.STALE: _("Changed since it was signed"),
    ReviewState.REVIEWED: _("Reviewed"),
}
KINDS = {Review.Kind.CLINICAL: _("Clinical review"), Review.Kind.TRANSLATION: _("Review of the translation")}


@dataclass(frozen=True)
class State:
    """How one language stands: its name, chip and word."""

    language: str
    chip: str
    word: str


@dataclass(frozen=True)
class ItemLine:
    code: str
    title: str
    href: str
    states: Sequence[State]


@dataclass(frozen=True)
class DomainPart:
    title: str
    items: Sequence[ItemLine]


@dataclass(frozen=True)
class StandardPage:
    """All items of the standard in force, by domain."""

    title: str
    sub: str
    counts: Sequence[tuple[str, str]]
    languages: Sequence[str]
    domains: Sequence[DomainPart]


@dataclass(frozen=True)
class Tab:
    """A language to read the item in; `state` is the kind of its chip, `note` the chip's word."""

    language: str
    label: str
    href: str
    current: bool
    state: str
    note: str


@dataclass(frozen=True)
class Row:
    """One text of an item, source and translation; `translation` is None where the source itself is read."""

    label: str
    source: str
    translation: str | None


@dataclass(frozen=True)
class Signed:
    """A signature: who, of which office, when, and whether it still holds. `pk` where the reader may take it back."""

    who: str
    office: str
    day: str
    state: State
    pk: int | None


@dataclass(frozen=True)
class ItemPage:
    """An item as a reviewer reads it in one language. `read` is what he signs; empty where it cannot be signed."""

    title: str
    tabs: Sequence[Tab]
    language: str
    pack_language: str
    direction: str
    rows: Sequence[Row]
    signed: Sequence[Signed]
    read: str
    promise: str


def _state(hashes: Mapping[str, str], item: str, language: Any, kind: str, signed: Sequence[Signature]) -> State:
    if language.pack not in hashes:
        return State(language.name, "outline", str(STATES[ReviewState.AWAITING]))
    state = state_of(hashes, item, language.pack, kind, signed)
    return State(language.name, CHIPS[state], str(STATES[state]))


def standard_page(city: str, method: Method, kind: str, signed: Sequence[Signature]) -> StandardPage:
    """The list, with the state of one kind of review in every language."""
    by_domain: dict[int, list[ItemLine]] = {}
    reviewed = {language.pack: 0 for language in LANGUAGES}
    for item in method.indicators:
        states = []
        for language in LANGUAGES:
            state = _state(item.hashes, item.code, language, kind, signed)
            states.append(state)
            reviewed[language.pack] += state.chip == CHIPS[ReviewState.REVIEWED]
        href = reverse("readiness:standard-item", kwargs={"city": city, "indicator": item.code})
        by_domain.setdefault(item.domain_id, []).append(ItemLine(item.code, pick(item.titles), href, states))
    total = len(method.indicators)
    return StandardPage(
        title=pick(method.pack.titles) or str(method.pack),
        sub=f"{method.pack} · {KINDS[Review.Kind(kind)]}",
        counts=[
            (
                language.name,
                gettext("%(n)s of %(all)s")
                % {"n": formats.number_text(reviewed[language.pack]), "all": formats.number_text(total)},
            )
            for language in LANGUAGES
        ],
        languages=[language.name for language in LANGUAGES],
        domains=[
            DomainPart(f"{d.code} {pick(d.titles)}", by_domain[d.pk]) for d in method.domains if d.pk in by_domain
        ],
    )


def item_page(
    city: str, item: Indicator, failure: Mapping[str, str], kind: str, language: Any, rows: Sequence[Review],
    people: Mapping[Any, Any], reader: Any,
) -> ItemPage:  # fmt: skip
    """Everything that is signed of an item, beside its source; `failure`: what its miss is called, with the targets."""
    source = LANGUAGES[0]
    own = [row for row in rows if row.kind == kind]
    signed = [row for row in own if row.language == language.pack]
    url = reverse("readiness:standard-item", kwargs={"city": city, "indicator": item.code})
    tabs = []
    for one in LANGUAGES:
        state = _state(item.hashes, item.code, one, kind, [row.signature for row in own])
        href = f"{url}?language={one.pack}"
        tabs.append(Tab(one.pack, one.name, href, one.pack == language.pack, state.chip, state.word))
    read = f"{item.hashes[source.pack]} {item.hashes[language.pack]}" if language.pack in item.hashes else ""
    return ItemPage(
        title=f"{item.code} {pick(item.titles)}",
        tabs=tabs,
        language=language.name,
        pack_language=language.pack,
        direction=language.direction,
        rows=[_row(label, text, source.pack, language.pack) for label, text in _texts(item, failure)],
        signed=[_signed(item, row, language, kind, people, reader) for row in reversed(signed)],
        read=read,
        promise=gettext("I have read all of this in %(language)s and stand for it: %(kind)s.")
        % {"language": language.name, "kind": KINDS[Review.Kind(kind)]},
    )


def _texts(item: Indicator, failure: Mapping[str, str]) -> list[tuple[str, Any]]:
    texts = item.texts
    level = gettext("Level %(level)s")
    rows = [(gettext("Title"), item.titles), (gettext("When it was missed"), failure)]
    rows += [(gettext("What to look at"), texts.get("look_at"))]
    rows += [(level % {"level": n}, text) for n, text in sorted(texts.get("anchors", {}).items())]
    rows += [(level % {"level": 3}, texts.get("proven_by"))]
    rows += [
        (gettext("Advice from level %(n)s") % {"n": n}, text) for n, text in sorted(texts.get("advice", {}).items())
    ]
    return [(label, text) for label, text in rows if text]


def _row(label: str, text: Mapping[str, str], source: str, language: str) -> Row:
    return Row(label, text.get(source, ""), None if language == source else text.get(language, ""))


def _signed(item: Indicator, row: Review, language: Any, kind: str, people: Mapping[Any, Any], reader: Any) -> Signed:
    person = people.get(row.by)
    return Signed(
        who=name_in(people, row.by),
        office=(office_of(person) if person is not None else "") or row.office,
        day=formats.date_text(row.recorded_at),
        state=_state(item.hashes, item.code, language, kind, [row.signature]),
        pk=row.pk if row.by == reader else None,
    )
