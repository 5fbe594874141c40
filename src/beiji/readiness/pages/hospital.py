"""One hospital: its domains and indicators with cells, its gaps with what closes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from beiji.programme.models import Subject
from beiji.ui import formats, words
from beiji.ui.languages import pick

from ..deciding import Deciding
from ..failing import Failure
from ..methodology import Question
from ..queries import Gap, Picture
from ..rules.counting import tally
from ..rules.rows import HospitalRollUp, RollUp, Standing
from . import counted, wording
from .cells import Cell, domain_cell, items_url, standing_cell, why_url
from .city import Figure, lapsing


@dataclass(frozen=True)
class Line:
    """One indicator of the hospital."""

    code: str
    title: str
    cell: Cell
    standing: str
    where: str
    day: date | None
    chips: Sequence[tuple[str, str]]
    must_pass: bool
    core: bool


@dataclass(frozen=True)
class Heads:
    """The heads of the columns after an item's name; on a phone each cell says its own, so they are translated once."""

    level: str
    standing: str
    evidence: str


@dataclass(frozen=True)
class DomainBlock:
    """A domain with its lines; `notes` explain a digit that a cap lowered or that is provisional.

    `count`: its gaps among its items; `must_open`: its open must-pass items, or nothing; `is_open`: shown without a click.
    """

    code: str
    title: str
    cell: Cell
    word: str
    count: str
    must_open: str
    is_open: bool
    notes: Sequence[str]
    lines: Sequence[Line]


@dataclass(frozen=True)
class GapLine:
    """A gap: what is missing, where, and what would close it."""

    code: str
    title: str
    href: str
    cell: Cell
    where: str
    sentence: str
    advice: str
    proof: str
    chips: Sequence[tuple[str, str]]
    capability: str


@dataclass(frozen=True)
class HospitalPage:
    title: str
    sub: str
    figures: Sequence[Figure]
    heads: Heads
    blocks: Sequence[DomainBlock]
    missing: str
    gaps_url: str
    gaps: Sequence[GapLine]
    gap_count: int


def chips_of(found: Standing) -> list[tuple[str, str]]:
    """Marks beside a standing that change nothing but must be seen."""
    chips = []
    if found.failed:
        chips.append(("bad", gettext("failed when measured")))
    elif found.contradicted:
        chips.append(("bad", gettext("contradicted by a later check")))
    if found.to_confirm:
        chips.append(("warn", gettext("to confirm")))
    return chips


def newest_deciding(found: Standing, rows: Mapping[int, Deciding]) -> date | None:
    """Day of the newest row that decides the worst parts."""
    worst = set(found.worst)
    days = [rows[key].as_of for p in found.parts if p.part in worst for key in p.deciding if key in rows]
    return max(days, default=None)


def line_of(
    picture: Picture,
    subject: Subject,
    question: Question,
    rows: Mapping[int, Deciding],
    names: wording.Names,
    query: str,
) -> Line:
    """One indicator as the hospital's page shows it."""
    standing = picture.standing(subject.code, question.capability)
    title = pick(question.titles)
    cell = standing_cell(
        standing,
        question,
        applies=picture.applies(subject.code, question),
        href=why_url(picture.city.pk, subject.code, question.capability, query),
        name=f"{question.code} {title}",
    )
    return Line(
        code=question.code,
        title=title,
        cell=cell,
        standing=words.state_word(cell.state),
        where=wording.worst_words(standing.worst, len(standing.parts), names, subject.code),
        day=newest_deciding(standing, rows),
        chips=chips_of(standing),
        must_pass=question.must_pass,
        core=question.core,
    )


def notes_of(found: RollUp | None) -> list[str]:
    """Why an aggregate shows what it shows."""
    if found is None:
        return []
    if found.digit is None:
        return set_aside_notes(found)
    notes = [wording.cap_sentence(code) for code in found.caps]
    if found.provisional and found.completeness is not None:
        notes.append(
            gettext(
                "Provisional: %(share)s of the weight has been assessed, or a must-pass item was not checked everywhere."
            )
            % {"share": formats.percent_text(float(found.completeness))}
        )
    return [*notes, *set_aside_notes(found)]


def set_aside_notes(found: RollUp) -> list[str]:
    """Items that were found failing and are left out as not applicable."""
    if not found.set_aside:
        return []
    codes = gettext(", ").join(formats.isolate(code) for code in found.set_aside)
    return [gettext("Below, but set aside as not applicable: %(codes)s.") % {"codes": codes}]


