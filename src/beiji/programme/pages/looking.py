"""What a person could see, and why an address opens for him, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.records import audit
from beiji.ui import formats

from ..explaining import Said, Verdict
from ..models import Person, RoleGrant
from ..people import name_in, name_of, office_of
from ..reaching import Piece
from .grants import CHIPS, place_words, state_word


@dataclass(frozen=True)
class Reached:
    """A kind of thing: how many, and their names."""

    what: str
    count: str
    names: str


@dataclass(frozen=True)
class PieceWords:
    """A time with the same grants."""

    title: str
    length: str
    grants: Sequence[str]
    reached: Sequence[Reached]
    deeds: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SeenPage:
    """The sheet of everything that a person could see."""

    name: str
    office: str
    made: str
    pieces: Sequence[PieceWords]


@dataclass(frozen=True)
class Answer:
    """What the page says to one grant."""

    words: str
    state: str
    chip: str


@dataclass(frozen=True)
class WhyPage:
    """Whether an address opens for a person, and which of his grants decide: a panel (id, title, answers) of each sort that
    there is."""

    address: str
    kind: str
    sentence: str
    panels: Sequence[tuple[str, str, Sequence[Answer]]]


def seen_page(
    person: Person, pieces: Sequence[Piece], people: Mapping[UUID, Person], reader: Person, now: datetime
) -> SeenPage:
    """The sheet in words; `people`: who gave the grants."""
    made = _("Made {moment} for {reader}.").format(
        moment=formats.datetime_text(now), reader=formats.isolate(name_of(reader), "auto")
    )
    return SeenPage(name_of(person), office_of(person), made, [_piece(piece, people) for piece in pieces])


def _piece(piece: Piece, people: Mapping[UUID, Person]) -> PieceWords:
    words = {kind.code: str(kind.text) for kind in audit.kinds()}
    until = piece.span.until or piece.span.since
    title = _("from {since} to {until}").format(
        since=formats.datetime_text(piece.span.since), until=formats.datetime_text(until)
    )
    deeds = [(words.get(kind, kind), formats.number_text(count)) for kind, count in sorted(piece.deeds.items())]
    return PieceWords(
        title=title,
        length=_length(until - piece.span.since),
        grants=[grant_words(grant, people) for grant in piece.grants],
        reached=[
            Reached(
                str(reach.what), formats.number_text(reach.count), pgettext("between names", ", ").join(reach.names)
            )
            for reach in piece.reach
        ],
        deeds=deeds,
    )


def _length(length: timedelta) -> str:
    days = -(-length // timedelta(days=1))
    return ngettext("{count} day", "{count} days", days).format(count=formats.number_text(days))


def grant_words(grant: RoleGrant, people: Mapping[UUID, Person]) -> str:
    """Role, place, approval and who gave it, on one line."""
    parts = [f"{RoleGrant.Role(grant.role).label} · {place_words(grant)}"]
    if grant.source.startswith("visit:"):
        parts.append(_("with a visit"))
    if grant.purpose:
        parts.append(formats.isolate(grant.purpose, "auto"))
    if grant.approval:
        parts.append(_("approval {number}").format(number=formats.isolate(grant.approval)))
    if who := name_in(people, grant.granted_by):
        parts.append(_("given by {who}").format(who=formats.isolate(who, "auto")))
    return " · ".join(parts)


def why_page(address: str, person: Person, verdict: Verdict) -> WhyPage:
    """The answer in words."""
    name = formats.isolate(name_of(person), "auto")
    if verdict.opens:
        sentence = _("It opens for {name} now.").format(name=name)
    elif not verdict.holding:
        sentence = _("It stays closed: {name} has no role that holds now.").format(name=name)
    else:
        sentence = _(
            "It stays closed: no role that {name} has now reaches it. The page he reads does not say whether there is such a thing."
        ).format(name=name)
    sorts = (
        ("for", _("For it: roles that open it"), [said for said in verdict.holding if said.opens]),
        ("against", _("Against it: roles that do not reach so far"), [s for s in verdict.holding if not s.opens]),
        ("others", _("Would open it, but does not hold now"), verdict.others),
    )
    return WhyPage(
        address=address,
        kind="good" if verdict.opens else "info",
        sentence=sentence,
        panels=[(key, title, [_answer(said) for said in some]) for key, title, some in sorts if some],
    )


def _answer(said: Said) -> Answer:
    words = f"{RoleGrant.Role(said.grant.role).label} · {place_words(said.grant)}"
    return Answer(words, state_word(said.state), CHIPS[said.state])
