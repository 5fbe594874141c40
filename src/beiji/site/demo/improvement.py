"""What follows from the rounds: findings, what the authorities are asked and decide, actions, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from beiji.improve import changes as improve
from beiji.improve.models import Action, Decision, Finding
from beiji.packs.schemas.story import Action as StoryAction
from beiji.packs.schemas.story import Decision as StoryDecision
from beiji.packs.schemas.story import Fault, Moment
from beiji.programme.models import Person, Stage
from beiji.readiness.models import Capability
from beiji.reports import changes as reports
from beiji.reports.models import Snapshot

from .city import World
from .words import translate

FOUND_ON = Moment(month=19, day=27)
REPORTS = (Moment(month=6, day=4), Moment(month=19, day=29))


@dataclass(frozen=True)
class Event:
    """Something that happened on a day; events of one day happen in the order of `order`."""

    day: date
    order: int
    happen: Callable[[], object]


def events(world: World) -> Iterator[Event]:
    """Everything of this module that lies before today."""
    story, plan = world.plan.story, world.plan
    every = list(_decisions(world))
    for action in story.actions:
        every += _actions(world, action)
    found_on = plan.day(FOUND_ON)
    for fault in story.faults:
        if fault.finding is not None:
            every.append(Event(found_on, 3, partial(write_finding, world, fault, found_on)))
    for moment in REPORTS:
        on = plan.day(moment)
        every.append(Event(on, 9, partial(make_report, world, on)))
    yield from (event for event in every if event.day < plan.today)


def write_finding(world: World, fault: Fault, day: date) -> Finding:
    """A finding as its author typed it, about the hospitals where the fault still stands."""
    assert fault.finding is not None
    assert fault.indicator is not None
    typed = fault.finding
    standing = [code for code in fault.hospitals if world.plan.level_on(code, fault.indicator, day) < 2]
    capability = world.plan.capability_of(fault.indicator)
    finding = improve.write_finding(
        city=world.city,
        body=typed.body,
        language=typed.language,
        found_on=day,
        by=world.people[typed.by],
        now=world.at(day),
        subjects=[world.subjects[code] for code in standing],
        indicators=[fault.indicator],
        capabilities=list(Capability.objects.filter(code=capability.id)) if capability else [],
        order=fault.order,
    )
    translate(world, finding.text, typed, world.at(day, 9))
    return finding


def _decisions(world: World) -> Iterator[Event]:
    for decision in world.plan.story.decisions:
        day = world.plan.day(decision.asked)
        yield Event(day, 4, partial(ask, world, decision))
        if decision.decided is not None and decision.state != "asked":
            yield Event(world.plan.day(decision.decided), 5, partial(rule, world, decision))


def ask(world: World, decision: StoryDecision) -> Decision:
    """Put a request before the authorities."""
    day = world.plan.day(decision.asked)
    row = improve.ask_decision(
        city=world.city,
        body=decision.text.body,
        language=decision.text.language,
        owner=world.organisations[decision.owner],
        cost_class=decision.cost_class,
        asked_on=day,
        due=world.plan.day(decision.due),
        by=world.people[decision.text.by],
        now=world.at(day),
        order=decision.order,
    )
    translate(world, row.text, decision.text, world.at(day, 9))
    world.decisions[decision.id] = row
    return row


def rule(world: World, decision: StoryDecision) -> None:
    """The authorities' word on it."""
    assert decision.decided is not None
    assert decision.decided_by is not None
    day = world.plan.day(decision.decided)
    improve.record_ruling(
        decision=world.decisions[decision.id],
        word=decision.state,
        decided_on=day,
        decided_by=world.key(decision.decided_by),
        by=world.people["li-wen"],
        now=world.at(day),
        scan=_scan(f"{world.decisions[decision.id].code} {day:%Y-%m-%d}"),
    )


def _scan(words: str) -> SimpleUploadedFile:
    """A sheet that says of itself that it is none."""
    sheet = Image.new("L", (620, 877), 255)
    ImageDraw.Draw(sheet).text((60, 80), f"ILLUSTRATIVE\n{words}\nIn place of the signed paper", fill=0, font_size=28)
    written = BytesIO()
    sheet.save(written, "PNG")
    return SimpleUploadedFile(f"{words.replace(' ', '-')}.png", written.getvalue(), "image/png")


