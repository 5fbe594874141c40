""" "Why is this square this colour?": which rows, which sentence of the law, since when, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from beiji.ui import formats, words
from beiji.ui.languages import pick

from ..book import size_class
from ..models import Edition
from ..queries import Ledger
from ..rules.facts import edition_by_number, edition_in_force, targets_on
from ..rules.judging import judge, rows_standing
from ..rules.rows import NoteKind, PartStanding, Row, Standing, State
from . import wording
from .measured import Plot, plot_of


@dataclass(frozen=True)
class Said:
    """One row of evidence in words, as the `why` component takes it."""

    day: str
    what: str
    who: str
    proof: str
    ended: str
    decides: bool
    row_id: int
    href: str = ""


@dataclass(frozen=True)
class PartLine:
    """One campus, place, condition and minute."""

    where: str
    digit: int | None
    state: str
    proof: str
    sentence: str
    until: date | None
    is_worst: bool


@dataclass(frozen=True)
class Why:
    """The answer for one subject and capability."""

    name: str
    digit: int | None
    state: str
    proof: str
    must: bool
    sentence: str
    facts: Sequence[tuple[str, str]]
    rows: Sequence[Said]
    parts: Sequence[PartLine]
    notes: Sequence[str]
    history: Sequence[Mapping[str, Any]]
    plot: Plot | None


def said_rows(
    ledger: Ledger, found: Standing, day: date, known_at: datetime, unit: str, names: wording.Names
) -> list[Said]:
    """All rows known, newest first; superseded and withdrawn ones struck through with what ended them."""
    known = [r for r in ledger.rows if r.recorded_at <= known_at and r.as_of <= day]
    standing = {r.id for r in rows_standing(known, known_at)}
    deciding = {key for p in found.parts for key in p.deciding}
    facts = ledger.book.facts(ledger.capability, size_class(ledger.subject))
    said = []
    for row in sorted((r for r in known if not r.withdrawal), key=lambda r: (r.as_of, r.recorded_at), reverse=True):
        judged = judge(row, facts, day, known_at)
        said.append(
            Said(
                day=formats.date_short(row.as_of),
                what=wording.joined([wording.found_words(row, unit), _place_words(row, ledger, names)]),
                who=_who(row, names),
                proof=judged.proof.value if judged else "",
                ended="" if row.id in standing else _ended_by(row, known),
                decides=row.id in deciding,
                row_id=row.id,
                href=reverse("readiness:row", kwargs={"city": ledger.book.city.pk, "row": row.id}),
            )
        )
    return said


def _place_words(row: Row, ledger: Ledger, names: wording.Names) -> str:
    campus = pick(names.get(row.subject, {})) if row.subject != ledger.subject.code else ""
    place = pick(names.get(row.place, {})) if row.place else ""
    return wording.joined([campus, place])


def _who(row: Row, names: wording.Names) -> str:
    office = pick(names.get(f"office:{row.office}", {})) or row.office
    return wording.joined([office, wording.evaluator_word(row.evaluator), wording.source_words(row.source.label)])


def _ended_by(row: Row, known: Sequence[Row]) -> str:
    ending = next((r for r in known if r.supersedes == row.id and r.withdrawal), None)
    if ending is not None:
        return gettext("withdrawn: %(reason)s") % {"reason": ending.reason}
    ending = next((r for r in known if r.supersedes == row.id), None)
    return gettext("superseded: %(reason)s") % {"reason": ending.reason} if ending else ""


def part_lines(found: Standing, rows: Mapping[int, Row], names: wording.Names, whole: str) -> list[PartLine]:
    """Each part judged apart, worst first."""
    worst = set(found.worst)
    lines = [
        PartLine(
            where=wording.part_words(p.part, names, whole) or gettext("the whole"),
            digit=p.digit,
            state=p.state.value,
            proof=p.proof.value if p.proof else "",
            sentence=wording.rule_sentence(p, rows),
            until=p.holds_until,
            is_worst=p.part in worst,
        )
        for p in found.parts
    ]
    return sorted(lines, key=lambda line: State(line.state).goodness)


def note_sentences(found: Standing, rows: Mapping[int, Row], unit: str) -> list[str]:
    """Stated words that differ from the standing, once each."""
    said: dict[str, None] = {}
    for part in found.parts:
        for note in part.notes:
            row = rows.get(note.row_id)
            if row is None:
                continue
            values = {"day": formats.date_text(row.as_of), "what": wording.found_words(row, unit)}
            if note.kind is NoteKind.CLAIMS_BETTER:
                said[gettext("Claimed better than measured or seen: %(what)s, %(day)s.") % values] = None
            else:
                said[gettext("Stated worse than measured or seen: %(what)s, %(day)s. To confirm.") % values] = None
    return list(said)


def history_of(ledger: Ledger, until: date, known_at: datetime) -> list[dict[str, Any]]:
    """Changes of the standing, newest first, for the timeline."""
    items = []
    for number, (day, found) in enumerate(reversed(ledger.changes(until, known_at))):
        title = words.state_word(found.state.value)
        if found.digit is not None:
            title = f"{found.digit} {words.level_word(found.digit)} · {title}"
        items.append(
            {
                "when": formats.date_text(day),
                "title": title,
                "text": words.proof_word(found.proof.value if found.proof else None),
                "state": "now" if number == 0 else "done",
            }
        )
    return items


def facts_of(
    ledger: Ledger, found: Standing, edition: Edition, day: date, known_at: datetime, where: str
) -> list[tuple[str, str]]:
    """Target of the day, worst parts, until when it holds, what it feeds."""
    facts: list[tuple[str, str]] = []
    plain = edition_in_force(ledger.book.facts(ledger.capability, size_class(ledger.subject)), day, known_at)
    targets: Mapping[int | None, Fraction] = targets_on(plain, day, known_at) if plain else {}
    if targets:
        facts.append((gettext("Target"), wording.target_words(targets, edition.unit, edition.better)))
    if where:
        facts.append((gettext("Worst"), where))
    until = _holds_until(found)
    if until is not None:
        facts.append((gettext("Holds until"), formats.date_text(until)))
    if edition.prove_in:
        conditions = [wording.condition_word(c) for c in plain.prove_in] if plain else []
        facts.append((gettext("Must be proven"), gettext(", ").join(conditions)))
    return facts


def _holds_until(found: Standing) -> date | None:
    worst = set(found.worst)
    days = [p.holds_until for p in found.parts if p.part in worst and p.holds_until is not None]
    return min(days, default=None)


def why_of(
    ledger: Ledger, edition: Edition, *, day: date, known_at: datetime, names: wording.Names, name: str, must: bool
) -> Why:
    """The whole answer."""
    standing = ledger.standing(day, known_at)
    rows = {r.id: r for r in ledger.rows}
    where = wording.worst_words(standing.worst, len(standing.parts), names, ledger.subject.code)
    worst: PartStanding | None = next((p for p in standing.parts if p.part in standing.worst), None)
    return Why(
        name=name,
        digit=standing.digit,
        state=standing.state.value,
        proof=standing.proof.value if standing.proof else "",
        must=must,
        sentence=wording.rule_sentence(worst, rows) if worst else "",
        facts=facts_of(ledger, standing, edition, day, known_at, where),
        rows=said_rows(ledger, standing, day, known_at, edition.unit, names),
        parts=part_lines(standing, rows, names, ledger.subject.code) if len(standing.parts) > 1 else [],
        notes=note_sentences(standing, rows, edition.unit),
        history=history_of(ledger, day, known_at),
        plot=plot_of(ledger, standing, edition, day=day, known_at=known_at, names=names, name=name),
    )


def unit_of(ledger: Ledger, row: Row) -> str:
    """Unit of the edition that a row belongs to."""
    plain = edition_by_number(ledger.book.facts(ledger.capability, ""), row.edition)
    entries = ledger.book.entries[ledger.capability]
    return next((e.edition.unit for e in entries if plain and e.edition.number == plain.number), "")
