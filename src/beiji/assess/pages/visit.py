"""The page of one visit: where it stands, who has answered what, what keeps it from its lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from beiji.programme import parts
from beiji.programme.access import today_in
from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.ui import formats
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from .. import access, asked, changes, given
from ..asked import Asked
from ..changes.visits import STEPS
from ..models import Visit
from ..rules.agreement import Agreement, agreement, paired_levels
from ..rules.answers import Answers, Key
from ..rules.consensus import Final, differences, finals
from . import words
from .replies import ReplyLine, lock_words, reply_lines
from .steps import first_open, keys_of, rate_url


@dataclass(frozen=True)
class Act:
    """A step that the reader may take: the phase it leads to, the word on its button."""

    phase: str
    word: str
    primary: bool


@dataclass(frozen=True)
class Seat:
    """A member of the team, with what he has answered if he rates."""

    name: str
    office: str
    post: str
    done: int | None
    total: int
    me: bool


@dataclass(frozen=True)
class Part:
    """One question of an item: for the whole hospital (`name` empty) or a campus; my answer, the team's word."""

    name: str
    url: str
    mine: words.Said
    team: words.Said
    differs: bool
    count: int


@dataclass(frozen=True)
class Row:
    """One item of the list with the parts it is asked for."""

    code: str
    title: str
    must_pass: bool
    url: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Block:
    """One domain: how far each rater is, and its questions; `is_open`: shown without a click."""

    title: str
    code: str
    total: int
    done: Sequence[tuple[str, int]]
    open_differences: int
    is_open: bool
    rows: Sequence[Row]


@dataclass(frozen=True)
class VisitPage:
    """Everything on the page of one visit."""

    title: str
    sub: str
    standard: str
    phases: Sequence[Mapping[str, Any]]
    acts: Sequence[Act]
    plan_url: str
    rate_url: str
    rate_word: str
    done: int
    total: int
    seats: Sequence[Seat]
    rates: bool
    sees_answers: bool
    differences: int
    must_discuss: int
    differences_url: str
    hindrances: Sequence[tuple[str, str]]
    may_lock: bool
    may_reopen: bool
    reply_url: str
    agreement: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    replies: Sequence[ReplyLine]
    unsigned: int
    history: Sequence[Mapping[str, Any]]

    @property
    def items(self) -> list[tuple[str, str]]:
        """Every item once, as a choice of the form of the hospital's reply."""
        return list(dict.fromkeys((row.code, f"{row.code} {row.title}") for block in self.blocks for row in block.rows))


def visit_page(person: Person, visit: Visit, now: datetime) -> VisitPage:
    """The page for one reader; kept for him until somebody answers, or something changes in the city."""
    today, said = today_in(visit.city, now), given.state_of(visit)
    page: VisitPage = parts.kept_for(
        person, visit.city, today, "assess:visit", lambda: _visit_page(person, visit, today), visit.pk, said
    )
    return page


