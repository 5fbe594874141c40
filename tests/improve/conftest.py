"""A small city with the repository's own methodology and one gap in each of two hospitals."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django_scopes import scope

from beiji.improve import changes
from beiji.improve.models import Action
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import Condition, Evaluator, Method
from tests import cast

CLEAR = "ed-clear-time"
BOTH = (Condition.DAY, Condition.NIGHT)


@pytest.fixture(scope="module")
def world_of_module(loaded_of_module: cast.World) -> cast.World:
    """Every test here stands on the methodology."""
    return loaded_of_module


@pytest.fixture
def city(world: cast.World) -> cast.World:
    """The cast with methodology, outside any scope (views open their own)."""
    return world


@pytest.fixture
def at_work(city: cast.World):
    """The same, inside the scope of its city."""
    with scope(city="yangzhou"):
        yield city


def timed(subject: str, value: int, day: date, condition: Condition) -> ledger.Draft:
    """A timed test of clearing the emergency department."""
    return ledger.Draft(
        subject=subject, capability=CLEAR, method=Method.TIMED_TEST, evaluator=Evaluator.EXTERNAL, as_of=day,
        value=Fraction(value), condition=condition,
    )  # fmt: skip


def record(world: cast.World, drafts, now=cast.NOW):
    """Evidence of the visiting team."""
    return ledger.record_batch(city=world.city, drafts=drafts, by=None, office="integrator", now=now)


def fails(world: cast.World, hospital: str = "egret", day: date = date(2026, 10, 1), now=cast.NOW):
    """The hospital is too slow, by day and by night."""
    return record(world, [timed(hospital, 40, day, condition) for condition in BOTH], now)


def passes(world: cast.World, hospital: str = "egret", day: date = date(2026, 11, 1), now=cast.NOW):
    """The hospital is quick enough, by day and by night."""
    return record(world, [timed(hospital, 10, day, condition) for condition in BOTH], now)


def draft(world: cast.World, hospital: str = "egret", **changed) -> changes.ActionDraft:
    """An action of a hospital against its slow clearing."""
    values = {
        "subject": world.subjects[hospital],
        "capability": CLEAR,
        "lead_unit": world.organisations.get(hospital, world.organisations["commission"]),
        "due": cast.TODAY + timedelta(days=30),
        "advice_level": 1,
    }
    return changes.ActionDraft(**{**values, **changed})


def planned(world: cast.World, hospital: str = "egret", part: str = "manager", now=cast.NOW, **changed) -> Action:
    """An action that is in the plan."""
    return changes.plan_action(city=world.city, draft=draft(world, hospital, **changed), by=world.people[part], now=now)


def state(action: Action) -> str:
    """Where an action stands, read anew."""
    return Action.objects.with_state().get(pk=action.pk).state.value


@pytest.fixture
def gap(city):
    """Egret and Ginkgo clear too slowly."""
    with scope(city="yangzhou"):
        fails(city)
        fails(city, "ginkgo-east")
    return city


@pytest.fixture
def manager(client, city):
    client.login(username="li-wen", password=cast.PASSWORD)
    return client


@pytest.fixture
def coordinator(client, city):
    """Zhao Min of Ginkgo."""
    client.login(username="zhao-min", password=cast.PASSWORD)
    return client
