"""Makes the demo in one transaction, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django_scopes import scope

from beiji.packs import Library
from beiji.programme import changes as programme
from beiji.programme.models import Person
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import Evaluator, Method, Source
from beiji.records import audit
from beiji.reports.changes import make_snapshot

from . import bodies, emergency_plans, evidence_files, improvement, rounds
from .city import World, decide_gates, make_city, open_account, people_it
from .log_ins import PASSWORD
from .plan import Plan

CITY = "yangzhou"
STRANGE_CITY = "nanjing"
CANARY = "CANARY-NANJING"


def seed(*, library: Library, today: date, seed: int) -> None:
    """Make the demo city as its story stands on `today`, and a second small city that nobody of the first may see.

    One transaction: an interrupted seeding leaves nothing behind.
    """
    pack = library.cities[CITY]
    if pack.story is None:
        raise ValueError(f"The city pack {CITY} has no story to tell.")
    plan = Plan(library, pack, pack.story, today=today, seed=seed)
    with transaction.atomic(), audit.together():
        world = make_city(plan)
        with scope(city=CITY):
            people_it(world)
            ledger.load_packs(city=world.city, library=library, by=None, now=world.at(plan.start, 3))
            for happen in in_order(world):
                happen()
            decide_gates(world)
            rounds.begin_running(world)
            rounds.plan_next(world)
            evidence_files.fill(world)
            emergency_plans.write(world)
            ledger.refresh_expired(city=world.city, now=world.at(today, 2))
            read_what_is_old(world, today)
        strangers(library, plan)


def read_what_is_old(world: World, today: date) -> None:
    """Everybody has read what he was told until a fortnight ago, as people do who come every week."""
    until = world.at(today - timedelta(days=14), 23)
    for person in Person.objects.all():
        programme.mark_read(person=person, now=until, until=until)


def in_order(world: World) -> Iterator[Callable[[], object]]:
    """Everything that happened, by day; on one day first what was recorded, then what people did about it."""
    told: list[tuple[date, int, Callable[[], object]]] = [
        (day, order, partial(rounds.tell, world, event)) for day, order, event in rounds.happenings(world)
    ]
    told += [(day, order, partial(bodies.tell, world, event)) for day, order, event in bodies.happenings(world)]
    done = [(event.day, event.order, event.happen) for event in improvement.events(world)]
    yield from (happen for _, _, happen in sorted([*told, *done], key=lambda entry: entry[:2]))


def strangers(library: Library, plan: Plan) -> None:
    """A second city with one hospital, whose every typed word is a canary: none may appear in the first."""
    names = {"en": f"Nanjing {CANARY}", "zh-Hans": f"南京 {CANARY}", "he": f"ננג'ינג {CANARY}"}
    hospital = {"en": f"Magnolia {CANARY}", "zh-Hans": f"玉兰医院 {CANARY}", "he": f"מגנוליה {CANARY}"}
    now = datetime.combine(plan.start, time(4, 0), UTC)
    city = programme.create_city(
        code=STRANGE_CITY,
        names=names,
        time_zone="Asia/Shanghai",
        programme_start=plan.start,
        illustrative=True,
        pack="",
        by=None,
        now=now,
    )
    with scope(city=STRANGE_CITY):
        magnolia = programme.add_subject(
            city=city, code="magnolia", kind="hospital", names=hospital, by=None, now=now, size="county"
        )
        office = programme.add_organisation(
            city=city, code="commission", kind="commission", side="city", names=names, by=None, now=now
        )
        person = programme.add_person(
            city=city,
            names={"en": f"Xu Ning {CANARY}", "zh-Hans": f"许宁 {CANARY}", "he": f"שו נינג {CANARY}"},
            by=None,
            now=now,
            code="xu-ning",
            post=names,
            organisation=office,
            language="zh-hans",
        )
        programme.grant_role(person=person, role="manager", since=plan.start, by=None, now=now)
        open_account(person, "stranger", make_password(PASSWORD), now)
        ledger.load_packs(city=city, library=library, by=None, now=now)
        draft = ledger.Draft(
            subject="magnolia",
            capability="ed-clear-time",
            method=Method.SELF_RATING,
            evaluator=Evaluator.SELF,
            as_of=plan.start,
            level=1,
            source=Source("record", "", CANARY),
        )
        ledger.record_evidence(city=city, draft=draft, by=person.pk, office="commission", now=now)
        make_snapshot(city=city, audience="ward", subject=magnolia, by=person.pk, now=now, trial=False)