def _visit_page(person: Person, visit: Visit, today: date) -> VisitPage:
    items = asked.asked_in(visit)
    everything = given.answers_of(visit)
    hindrances = access.hindrances_shown_to(person, visit, everything, changes.hindrances_of(visit, everything, items))
    counts = _counts(visit, everything, items)
    pairs = paired_levels(everything, access.raters_of(visit))
    answers = access.answers_shown_to(person, visit, everything)
    must_pass = asked.must_pass_codes(items)
    differ = differences(answers, must_pass)
    rates, sees = access.rates_in(person, visit), access.may_read_answers(person, visit)
    leads = access.leads(person, visit) or access.may_plan(person)
    keys = keys_of(items)
    start = first_open(items, answers, person.pk) if access.may_rate(person, visit) else None
    done = counts.get(person.pk, {})
    replies = reply_lines(person, visit, today)
    after_ward = visit.phase in (Visit.Phase.CONSENSUS, Visit.Phase.REPLY, Visit.Phase.LOCKED)
    return VisitPage(
        title=pick(visit.subject.names),
        sub=" · ".join((words.round_words(visit), words.dates(visit.first_day, visit.last_day))),
        standard=visit.pack,
        phases=_phases(visit),
        acts=acts_of(person, visit, answered=bool(everything.by_key)),
        plan_url=_url("assess:replan", visit) if visit.phase == Visit.Phase.PLANNED and access.may_plan(person) else "",
        rate_url=rate_url(visit, start) if start else "",
        rate_word=_rate_word(sum(done.values()), len(keys)),
        done=sum(done.values()),
        total=len(keys),
        seats=_seats(person, visit, counts, len(keys)),
        rates=rates,
        sees_answers=sees,
        differences=len(differ),
        must_discuss=sum(d.must_discuss for d in differ),
        differences_url=_url("assess:differences", visit) if sees and visit.phase != Visit.Phase.PLANNED else "",
        hindrances=[(words.hindrance_sentence(h), rate_url(visit, h.key) if h.key and sees else "") for h in hindrances]
        if leads and visit.phase != Visit.Phase.LOCKED
        else [],
        may_lock=access.leads(person, visit) and visit.phase in (Visit.Phase.CONSENSUS, Visit.Phase.REPLY),
        may_reopen=access.may_reopen(person, visit),
        reply_url=_url("assess:reply", visit) if access.may_reply(person, visit) else "",
        agreement=agreement_words(agreement(pairs)) if sees and (after_ward or access.may_plan(person)) else [],
        blocks=_blocks(person, visit, items, answers, counts, {d.key for d in differ}) if sees else [],
        replies=replies,
        unsigned=sum(line.disputes and line.signed_at is None for line in replies),
        history=_history(visit, replies),
    )


def _url(name: str, visit: Visit) -> str:
    return address(name, city=visit.city_id, visit=visit.pk)


def _rate_word(done: int, total: int) -> str:
    if done == 0:
        return gettext("Start rating")
    return gettext("Go on rating") if done < total else gettext("Look through the answers")


def _phases(visit: Visit) -> list[Mapping[str, Any]]:
    phases = list(Visit.Phase)
    at = phases.index(Visit.Phase(visit.phase))
    notes = {
        Visit.Phase.DESK: gettext("documents before arrival"),
        Visit.Phase.ON_SITE: words.dates(visit.first_day, visit.last_day, short=True),
        Visit.Phase.CONSENSUS: gettext("one word of the team on each item"),
        Visit.Phase.REPLY: gettext("agrees or disputes"),
        Visit.Phase.LOCKED: gettext("the answers are evidence"),
    }
    return [
        {
            "title": phase.label,
            "note": notes.get(phase, ""),
            "state": "done" if number < at else "open",
            "current": number == at,
        }
        for number, phase in enumerate(phases)
    ]


def acts_of(person: Person, visit: Visit, *, answered: bool) -> list[Act]:
    """Steps that the reader may take from here, the way forward first; nobody is led to settle before anybody answered."""
    if not access.may_move(person, visit):
        return []
    named = {
        Visit.Phase.DESK: gettext("Begin desk review"),
        Visit.Phase.ON_SITE: gettext("Begin on site"),
        Visit.Phase.CONSENSUS: gettext("Begin settling differences"),
        Visit.Phase.REPLY: gettext("Ask the hospital to reply"),
    }
    phases = list(Visit.Phase)
    here = phases.index(Visit.Phase(visit.phase))
    acts: list[Act] = []
    for phase in STEPS.get(visit.phase, ()):
        forward = phases.index(Visit.Phase(phase)) > here
        word = named[Visit.Phase(phase)]
        if not forward:
            word = gettext("Back to: %(phase)s") % {"phase": Visit.Phase(phase).label}
        is_idle = phase == Visit.Phase.CONSENSUS and not answered
        acts.append(Act(phase, word, forward and not acts and not is_idle))
    return sorted(acts, key=lambda act: not act.primary)


def _counts(visit: Visit, answers: Answers, items: list[Asked]) -> dict[UUID, dict[str, int]]:
    """Rater → domain → questions answered."""
    domain = {item.code: item.question.domain for item in items}
    wanted = set(keys_of(items))
    counts: dict[UUID, dict[str, int]] = {m.person_id: {} for m in visit.members.all() if m.rates}
    for key, answered in answers.by_key.items():
        for person in answered:
            if key in wanted and person in counts:
                of = domain[key.indicator]
                counts[person][of] = counts[person].get(of, 0) + 1
    return counts


