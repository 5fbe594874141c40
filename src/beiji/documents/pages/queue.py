"""The queue of translations, and one text of it beside the field for its translation, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beiji.ui.languages import LANGUAGES, language_of
from beiji.ui.listing import Column, Facet
from beiji.ui.words import language_word

from .. import access
from ..models import UserText

#: What a text is, by its kind.
KINDS = {
    "finding": gettext_lazy("Finding"),
    "decision": gettext_lazy("Request to the authorities"),
    "decision note": gettext_lazy("Remark on a decision"),
    "action": gettext_lazy("Description of an action"),
    "action note": gettext_lazy("Remark on an action"),
    "note": gettext_lazy("Remark of an assessor"),
    "rationale": gettext_lazy("Reason for an answer"),
    "reply": gettext_lazy("Reply to a result"),
}


@dataclass(frozen=True)
class Line:
    """One sentence of the queue: what it is, between which languages, what is to be done."""

    body: str
    language: str
    direction: str
    kind: str
    places: str
    languages: str
    written_at: datetime
    state: str
    act: str
    text: UUID
    wanted: str


@dataclass(frozen=True)
class Place:
    """Where a text stands; `url` only for whoever may go there."""

    kind: str
    url: str
    written_at: datetime


def lines(waiting: Iterable[access.Waiting]) -> Sequence[Line]:
    """The queue in words. What lines have in common is said once: a large city has thousands of them."""
    kinds, ways = cache(kind_word), cache(from_to)
    states = {True: (_("waits for approval"), _("Check")), False: (_("waits for translation"), _("Translate"))}
    return [_line(w, kinds(w.kind), ways(w.source.language, w.language), *states[w.is_proposed]) for w in waiting]


def _line(waiting: access.Waiting, kind: str, languages: str, state: str, act: str) -> Line:
    source, count = waiting.source, waiting.places
    language = language_of(source.language)
    return Line(
        body=source.body,
        language=language.pack,
        direction=language.direction,
        kind=kind,
        places=ngettext("at {count} place", "at {count} places", count).format(count=count) if count > 1 else "",
        languages=languages,
        written_at=source.written_at,
        state=state,
        act=act,
        text=waiting.text,
        wanted=waiting.language,
    )


def columns() -> list[Column[Line]]:
    """The columns on the screen and in a file, in one order."""
    return [
        Column("original", _("Original"), lambda w: w.body, sorts=False),
        Column("kind", _("What it is"), lambda w: w.kind),
        Column("languages", _("Languages"), lambda w: w.languages),
        Column("written", _("Written"), lambda w: timezone.localdate(w.written_at), lambda w: w.written_at),
        Column("state", _("State"), lambda w: w.state),
    ]


def facets(waiting: Sequence[Line]) -> list[Facet[Line]]:
    """The language wanted, what a text is, what is to be done."""
    languages = [(language.pack, language_word(language.pack)) for language in LANGUAGES]
    kinds, acts = dict.fromkeys(w.kind for w in waiting), dict.fromkeys(w.state for w in waiting)
    return [
        Facet("language", _("Language wanted"), _("All languages"), languages, lambda w: (w.wanted,)),
        Facet("kind", _("What it is"), _("All texts"), [(k, k) for k in kinds if k], lambda w: (w.kind,)),
        Facet("state", _("State"), _("All states"), [(a, a) for a in acts], lambda w: (w.state,)),
    ]


def kind_word(kind: str) -> str:
    """What a text is."""
    return str(KINDS.get(kind, ""))


def from_to(source: str, wanted: str) -> str:
    """Both languages as the reader calls them."""
    return _("from {source} into {wanted}").format(source=language_word(source), wanted=language_word(wanted))


def text_page(text: UserText, language: str, answered: str, *, may_follow: bool) -> dict[str, Any]:
    """The original, its wording when the page was opened if that was another (`answered`: its hash), the newest
    proposal, and every place where the same sentence stands."""
    versions = access.versions_of(text)
    source = versions[-1]
    return {
        "text": text,
        "source": source,
        "direction": language_of(source.language).direction,
        "before": next((v for v in versions if v.hash == answered != source.hash), None),
        "language": language,
        "heading": _("Translate from {source} into {wanted}").format(
            source=language_word(source.language), wanted=language_word(language)
        ),
        "original": _("Original, {language}").format(language=language_word(source.language)),
        "places": [
            Place(kind_word(t.kind), t.where if may_follow else "", t.created_at)
            for t in access.texts_that_say(source.hash)
        ],
        "proposal": access.proposal_of(text, language),
    }
