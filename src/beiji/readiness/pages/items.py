"""Every item of every hospital as a list: what the figures of the city count can be searched, sorted and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from beiji.ui import formats, words
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from ..queries import Picture
from ..rules.counting import Held
from ..rules.rows import State
from . import counted
from .cells import Cell, standing_cell, why_url
from .city import lapsing


@dataclass(frozen=True)
class Item:
    """One item of one hospital, in words; `held` is what is counted."""

    held: Held
    hospital: str
    place: int
    order: int
    title: str
    domain: str
    cell: Cell
    href: str
    standing: str
    lack: str
    lapses: date | None


def items_of(picture: Picture, query: str = "") -> list[Item]:
    """All items that apply, in the order of hospitals and of the standard."""
    if picture.method is None:
        return []
    hospitals = {s.code: s for s in picture.subjects}
    domains = {d.code: pick(d.titles) for d in picture.method.domains}
    questions = {(code, q.code): q for code, asked in picture.questions.items() for q in asked}
    soon = {(subject.code, q.code): day for subject, q, day in lapsing(picture)}
    items = []
    for order, held in enumerate(picture.held):
        if not held.applies:
            continue
        subject, question = hospitals[held.hospital], questions[held.hospital, held.indicator]
        href = why_url(picture.city.pk, held.hospital, held.capability, query)
        title = pick(question.titles)
        standing = picture.standing(held.hospital, held.capability)
        items.append(
            Item(
                held=held,
                hospital=pick(subject.names),
                place=subject.order,
                order=order,
                title=title,
                domain=domains[held.domain],
                cell=standing_cell(
                    standing, question, applies=True, href=href,
                    name=f"{pick(subject.names)} · {held.indicator} {title}",
                ),
                href=href,
                standing=words.state_word(held.state.value),
                lack=counted.lack_word(held.lack) if held.is_gap and held.lack else "",
                lapses=soon.get((held.hospital, held.indicator)),
            )
        )  # fmt: skip
    return items


def columns() -> list[Column[Item]]:
    """The columns on the screen and in a file, in one order."""
    return [
        Column("hospital", gettext("Hospital"), lambda i: i.hospital, lambda i: (i.place, i.order)),
        Column("item", gettext("Item"), lambda i: f"{i.held.indicator} {i.title}", lambda i: i.order % 10_000),
        Column("domain", gettext("Domain"), lambda i: i.domain, sorts=False),
        Column("level", gettext("Level"), lambda i: i.held.digit),
        Column("standing", gettext("Standing"), lambda i: i.standing, is_on_page=False),
        Column("lack", gettext("What it lacks"), lambda i: i.lack),
        Column(
            "proof",
            gettext("Proof"),
            lambda i: words.proof_word(i.held.proof.value if i.held.proof else ""),
            is_on_page=False,
        ),
        Column("marks", gettext("Marks"), marks_of, sorts=False),
        Column("lapses", gettext("Proof expires"), lambda i: i.lapses),
    ]


def marks_of(item: Item) -> str:
    """Must-pass and core, in words."""
    marks = [gettext("must-pass")] if item.held.must_pass else []
    return gettext(", ").join([*marks, *([gettext("core")] if item.held.core else [])])


#: What the figures of the first page count: each is a filter of the list, by the rule that counts (`rules.counting`).
KINDS = {
    "open": lambda i: i.held.is_open,
    "gap": lambda i: i.held.is_gap,
    "core": lambda i: i.held.core,
    "core-met": lambda i: i.held.core and i.held.state is State.MET,
    "soon": lambda i: i.lapses is not None,
}


def facets(picture: Picture, items: Sequence[Item]) -> list[Facet[Item]]:
    """The filters: hospital, domain, and what is counted."""
    hospitals = [(s.code, pick(s.names)) for s in picture.subjects]
    domains = [(d.code, pick(d.titles)) for d in picture.method.domains] if picture.method else []
    kinds = {
        "open": gettext("must-pass items open"),
        "gap": gettext("gaps"),
        "core": gettext("core items"),
        "core-met": gettext("core items on target, measured"),
        "soon": gettext("proof expires within 30 days"),
    }
    present = {lack: counted.lack_word(lack) for lack in counted.Lack}
    chosen = [
        Facet("show", gettext("Show"), gettext("All items"), list(kinds.items()), _kinds_of),
        Facet("subject", gettext("Hospital"), gettext("All hospitals"), hospitals, lambda i: (i.held.hospital,)),
        Facet("domain", gettext("Domain"), gettext("All domains"), domains, lambda i: (i.held.domain,)),
        Facet(
            "lack", gettext("What it lacks"), gettext("Whatever it lacks"),
            [(lack.value, word) for lack, word in present.items()],
            lambda i: (i.held.lack.value,) if i.held.is_gap and i.held.lack else (),
        ),
    ]  # fmt: skip
    return chosen if len(hospitals) > 1 else [f for f in chosen if f.name != "subject"]


def _kinds_of(item: Item) -> tuple[str, ...]:
    return tuple(code for code, is_one in KINDS.items() if is_one(item))


def count_words(total: int, of: int) -> str:
    """How many items are shown, of how many."""
    if total == of:
        return ngettext("%(n)s item", "%(n)s items", total) % {"n": formats.number_text(total)}
    return ngettext("%(n)s of %(all)s item", "%(n)s of %(all)s items", of) % {
        "n": formats.number_text(total),
        "all": formats.number_text(of),
    }
