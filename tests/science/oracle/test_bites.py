"""The comparison bites: each fault, put into the twin or into its inputs, is found. A fault that passed would mean that nobody looks there."""

import dataclasses
import math

import pytest

from beiji.science import parameters

from ..kernel import cities
from . import body, draws, queues, stages, twin
from .cases import ties
from .compare import differences


def town_and_incident(blood=None):
    """A short city in which every mechanism is used: waits, deaths, re-labelling, transfers, contamination, power cut; with `blood`, few units and late ones."""
    scarce = {} if blood is None else {"hospital.blood_units": blood, "hospital.blood_delivery_min": 480.0}
    town = cities.city(5, 15, factor=0.5, hospital_keys={"hospital.reverse_triage_share": 0.3, "hospital.ward_beds": 8, **scarce})
    town = town.with_hospital("h004", {"hospital.icu_beds": 0}).with_hospital("h001", {"hospital.theatres": {0: 0, 30: 1}})
    return town, cities.scenario(90, 3, mix={"red": 0.4, "yellow": 0.35, "green": 0.2, "black": 0.05}, grid_failure_min=100.0)


class WrongPriority(twin.Replication):
    """Within a station, yellow before red."""

    def lane_in(self, c, row):
        """As it should be, but yellow before red."""
        lane = super().lane_in(c, row)
        return {0: 1, 1: 0}.get(lane, lane)


class LostRelease(twin.Replication):
    """One X-ray room is never given back."""

    lost = False

    def use(self, site, kind, units):
        """As it should be, but once."""
        if units < 0 and not self.lost and self.inputs.kinds[kind] == "xray_rooms":
            self.lost = True
            return
        super().use(site, kind, units)


class NoExitBlock(twin.Replication):
    """Places are given back at the end of the stage, not when the next place is granted."""

    def on_done(self, c, number):
        """Places first."""
        if not c.site.is_scene and number == c.done_number:
            self.release_places(c)
        super().on_done(c, number)


class NoRelabel(twin.Replication):
    """The tag stays what it was."""

    def relabel(self, c):
        """Nothing."""


class EffectsNeverWearOff(twin.Replication):
    """First aid for ever."""

    def on_done(self, c, number):
        """Partial effects last."""
        super().on_done(c, number)
        if c.partial_until > 0.0:
            c.partial_until = math.inf


class BloodComesBack(twin.Replication):
    """Blood is a service."""

    def on_done(self, c, number):
        """Two units come back after an operation."""
        station, site = c.row.station, c.site
        super().on_done(c, number)
        for kind, units in station.needs:
            if self.inputs.kinds[kind] == "blood_units":
                self.use(site, kind, -units)


class TheDeadKeepTheirBed(twin.Replication):
    """Who dies while waiting for the next place keeps the one he has."""

    def clear_away(self, c):
        """No places given back."""
        c.holds = []
        super().clear_away(c)


class LoadNeverFalls(twin.Replication):
    """The front door's load counts those upstairs too."""

    def off_load(self, c):
        """Nothing."""


class AmbulancesPark(twin.Replication):
    """Ambulances stay at the hospital."""

    def on_free(self, c, hospital):
        """Parked."""
        hospital.parked += 1


class WrongCause(twin.Replication):
    """Every wait is put down to the first kind: outcomes agree, causes do not."""

    def share_wait(self, c, amount):
        """To the first kind."""
        if amount:
            self.lose(c, amount, self.inputs.kinds[c.row.station.needs[0][0]])


class TransfersIgnoreQueues(twin.Replication):
    """Anywhere possible is good enough."""

    def other_hospital(self, c, row):
        """The nearest possible one, free or not."""
        reached = self.possible_elsewhere(c, row)
        return min(reached)[2] if reached else None


class HourOfArrival(twin.Replication):
    """Hour factors an hour late."""

    def hour_factor(self, minute):
        """An hour late."""
        return super().hour_factor(minute + 60.0)


class OneMoreReplication(twin.Replication):
    """Draws of the next replication for hospitals only."""

    def key(self, entity_kind, stable_id):
        """Another key for hospitals."""
        return draws.key_of(self.seed, self.replication + (entity_kind == draws.HOSPITAL), entity_kind, stable_id)