def agreement_words(agreement: Agreement) -> list[tuple[str, str]]:
    """How far the assessors agree, each figure with its n and what it is."""
    if agreement.n == 0 or agreement.exact is None or agreement.within_one is None:
        return []
    kappa = (
        gettext("not defined: the answers do not vary") if agreement.kappa is None else f"{float(agreement.kappa):.2f}"
    )
    return [
        (gettext("Questions answered by two"), formats.number_text(agreement.n)),
        (gettext("Same level"), formats.percent_text(float(agreement.exact))),
        (gettext("At most one level apart"), formats.percent_text(float(agreement.within_one))),
        (gettext("Agreement beyond chance (weighted kappa, at most 1)"), kappa.replace("-", "\u2212")),
    ]


def _seats(person: Person, visit: Visit, counts: Mapping[UUID, Mapping[str, int]], total: int) -> list[Seat]:
    return [
        Seat(
            name=pick(m.person.names),
            office=pick(m.person.organisation.names) if m.person.organisation else "",
            post=m.get_post_display(),
            done=sum(counts[m.person_id].values()) if m.rates else None,
            total=total,
            me=m.person_id == person.pk,
        )
        for m in visit.members.all()
    ]


def _blocks(
    person: Person, visit: Visit, items: list[Asked], answers: Answers, counts: Mapping[UUID, Mapping[str, int]],
    differ: set[Key],
) -> list[Block]:  # fmt: skip
    titles, names = asked.domains_of(visit), asked.part_names(visit)
    raters = {m.person_id: pick(m.person.names) for m in visit.members.all() if m.rates}
    settled = {final.key: final for final in finals(answers)}
    start = first_open(items, answers, person.pk) if access.may_rate(person, visit) else None
    here = next((item.question.domain for item in items if start is not None and item.code == start.indicator), "")
    blocks = []
    for code in dict.fromkeys(item.question.domain for item in items):
        mine = [item for item in items if item.question.domain == code]
        keys = keys_of(mine)
        blocks.append(
            Block(
                title=pick(titles.get(code, {})) or code,
                code=code,
                total=len(keys),
                done=[(name, counts[p].get(code, 0)) for p, name in raters.items()],
                open_differences=sum(key in differ for key in keys),
                is_open=any(key in differ for key in keys) or code == here,
                rows=[
                    Row(
                        code=item.code,
                        title=pick(item.question.titles),
                        must_pass=item.question.must_pass,
                        url=rate_url(visit, Key(item.code, item.parts[0])),
                        parts=[_part(person, visit, k, answers, settled, k in differ, names) for k in keys_of([item])],
                    )
                    for item in mine
                ],
            )
        )
    return blocks


def _part(
    person: Person, visit: Visit, key: Key, answers: Answers, settled: Mapping[Key, Final], differs: bool,
    names: words.Names,
) -> Part:  # fmt: skip
    answered = answers.by_key.get(key, {})
    own, final = answered.get(person.pk), settled.get(key)
    return Part(
        name=(pick(names.get(key.part, {})) or key.part) if key.part else "",
        url=rate_url(visit, key),
        mine=words.said(own.said if own else None),
        team=words.said(final.said if final else None),
        differs=differs,
        count=len(answered),
    )


def _history(visit: Visit, replies: Sequence[ReplyLine]) -> list[Mapping[str, Any]]:
    locks = access.locks_of(visit)
    people = people_by_id([lock.by for lock in locks] + [lock.ended_by for lock in locks if lock.ended_by])
    history: list[Mapping[str, Any]] = []
    for lock in locks:
        pattern = ngettext("Locked by %(name)s: %(count)s row of evidence", "Locked by %(name)s: %(count)s rows of evidence", lock.rows)  # fmt: skip
        if lock.ended_at is not None:
            title = gettext("Reopened by %(name)s") % {"name": name_in(people, lock.ended_by)}
            history.append({"when": formats.datetime_text(lock.ended_at), "title": title, "text": lock.reason, "state": "late"})  # fmt: skip
        title = pattern % {"name": name_in(people, lock.by), "count": lock.rows}
        history.append({"when": formats.datetime_text(lock.at), "title": title, "text": lock_words(lock, replies), "state": "done"})  # fmt: skip
    return history
