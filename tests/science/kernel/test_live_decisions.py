"""Decisions that move and order people, and the log: undo is its replay without the last."""
import dataclasses

import numpy as np
import pytest

from beiji.science import session as s
from beiji.science.errors import ScienceError
from beiji.science.kernel.codes import WAITING
from beiji.science.session import Session

from . import cities
from .audit import faults

TOWN, INCIDENT = cities.city(5, {0: 15, 30: 30}, hospital_keys={"hospital.theatres": 1, "hospital.icu_beds": 40}), cities.scenario(160)


@pytest.fixture(scope="module")
def session():
    return Session(TOWN, INCIDENT, seed=3, trace=True).advance(150)


def waiting(session, station):
    """Casualties who wait for a station: (hospital, who), in the order of their queues."""
    T, found = len(session.model.stations), []
    for k, q in enumerate(session.sim.queue):
        if session.model.stations[k % T] == station:
            for head in q["head"]:
                who = int(head)
                while who >= 0:
                    found.append((session.model.sites[k // T], who))
                    who = int(session.sim.body[who]["next"])
    return found


def test_a_transfer_that_is_decided_takes_the_casualty_to_that_hospital(session):
    branch = session.branch()
    here, who = waiting(branch, "theatre_lifesaving")[-1]
    there = next(code for code in branch.model.sites[branch.model.scenes:] if code != here)
    branch.apply(s.transfer(who, there))
    assert faults(branch) == []
    body = branch.sim.body[who]
    assert branch.model.rows[body["row"]] == "transfer_prepare"
    for minute in range(160, 900, 20):
        assert faults(branch.advance(minute)) == []
    assert body["moved"] == 1 or body["dead"] or body["phase"] == WAITING
    if body["moved"]:
        assert branch.model.sites[body["site"]] == there or branch.model.sites[body["to"]] == there


def test_an_order_of_theatre_is_kept(session):
    branch = session.branch()
    rows = waiting(branch, "theatre_lifesaving")
    here = max({site for site, _ in rows}, key=lambda site: sum(h == site for h, _ in rows))
    own = [who for site, who in rows if site == here]
    assert len(own) >= 2
    wanted = own[::-1][:2]
    branch.apply(s.theatre_order(here, wanted))
    assert faults(branch) == []
    now = [who for site, who in waiting(branch, "theatre_lifesaving") if site == here]
    assert now[:2] == wanted
    assert sorted(now) == sorted(own)


def test_undo_is_the_replay_of_the_log_without_the_last_decision():
    def fresh():
        return Session(TOWN, INCIDENT, seed=4, replication=1)

    plain = fresh().advance(60).apply(s.open_units("h001", "resus_bays", 2)).advance(140)
    other = fresh().advance(60).apply(s.open_units("h001", "resus_bays", 2)).advance(90)
    other.apply(s.divert("h000", set())).advance(120)
    other.apply(s.call_wave("h002", 2)).advance(140)
    assert [decision.kind for _, decision in other.log] == ["change", "divert", "wave"]
    assert [minute for minute, _ in other.log] == [60.0, 90.0, 120.0]
    assert other.undo().kind == "wave"
    assert other.undo().kind == "divert"
    assert other.now_min == 140.0
    assert all(np.array_equal(a, b) for a, b in zip(plain.copy(), other.copy(), strict=True))
    again = fresh().replay(plain.log, 140.0)
    assert np.array_equal(again.sim.body, plain.sim.body)
    assert other.undo().kind == "change"
    with pytest.raises(ScienceError, match="nothing to take back"):
        other.undo()


def test_undo_of_a_branch_ends_where_the_branch_began(session):
    branch = session.branch()
    before = branch.copy()
    branch.apply(s.open_units("h001", "theatres", 1))
    branch.undo()
    assert all(np.array_equal(a, b) for a, b in zip(before, branch.copy(), strict=True))


def test_what_is_opened_where_there_was_none_is_used():
    none = TOWN.with_hospital("", {"hospital.theatres": 0}).with_hospital("h000", {"hospital.theatres": 1})
    incident = dataclasses.replace(INCIDENT, transfers=False)
    shut = Session(none, incident, seed=3).advance(60)
    opened = shut.branch().apply(s.open_units("h001", "theatres", 2))
    site = shut.model.site("h001")

    def operated(session):
        session.advance(900)
        return int(((session.sim.body["site"] == site) & (session.sim.body["operated"] == 1)).sum())

    assert operated(shut) == 0
    assert operated(opened) > 0


def test_decisions_that_cannot_be_are_refused_in_one_sentence_and_no_log_is_kept(session):
    here, who = waiting(session, "theatre_lifesaving")[0]
    riding = int(np.flatnonzero(session.sim.body["phase"] != WAITING)[0])
    refused = [
        (s.transfer(10**6, "h001"), "There is no casualty 1000000"), (s.transfer(who, here), "already"), (s.transfer(who, "h0001"), "Did you mean 'h00"),
        (s.transfer(who, "s0"), "is no hospital"), (s.transfer(riding, "h001"), "does not wait at a hospital"), (s.theatre_order(here, ()), "names nobody"),
        (s.theatre_order(here, (who, who)), "somebody twice"), (s.theatre_order(here, (riding,)), "does not wait for an operation"),
        (s.open_units("h000", "icu_bed", 1), "Did you mean 'icu_beds'"), (s.retag(who, "yelow"), "Did you mean 'yellow'"),
        (s.divert("h000", {"rd"}), "Did you mean 'red'"),
    ]
    before = len(session.log)
    for decision, said in refused:
        with pytest.raises(ScienceError) as error:
            session.apply(decision)
        assert said in str(error.value), (decision, str(error.value))
        assert len(str(error.value).splitlines()) == 1
    assert len(session.log) == before
