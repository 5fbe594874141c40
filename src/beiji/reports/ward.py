"""The list of one hospital: every item with its standing and what decides it, its gaps, its actions, what was not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.programme.models import Subject
from beiji.readiness.failing import Failure, failures
from beiji.readiness.pages import counted
from beiji.readiness.rules.counting import MISSES, Held, Lack
from beiji.ui import formats, words
from beiji.ui.languages import LANGUAGES, pick
from beiji.ui.print import document as parts

from . import freezing, gathering, wording
from .gathering import Basis
from .rules.lines import ActionLine


@dataclass(frozen=True)
class Decided:
    """When and by whom the row was recorded that decides a standing, and until when it holds."""

    as_of: Any
    office: Mapping[str, str]
    holds_until: Any


@dataclass(frozen=True)
class List:
    """Everything the list says, the same for every language."""

    basis: Basis
    hospital: Subject
    held: Sequence[Held]
    decided: Mapping[str, Decided]
    actions: Sequence[ActionLine]
    titles: Mapping[str, Mapping[str, str]]
    failed: Mapping[str, Failure]
    number: str


def content(basis: Basis, hospital: Subject, actions: Sequence[ActionLine], number: str) -> dict[str, Any]:
    """The snapshot's content: numbers once, the document in each language."""
    page = List(
        basis=basis,
        hospital=hospital,
        held=basis.now.held,
        decided=_decided(basis, hospital),
        actions=actions,
        titles=gathering.titles_of(basis.now),
        failed=failures(basis.now, {h.indicator: (h.hospital,) for h in basis.now.held if h.lack is Lack.MEASURED}),
        number=number,
    )
    documents = {}
    for language in LANGUAGES:
        with translation.override(language.code):
            documents[language.pack] = freezing.as_json(_document(page, language.pack))
    items = [
        {
            "indicator": h.indicator,
            "state": h.state.value,
            "digit": h.digit,
            "proof": h.proof.value if h.proof else None,
        }
        for h in page.held
        if h.applies
    ]
    return {"documents": documents, "numbers": {"items": items, "actions": len(actions)}}


def _decided(basis: Basis, hospital: Subject) -> dict[str, Decided]:
    """Capability → the newest row that decides the worst part of its standing."""
    standings = basis.now.standings.get(hospital.code, {})
    deciding = {
        code: max((row for part in s.parts if part.state is s.state for row in part.deciding), default=None)
        for code, s in standings.items()
    }
    rows = gathering.evidence_rows(key for key in deciding.values() if key is not None)
    offices = gathering.office_names()
    rulings = {}
    for code, key in deciding.items():
        if key is not None and key in rows:
            ends = [part.holds_until for part in standings[code].parts if part.holds_until is not None]
            rulings[code] = Decided(rows[key].as_of, offices.get(rows[key].office, {}), min(ends, default=None))
    return rulings


def _document(page: List, language: str) -> parts.Document:
    basis, hospital = page.basis, page.hospital
    raw = wording.raw_texts((action.words for action in page.actions), language)
    title = pick(hospital.names, language)
    running = _("Hospital emergency preparedness of {city}").format(city=pick(basis.city.names, language))
    return parts.Document(
        title=_("Draft: {title}").format(title=title) if raw else title,
        subtitle=_("What the ledger holds of this hospital, item by item"),
        running=" · ".join(part for part in (_("Draft") if raw else "", running) if part),
        snapshot=page.number,
        as_of=formats.date_text(basis.as_of),
        mark="illustrative" if basis.city.illustrative else "",
        landscape=True,
        restricted=_("restricted: weaknesses of a named hospital"),
        blocks=(
            parts.KeyFigures(_figures(page)),
            *_domains(page, language),
            parts.Legend(),
            *_actions(page, language),
            *_not_asked(page, language),
            parts.Paragraph(_method(page, language), "quiet"),
            *((parts.Paragraph(wording.waiting_sentence(raw), "quiet"),) if raw else ()),
            parts.Signatures((_("Lead assessor"), _("Hospital"), _("Health commission"))),
        ),
    )


def _figures(page: List) -> tuple[parts.KeyFigure, ...]:
    counts = page.basis.now.tally
    overdue = sum(action.is_overdue for action in page.actions)
    return (
        parts.KeyFigure(
            str(counts.open_items), ngettext("must-pass item open", "must-pass items open", counts.open_items)
        ),
        parts.KeyFigure(f"{counts.core_met}/{counts.core_items}", _("core items proven")),
        parts.KeyFigure(
            str(counts.all_gaps), ngettext("gap", "gaps", counts.all_gaps), counted.lack_words(counts.gaps)
        ),
        parts.KeyFigure(
            str(overdue),
            ngettext("action overdue", "actions overdue", overdue),
            _("of {count}").format(count=len(page.actions)),
        ),
    )


def _domains(page: List, language: str) -> tuple[parts.Block, ...]:
    method = page.basis.now.method
    blocks: list[parts.Block] = []
    for domain in method.domains if method else ():
        rows = [h for h in page.held if h.domain == domain.code]
        if rows:
            blocks += [_domain_heading(page, domain, language), _domain_table(page, rows, language)]
    return tuple(blocks)


