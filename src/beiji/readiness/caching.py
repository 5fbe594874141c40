"""Standings and roll-ups of a subject, computed by the pure rules, as the caches keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from beiji.programme.models import City, Subject

from .book import Book, size_class
from .methodology import Method, Question
from .models import Domain, RollUp, Standing
from .rules import aggregates
from .rules.rows import (
    CapCode,
    Condition,
    HospitalRollUp,
    Item,
    Kind,
    NoteKind,
    Part,
    PartStanding,
    Proof,
    Row,
    State,
    SubjectFacts,
)
from .rules.rows import Note as PlainNote
from .rules.rows import RollUp as PlainRollUp
from .rules.rows import Standing as PlainStanding
from .rules.standing import standing


def part_as_json(found: PartStanding) -> dict[str, Any]:
    """A part's standing as the cache keeps it."""
    return {
        "campus": found.part.campus,
        "place": found.part.place,
        "condition": found.part.condition.value,
        "minute": found.part.minute,
        "state": found.state.value,
        "digit": found.digit,
        "proof": found.proof.value if found.proof else None,
        "failed": found.failed,
        "contradicted": found.contradicted,
        "deciding": list(found.deciding),
        "to_confirm": found.to_confirm,
        "notes": [[n.row_id, n.kind.value] for n in found.notes],
        "checked": found.checked,
        "holds_until": found.holds_until.isoformat() if found.holds_until else None,
    }


def part_from_json(kept: Mapping[str, Any]) -> PartStanding:
    """The inverse of :func:`part_as_json`."""
    return PartStanding(
        part=Part(kept["campus"], kept["place"], Condition(kept["condition"]), kept["minute"]),
        state=State(kept["state"]),
        digit=kept["digit"],
        proof=Proof(kept["proof"]) if kept["proof"] else None,
        failed=kept["failed"],
        contradicted=kept["contradicted"],
        deciding=tuple(kept["deciding"]),
        to_confirm=kept["to_confirm"],
        notes=tuple(PlainNote(row_id, NoteKind(kind)) for row_id, kind in kept["notes"]),
        checked=kept["checked"],
        holds_until=date.fromisoformat(kept["holds_until"]) if kept["holds_until"] else None,
    )


def standing_from_cache(kept: Standing) -> PlainStanding:
    """A cached standing as the rules answer it."""
    parts = tuple(part_from_json(p) for p in kept.parts)
    state = State(kept.state)
    return PlainStanding(
        state=state,
        digit=kept.digit,
        proof=Proof(kept.proof) if kept.proof else None,
        worst=tuple(p.part for p in parts if p.state is state),
        parts=parts,
        failed=kept.failed,
        contradicted=kept.contradicted,
        to_confirm=kept.to_confirm,
        checked=kept.checked,
    )


def summary_from_cache(kept: Standing) -> PlainStanding:
    """A cached standing without its parts: all that the scorer reads."""
    return PlainStanding(
        state=State(kept.state),
        digit=kept.digit,
        proof=Proof(kept.proof) if kept.proof else None,
        worst=(),
        failed=kept.failed,
        contradicted=kept.contradicted,
        to_confirm=kept.to_confirm,
        checked=kept.checked,
    )


def cached(found: PlainStanding, *, city: City, subject: Subject, capability_id: int, day: date) -> Standing:
    """A computed standing as an unsaved cache row."""
    return Standing(
        city=city,
        subject=subject,
        capability_id=capability_id,
        as_of=day,
        state=found.state.value,
        digit=found.digit,
        proof=found.proof.value if found.proof else "",
        failed=found.failed,
        contradicted=found.contradicted,
        to_confirm=found.to_confirm,
        checked=found.checked,
        parts=[part_as_json(p) for p in found.parts],
    )


def standings_of(
    *, book: Book, whole: Subject, facts: SubjectFacts, rows: Iterable[Row], codes: Iterable[str], day: date,
    known_at: datetime,
) -> dict[str, PlainStanding]:  # fmt: skip
    """Code of capability → standing by the pure rule."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row.capability, []).append(row)
    size = size_class(whole)
    return {code: standing(by_code.get(code, ()), book.facts(code, size), facts, day, known_at) for code in codes}


Groups = dict[str, dict[str, PlainRollUp]]
Aggregates = tuple[dict[str, HospitalRollUp], Groups, Groups]
"""Of each hospital the whole with its domains, its pillars, and 4S."""


@dataclass(frozen=True)
class Scored:
    """Aggregates of one subject under one standard."""

    hospital: HospitalRollUp
    pillars: Mapping[str, PlainRollUp]
    fours: Mapping[str, PlainRollUp]
    items: Mapping[str, Item]


def item_of(asked: Question, found: PlainStanding | None, kind: Kind, weight: Fraction, applicable: bool) -> Item:
    """An indicator with its standing, ready for the scorer; without a standing it is unknown."""
    return Item(
        code=asked.code,
        weight=weight,
        kind=kind,
        state=found.state if found else State.UNKNOWN,
        digit=found.digit if found else None,
        proof=found.proof if found else None,
        must_pass=asked.must_pass,
        applicable=applicable or asked.must_pass,
        checked=found.checked if found else False,
    )


def score(
    method: Method, questions: Sequence[Question], found: Mapping[str, PlainStanding], kinds: Mapping[str, Kind],
    not_applicable: Iterable[str] = (),
) -> Scored:  # fmt: skip
    """Domains, pillars, 4S and the whole by the standard's scorer."""
    excluded = set(not_applicable)
    domain_of = {q.code: q.domain for q in questions}
    weights = aggregates.item_weights(
        {q.code: q.crit_weight for q in questions},
        domain_of,
        {d.code: Fraction(d.weight) for d in method.domains},
    )
    concerned = [d for d in method.domains if concerns(method, d, questions)]
    items = {
        q.code: item_of(q, found.get(q.capability), kinds[q.capability], weights[q.code], q.code not in excluded)
        for q in questions
    }
    domains: dict[str, list[Item]] = {d.code: [] for d in concerned}
    for code, item in items.items():
        domains[domain_of[code]].append(item)
    pillar_of = {q.code: q.pillar for q in questions}
    shares = {code: Fraction(share) for code, share in method.pillar_shares.items()}
    whole = aggregates.weigh_by_group(list(items.values()), pillar_of, shares) if shares else list(items.values())
    hospital = aggregates.hospital(whole, domains, expected=len(concerned), scorer=method.scorer)
    pillars = _by_group(items, pillar_of, method)
    return Scored(hospital, pillars, _by_group(items, {q.code: q.fours for q in questions}, method), items)


