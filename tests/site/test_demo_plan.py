"""The demo's story, before anything is written: planted faults are found and nothing moves without a cause."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from beiji.packs import Library, packs_root, scan
from beiji.site.demo.plan import Plan, measured_value, programme_start
from beiji.site.demo.rounds import LOCK_AFTER_DAYS, call_ins

TODAY = date(2026, 11, 24)
SEEDS = (1, 2, 3)
WEIGHTS = {"must-pass": 3, "high": 2, "normal": 1}


@cache
def library() -> Library:
    return scan(packs_root())


@cache
def plan(seed: int, today: date = TODAY) -> Plan:
    city = library().cities["yangzhou"]
    assert city.story is not None
    return Plan(library(), city, city.story, today=today, seed=seed)


def test_the_programme_is_in_its_twentieth_month_whenever_the_demo_is_made() -> None:
    assert programme_start(date(2026, 11, 24), 20) == date(2025, 4, 1)
    assert programme_start(date(2026, 1, 1), 20) == date(2024, 6, 1)
    for today in (date(2026, 2, 28), date(2026, 12, 31), date(2028, 2, 29)):
        made = plan(1, today)
        months = (today.year - made.start.year) * 12 + today.month - made.start.month + 1
        assert months == 20


@pytest.mark.parametrize("today", [TODAY, date(2026, 2, 1), date(2026, 12, 31)])
def test_both_rounds_are_over_and_on_working_days(today: date) -> None:
    visits = plan(1, today).visits()
    assert Counter(visit.round for visit in visits) == {1: 14, 2: 14}
    assert all(visit.first_day.weekday() < 5 and visit.last_day < today for visit in visits)


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2028, 2, 29), date(2027, 1, 31), date(2026, 12, 1)])
def test_every_visit_is_locked_and_entered_before_the_day_of_the_demo(today: date) -> None:
    made = plan(1, today)
    assert all(told.day < today for told in call_ins(made))
    assert all(visit.last_day + timedelta(days=LOCK_AFTER_DAYS) < today for visit in made.visits())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_faults_are_the_five_gravest_gaps_of_the_second_round(seed: int) -> None:
    made = plan(seed)
    gravity: Counter[str] = Counter()
    for visit in made.visits():
        if visit.round == 2:
            for indicator, level in visit.levels.items():
                if level < 2:
                    weight = made.indicators[indicator].criticality(made.circumstances(visit.hospital))
                    gravity[indicator] += WEIGHTS[weight]
    for (hospital, indicator), level in made.planted.items():
        if indicator not in made.asked(hospital, "core") and level < 2:
            gravity[indicator] += WEIGHTS["high"]
    planted = {fault.indicator for fault in made.story.faults if fault.finding}
    assert {indicator for indicator, _ in gravity.most_common(5)} == planted


@pytest.mark.parametrize("seed", SEEDS)
def test_rounds_differ_only_where_a_course_or_an_action_lies_between(seed: int) -> None:
    made = plan(seed)
    first = {visit.hospital: visit for visit in made.visits() if visit.round == 1}
    changed = 0
    for visit in (visit for visit in made.visits() if visit.round == 2):
        before = first[visit.hospital]
        for indicator, level in visit.levels.items():
            if indicator not in before.levels or level == before.levels[indicator]:
                continue
            changed += 1
            assert level > before.levels[indicator]
            courses = [
                made.day(course)
                for course in made.story.courses
                if visit.hospital in course.hospitals and indicator in course.lifts
            ]
            actions = [
                made.day(action.declared)
                for action in made.story.actions
                if action.declared and visit.hospital in action.hospitals and indicator == action.indicator
            ]
            assert any(before.last_day < day < visit.first_day for day in courses + actions), (
                visit.hospital,
                indicator,
            )
    assert changed >= 8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drill_never_passes_what_a_later_visit_finds_missing(seed: int) -> None:
    made = plan(seed)
    for drill in made.story.drills:
        for hospital in drill.hospitals:
            for item in drill.passes:
                if item in made.indicators:
                    assert made.level_on(hospital, item, made.day(drill)) == 2, (drill.id, hospital, item)


def test_every_action_that_is_done_is_proven_later_but_the_two_that_wait() -> None:
    made = plan(1)
    unproven = set()
    for action in made.story.actions:
        for hospital in action.hospitals if action.declared else ():
            proofs = [
                drill
                for drill in made.story.drills
                if hospital in drill.hospitals
                and action.indicator in drill.passes
                and action.declared is not None
                and made.day(drill) > made.day(action.declared)
            ]
            if not proofs:
                unproven.add((action.id, hospital))
    assert unproven == {("one-tag", "orchid"), ("night-call-in-ginkgo", "ginkgo")}


def test_one_more_hospital_or_indicator_moves_no_other_draw() -> None:
    made = plan(1)
    assert made.draw("weak", "ginkgo", "TRI-1") == Plan.draw(
        plan(1, TODAY + timedelta(days=3)), "weak", "ginkgo", "TRI-1"
    )
    assert made.draw("weak", "ginkgo", "TRI-1") != plan(2).draw("weak", "ginkgo", "TRI-1")


@pytest.mark.parametrize("share", [0.0, 0.37, 0.99])
@pytest.mark.parametrize("passes", [True, False])
def test_measured_values_lie_on_the_right_side_of_every_target(share: float, passes: bool) -> None:
    for capability in library().capabilities.values():
        for size_class, target in capability.target.items():
            for wanted in target.values() if isinstance(target, dict) else (target,):
                if not passes and capability.better == "higher" and wanted == 0:
                    continue  # nobody can miss a target of none
                value = measured_value(capability, size_class, wanted, share, passes=passes)
                met = value <= wanted if capability.better == "lower" else value >= wanted
                assert met is passes, (capability.id, size_class, wanted, value)
                assert value >= 0
                if capability.unit == "share":
                    assert value <= 1
