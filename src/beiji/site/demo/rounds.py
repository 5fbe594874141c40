"""The rounds: self-ratings, visits with their ratings, tests and replies, drills; all through the rooms' changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from beiji.assess import changes as assess
from beiji.assess.models import Member, Visit
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import Condition, Evaluator, Method, Notice, Source

from .city import World
from .pen import Pen, uuid7_at
from .plan import DrillPlan, Measure, Plan, VisitPlan, parts_of
from .words import write_note, write_reply

REPLY_AFTER_DAYS = 7
LOCK_AFTER_DAYS = 10


@dataclass(frozen=True)
class OwnRating:
    """A hospital rates itself before a round."""

    round: int
    hospital: str
    day: date


@dataclass(frozen=True)
class CallIn:
    """The call-in tests of one team in one round, and the day on which they are entered."""

    round: int
    team: str
    day: date
    visits: tuple[VisitPlan, ...]


def call_ins(plan: Plan) -> Iterator[CallIn]:
    """Call-in tests by round and team, on the day after the last of these visits is locked."""
    groups: dict[tuple[int, str], list[VisitPlan]] = {}
    for visit in plan.visits():
        if plan.call_in_tests(visit):
            groups.setdefault((visit.round, visit.team), []).append(visit)
    for (number, team), visits in groups.items():
        day = max(visit.last_day for visit in visits) + timedelta(days=LOCK_AFTER_DAYS + 1)
        yield CallIn(number, team, day, tuple(visits))


def happenings(world: World) -> Iterator[tuple[date, int, Any]]:
    """Everything of the ledger in the order of the days on which it was recorded: self-ratings, visits, drills."""
    plan = world.plan
    events: list[tuple[date, int, Any]] = [
        (plan.day(own), 0, OwnRating(number, hospital, plan.day(own)))
        for number, own in enumerate(plan.story.self_ratings, 1)
        for hospital in plan.city.hospitals
        if number == 1 or hospital not in plan.story.pilots
    ]
    events += [(told.day, 3, told) for told in call_ins(plan)]
    events += [(visit.last_day + timedelta(days=LOCK_AFTER_DAYS), 1, visit) for visit in plan.visits()]
    events += [(drill.day, 2, drill) for drill in plan.drills()]
    yield from sorted(events, key=lambda event: (event[0], event[1]))


def tell(world: World, event: Any) -> None:
    """Write one happening."""
    if isinstance(event, OwnRating):
        rate_oneself(world, event)
    elif isinstance(event, CallIn):
        call_in(world, event)
    elif isinstance(event, VisitPlan):
        visit_it(world, event)
    else:
        drill_it(world, event)


def rate_oneself(world: World, own: OwnRating) -> None:
    """The desk phase: the hospital's coordinator answers every item for himself."""
    plan, hospital, day = world.plan, own.hospital, own.day
    coordinator = world.coordinator(hospital).code
    visit = assess.plan_visit(
        city=world.city,
        subject=world.subjects[hospital],
        round=own.round,
        kind=Visit.Kind.SELF,
        scope=Visit.Scope.FULL,
        first_day=day - timedelta(days=7),
        last_day=day,
        team=[assess.Seat(world.people[coordinator], Member.Post.LEAD)],
        by=world.key("li-wen"),
        now=world.at(day - timedelta(days=20)),
    )
    assess.move_visit(visit=visit, to=Visit.Phase.ON_SITE, by=world.key(coordinator), now=world.at(day, 1))
    pen = Pen(world, visit, "desk", coordinator)
    levels = {id: plan.own_level(hospital, id, day) for id in visit.indicators}
    _rate(pen, levels, world.at(day, 2), how="check")
    lock(world, visit, coordinator, world.at(day, 9))


def visit_it(world: World, plan: VisitPlan) -> None:
    """A visit from planning to the lock, with the hospital's reply."""
    visit = open_visit(world, plan, by="li-wen")
    team = world.plan.story.teams[plan.team]
    pen = Pen(world, visit, "tablet-1", team.lead)
    at = world.at(plan.first_day, 0, 40)
    rated = _rate(pen, plan.levels, at, how="check")
    if plan.second is not None:
        other = Pen(world, visit, "tablet-2", team.assessors[0])
        second = _rate(other, plan.second, at + timedelta(minutes=30), how="check")
        _settle(pen, plan, rated, second, world.at(plan.last_day, 8))
    for number, measure in enumerate(plan.measures):
        if measure.indicator in visit.indicators:
            pen.write("measure", _measured(measure, plan.hospital), at + timedelta(hours=4, minutes=number))
    pen.send()
    for note in world.plan.story.notes:
        if (note.round, note.hospital) == (plan.round, plan.hospital) and note.indicator in visit.indicators:
            write_note(world, visit, note, world.at(plan.last_day, 6))
    locked_on = plan.last_day + timedelta(days=LOCK_AFTER_DAYS)
    lock(
        world,
        visit,
        team.lead,
        world.at(locked_on, 7),
        reply_on=plan.last_day + timedelta(days=REPLY_AFTER_DAYS),
        plan=plan,
    )
    world.visit_keys[plan.round, plan.hospital] = str(visit.pk)


