"""The city: every hospital × domain at a glance, four figures, what several hospitals lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from beiji.programme.models import Subject
from beiji.ui import formats
from beiji.ui.languages import pick

from ..methodology import Question
from ..queries import Picture
from ..rules.rows import State
from .cells import Cell, capability_url, domain_cell, hospital_url, roll_up_cell, standing_cell, why_url

SOON_DAYS = 30


@dataclass(frozen=True)
class Figure:
    """One of at most four numbers on top of a page."""

    value: str
    label: str
    note: str = ""
    href: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    short: str
    href: str = ""


@dataclass(frozen=True)
class MapRow:
    label: str
    href: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Group:
    label: str
    rows: Sequence[MapRow]


@dataclass(frozen=True)
class CityPage:
    """The map with what stands beside it."""

    title: str
    sub: str
    figures: Sequence[Figure]
    views: Sequence[tuple[str, str, bool]]
    columns: Sequence[Column]
    groups: Sequence[Group]
    is_turned: bool
    note: str
    key: Sequence[Column]
    shared: Sequence[Shared] | None


@dataclass(frozen=True)
class Shared:
    """A gap of several hospitals."""

    code: str
    title: str
    href: str
    count: int
    words: str
    must_pass: bool


def group_word(group: str) -> str:
    """Heading under which lists show a hospital."""
    return {
        "city": gettext("City and trauma centres"),
        "county": gettext("County and district hospitals"),
        "specialised": gettext("Specialised hospitals"),
    }.get(group, group)


def grouped(subjects: Sequence[Subject]) -> list[tuple[str, list[Subject]]]:
    """Hospitals under their headings, in order."""
    found: dict[str, list[Subject]] = {}
    for subject in subjects:
        found.setdefault(subject.group, []).append(subject)
    return list(found.items())


def share_met(picture: Picture) -> tuple[int, int]:
    """Core indicators met, and all core indicators that apply, over the hospitals of the picture."""
    met = total = 0
    for subject in picture.subjects:
        for q in picture.questions.get(subject.code, ()):
            if q.core and picture.applies(subject.code, q):
                total += 1
                met += picture.standing(subject.code, q.capability).state is State.MET
    return met, total


def lapsing(picture: Picture, within_days: int = SOON_DAYS) -> list[tuple[Subject, Question, date]]:
    """Standings that time alone will change within some days, soonest first, once for each question."""
    last = picture.day + timedelta(days=within_days)
    found = []
    for subject in picture.subjects:
        for q in picture.questions.get(subject.code, ()):
            days = [p.holds_until for p in picture.standing(subject.code, q.capability).parts if p.holds_until]
            if days and min(days) <= last:
                found.append((subject, q, min(days)))
    return sorted(found, key=lambda item: (item[2], item[0].order, item[1].code))


def open_must_pass(picture: Picture) -> dict[str, list[Question]]:
    """Subject → must-pass items that somebody looked at and that are open."""
    found = {
        s.code: [
            q
            for q in picture.open_must_pass(s.code)
            if picture.standing(s.code, q.capability).state is not State.UNKNOWN
        ]
        for s in picture.subjects
    }
    return {code: items for code, items in found.items() if items}


def city_figures(picture: Picture, earlier: Picture | None, gaps_url: str = "") -> list[Figure]:
    """At most four numbers, each with what it was or where it comes from."""
    met, total = share_met(picture)
    before = ""
    if earlier is not None:
        was, of = share_met(earlier)
        if of:
            before = gettext("%(share)s on %(day)s") % {
                "share": formats.percent_text(was / of),
                "day": formats.date_text(earlier.day),
            }
    must = open_must_pass(picture)
    count = sum(len(items) for items in must.values())
    soon = lapsing(picture)
    stated = sum(1 for s, q, _ in soon if picture.standing(s.code, q.capability).state is State.CLAIMED)
    gaps = sum(len(picture.gaps(s.code)) for s in picture.subjects)
    return [
        Figure(
            formats.percent_text(met / total) if total else "–", gettext("of core items on target, measured"), before
        ),
        Figure(
            str(count),
            ngettext("must-pass item open", "must-pass items open", count),
            ngettext("in %(n)s hospital", "in %(n)s hospitals", len(must)) % {"n": len(must)},
        ),
        Figure(
            str(len(soon)),
            ngettext("proof expires within 30 days", "proofs expire within 30 days", len(soon)),
            ngettext("%(n)s of them only stated", "%(n)s of them only stated", stated) % {"n": stated}
            if stated
            else "",
        ),
        Figure(
            str(gaps), ngettext("gap in all", "gaps in all", gaps), gettext("What several hospitals lack"), gaps_url
        ),
    ]


def shared_gaps(picture: Picture) -> list[Shared]:
    """Gaps by number of hospitals that have them, must-pass first among equals."""
    found: dict[str, list[tuple[Subject, Question]]] = {}
    for subject in picture.subjects:
        for gap in picture.gaps(subject.code):
            found.setdefault(gap.question.code, []).append((subject, gap.question))
    assessed = len([s for s in picture.subjects if s.code in picture.roll_ups])
    rows = []
    for code, hits in found.items():
        question = hits[0][1]
        rows.append(
            Shared(
                code=code,
                title=pick(question.titles),
                href=capability_url(picture.city.pk, question.capability),
                count=len(hits),
                words=gettext("%(count)s of %(all)s hospitals") % {"count": len(hits), "all": assessed},
                must_pass=any(q.must_pass for _, q in hits),
            )
        )
    return sorted(rows, key=lambda r: (-r.count, not r.must_pass, r.code))


def map_of_domains(picture: Picture, query: str = "") -> tuple[list[Column], list[Group]]:
    """Hospital × domain."""
    if picture.method is None:
        return [], []
    columns = [Column(pick(d.titles), domain_short(d.code) or pick(d.titles)) for d in picture.method.domains]
    groups = [
        Group(
            group_word(group),
            [
                MapRow(
                    pick(s.short_names) or pick(s.names),
                    hospital_url(picture.city.pk, s.code, query=query),
                    [domain_cell(picture, s, d.code, query) for d in picture.method.domains],
                )
                for s in subjects
            ],
        )
        for group, subjects in grouped(picture.subjects)
    ]
    return columns, groups


def domain_short(code: str) -> str:
    """A word for the head of a narrow column; nothing for a domain of another standard."""
    words = {
        "GOV": pgettext("domain", "Governance"),
        "RSK": pgettext("domain", "Risks"),
        "PLN": pgettext("domain", "Plans"),
        "ACT": pgettext("domain", "Activation"),
        "CMD": pgettext("domain", "Command"),
        "COM": pgettext("domain", "Comms"),
        "TRI": pgettext("domain", "Triage"),
        "CLN": pgettext("domain", "Care"),
        "SUR": pgettext("domain", "Surge"),
        "SUP": pgettext("domain", "Diagnostics"),
        "STF": pgettext("domain", "Staff"),
        "LOG": pgettext("domain", "Supplies"),
        "INF": pgettext("domain", "Building"),
        "SAF": pgettext("domain", "Security"),
        "FAM": pgettext("domain", "Families"),
        "TRN": pgettext("domain", "Training"),
        "LRN": pgettext("domain", "Learning"),
    }
    return words.get(code, "")


def pillar_word(pillar: str) -> str:
    """The four pillars of preparedness."""
    return {
        "S": gettext("Procedures"),
        "E": gettext("Equipment and space"),
        "K": gettext("Knowledge"),
        "T": gettext("Drills and measured results"),
    }.get(pillar, pillar)


def map_of_pillars(picture: Picture, query: str = "") -> tuple[list[Column], list[Group]]:
    """Hospital × pillar, with the hospital's whole at the end."""
    codes = [code for code in "SEKT" if any(code in p for p in picture.pillars.values())]
    columns = [Column(pillar_word(code), pillar_word(code)) for code in codes]
    columns.append(Column(gettext("Hospital"), gettext("Hospital")))
    groups = []
    for group, subjects in grouped(picture.subjects):
        rows = []
        for s in subjects:
            href = hospital_url(picture.city.pk, s.code, query=query)
            cells = [
                roll_up_cell(
                    picture.pillars.get(s.code, {}).get(code),
                    is_stale=False,
                    must=False,
                    href=href,
                    name=f"{pick(s.names)} · {pillar_word(code)}",
                )
                for code in codes
            ]
            total = picture.roll_ups[s.code].total if s.code in picture.roll_ups else None
            must = s.code in open_must_pass(picture)
            cells.append(roll_up_cell(total, is_stale=False, must=must, href=href, name=pick(s.names)))
            rows.append(MapRow(pick(s.short_names) or pick(s.names), href, cells))
        groups.append(Group(group_word(group), rows))
    return columns, groups


