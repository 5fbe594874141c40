"""Decisions of a session are checked: whatever is no decision is refused in a sentence, and nothing has changed then."""

import dataclasses
import math

import numpy as np
import pytest

from beiji.science import session as s
from beiji.science.errors import ScienceError
from beiji.science.session import Decision, Session

from . import cities

TOWN, INCIDENT = cities.city(5, 20), cities.scenario(100)


@pytest.fixture(scope="module")
def session():
    return Session(TOWN, INCIDENT, seed=3).advance(45)


REFUSED = [
    (s.retag(10**7, "red"), "no casualty 10000000; there are 0 to 99"),
    (s.retag(-1, "red"), "no casualty -1"),
    (s.retag(0, "purple"), "Unknown colour 'purple'"),
    (s.open_units("h000", "icu_beds", -(10**6)), "no more than"),
    (s.open_units("h000", "icu_beds", 10**9), "1,000,000"),
    (s.open_units("h000", "icu_beds", 2.5), "not a whole number"),
    (s.open_units("h000", "icu_beds", math.nan), "not a whole number"),
    (s.open_units("h0", "icu_beds", 1), "Unknown place 'h0'"),
    (s.open_units("h000", "icu_bed", 1), "Unknown resource 'icu_bed'"),
    (s.divert("s0", {"red"}), "'s0' is no hospital"),
    (s.divert("h000", {"purple"}), "Unknown colour 'purple'"),
    (s.call_wave("h000", 7), "Wave 7"),
    (s.call_wave("nowhere", 1), "Unknown place"),
    (s.shift_declaration("h000", math.nan), "not a number of minutes"),
    (s.shift_declaration("h000", math.inf), "not a number of minutes"),
    (s.shift_declaration("s0", 5), "is no hospital"),
    (Decision("pray"), "Unknown kind"),
]


@pytest.mark.parametrize(("decision", "said"), REFUSED, ids=lambda part: str(part)[:60])
def test_what_is_no_decision_is_refused_in_a_sentence_and_changes_nothing(session, decision, said):
    before = session.copy()
    with pytest.raises(ScienceError) as error:
        session.apply(decision)
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert all(np.array_equal(a, b) for a, b in zip(before, session.sim, strict=True) if a.dtype.names is None)
    assert before.unit["cap"].tolist() == session.sim.unit["cap"].tolist()
    assert before.body["colour"].tolist() == session.sim.body["colour"].tolist()


@pytest.mark.parametrize("minute", [math.nan, math.inf, 10.0])
def test_a_session_goes_on_to_a_minute_that_there_is(session, minute):
    with pytest.raises(ScienceError):
        session.advance(minute)


def test_closing_what_is_there_is_a_decision(session):
    branch = session.branch()
    unit = branch.model.site("h000") * len(branch.model.kinds) + branch.model.kind("theatres")
    now = int(branch.sim.unit[unit]["cap"])
    assert now > 0
    branch.apply(s.open_units("h000", "theatres", -now))
    assert int(branch.sim.unit[unit]["cap"]) == 0
    with pytest.raises(ScienceError, match="no more than 0"):
        branch.apply(s.open_units("h000", "theatres", -1))


def test_a_place_too_far_is_said_of_the_place():
    """Weights of who leaves on foot fall to nothing at such a distance; that was told as a fault of the engine."""
    from beiji.science.city import Point
    from beiji.science.run import simulate

    far = dataclasses.replace(INCIDENT, scenes=(dataclasses.replace(INCIDENT.scenes[0], at=Point(-33.0, -70.0)), *INCIDENT.scenes[1:]))
    with pytest.raises(ScienceError) as error:
        simulate(TOWN, far, replications=2)
    assert "scene s0" in str(error.value)
    assert "minutes away" in str(error.value)
    assert "engine" not in str(error.value)