def _actions(world: World, action: StoryAction) -> Iterator[Event]:
    """Opening, beginning and declaring of an action, once for each hospital, or once for the city."""
    if action.indicator and action.indicator not in world.plan.indicators:
        return
    for hospital in action.hospitals or ("",):
        opened = world.plan.day(action.opened)
        yield Event(opened, 6, partial(open_action, world, action, hospital))
        begun = opened + timedelta(days=16)
        if action.declared is not None or begun < world.plan.today - timedelta(days=45):
            yield Event(begun, 7, partial(_begin, world, action, hospital, begun))
        if action.declared is not None:
            declared = world.plan.day(action.declared)
            yield Event(declared, 8, partial(_declare, world, action, hospital, declared))


def open_action(world: World, action: StoryAction, hospital: str) -> Action:
    """Plan the action of one hospital, or of the city for all hospitals in which the fault stands."""
    plan, day = world.plan, world.plan.day(action.opened)
    coordinator = world.coordinator(hospital) if hospital else None
    person = world.people[action.responsible] if action.responsible else coordinator
    capability = plan.capability_of(action.indicator or action.capability or "")
    assert capability is not None
    level = plan.level_on(hospital, action.indicator, day) if hospital and action.indicator else None
    concerns = [world.subjects[code] for code in _concerned(world, action, hospital, day)]
    author: Person = coordinator or world.people["li-wen"]
    draft = improve.ActionDraft(
        subject=world.subjects[hospital] if hospital else world.subjects[plan.city.id],
        capability=capability.id,
        indicator=action.indicator or "",
        concerns=concerns,
        lead_unit=world.organisations[action.lead_unit or hospital or "commission"],
        supporting_unit=world.organisations.get(action.supporting_unit or ("commission" if hospital else "")),
        leader=world.people[action.leader] if action.leader else world.director(hospital),
        responsible=person,
        due=plan.day(action.due),
        body=action.text.body if action.text else "",
        language=action.text.language if action.text else "",
        advice_level=level,
        effort=action.effort,
        cost_low=action.cost_low,
        cost_high=action.cost_high,
        price_year=day.year if action.cost_low is not None else None,
        cost_source=world.source(action.cost_source).get("zh-Hans", ""),
        cost_source_words=world.source(action.cost_source),
        stage=Stage.objects.get(number=action.stage),
        decision=world.decisions.get(action.decision or ""),
    )
    row = improve.plan_action(city=world.city, draft=draft, by=author, now=world.at(day))
    if action.text and row.text is not None:
        translate(world, row.text, action.text, world.at(day, 9))
    world.actions[action.id, hospital] = row
    return row


def _concerned(world: World, action: StoryAction, hospital: str, day: date) -> list[str]:
    """The hospital; for the city, all in which the planted fault still stands."""
    if hospital:
        return [hospital]
    plan = world.plan
    return [
        code
        for fault in plan.story.faults
        if (action.indicator and fault.indicator == action.indicator)
        or (action.capability and fault.capability == action.capability)
        for code in fault.hospitals
        if not action.indicator or plan.level_on(code, action.indicator, day) < 2
    ]


def _begin(world: World, action: StoryAction, hospital: str, day: date) -> None:
    improve.start_action(
        action=world.actions[action.id, hospital], by=_hand(world, action, hospital), now=world.at(day)
    )


def _declare(world: World, action: StoryAction, hospital: str, day: date) -> None:
    improve.declare_done(
        action=world.actions[action.id, hospital], by=_hand(world, action, hospital), now=world.at(day)
    )


def _hand(world: World, action: StoryAction, hospital: str) -> Person:
    """Who moves the action: the person responsible."""
    if action.responsible:
        return world.people[action.responsible]
    return world.coordinator(hospital)


def make_report(world: World, day: date) -> None:
    """The page for heads of state after a round, and the list of each pilot hospital. The tests of reports
    try their files; at every seeding that would take longer than all the rest."""
    common: dict[str, Any] = {"city": world.city, "by": world.key("li-wen"), "trial": False}
    reports.make_snapshot(audience=Snapshot.Audience.MINISTERS, now=world.at(day, 11), **common)
    for code in world.plan.story.pilots:
        reports.make_snapshot(
            audience=Snapshot.Audience.WARD, now=world.at(day, 12), subject=world.subjects[code], **common
        )
