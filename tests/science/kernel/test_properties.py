"""Properties over random cities and incidents (Hypothesis): counts, conservation, exact attribution, steps equal batch."""

import dataclasses
import os

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.science import outcome
from beiji.science.run import simulate
from beiji.science.scenario import Scene
from beiji.science.session import Session

from . import cities
from .audit import faults

EXAMPLES = 400 if os.environ.get("BEIJI_FULL") == "1" else 25
KINDS = sorted(cities.SIZES[3])


@st.composite
def cases(draw):
    """A small random city with a random incident: capacities that rise, fall and are nought, all policies, late scenes, contamination."""
    hospitals = draw(st.integers(1, 5))
    town = cities.city(
        hospitals,
        {0: draw(st.integers(1, 12)), 45: draw(st.integers(1, 20))},
        factor=draw(st.sampled_from((0.5, 1.0, 2.0))),
        policy=draw(st.sampled_from(("nearest", "proportional", "spread", "concentrate"))),
        occupied=draw(st.floats(0, 2)),
    )
    for _ in range(draw(st.integers(0, 4))):
        steps = {0: draw(st.integers(0, 5))}
        for minute in sorted(draw(st.sets(st.integers(5, 300), max_size=3))):
            steps[minute] = draw(st.integers(0, 6))
        town = town.with_hospital(
            draw(st.sampled_from(["", *(h.code for h in town.hospitals)])),
            {f"hospital.{draw(st.sampled_from(KINDS))}": steps},
        )
    town = town.with_hospital(
        "",
        {
            "hospital.declare_min": draw(st.integers(0, 120)),
            "hospital.ed_clear_min": draw(st.integers(0, 120)),
            "hospital.callin_wave1_share": draw(st.floats(0, 1)),
        },
        activation=draw(st.sampled_from(("standby", "partial", "full", "over"))),
    )
    scenes = tuple(
        Scene(
            f"s{k}",
            cities.Point(32.4 + 0.01 * k, 119.4),
            draw(st.integers(0, 25)),
            start_min=float(draw(st.sampled_from((0, 0, 30, 200)))),
            contaminated=draw(st.sampled_from((0.0, 0.5))),
            decon_lanes=draw(st.sampled_from((None, {10: 1}))),
        )
        for k in range(draw(st.integers(1, 3)))
    )
    scenes = (dataclasses.replace(scenes[0], casualties=scenes[0].casualties + 1), *scenes[1:])
    red = draw(st.floats(0, 1))
    mix = {"red": red, "yellow": (1 - red) / 2, "green": (1 - red) / 4, "black": (1 - red) / 4}
    incident = cities.scenario(
        1, scenes=1, mix=mix, grid_failure_min=draw(st.sampled_from((None, 90.0))), transfers=draw(st.booleans())
    )
    return town, dataclasses.replace(incident, scenes=scenes), draw(st.integers(0, 2**40))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_everything_adds_up(case):
    town, incident, seed = case
    r = simulate(town, incident, replications=3, seed=seed, threads=1)
    o = r.out
    n = incident.casualties()
    assert (o["left"] + o["in_stage"] + o["waiting"] + o["riding"] + o["unreached"] + o["dead"] == n).all()
    assert outcome.residue(r) == 0
    assert (o["survivors_q"] <= o["reference_q"]).all()
    assert (o["loss_q"] >= 0).all()
    session = Session(town, incident, seed=seed, replication=2)
    for minute in (1, 30, 61, 95, 140, 250, 500, 1000):
        assert faults(session.advance(float(minute))) == []
    end = session.close()
    assert all(np.array_equal(end[f], o[2][f]) for f in o.dtype.names if not f.startswith("unlimited_"))