TWINS = [WrongPriority, LostRelease, NoExitBlock, NoRelabel, EffectsNeverWearOff, BloodComesBack, TheDeadKeepTheirBed, LoadNeverFalls, AmbulancesPark, WrongCause,
         TransfersIgnoreQueues, HourOfArrival, OneMoreReplication]
SHORT_OF_BLOOD = (BloodComesBack, TheDeadKeepTheirBed)


@pytest.mark.parametrize("blood", [None, 4, 10])
def test_the_city_of_the_faults_agrees_without_a_fault(blood):
    assert differences(*town_and_incident(blood), replications=3) == []


@pytest.mark.parametrize("fault", TWINS, ids=lambda fault: fault.__name__)
def test_a_fault_of_a_mechanism_is_found(fault):
    town, incident = town_and_incident(10 if fault in SHORT_OF_BLOOD else None)
    if fault is TheDeadKeepTheirBed:
        town = town.with_hospital("", {"hospital.resus_bays": 1, "hospital.urgent_places": 2, "hospital.minor_places": 2})
    if fault is HourOfArrival:
        incident = dataclasses.replace(incident, hour=16.5)
    assert differences(town, incident, replications=3, twin_class=fault)


@pytest.mark.parametrize(("key", "value"), [
    ("hospital.declare_min", 21.0), ("hospital.callin_wave2_min", 119.0), ("hospital.callin_wave1_share", 0.1), ("hospital.ed_clear_min", 61.0),
    ("hospital.reverse_triage_share", 0.0), ("hospital.blood_delivery_min", 90.0), ("hospital.power_min", 16.0), ("hospital.door_triage_overtriage", 0.26),
    ("hospital.ct_report_min", 31.0), ("hospital.transfer_teams", 2), ("hospital.ventilators", 2)])
def test_a_wrong_number_of_a_hospital_is_found(key, value):
    """A late declaration, a late wave, a wrong share: in two hospitals of five."""
    town, incident = town_and_incident(4 if "blood" in key else None)
    wrong = town
    for code in ("h000", "h001") if key != "hospital.ventilators" else ("h000", "h001", "h002", "h003"):
        wrong = wrong.with_hospital(code, {key: value})
    assert differences(town, incident, replications=6, twin_city=wrong)


@pytest.mark.parametrize(("name", "change"), [
    ("travel.river_min", None), ("transfer.wait_limit_min", 91.0), ("travel.rollout_min", 3.0), ("policy.load_weight_min", 40.0), ("effect.resus_rate", 0.31),
    ("effect.blood_short_rate", 0.9), ("take.red.icu", 0.6), ("body.rate_cv", 0.31), ("scene.first_aid_teams", 3.0), ("hospital.callin_cv", 0.3)])
def test_a_wrong_parameter_is_found(name, change):
    """`travel.river_min` is not used in this city and must not be found: the comparison does not cry wolf."""
    town, incident = town_and_incident(4 if "blood" in name else None)
    value = parameters.register()[name] + 1.0 if change is None else change
    wrong = dataclasses.replace(incident, parameters={**incident.parameters, name: value})
    assert bool(differences(town, incident, replications=6, twin_scenario=wrong)) is (change is not None)


def test_a_wrong_order_of_classes_is_found_on_ties(monkeypatch):
    monkeypatch.setattr(stages, "DONE_CLASS", 2.5)
    town, incident = ties("nearest", 2)
    assert differences(town, incident, replications=4)


def test_the_last_come_served_first_is_found_on_ties(monkeypatch):
    plain = twin.Replication.stand

    def stand(self, c, q, lane):
        plain(self, c, q, lane)
        line = c.site.queue[q][lane]
        line.remove(c)
        line.insert(0, c)
    monkeypatch.setattr(twin.Replication, "stand", stand)
    assert differences(*ties("nearest", 1), replications=2)


def test_a_coarse_curve_is_found(monkeypatch):
    plain = body.survival
    monkeypatch.setattr(body, "survival", lambda curve, x: plain(curve, 5.0 * math.floor(x / 5.0)))
    assert differences(*town_and_incident(), replications=1)


def test_a_draw_of_another_occurrence_is_found(monkeypatch):
    plain = stages.u
    for module in (queues, stages):
        monkeypatch.setattr(module, "u", lambda key, purpose, occurrence=0: plain(key, purpose, 0))
    assert differences(*town_and_incident(), replications=3)