def blocks_of(
    picture: Picture, subject: Subject, rows: Mapping[int, Deciding], names: wording.Names, query: str
) -> list[DomainBlock]:
    """The written domains in order."""
    if picture.method is None:
        return []
    blocks = []
    for domain in picture.method.domains:
        questions = [q for q in picture.questions.get(subject.code, ()) if q.domain == domain.code]
        if not questions:
            continue
        roll_up = picture.roll_ups[subject.code].domains.get(domain.code) if subject.code in picture.roll_ups else None
        held = [h for h in picture.held_by_subject.get(subject.code, ()) if h.domain == domain.code]
        must = sum(h.is_open for h in held)
        blocks.append(
            DomainBlock(
                code=domain.code,
                title=pick(domain.titles),
                cell=domain_cell(picture, subject, domain.code, query),
                word=words.level_word(roll_up.digit) if roll_up and roll_up.has_word else "",
                count=gap_share(sum(h.is_gap for h in held), sum(h.applies for h in held)),
                must_open=ngettext("{count} must-pass item open", "{count} must-pass items open", must).format(
                    count=must
                )
                if must
                else "",
                is_open=needs_attention(must, roll_up),
                notes=notes_of(roll_up),
                lines=[line_of(picture, subject, q, rows, names, query) for q in questions],
            )
        )
    return blocks


def gap_share(gaps: int, items: int) -> str:
    """How many items of a domain are gaps."""
    if not gaps:
        return ngettext("%(n)s item, no gap", "%(n)s items, no gap", items) % {"n": items}
    return ngettext("%(n)s of %(all)s item is a gap", "%(n)s of %(all)s items are gaps", items) % {
        "n": gaps,
        "all": items,
    }


def needs_attention(must_open: int, found: RollUp | None) -> bool:
    """A domain that is not folded: a must-pass item is open in it, or it stands at 0."""
    return must_open > 0 or (found is not None and found.digit == 0)


def total_figure(found: HospitalRollUp | None) -> Figure:
    """The hospital's own word, or why there is none."""
    if found is None or found.total.digit is None:
        return Figure("–", gettext("not assessed"))
    total = found.total
    label = words.level_word(total.digit) if total.has_word else gettext("too little is known for one level")
    value = gettext("at least %(digit)s") % {"digit": total.digit} if total.provisional else str(total.digit)
    notes = set_aside_notes(total)
    if found.present < found.expected:
        notes = [gettext("%(n)s of %(all)s domains") % {"n": found.present, "all": found.expected}, *notes]
    return Figure(value, label, wording.joined(notes))


def figures_of(picture: Picture, subject: Subject, gaps_url: str, query: str = "") -> list[Figure]:
    """Four numbers of one hospital."""
    held = picture.held_by_subject.get(subject.code, ())
    counts, must = tally(held), picture.open_must_pass(subject.code)
    soon = [item for item in lapsing(picture) if item[0].pk == subject.pk]
    first = gettext("the first on %(day)s") % {"day": formats.date_text(soon[0][2])} if soon else ""

    def listed(show: str) -> str:
        return items_url(picture.city.pk, query, show=show, subject=subject.code)

    return [
        total_figure(picture.roll_ups.get(subject.code)),
        Figure(
            str(counts.open_items),
            ngettext("must-pass item open", "must-pass items open", counts.open_items),
            gettext(", ").join(h.indicator for h in must[:4]),
            listed("open") if must else "",
        ),
        Figure(
            str(counts.all_gaps),
            ngettext("gap", "gaps", counts.all_gaps),
            counted.lack_words(counts.gaps) or gettext("What closes them"),
            gaps_url,
        ),
        Figure(
            str(len(soon)),
            ngettext("proof expires within 30 days", "proofs expire within 30 days", len(soon)),
            first,
            listed("soon") if soon else "",
        ),
    ]


def gap_line(
    picture: Picture, gap: Gap, texts: Mapping[str, Mapping[str, object]], rows: Mapping[int, Deciding],
    names: wording.Names, failed: Mapping[str, Failure], query: str = "",
) -> GapLine:  # fmt: skip
    """A gap with the pack's own advice for the level at which it stands; a measured one is called by its failure."""
    question, found = gap.question, gap.standing
    own = texts.get(question.code, {})
    advice = own.get("advice", {})
    level = min(found.digit or 0, 2)
    worst = next((p for p in found.parts if p.part in found.worst), None)
    href = why_url(picture.city.pk, gap.subject.code, question.capability, query)
    title = counted.gap_title(question.titles, failed.get(question.code))
    marks = chips_of(found)
    if gap.must_pass_open:
        marks = [("outline", gettext("must-pass")), *marks]
    return GapLine(
        code=question.code,
        title=title,
        href=href,
        cell=standing_cell(found, question, applies=True, href=href, name=f"{question.code} {title}"),
        where=wording.worst_words(found.worst, len(found.parts), names, gap.subject.code),
        sentence=wording.rule_sentence(worst, rows) if worst else "",
        advice=pick(advice.get(str(level), {})) if isinstance(advice, dict) else "",
        proof=pick(own.get("proven_by", {})),
        chips=marks,
        capability=question.capability,
    )


def missing_words(picture: Picture) -> str:
    """Domains of the standard that are not written yet, named."""
    if picture.method is None:
        return ""
    written = {i.domain_id for i in picture.method.indicators}
    missing = [pick(d.titles) for d in picture.method.domains if d.pk not in written]
    if not missing:
        return ""
    return gettext("Not in the standard yet, and therefore not assessed: %(domains)s.") % {
        "domains": gettext(", ").join(missing)
    }


def gaps_url(city: str, subject: str) -> str:
    """Address of a hospital's gap list."""
    return reverse("readiness:gaps", kwargs={"city": city, "subject": subject})