def call_in(world: World, told: CallIn) -> None:
    """The call-in tests of one team's visits of one round, entered together when the round is over."""
    team = world.plan.story.teams[told.team]
    drafts = [
        draft_of(measure, Method.TIMED_TEST, visit.last_day, _source_of(world, visit))
        for visit in told.visits
        for measure in world.plan.call_in_tests(visit)
    ]
    ledger.record_batch(
        city=world.city,
        drafts=drafts,
        by=world.key(team.lead),
        office=world.office(team.lead),
        now=world.at(told.day, 7, 5),
    )


def _source_of(world: World, visit: VisitPlan) -> Source:
    return Source("visit", world.visit_keys[visit.round, visit.hospital], visit.first_day.isoformat())


def open_visit(world: World, plan: VisitPlan, *, by: str) -> Visit:
    """Plan the visit with its team and bring it on site."""
    team = world.plan.story.teams[plan.team]
    raters = team.assessors[:1] if plan.second is not None else ()
    seats = [assess.Seat(world.people[team.lead], Member.Post.LEAD)]
    seats += [assess.Seat(world.people[person], Member.Post.ASSESSOR) for person in raters]
    seats += [
        assess.Seat(world.people[team.counterpart], Member.Post.COUNTERPART),
        assess.Seat(world.people[team.interpreter], Member.Post.INTERPRETER),
    ]
    if team.escort:
        seats.append(assess.Seat(world.people[team.escort], Member.Post.ESCORT))
    visit = assess.plan_visit(
        city=world.city,
        subject=world.subjects[plan.hospital],
        round=plan.round,
        kind=Visit.Kind.EXTERNAL,
        scope=plan.scope,
        first_day=plan.first_day,
        last_day=plan.last_day,
        team=seats,
        by=world.key(by),
        now=world.at(plan.first_day - timedelta(days=21)),
    )
    assess.move_visit(visit=visit, to=Visit.Phase.ON_SITE, by=world.key(team.lead), now=world.at(plan.first_day, 0, 20))
    return visit


def _parts(world: World, visit: Visit, indicator: str) -> list[str]:
    """The parts that an item is asked for: each campus where the capability is kept per campus."""
    capability = world.plan.capability_of(indicator)
    place = world.plan.city.hospitals[visit.subject.code]
    if capability is None or not (capability.per_campus and place.campuses):
        return [""]
    return parts_of(place, capability)


def _rate(pen: Pen, levels: Mapping[str, int], at: datetime, *, how: str) -> dict[tuple[str, str], tuple[UUID, int]]:
    """One operation per item and part; returns what was said, so that differences can be settled."""
    said = {}
    for number, (indicator, level) in enumerate(levels.items()):
        if indicator not in pen.visit.indicators:
            continue
        for part in _parts(pen.world, pen.visit, indicator):
            payload: dict[str, Any] = {"indicator": indicator, "level": level, "how": how}
            if part:
                payload["part"] = part
            key = pen.write("rate", payload, at + timedelta(minutes=4 * number))
            said[indicator, part] = (key, level)
    pen.send()
    return said


def _settle(
    pen: Pen,
    plan: VisitPlan,
    first: Mapping[tuple[str, str], tuple[UUID, int]],
    second: Mapping[tuple[str, str], tuple[UUID, int]],
    at: datetime,
) -> None:
    """The lead settles every difference with the reason that both stood at the place again."""
    for number, key in enumerate(sorted(first)):
        if first[key][1] == second[key][1]:
            continue
        indicator, part = key
        payload: dict[str, Any] = {
            "indicator": indicator,
            "level": plan.levels[indicator],
            "settles": [str(first[key][0]), str(second[key][0])],
            "reason": "שני המעריכים בדקו את המקום יחד.",
            "language": "he",
            "how": "check",
        }
        if part:
            payload["part"] = part
        pen.write("settle", payload, at + timedelta(minutes=number))
    pen.send(settles=True)


