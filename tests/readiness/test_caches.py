"""Stored standings and roll-ups equal the pure rule after any sequence of writes, corrections and nights."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.programme.models import Subject
from beiji.readiness import changes, queries
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Condition, Evaluator, LedgerError, Method, Notice
from tests import cast

FULL = os.environ.get("BEIJI_FULL") in ("1", "yes", "true")
UNITS = ("ginkgo-east", "ginkgo-west", "egret")
OFFICE = {
    Evaluator.SELF: "egret",
    Evaluator.PEER: "ginkgo",
    Evaluator.CITY: "commission",
    Evaluator.EXTERNAL: "integrator",
}

drafts = st.builds(
    dict,
    subject=st.sampled_from(UNITS),
    capability=st.just("ed-clear-time"),
    method=st.sampled_from([Method.TIMED_TEST, Method.SELF_RATING, Method.SPOT_CHECK, Method.WITNESSED_DRILL]),
    evaluator=st.sampled_from(list(Evaluator)),
    days=st.integers(0, 500),
    number=st.sampled_from([8, 15, 16, 70]),
    condition=st.sampled_from([Condition.DAY, Condition.NIGHT, Condition.HOLIDAY]),
)
steps = st.lists(
    st.one_of(
        drafts,
        st.builds(dict, withdraw=st.integers(0, 30)),
        st.builds(dict, sleep=st.integers(1, 400)),
        st.builds(dict, target=st.sampled_from([10, 15, 20])),
    ),
    min_size=1,
    max_size=8,
)


class Undo(Exception):
    """Roll back what an example wrote."""


def draft_of(step: dict, today) -> changes.Draft:
    """A row of the step, as old as it says."""
    as_level = step["method"] in (Method.SELF_RATING, Method.SPOT_CHECK)
    return changes.Draft(
        subject=step["subject"],
        capability=step["capability"],
        method=step["method"],
        evaluator=step["evaluator"],
        as_of=today - timedelta(days=step["days"]),
        level=min(2, 70 // step["number"] // 4) if as_level else None,
        value=None if as_level else Fraction(step["number"]),
        condition=step["condition"],
        notice=Notice.SCRIPTED if step["method"] is Method.WITNESSED_DRILL else None,
    )


def do(step: dict, city, now) -> None:
    """One step; what the law refuses is simply not done."""
    today = now.date()
    try:
        with transaction.atomic():
            if "withdraw" in step:
                rows = list(Evidence.objects.order_by("id"))
                if rows:
                    row = rows[step["withdraw"] % len(rows)]
                    changes.withdraw_evidence(
                        evidence=row,
                        evaluator=Evaluator.EXTERNAL,
                        reason="mistake",
                        by=None,
                        office="integrator",
                        now=now,
                    )
            elif "target" in step:
                values = {None: Fraction(step["target"])}
                changes.change_target(
                    city=city, capability="ed-clear-time", size="large", values=values, from_day=today, by=None, now=now
                )
            elif "sleep" not in step:
                draft = draft_of(step, today)
                changes.record_batch(city=city, drafts=[draft], by=None, office=OFFICE[draft.evaluator], now=now)
    except LedgerError:
        pass


def test_caches_equal_the_rule(loaded: cast.World, record: Callable) -> None:
    hospitals = list(Subject.objects.hospitals())

    @settings(
        max_examples=300 if FULL else 15, deadline=None, suppress_health_check=list(HealthCheck), database=None,
        derandomize=not FULL,
    )  # fmt: skip
    @given(steps)
    def compare(history: list[dict]) -> None:
        try:
            with transaction.atomic():
                now = cast.NOW
                for step in history:
                    if "sleep" in step:
                        now += timedelta(days=step["sleep"])
                        changes.refresh_expired(city=loaded.city, now=now)
                    do(step, loaded.city, now)
                fast = queries.picture(city=loaded.city, subjects=hospitals, now=now)
                slow = queries.picture(city=loaded.city, subjects=hospitals, now=now, day=fast.day, known_at=now)
                assert fast.standings == slow.standings
                assert fast.roll_ups == slow.roll_ups
                assert (fast.pillars, fast.fours) == (slow.pillars, slow.fours)
                raise Undo
        except Undo:
            pass

    compare()
