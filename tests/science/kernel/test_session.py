"""Step mode: decisions, futures, live starts."""
import dataclasses

import numpy as np
import pytest

from beiji.science import session as s
from beiji.science.errors import ScienceError
from beiji.science.policies import Candidate, choose
from beiji.science.run import simulate
from beiji.science.scenario import COLOURS, POLICIES, LiveCasualty
from beiji.science.session import Session

from . import cities
from .audit import faults

TOWN, INCIDENT = cities.city(5, 20), cities.scenario(100)


def deaths(record):
    return float(record["casualties"]) - float(record["survivors_q"]) * 2.0**-40


def test_every_decision_keeps_the_counts_right():
    session = Session(TOWN, INCIDENT, seed=3).advance(45)
    red = int(np.flatnonzero(session.sim.body["phase"] == 1)[0])
    for decision in (s.open_units("h000", "theatres", 4), s.open_units("h001", "resus_bays", -2), s.divert("h002", {"red"}), s.divert("h003", set()),
                     s.call_wave("h000", 2), s.shift_declaration("h001", 45), s.shift_declaration("h002", -10), s.retag(red, "red"), s.retag(red, "green")):
        session.apply(decision)
        assert faults(session) == []
    for minute in range(60, 600, 30):
        assert faults(session.advance(minute)) == []
    with pytest.raises(ScienceError, match="before the present minute"):
        session.advance(10)
    with pytest.raises(ScienceError, match="Unknown kind"):
        session.apply(s.Decision("pray"))


def test_a_closed_hospital_gets_no_more_ambulances():
    open_run, closed = Session(TOWN, INCIDENT, seed=3, trace=True), Session(TOWN, INCIDENT, seed=3, trace=True)
    closed.apply(s.divert("h000", set()))
    sent = []
    for session in (open_run, closed):
        session.close()
        lines = session.sim.trace[: session.sim.control["traced"][0]]
        sent.append(int(((lines["code"] == 4) & (lines["value"] == session.model.site("h000")) & (lines["site"] < session.model.scenes)).sum()))
    assert sent[0] > 0
    assert sent[1] == 0


def test_declaring_later_and_calling_a_wave_move_the_steps():
    def resus_teams(session):
        return int(session.sim.unit["cap"][session.model.site("h000") * len(session.model.kinds) + session.model.kind("resus_teams")])
    late = Session(TOWN, INCIDENT, seed=3).apply(s.shift_declaration("h000", 600)).advance(500)
    usual = Session(TOWN, INCIDENT, seed=3).advance(500)
    assert resus_teams(late) == 3
    assert resus_teams(usual) == 10
    before = Session(TOWN.with_hospital("h000", {"hospital.callin_wave2_min": 240}), INCIDENT, seed=3).advance(30)
    called = before.branch().apply(s.shift_declaration("h000", -240)).advance(70)
    assert resus_teams(called) >= resus_teams(before.advance(70))


def test_futures_share_the_past_and_differ_after():
    session = Session(TOWN, INCIDENT, seed=3).advance(40)
    futures = session.futures(6)
    assert all(np.array_equal(f.sim.body["template"], session.sim.body["template"]) for f in futures)
    ends = {deaths(f.close()) for f in futures}
    assert len(ends) == 6
    assert session.snapshot()["minute"] == 40


def test_snapshot_tells_what_can_be_seen():
    snapshot = Session(TOWN, INCIDENT, seed=3).advance(60).snapshot()
    assert sum(snapshot["phases"].values()) + snapshot["dead"] >= 100
    assert {"site", "kind", "capacity", "busy"} <= set(snapshot["units"][0])
    assert snapshot["survivors_so_far"] < 100


@pytest.mark.parametrize("policy", POLICIES)
def test_the_kernels_choice_is_the_plain_choice(policy):
    """Each departure of a replication, looked at just before it happens, against policies.choose."""
    shares = {h.code: 0.2 for h in TOWN.hospitals}
    incident = dataclasses.replace(INCIDENT, table={("", "red"): (("h000", 6), ("h001", 4)), ("", ""): (("h003", 9), ("h004", 9), ("h002", 5))},
                                   split={("", ""): shares}, transfers=False)
    town = TOWN.with_hospital("h002", {}, accepts=frozenset({"green", "yellow"}))
    whole = Session(town, incident, seed=8, policy=policy, trace=True, horizon_min=400.0)
    whole.close()
    lines = whole.sim.trace[: whole.sim.control["traced"][0]]
    departures = lines[lines["code"] == 4]
    assert len(departures) > 20
    look = Session(town, incident, seed=8, policy=policy, horizon_min=400.0)
    for line in departures:
        look.advance(line["at"] - 1e-7)
        hospitals, rules = plain_view(look, int(line["casualty"]), int(line["site"]))
        assert choose(policy, hospitals, **rules) == whole.model.sites[line["value"]]


def plain_view(session, who, scene):
    """The candidates and rules as policies.choose wants them."""
    sim, model = session.sim, session.model
    par, c = sim.par[0], sim.body[who]
    lane = int(c["colour"]) if c["colour"] < 3 else 0
    factor = par["hour_factor"][int(par["start_hour"] + session.now_min / 60) % 24]
    hospitals = []
    for h in range(model.scenes, len(model.sites)):
        site, k = sim.site[h], h - model.scenes
        plan = sim.plan[scene, lane, k]
        hospitals.append(Candidate(model.sites[h], sim.travel[scene, h] * factor, int(site["level"]), bool(site["accepts"] >> lane & 1), int(site["load"][lane]),
                                   int(sim.unit["cap"][h * len(model.kinds) + par["front_kind"][lane]]), float(site["weight"][lane]),
                                   None if plan < 0 else float(plan), int(sim.quota[scene, lane, k]), int(sim.sent[scene, lane, k])))
    rules = {"red": lane == 0, "green": lane == 2, "top_level": int(par["top_level"]), "weight_min": par["spread_weight_min"], "protect_min": par["protect_min"],
             "overflow": par["overflow"], "casualty_key": int(c["key"])}
    return hospitals, rules


def test_a_live_start_by_hand():
    """What is not known is drawn; who rides arrives; who waits is served; groups and colours as given."""
    live = (LiveCasualty("h000", "resus", running_min=20.0, colour="red", group="red", since_min=50.0),
            LiveCasualty("h000", "theatre_lifesaving", colour="red", group="red", since_min=70.0, holding="resus", done=("resus",)),
            LiveCasualty("h001", riding_until=12.0, colour="yellow", since_min=30.0), LiveCasualty("s0", "load", colour="red", since_min=25.0))
    incident = dataclasses.replace(INCIDENT, live=live)
    session = Session(TOWN, incident, seed=1)
    session.advance(0.0)
    assert faults(session) == []
    assert all(faults(session.advance(m)) == [] for m in range(10, 300, 10))
    assert session.sim.control["outcome"]["arrived"][0] > 0
    r = simulate(TOWN, incident, replications=20, threads=2, unlimited=False)
    assert (r.out["casualties"] == 104).all()
    assert COLOURS[0] == "red"


def test_playback_tells_the_story_in_words():
    session = Session(TOWN, INCIDENT, seed=1, trace=True)
    session.close()
    story = session.events()
    assert [e["minute"] for e in story] == sorted(e["minute"] for e in story)
    assert {"reached", "join", "start", "done", "depart", "arrive", "leave", "colour", "step"} <= {e["what"] for e in story}
    one = [e["what"] for e in story if e["casualty"] == story[0]["casualty"]]
    assert one[0] in ("reached", "walk", "die")