def _domain_heading(page: List, domain: Any, language: str) -> parts.Heading:
    rolled = page.basis.now.roll_ups.get(page.hospital.code)
    roll_up = rolled.domains.get(domain.code) if rolled else None
    title = f"{pick(domain.titles, language)}"
    if roll_up is None or roll_up.digit is None:
        return parts.Heading(title, 1)
    if roll_up.provisional:
        return parts.Heading(_("{domain}: at least {digit}, provisional").format(domain=title, digit=roll_up.digit), 1)
    return parts.Heading(f"{title}: {roll_up.digit} {words.level_word(roll_up.digit)}", 1)


def _domain_table(page: List, rows: Sequence[Held], language: str) -> parts.Table:
    columns = (
        parts.Column(_("Item"), share=3),
        parts.Column(_("Standing"), share=1.2),
        parts.Column(_("What it says"), share=1.6),
        parts.Column(_("Evidence of"), whole=True),
        parts.Column(_("Recorded by"), share=1.6),
        parts.Column(_("Holds until"), whole=True),
    )
    return parts.Table(columns, tuple(_item_row(page, h, language) for h in rows))


def _item_row(page: List, held: Held, language: str) -> tuple[parts.Entry, ...]:
    what = counted.gap_title(page.titles[held.indicator], page.failed.get(held.indicator))
    title = f"{formats.code_text(held.indicator)} {what}"
    if not held.applies:
        return (title, parts.CellMark(None, "not-applicable"), words.state_word("not-applicable"), "", "", "")
    decided = page.decided.get(held.capability)
    proof = held.proof.value if held.proof else None
    mark = parts.CellMark(held.digit, held.state.value, proof, must=held.is_open)
    said = words.state_word(held.state.value)
    if held.lack in MISSES:
        said = _("{state}, {ground}").format(state=said, ground=counted.ground_word(held.lack))
    if held.to_confirm:
        said = _("{state}, to confirm").format(state=said)
    if decided is None:
        return (title, mark, said, "", "", "")
    until = formats.date_short(decided.holds_until) if decided.holds_until else ""
    return (title, mark, said, formats.date_short(decided.as_of), pick(decided.office, language), until)


def _actions(page: List, language: str) -> tuple[parts.Block, ...]:
    if not page.actions:
        return (
            parts.Heading(_("Plan of action"), 1),
            parts.Paragraph(_("No action is planned for this hospital yet.")),
        )
    columns = (
        parts.Column(_("Problem"), share=2.2),
        parts.Column(_("Measure"), share=3.2),
        parts.Column(_("Lead and supporting unit"), share=2),
        parts.Column(_("Responsible leader"), share=1.4),
        parts.Column(_("Due"), whole=True),
        parts.Column(_("Proof that closes"), share=3.6),
        parts.Column(_("State"), share=1.2),
    )
    return (
        parts.Heading(_("Plan of action"), 1),
        parts.Table(columns, tuple(_action_row(page, a, language) for a in page.actions)),
    )


def _action_row(page: List, action: ActionLine, language: str) -> tuple[parts.Entry, ...]:
    state = pick(action.state, language)
    units = " / ".join(u for u in (pick(action.lead_unit, language), pick(action.supporting_unit, language)) if u)
    return (
        " ".join(word for word in (formats.code_text(action.indicator), pick(action.title, language)) if word),
        wording.said_text(action.words, language),
        units,
        pick(action.leader, language),
        formats.date_short(action.due) if action.due else "",
        pick(action.proof, language),
        _("{state}, overdue").format(state=state) if action.is_overdue else state,
    )


def _not_asked(page: List, language: str) -> tuple[parts.Block, ...]:
    unknown = [h for h in page.held if h.lack is Lack.UNKNOWN]
    method = page.basis.now.method
    domains = {h.domain for h in page.held}
    missing = [pick(d.titles, language) for d in method.domains if d.code not in domains] if method else []
    items = tuple(f"{formats.code_text(h.indicator)} {pick(page.titles[h.indicator], language)}" for h in unknown)
    blocks: tuple[parts.Block, ...] = (parts.Heading(_("What is not known"), 1),)
    if items:
        blocks += (parts.Bullets(items),)
    if missing:
        sentence = _("Domains of the standard that are not written yet and were not assessed: {domains}.")
        joined = pgettext("between names", ", ").join(missing)
        blocks += (parts.Paragraph(sentence.format(domains=joined)),)
    return blocks if len(blocks) > 1 else ()


def _method(page: List, language: str) -> str:
    packs = ", ".join(f"{name} ({digest[:12]})" for name, digest in gathering.packs_of(page.basis.now).items())
    return _(
        "Standard {packs}. Known on {known}. Level 3 is computed from measurement, never chosen by a person."
    ).format(packs=formats.code_text(packs), known=formats.date_text(page.basis.known_at))
