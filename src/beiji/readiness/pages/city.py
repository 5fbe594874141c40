"""The city: every hospital × domain at a glance, four figures, what several hospitals lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from beiji.programme.models import Subject
from beiji.ui import formats
from beiji.ui.languages import language_of, pick

from ..checking import SOON_DAYS
from ..failing import failures_of
from ..methodology import Method, Question
from ..queries import Picture
from ..rules.counting import Tally, is_hatched
from ..rules.rows import State
from . import counted, headlines
from .cells import Cell, capability_url, domain_cell, hospital_url, items_url, roll_up_cell, standing_cell, why_url
from .moment import Moment


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
    answer: str
    sub: str
    figures: Sequence[Figure]
    views: Sequence[tuple[str, str, bool]]
    domains: Sequence[tuple[str, str, bool]]
    domain: str
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
    words: str
    must_pass: bool
    domain: str
    hospitals: int


#: View of the address → what the columns of the map are grouped by.
GROUPS = {"pillars": "pillar", "fours": "fours"}
#: From so many columns on, their heads stand upright where words are long.
MANY_COLUMNS = 7
BODIES = "bodies"
"""The layer of the map with the bodies of the city that are no hospitals."""


def city_page(picture: Picture, earlier: Picture | None, moment: Moment, view: str) -> CityPage:
    """The map of a view (domains for one that there is not), with what stands beside it."""
    domains = [d.code for d in picture.method.domains] if picture.method else []
    if view in GROUPS:
        columns, groups = map_of_groups(picture, GROUPS[view], moment.query)
    elif view in domains:
        columns, groups = map_of_indicators(picture, view, moment.query)
    else:
        view = "domains"
        columns, groups = map_of_domains(picture, moment.query)
    return CityPage(
        title=gettext("How ready is %(city)s?") % {"city": pick(picture.city.names)},
        answer=headlines.answer_of(picture),
        sub=moment.words,
        figures=city_figures(picture, earlier, moment.query),
        views=views_of(picture, view, moment.query),
        domains=domains_of(picture, view, moment.query),
        domain=next((pick(d.titles) for d in picture.method.domains if d.code == view), "") if picture.method else "",
        columns=columns,
        groups=groups,
        is_turned=language_of().code != "zh-hans" and view == "domains" and len(columns) >= MANY_COLUMNS,
        note=written_note(picture) if view == "domains" else "",
        key=columns if view in domains else (),
        shared=shared_gaps(picture, 5) if len(picture.subjects) > 1 else None,
    )


def bodies_page(bodies: Picture, hospitals: Picture, moment: Moment) -> CityPage:
    """Health commission, 120 centre, blood station and the city itself × domain of the standard that asks them."""
    title = gettext("Bodies of the city")
    columns, groups = map_of_domains(bodies, moment.query)
    return CityPage(
        title=title,
        answer="",
        sub=moment.words,
        figures=(),
        views=views_of(hospitals, BODIES, moment.query),
        domains=domains_of(hospitals, BODIES, moment.query),
        domain="",
        columns=columns,
        groups=[Group(title, group.rows) for group in groups],
        is_turned=language_of().code != "zh-hans" and len(columns) >= MANY_COLUMNS,
        note=written_note(bodies),
        key=(),
        shared=None,
    )


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


def city_figures(picture: Picture, earlier: Picture | None, query: str = "") -> list[Figure]:
    """At most four numbers, each with what it was or where it comes from, leading to the items that it counts."""

    def listed(show: str) -> str:
        return items_url(picture.city.pk, query, show=show)

    counts = picture.tally
    before = ""
    if earlier is not None and earlier.tally.core_items:
        before = gettext("%(share)s on %(day)s") % {
            "share": counted.core_share(earlier.tally),
            "day": formats.date_text(earlier.day),
        }
    soon = lapsing(picture)
    stated = sum(1 for s, q, _ in soon if picture.standing(s.code, q.capability).state is State.CLAIMED)
    return [
        Figure(counted.core_share(counts), gettext("of core items on target, measured"), before, listed("core-met")),
        open_figure(counts, listed("open")),
        Figure(
            str(len(soon)),
            ngettext("proof expires within 30 days", "proofs expire within 30 days", len(soon)),
            ngettext("%(n)s of them only stated", "%(n)s of them only stated", stated) % {"n": stated}
            if stated
            else "",
            listed("soon"),
        ),
        Figure(
            str(counts.all_gaps),
            ngettext("gap in all", "gaps in all", counts.all_gaps),
            counted.lack_words(counts.gaps),
            listed("gap"),
        ),
    ]


def open_figure(counts: Tally, href: str = "") -> Figure:
    """Must-pass items open, in how many hospitals, and how many of them nobody knows."""
    where = ngettext("in %(n)s hospital", "in %(n)s hospitals", counts.open_hospitals) % {"n": counts.open_hospitals}
    unknown = ngettext("%(n)s of them unknown", "%(n)s of them unknown", counts.open_unknown) % {
        "n": counts.open_unknown
    }
    return Figure(
        str(counts.open_items),
        ngettext("must-pass item open", "must-pass items open", counts.open_items),
        f"{where} · {unknown}" if counts.open_unknown else where,
        href,
    )


def shared_gaps(picture: Picture, most: int | None = None) -> list[Shared]:
    """Gaps of the picture's hospitals in words, what to mend first first; at most so many."""
    gaps = picture.shared_gaps[:most]
    failed = failures_of(picture, gaps)
    titles = {q.code: q.indicator.titles for questions in picture.questions.values() for q in questions}
    return [
        Shared(
            code=gap.indicator,
            title=counted.gap_title(titles[gap.indicator], failed.get(gap.indicator)),
            href=capability_url(picture.city.pk, gap.capability),
            words=counted.gap_words(gap),
            must_pass=gap.must_pass,
            domain=gap.domain,
            hospitals=len(gap.gaps),
        )
        for gap in gaps
    ]


