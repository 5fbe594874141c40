"""The properties that the ledger promises, on random histories, asked of the production law.

"The order of recording changes nothing on the present day; a pass that is alive on the day never worsens a standing or
a digit, a miss never betters them; a withdrawn row leaves no trace; rows of other campuses, subjects and capabilities
do not leak; time alone (no dated change of a target) never heals."
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from beiji.readiness.rules.rows import (
    PartStanding,
    Proof,
    Row,
    Standing,
    State,
)
from beiji.readiness.rules.standing import standing
from tests.readiness.oracle import Asked
from tests.readiness.oracle_facts import FULL, HOSPITAL, LAST_ASKED, LAST_DAY, at, day, end_of_day, short
from tests.readiness.oracle_histories import History, further_row, histories
from tests.readiness.oracle_rows import stands

DAYS = range(LAST_ASKED + 1)
PRESENT = end_of_day(LAST_ASKED)
slowly = settings(
    max_examples=1500 if FULL else 30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def present(history: History, rows: tuple[Row, ...], d: int) -> Standing:
    """The standing on day ``d`` as known at the end."""
    return standing(rows, history.capability, history.subject, day(d), PRESENT)


def same(one: Standing, other: Standing) -> bool:
    return (one, one.parts) == (other, other.parts)


# ------------------------------------------------------------------ order of recording


@slowly
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_recording_changes_nothing_on_the_present_day(history: History, random: object) -> None:
    ids = list(range(1, len(history.rows) + 1))
    random.shuffle(ids)
    renamed = dict(zip((r.id for r in history.rows), ids, strict=True))
    back = {new: old for old, new in renamed.items()}
    shuffled = []
    for row in history.rows:
        recorded = random.randint((row.as_of - day(0)).days, LAST_DAY)
        later = dataclasses.replace(row, id=renamed[row.id], recorded_at=at(max(recorded, 0), random.randint(1, 900)))
        shuffled.append(dataclasses.replace(later, supersedes=renamed.get(row.supersedes)))
    random.shuffle(shuffled)
    for d in DAYS:
        before, after = present(history, history.rows, d), present(history, tuple(shuffled), d)
        assert same(before, with_ids(after, back)), f"day {d}"


def with_ids(whole: Standing, names: dict[int, int]) -> Standing:
    def renamed(part: PartStanding) -> PartStanding:
        notes = tuple(sorted(dataclasses.replace(n, row_id=names[n.row_id]) for n in part.notes))
        return dataclasses.replace(part, deciding=tuple(sorted(names[i] for i in part.deciding)), notes=notes)

    return dataclasses.replace(whole, parts=tuple(renamed(p) for p in whole.parts))


@slowly
@given(histories())
def test_what_was_recorded_later_does_not_change_what_was_known(history: History) -> None:
    for k in range(LAST_DAY + 1):
        known = end_of_day(k)
        then = tuple(r for r in history.rows if r.recorded_at <= known)
        for d in DAYS:
            asked = (history.capability, history.subject, day(d), known)
            assert same(standing(history.rows, *asked), standing(then, *asked)), f"day {d} as known on {k}"


# ------------------------------------------------------------------ passes and misses


def judged_parts(history: History, row: Row, d: int) -> list[tuple[bool, date]]:
    """(passed, until when alive) of the row for each minute it speaks of on day ``d``, as the oracle judges it."""
    asked = Asked((row,), history.capability, history.subject, day(d), PRESENT)
    judged = [asked.judged(row, minute) for minute in asked.minutes()]
    return [(j.passed, j.lives_until) for j in judged if j is not None]


def pairs(before: Standing, after: Standing) -> Iterator[tuple[Standing | PartStanding, Standing | PartStanding]]:
    yield before, after
    yield from zip(before.parts, after.parts, strict=True)


@slowly
@given(st.data(), histories())
def test_a_live_pass_never_worsens_and_a_miss_never_betters(data: st.DataObject, history: History) -> None:
    row = data.draw(further_row(history, LAST_DAY))
    for d in range((row.as_of - day(0)).days, LAST_ASKED + 1):
        judged = judged_parts(history, row, d)
        changes = list(pairs(present(history, history.rows, d), present(history, (*history.rows, row), d)))
        if judged and all(passed and day(d) < until for passed, until in judged):
            for before, after in changes:
                assert after.state.goodness >= before.state.goodness, f"day {d}: {before} became {after}"
                assert digit(after, before) >= digit(before, after), f"day {d}: {before} became {after}"
        if judged and not any(passed for passed, _ in judged):
            for before, after in changes:
                assert after.state.goodness <= before.state.goodness, f"day {d}: {before} became {after}"
                # "where a stated row decides: that row": its digit follows the newest word, whatever it is.
                if not (before.state is State.BELOW and before.proof is Proof.STATED):
                    assert digit(after, before) <= digit(before, after), f"day {d}: {before} became {after}"


def digit(one: Standing | PartStanding, other: Standing | PartStanding) -> int:
    """The digit, where both have one: unknown has none and is not compared."""
    return one.digit if one.digit is not None and other.digit is not None else 0


# ------------------------------------------------------------------ withdrawn rows


@slowly
@given(st.data(), histories())
def test_a_withdrawn_row_leaves_no_trace(data: st.DataObject, history: History) -> None:
    row = data.draw(further_row(history, LAST_DAY))
    standing_rows = [r for r in history.rows if stands(r, history.rows, PRESENT)]
    if standing_rows and data.draw(st.booleans()):
        old = data.draw(st.sampled_from(standing_rows))
        same_day = {"subject": old.subject, "capability": old.capability, "edition": old.edition, "as_of": old.as_of}
        row = dataclasses.replace(row, supersedes=old.id, **same_day)
    ended = dataclasses.replace(row, id=998, supersedes=row.id, withdrawal=True, level=None, value=None, shown=None)
    for d in DAYS:
        assert same(present(history, history.rows, d), present(history, (*history.rows, row, ended), d)), f"day {d}"


# ------------------------------------------------------------------ leaks


@slowly
@given(st.data(), histories())
def test_rows_of_other_subjects_and_capabilities_do_not_leak(data: st.DataObject, history: History) -> None:
    row = data.draw(further_row(history, LAST_DAY))
    stranger = data.draw(st.sampled_from([{"subject": "elsewhere"}, {"capability": "other"}]))
    for d in DAYS:
        with_it = (*history.rows, dataclasses.replace(row, **stranger))
        assert same(present(history, history.rows, d), present(history, with_it, d)), f"day {d}"


@slowly
@given(st.data(), histories())
def test_rows_of_one_campus_or_place_do_not_leak_into_another(data: st.DataObject, history: History) -> None:
    assume(history.subject.nodes)
    row = data.draw(further_row(history, LAST_DAY))
    for d in DAYS:
        before, after = present(history, history.rows, d), present(history, (*history.rows, row), d)
        for one, other in zip(before.parts, after.parts, strict=True):
            other_campus = row.subject not in (HOSPITAL, one.part.campus)
            other_place = None not in (row.place, one.part.place) and row.place != one.part.place
            if other_campus or other_place:
                assert one == other, f"day {d}"


# ------------------------------------------------------------------ time alone


def dated_changes(history: History) -> set[date]:
    """Days on which something other than time changes: a fact begins or ends."""
    editions, nodes = history.capability.editions, history.subject.nodes
    begun = {e.from_day for e in editions} | {t.from_day for e in editions for t in e.targets}
    return begun | {n.from_day for n in nodes} | {n.until_day for n in nodes if n.until_day}


@slowly
@given(histories())
def test_time_alone_never_heals(history: History) -> None:
    busy = dated_changes(history) | {r.as_of for r in history.rows}
    for d in range(LAST_ASKED):
        if day(d + 1) not in busy:
            for before, after in pairs(present(history, history.rows, d), present(history, history.rows, d + 1)):
                assert after.state.goodness <= before.state.goodness, f"day {d}: {before} became {after}"
                assert digit(after, before) <= digit(before, after), f"day {d}: {before} became {after}"
                # "what is not unknown never becomes unknown"
                assert after.state is not State.UNKNOWN or before.state is State.UNKNOWN, f"day {d}: {before}"


@slowly
@given(histories())
def test_a_standing_holds_exactly_until_the_day_it_says(history: History) -> None:
    busy = dated_changes(history) | {r.as_of for r in history.rows}
    for d in DAYS:
        for place, now in enumerate(present(history, history.rows, d).parts):
            assert (now.holds_until is None) is (now.state not in (State.MET, State.IN_PLACE, State.CLAIMED))
            if now.holds_until is None or any(day(d) < change <= now.holds_until for change in busy):
                continue
            for n in range(1, (now.holds_until - day(d)).days + 1):
                then = standing(history.rows, history.capability, history.subject, day(d + n), PRESENT).parts[place]
                assert (then.state is now.state) is (day(d + n) < now.holds_until), f"day {d}, {n} later: {short(then)}"


@slowly
@given(st.data(), histories())
def test_a_new_target_leaves_past_maps_alone(data: st.DataObject, history: History) -> None:
    newest = history.capability.editions[-1]
    assume(newest.targets)
    begins = data.draw(st.integers(0, LAST_DAY))
    step = dataclasses.replace(
        newest.targets[0],
        from_day=day(begins),
        recorded_at=at(begins),
        values={minute: target + 2 for minute, target in newest.targets[0].values.items()},
    )
    raised = dataclasses.replace(newest, targets=(*newest.targets, step))
    capability = dataclasses.replace(history.capability, editions=(*history.capability.editions[:-1], raised))
    for d in range(begins):
        asked = (history.subject, day(d), PRESENT)
        assert same(standing(history.rows, capability, *asked), standing(history.rows, history.capability, *asked))