def concerns(method: Method, domain: Domain, questions: Sequence[Question]) -> bool:
    """Whether a domain is about the subject that is asked these questions; one that is not written yet is about all."""
    return any(q.domain == domain.code for q in questions) or all(i.domain_id != domain.pk for i in method.indicators)


def _by_group(items: Mapping[str, Item], group_of: Mapping[str, str], method: Method) -> dict[str, PlainRollUp]:
    """An aggregate for each group; an item that is in none (its pack did not say) is left out."""
    return {
        group: aggregates.aggregate([i for i in items.values() if group_of[i.code] == group], method.scorer)
        for group in sorted(set(group_of.values()) - {""})
    }


def roll_up_as_json(found: PlainRollUp) -> dict[str, Any]:
    """An aggregate as the cache keeps it; fractions as exact text."""
    return {
        "score": _text(found.score),
        "floor": _text(found.floor),
        "completeness": _text(found.completeness),
        "digit": found.digit,
        "uncapped": found.uncapped,
        "caps": [c.value for c in found.caps],
        "mark": found.mark.value if found.mark else None,
        "provisional": found.provisional,
        "has_word": found.has_word,
        "shown_score": _text(found.shown_score),
        "set_aside": list(found.set_aside),
    }


def roll_up_from_json(kept: Mapping[str, Any]) -> PlainRollUp:
    """The inverse of :func:`roll_up_as_json`."""
    return PlainRollUp(
        score=_number(kept["score"]),
        floor=_number(kept["floor"]),
        completeness=_number(kept["completeness"]),
        digit=kept["digit"],
        uncapped=kept["uncapped"],
        caps=tuple(CapCode(c) for c in kept["caps"]),
        mark=Proof(kept["mark"]) if kept["mark"] else None,
        provisional=kept["provisional"],
        has_word=kept["has_word"],
        shown_score=_number(kept["shown_score"]),
        set_aside=tuple(kept.get("set_aside", ())),  # roll-ups kept before 29 November 2026 name none
    )


def roll_ups(scored: Scored, *, city: City, subject: Subject, standard: str, day: date) -> list[RollUp]:
    """All aggregates of a subject as unsaved cache rows."""
    common = {"city": city, "subject": subject, "standard": standard, "as_of": day}
    rows = [
        RollUp(level="domain", code=code, values=roll_up_as_json(r), **common)
        for code, r in scored.hospital.domains.items()
    ]
    for level, groups in (("pillar", scored.pillars), ("fours", scored.fours)):
        rows += [RollUp(level=level, code=code, values=roll_up_as_json(r), **common) for code, r in groups.items()]
    whole = roll_up_as_json(scored.hospital.total)
    whole |= {"present": scored.hospital.present, "expected": scored.hospital.expected}
    return [*rows, RollUp(level="hospital", code="", values=whole, **common)]


def kept_roll_ups(hospitals: Sequence[Subject], standard: str, day: date) -> Aggregates | None:
    """Aggregates of hospitals from the cache; None unless all of them are of `day`. One query."""
    codes = {s.pk: s.code for s in hospitals}
    groups: dict[str, dict[str, dict[str, PlainRollUp]]] = {
        level: {code: {} for code in codes.values()} for level in ("domain", "pillar", "fours")
    }
    found: dict[str, HospitalRollUp] = {}
    for row in RollUp.objects.filter(subject__in=list(codes), standard=standard):
        if row.as_of != day:
            return None
        code, plain = codes[row.subject_id], roll_up_from_json(row.values)
        if row.level in groups:
            groups[row.level][code][row.code] = plain
        else:
            found[code] = HospitalRollUp(plain, groups["domain"][code], row.values["present"], row.values["expected"])
    return (found, groups["pillar"], groups["fours"]) if len(found) == len(hospitals) else None


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