def map_of_domains(picture: Picture, query: str = "") -> tuple[list[Column], list[Group]]:
    """Hospital × domain."""
    if picture.method is None:
        return [], []
    columns = [
        Column(pick(d.titles), short_name(picture.method, "domain", d.code) or pick(d.titles))
        for d in picture.method.domains
    ]
    groups = [
        Group(
            group_word(group),
            [
                MapRow(
                    pick(s.names),
                    hospital_url(picture.city.pk, s.code, query=query),
                    [domain_cell(picture, s, d.code, query) for d in picture.method.domains],
                )
                for s in subjects
            ],
        )
        for group, subjects in grouped(picture.subjects)
    ]
    return columns, groups


def short_name(method: Method, roll_up: str, code: str) -> str:
    """What a group of a roll-up is called at the head of a narrow column; nothing where the pack does not say."""
    return pick(method.short_name(roll_up, code))


def map_of_groups(picture: Picture, roll_up: str, query: str = "") -> tuple[list[Column], list[Group]]:
    """Hospital × pillar (`roll_up` "pillar") or 4S ("fours"), with the hospital's whole at the end."""
    if picture.method is None:
        return [], []
    by_hospital = picture.pillars if roll_up == "pillar" else picture.fours
    names = {code: pick(words) for code, words in picture.method.words.get(roll_up, {}).items()}
    codes = [code for code in names if any(code in groups for groups in by_hospital.values())]
    columns = [Column(names[code], names[code]) for code in codes]
    columns.append(Column(gettext("Hospital"), gettext("Hospital")))
    groups = []
    for group, subjects in grouped(picture.subjects):
        rows = []
        for s in subjects:
            href = hospital_url(picture.city.pk, s.code, query=query)
            held = picture.held_by_subject.get(s.code, ())
            cells = []
            for code in codes:
                own = [h for h in held if (h.pillar if roll_up == "pillar" else h.fours) == code]
                cells.append(
                    roll_up_cell(
                        by_hospital.get(s.code, {}).get(code),
                        is_stale=is_hatched(own),
                        must=any(h.is_open for h in own),
                        href=href,
                        name=f"{pick(s.names)} · {names[code]}",
                    )
                )
            total = picture.roll_ups[s.code].total if s.code in picture.roll_ups else None
            must = any(h.is_open for h in held)
            cells.append(roll_up_cell(total, is_stale=is_hatched(held), must=must, href=href, name=pick(s.names)))
            rows.append(MapRow(pick(s.names), href, cells))
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
            rows.append(MapRow(pick(s.names), hospital_url(picture.city.pk, s.code, domain, query), cells))
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
    """Links to the layers of the map: domains, pillars, 4S, the city's bodies."""
    if picture.method is None:
        return []
    choices = [
        ("domains", gettext("Domains")),
        ("pillars", gettext("Pillars")),
        ("fours", gettext("4S")),
        (BODIES, gettext("Bodies of the city")),
    ]
    city = {"city": picture.city.pk}
    return [
        *[(view_url(picture.city.pk, code, query), label, code == current) for code, label in choices],
        (reverse("readiness:change", kwargs=city), gettext("Change"), False),
        (reverse("readiness:standard", kwargs=city), gettext("The standard"), False),
    ]


def view_url(city: str, view: str, query: str = "") -> str:
    """Address of a layer of the map."""
    return f"{reverse('readiness:map', kwargs={'city': city})}{query}{'&' if query else '?'}view={view}"


def domains_of(picture: Picture, current: str, query: str) -> list[tuple[str, str, bool]]:
    """Links to the items of each written domain."""
    if picture.method is None:
        return []
    written = {i.domain_id for i in picture.method.indicators}
    return [
        (view_url(picture.city.pk, d.code, query), pick(d.titles), d.code == current)
        for d in picture.method.domains
        if d.pk in written
    ]
