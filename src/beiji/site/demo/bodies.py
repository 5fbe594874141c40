"""The bodies of the city that are no hospitals: their visits and what was tried there, as the story types them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from beiji.assess import changes as assess
from beiji.assess.models import Member, Visit
from beiji.packs.schemas.story import Body, BodyTest
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import Method, Notice, Source

from .city import World
from .pen import Pen, uuid7_at
from .plan import Measure, measured_values
from .rounds import LOCK_AFTER_DAYS, draft_of, lock

STANDARD = "mci-city"


@dataclass(frozen=True)
class BodyVisit:
    """One visit of a body."""

    body: Body
    round: int
    day: date


@dataclass(frozen=True)
class Tried:
    """One thing tried at a body."""

    body: Body
    test: BodyTest
    day: date


def happenings(world: World) -> Iterator[tuple[date, int, BodyVisit | Tried]]:
    """What lies before the day of the demo: visits on the day of their lock, tests on their own."""
    plan = world.plan
    for body in plan.story.bodies:
        for number, moment in enumerate(body.visits, 1):
            visit = BodyVisit(body, number, plan.day(moment))
            locked_on = visit.day + timedelta(days=LOCK_AFTER_DAYS)
            if locked_on < plan.today:
                yield locked_on, 1, visit
        for test in body.tests:
            if plan.day(test) < plan.today:
                yield plan.day(test), 2, Tried(body, test, plan.day(test))


def tell(world: World, event: BodyVisit | Tried) -> None:
    """Write one happening."""
    if isinstance(event, BodyVisit):
        visit_it(world, event)
    else:
        try_it(world, event)


def visit_it(world: World, event: BodyVisit) -> None:
    """A visit of one day from planning to the lock; every item is in place but those that the story names."""
    team, day = world.plan.story.teams[event.body.team], event.day
    visit = assess.plan_visit(
        city=world.city,
        subject=world.subjects[event.body.subject],
        round=event.round,
        kind=Visit.Kind.EXTERNAL,
        scope=Visit.Scope.FULL,
        first_day=day,
        last_day=day,
        team=[
            assess.Seat(world.people[team.lead], Member.Post.LEAD),
            assess.Seat(world.people[team.counterpart], Member.Post.COUNTERPART),
            assess.Seat(world.people[team.interpreter], Member.Post.INTERPRETER),
        ],
        by=world.key("li-wen"),
        now=world.at(day - timedelta(days=21)),
    )
    assess.move_visit(visit=visit, to=Visit.Phase.ON_SITE, by=world.key(team.lead), now=world.at(day, 0, 20))
    pen = Pen(world, visit, "tablet-1", team.lead)
    for number, indicator in enumerate(visit.indicators):
        payload = {"indicator": indicator, "level": event.body.weak.get(indicator, 2), "how": "check"}
        pen.write("rate", payload, world.at(day, 1) + timedelta(minutes=4 * number))
    pen.send()
    lock(world, visit, team.lead, world.at(day + timedelta(days=LOCK_AFTER_DAYS), 7))


def try_it(world: World, event: Tried) -> None:
    """The raw sheet of one unscripted trial, recorded by its evaluator on the evening of the day."""
    body, test, plan = event.body, event.test, world.plan
    subject = world.subjects[body.subject]
    indicator = plan.library.standards[STANDARD].indicator(test.indicator)
    capability = plan.library.capabilities[indicator.reads]
    sample = capability.min_sample or 1
    if capability.kind == "quantity":
        share = plan.draw("body", body.subject, test.indicator, test.shift)
        measures = [
            Measure(capability.id, subject.code, test.shift, minute, value, None, sample, test.indicator)
            for minute, value in measured_values(capability, subject.kind, share, passes=test.passes)
        ]
    else:
        measures = [Measure(capability.id, subject.code, test.shift, None, None, test.passes, sample, test.indicator)]
    key = uuid7_at(world.at(event.day), f"{body.subject}/{test.indicator}/{test.shift}")
    source = Source("drill", str(key), event.day.isoformat())
    ledger.record_batch(
        city=world.city,
        drafts=[draft_of(m, Method.WITNESSED_DRILL, event.day, source, Notice.UNANNOUNCED) for m in measures],
        by=world.key(test.by),
        office=world.office(test.by),
        now=world.at(event.day, 15),
    )
