"""One capability: what it asks for by class of hospital, and where each hospital stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from beiji.programme.models import Subject
from beiji.ui.languages import pick

from .. import queries
from ..book import Book, size_class
from ..methodology import Question
from ..models import Capability, Edition
from ..queries import Picture
from ..rules.facts import edition_in_force, targets_on
from ..rules.rows import Condition, Proof
from . import wording
from .cells import Cell, standing_cell, why_url
from .hospital import chips_of
from .measured import Plot, dot_line, plot


@dataclass(frozen=True)
class Place:
    """A hospital's standing."""

    hospital: str
    cell: Cell
    where: str
    chips: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Everywhere:
    title: str
    measure: str
    read_by: str
    facts: Sequence[tuple[str, str]]
    targets: Sequence[tuple[str, str]]
    places: Sequence[Place]
    plot: Plot | None


def capability_everywhere(picture: Picture, capability: Capability, names: wording.Names, query: str) -> Everywhere:
    """The capability's page over the hospitals of the picture."""
    book = Book(picture.city, [capability.pk], words=True)
    edition = book.edition_on(capability.code, picture.day, picture.known_at)
    readers: dict[str, Question] = {}
    places = []
    for subject in picture.subjects:
        question = next((q for q in picture.questions.get(subject.code, ()) if q.capability == capability.code), None)
        if question is None:
            continue
        readers.setdefault(question.code, question)
        standing = picture.standing(subject.code, capability.code)
        href = why_url(picture.city.pk, subject.code, capability.code, query)
        cell = standing_cell(
            standing, question, applies=picture.applies(subject.code, question), href=href, name=pick(subject.names)
        )
        where = wording.worst_words(standing.worst, len(standing.parts), names, subject.code)
        places.append(Place(pick(subject.names), cell, where, chips_of(standing)))
    sizes = [(size.value, str(size.label)) for size in Subject.Size]
    targets: list[tuple[str, str]] = []
    if edition is not None:
        for size, label in sizes:
            plain = next(e for e in book.facts(capability.code, size).editions if e.number == edition.number)
            values = targets_on(plain, picture.day, picture.known_at)
            if values:
                targets.append((label, wording.target_words(values, edition.unit, edition.better)))
    facts = _facts(book, capability, picture) if edition is not None else []
    return Everywhere(
        title=pick(edition.titles if edition else capability.titles),
        measure=pick(edition.measure) if edition else "",
        read_by=gettext(", ").join(f"{q.code} {pick(q.indicator.titles)}" for q in readers.values()),
        facts=facts,
        targets=targets,
        places=places,
        plot=_plot(picture, capability, book, edition) if edition else None,
    )


def _plot(picture: Picture, capability: Capability, book: Book, edition: Edition) -> Plot | None:
    """The numbers that decide where each hospital stands, each beside the target of its class."""
    deciding = {
        subject.code: [
            key
            for part in picture.standing(subject.code, capability.code).parts
            if part.proof in (Proof.EXERCISED, Proof.PERFORMED)
            for key in part.deciding
        ]
        for subject in picture.subjects
    }
    numbers = queries.numbers_of((key for keys in deciding.values() for key in keys), measured=True)
    lines = []
    for subject in picture.subjects:
        values = [numbers[key] for key in dict.fromkeys(deciding[subject.code]) if key in numbers]
        facts = edition_in_force(book.facts(capability.code, size_class(subject)), picture.day, picture.known_at)
        if not values or facts is None:
            continue
        target = targets_on(facts, picture.day, picture.known_at).get(None)
        worst_last = sorted(values, reverse=edition.better != "lower")
        lines.append(dot_line(pick(subject.names), [(value, True) for value in worst_last], target, edition))
    return plot(lines, edition.unit, gettext("What was measured, each beside its own target"))


def _facts(book: Book, capability: Capability, picture: Picture) -> list[tuple[str, str]]:
    """Kind, conditions, sample, validity, what it feeds."""
    edition = book.edition_on(capability.code, picture.day, picture.known_at)
    if edition is None:
        return []
    facts = [(gettext("Kind"), str(edition.get_kind_display()))]
    if edition.prove_in:
        facts.append(
            (
                gettext("Must be proven"),
                gettext(", ").join(wording.condition_word(Condition(c)) for c in edition.prove_in),
            )
        )
    if edition.per_campus:
        facts.append((gettext("Kept"), gettext("apart for each campus")))
    if edition.min_sample > 1:
        facts.append((gettext("Smallest sample"), str(edition.min_sample)))
    zero = {Fraction(v) for v in edition.zero_at.values()}
    if zero:
        facts.append(
            (
                gettext("Not in place at all from"),
                gettext(", ").join(wording.amount(z, edition.unit) for z in sorted(zero)),
            )
        )
    newest = book.entries[capability.code][-1].validities
    if newest:
        days = newest[-1].days
        facts.append(
            (
                gettext("A pass counts for"),
                gettext("%(seen)s days when seen, %(exercised)s when exercised, %(performed)s when performed")
                % {"seen": days["seen"], "exercised": days["exercised"], "performed": days["performed"]},
            )
        )
    if edition.feeds:
        facts.append((gettext("Simulation"), gettext("uses this number")))
    return facts