def _measured(measure: Measure, hospital: str) -> dict[str, Any]:
    """A timed test as the tablet sends it."""
    payload: dict[str, Any] = {
        "indicator": measure.indicator,
        "method": Method.TIMED_TEST.value,
        "condition": measure.condition,
        "sample": measure.sample,
    }
    if measure.part != hospital:
        payload["part"] = measure.part
    if measure.at_min is not None:
        payload["at_min"] = measure.at_min
    if measure.value is not None:
        payload["value"] = f"{float(measure.value):g}"
    else:
        payload["shown"] = measure.shown
    return payload


def draft_of(measure: Measure, method: Method, day: date, source: Source, notice: Notice | None = None) -> ledger.Draft:
    """A measured row for the ledger, before an evaluator from outside."""
    return ledger.Draft(
        subject=measure.part,
        capability=measure.capability,
        method=method,
        evaluator=Evaluator.EXTERNAL,
        as_of=day,
        value=measure.value,
        shown=measure.shown,
        condition=Condition(measure.condition),
        at_min=measure.at_min,
        notice=notice,
        sample=measure.sample,
        source=source,
    )


def lock(
    world: World, visit: Visit, lead: str, at: datetime, *, reply_on: date | None = None, plan: VisitPlan | None = None
) -> None:
    """Consensus, the hospital's reply where one is due, then the lock that writes the evidence."""
    assess.move_visit(visit=visit, to=Visit.Phase.CONSENSUS, by=world.key(lead), now=at - timedelta(days=1))
    if reply_on is not None and plan is not None:
        assess.move_visit(visit=visit, to=Visit.Phase.REPLY, by=world.key(lead), now=at - timedelta(hours=20))
        for reply in world.plan.story.replies:
            if (reply.round, reply.hospital) == (plan.round, plan.hospital):
                write_reply(world, visit, reply, world.at(reply_on))
    assess.lock_visit(visit=visit, by=world.people[lead], now=at)


def drill_it(world: World, drill: DrillPlan) -> None:
    """The raw sheet of a drill, recorded by its evaluator on the evening of the day."""
    source = Source("drill", str(uuid7_at(world.at(drill.day), f"{drill.id}/{drill.hospital}")), drill.day.isoformat())
    method = Method.REAL_EVENT if drill.real else Method.WITNESSED_DRILL
    notice = None if drill.real else Notice(drill.notice)
    drafts = [draft_of(measure, method, drill.day, source, notice) for measure in drill.measures]
    ledger.record_batch(
        city=world.city,
        drafts=drafts,
        by=world.key(drill.by),
        office=world.office(drill.by),
        now=world.at(drill.day, 15),
    )


def plan_next(world: World) -> None:
    """The next visit is planned; nobody has begun it."""
    story, today = world.plan.story, world.plan.today
    team = story.teams[story.running.team]
    assess.plan_visit(
        city=world.city,
        subject=world.subjects["gull"],
        round=story.running.round,
        kind=Visit.Kind.CITY,
        scope=Visit.Scope.CORE,
        first_day=today + timedelta(days=16),
        last_day=today + timedelta(days=17),
        team=[
            assess.Seat(world.people[team.lead], Member.Post.LEAD),
            assess.Seat(world.people[team.interpreter], Member.Post.INTERPRETER),
        ],
        by=world.key("li-wen"),
        now=world.at(today - timedelta(days=6)),
    )


def begin_running(world: World) -> Visit | None:
    """The visit that is under way today: planned, on site, its first items answered by both who rate."""
    running, today = world.plan.story.running, world.plan.today
    team = world.plan.story.teams[running.team]
    plan = VisitPlan(
        round=running.round,
        hospital=running.hospital,
        scope=running.scope,
        team=running.team,
        first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=2),
        levels={},
        second={},
    )
    visit = open_visit(world, plan, by="li-wen")
    items = [id for id in world.plan.asked(running.hospital, running.scope) if id in visit.indicators]
    levels = {id: world.plan.level_on(running.hospital, id, today) for id in items[: running.answered]}
    at = world.at(plan.first_day, 1)
    _rate(Pen(world, visit, "tablet-1", team.lead), levels, at, how="check")
    fewer = dict(list(levels.items())[: max(1, running.answered - 3)])
    _rate(Pen(world, visit, "tablet-2", team.assessors[0]), fewer, at + timedelta(minutes=20), how="check")
    return visit
