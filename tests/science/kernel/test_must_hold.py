"""What must hold of capacity. "More never raises expected deaths" is false even for one queue; these are the sentences that are true."""

import dataclasses
import random

import numpy as np
import pytest

from beiji.science.draws import exponential, lognormal
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals
from beiji.science.session import Session

from . import cities

#: Their number decides what is occupied before the alert, or what the blood station brings: more of them is another city.
NOT_APART = {"blood_units"}


def test_units_of_a_kind_that_never_was_short_change_nothing():
    """(a) Routing blind to load, no transfers: what was never lacking, at no hospital and in no replication, may be there five times more often: bit for bit."""
    town = cities.city(4, 20, policy="nearest", occupied=0.0)
    incident = cities.scenario(70, transfers=False)
    base = simulate(town, incident, replications=12, threads=1, unlimited=False)
    short = {(row["site"], row["kind"]) for row in base.saturation}
    tried = 0
    for h in town.hospitals:
        more = {
            key: {minute: value + 5 for minute, value in table.items()}
            for key, table in h.day.items()
            if isinstance(table, dict) and key.removeprefix("hospital.") not in NOT_APART and (h.code, key.removeprefix("hospital.")) not in short
            and table[0] > 0
        }
        tried += len(more)
        other = simulate(town.with_hospital(h.code, more), incident, replications=12, threads=1, unlimited=False)
        assert all(np.array_equal(base.out[name], other.out[name], equal_nan=base.out[name].dtype.kind == "f") for name in base.out.dtype.names)
    assert tried > 20


@pytest.mark.parametrize("number", range(8))
def test_at_one_station_nobody_starts_later_with_one_server_more(number):
    """(b) First come, first served, nobody dies or is tagged anew: with one server more no start is later."""
    r = random.Random(number)
    lists = (Arrivals("a", count=120, gap=exponential(r.uniform(0.5, 2.0)), hospital="q", stage="serve", colours=("green",)),)
    starts = []
    for servers in (1 + number % 4, 2 + number % 4):
        case = cities.queue_case({"server": servers}, {"serve": ("server", lognormal(r.choice([2.0, 2.0]), 1.2))}, lists)
        rows = simulate(*case, replications=1, seed=number + 1, threads=1, unlimited=False, horizon_min=5000.0, detail="casualty").casualties
        starts.append({row["casualty"]: row["end_min"] for row in rows})
    assert starts[0].keys() == starts[1].keys()
    assert all(starts[1][who] <= starts[0][who] + 1e-9 for who in starts[0])
    assert any(starts[1][who] < starts[0][who] - 1.0 for who in starts[0])


@pytest.mark.parametrize("factor", [0.6, 1.0])
def test_nobody_is_exposed_longer_where_nothing_is_short(factor):
    """(c) All red, looks without error, no change of colour by waiting, no transfers, destinations blind to load, every kind there (a hospital without a scanner passes
    CT over and saves its minutes): each casualty's exposure with everything
    unlimited is at most that of the finite run."""
    sure = {"look.undertriage": 0.0, "look.overtriage": 0.0, "hospital.door_triage_undertriage": 0.0, "retriage.round_min": 120.0}
    incident = cities.scenario(50, transfers=False, mix={"red": 1.0}, parameters=sure)
    incident = dataclasses.replace(incident, scenes=tuple(dataclasses.replace(s, contaminated=0.0) for s in incident.scenes))
    town = cities.city(3, 30, factor=factor, policy="nearest")
    for replication in range(12):
        finite = Session(town, incident, replication=replication)
        ideal = Session(town, incident, replication=replication, model=finite.model.unlimited())
        finite.close()
        ideal.close()
        alive = finite.sim.body["dead"] == 0
        assert alive.sum() > 5
        late = ideal.sim.body["exposure"][alive] - finite.sim.body["exposure"][alive]
        assert late.max() <= 1e-6, late.max()
