"""The production law against the oracle, over every (day, known day) of random histories."""

from __future__ import annotations

import dataclasses

from hypothesis import HealthCheck, given, settings

from beiji.readiness.rules import standing as production
from beiji.readiness.rules.rows import Standing, end_of
from tests.readiness import oracle
from tests.readiness.oracle_facts import FULL, LAST_ASKED, LAST_DAY, day, short
from tests.readiness.oracle_histories import History, histories

EXAMPLES = 3000 if FULL else 40
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(histories())
def test_standing_equals_the_oracle_on_every_day_as_known_on_every_day(history: History) -> None:
    for d in range(LAST_ASKED + 1):
        for k in range(LAST_DAY + 1):
            asked = (history.rows, history.capability, history.subject, day(d), end_of(day(k)))
            differ = differences(oracle.standing(*asked), production.standing(*asked))
            assert not differ, f"day {d} as known on day {k}: {differ}"


def differences(ours: Standing, theirs: Standing) -> list[str]:
    """What differs, oracle first, in one line each."""
    pairs = [("whole", ours, theirs), *((short(o.part), o, t) for o, t in zip(ours.parts, theirs.parts, strict=False))]
    found = [] if len(ours.parts) == len(theirs.parts) else [f"parts: {ours.parts} against {theirs.parts}"]
    for where, one, other in pairs:
        for name in (f.name for f in dataclasses.fields(one) if f.name != "parts"):
            if getattr(one, name) != getattr(other, name):
                found.append(f"{where}: {name} {short(getattr(one, name))}, production {short(getattr(other, name))}")
    return found