def map_of_indicators(picture: Picture, domain: str, query: str = "") -> tuple[list[Column], list[Group]]:
    """Hospital × indicator of one domain."""
    known: dict[str, Question] = {}
    for questions in picture.questions.values():
        for q in questions:
            if q.domain == domain:
                known.setdefault(q.code, q)
    columns = [
        Column(f"{q.code} {pick(q.indicator.titles)}", q.code, capability_url(picture.city.pk, q.capability, query))
        for q in known.values()
    ]
    groups = []
    for group, subjects in grouped(picture.subjects):
        rows = []
        for s in subjects:
            own: Mapping[str, Question] = {q.code: q for q in picture.questions.get(s.code, ())}
            cells = [
                standing_cell(
                    picture.standing(s.code, q.capability),
                    own.get(code, q),
                    applies=code in own and picture.applies(s.code, own[code]),
                    href=why_url(picture.city.pk, s.code, q.capability, query),
                    name=f"{pick(s.names)} · {code}",
                )
                for code, q in known.items()
            ]
            rows.append(
                MapRow(
                    pick(s.short_names) or pick(s.names), hospital_url(picture.city.pk, s.code, domain, query), cells
                )
            )
        groups.append(Group(group_word(group), rows))
    return columns, groups


def written_note(picture: Picture) -> str:
    """How many domains of the standard exist so far, where not all do."""
    if picture.method is None:
        return gettext("No standard has been loaded for this city yet.")
    all_of = len(picture.method.domains)
    written = len({i.domain_id for i in picture.method.indicators})
    if written == all_of:
        return ""
    return ngettext(
        "%(n)s of %(all)s domains has been written into the standard so far; the others show as not assessed.",
        "%(n)s of %(all)s domains have been written into the standard so far; the others show as not assessed.",
        written,
    ) % {"n": written, "all": all_of}


def views_of(picture: Picture, current: str, query: str) -> list[tuple[str, str, bool]]:
    """Links to the layers of the map: domains, each written domain's indicators, pillars."""
    if picture.method is None:
        return []
    base = reverse("readiness:map", kwargs={"city": picture.city.pk})
    written = {i.domain_id for i in picture.method.indicators}
    choices = [("domains", gettext("Domains"))]
    choices += [(d.code, domain_short(d.code) or pick(d.titles)) for d in picture.method.domains if d.pk in written][:6]
    choices.append(("pillars", gettext("Pillars")))
    join = "&" if query else "?"
    links = [(f"{base}{query}{join}view={code}", label, code == current) for code, label in choices]
    return [*links, (reverse("readiness:change", kwargs={"city": picture.city.pk}), gettext("Change"), False)]
