"""The comparison sees the way of a casualty: each sentence of the model card about people, looks, stepping aside, moves and shifts, left out of the twin or got
wrong in it, is found. Every fault is one that a careless reader of the card might write."""

import dataclasses

import pytest

from beiji.science.run import simulate

from ..kernel import cities
from . import faults, faults_at_doors, twin
from .cases import thinner
from .compare import by_replication, by_site, ready
from .inputs import Inputs

REPLICATIONS = 10
MIX = {"red": 0.4, "yellow": 0.35, "green": 0.15, "black": 0.1}
PARAMETERS = {"transfer.wait_limit_min": 25.0, "look.undertriage": 0.15, "look.overtriage": 0.15, "hospital.ordinary_share": 0.3, "shift.reporter_home_min": 25.0}


def few_people(expectant=0, mix=MIX, **other):
    """Five hospitals that have too few of everybody, towards the evening: the night's people come at minute 80. One has no theatre, one no intensive care."""
    town = cities.city(5, 15, factor=0.5, hospital_keys={"hospital.blood_units": {0: 3}, "hospital.blood_delivery_min": 60.0, "hospital.nurses": {0: 5, 30: 9},
                                                          "hospital.ct_reporters": 1})
    town = town.with_hospital("h004", {"hospital.icu_beds": 0}).with_hospital("h001", {"hospital.theatres": 0}).with_hospital("h003", {"hospital.transfer_teams": 2})
    people = {f"hospital.{kind}" for kind in ("nurses", "surgeons", "anaesthetists", "physicians", "resus_teams")}
    nights = [{key: thinner(value, 0.5) if key in people else value for key, value in h.night.items()} for h in town.hospitals]
    town = dataclasses.replace(town, hospitals=tuple(dataclasses.replace(h, night=night) for h, night in zip(town.hospitals, nights, strict=True)),
                               day={**town.day, "city.expectant": expectant}, night={**town.night, "city.expectant": expectant})
    parameters = PARAMETERS | other
    incident = cities.scenario(80, 2, mix=mix, parameters=parameters)
    return town, ready(dataclasses.replace(incident, hour=18.0 - 80.0 / 60.0))


TOWNS = {"evening": few_people(), "lets wait": few_people(expectant=1, mix={"red": 0.3, "yellow": 0.2, "black": 0.5}), "night": few_people(**{"shift.reporter_home_min": 120.0}),
         "many moves": few_people(**{"transfer.wait_limit_min": 15.0})}
TOWNS["doors"] = TOWNS["evening"][0].with_hospital("", {"hospital.waiting_room": 3}).with_hospital("h002", {"hospital.waiting_room": 0}), TOWNS["evening"][1]
TOWNS["night"] = TOWNS["night"][0], dataclasses.replace(TOWNS["night"][1], hour=2.0)


FAULTS = [
    *((fault, "evening") for fault in (
        faults.AllOrNobody, faults.NobodyStepsAside, faults.SecondPlaceFirst, faults.NobodyIsToppedUp, faults.OwnPeopleAreNotIdle, faults.OnlyForMorePeople, faults.WorkIsLost, faults.MinutesDoNotStretch, faults.HalfATeamProtectsAsWell,
        faults.BesideIsAsGood, faults.BloodAtEachTopUp, faults.PlacesAreNeededTwice, faults.LooksSeeOnlyTheInjury, faults.LooksNeverErr, faults.EachLookDrawsTheSame, faults.OneLookOnly, faults.LooksLeaveThePath,
        faults.WhoGoesDownKeepsTheBay, faults.SecondLookForBlack, faults.FirstCareKeepsThePath, faults.WorseIsSeenAtOnce, faults.NewTagsGoToTheTail, faults.EveryQueueAtItsTail, faults.DeferredByColour, faults_at_doors.SurgeryByColour, faults_at_doors.HeadsFirst, faults.OpenNeedsStop,
        faults.NothingIsKept, faults.WhoComesMovedQueues, faults.SecondQueuesWait, faults.TheLastRefusalGetsItAll, faults.CareEndsAtTheLook, faults.NoShifts, faults.NobodyIsSentHome, faults.WholeReportReads,
        faults.NursesOfBeforeAreFree, faults.AllOfBeforeAreCleared, faults.LimitForTheImpossible)),
    (faults.KeptForTheDead, "many moves"), (faults.MovedOnce, "many moves"), (faults.BlackHoldsTheTheatre, "lets wait"), (faults.TheDeadAreToppedUp, "lets wait"), (faults.RadiologistInTheHouse, "night"),
    *((fault, "doors") for fault in (faults_at_doors.NobodyGoesOn, faults_at_doors.AnyDoorIsNearest, faults_at_doors.VehiclesAreFreeAtOnce, faults_at_doors.LastVehicleFirst, faults_at_doors.SeatsUntilTriage))]


@pytest.fixture(scope="module")
def engine():
    """The engine's results by town, each run once."""
    made = {}

    def results(name):
        if name not in made:
            made[name] = simulate(*TOWNS[name], replications=REPLICATIONS, seed=3, threads=1, unlimited=False, detail="casualty")
        return made[name]
    return results


def first_difference(results, name, fault=None):
    """The first sentence on a difference, replication by replication, then in the sums; None if there is none."""
    inputs = (fault if fault and issubclass(fault, Inputs) else Inputs)(*TOWNS[name])
    made = fault if fault and issubclass(fault, twin.Replication) else twin.Replication
    runs = []
    for k in range(REPLICATIONS):
        runs.append(made(inputs, 3, k).run())
        if found := next(by_replication(results, k, runs[-1]), None):
            return found
    return next((line for s, code in enumerate(results.model.sites) for line in by_site(results, [run["sites"][s] for run in runs], s, code)), None)


@pytest.mark.parametrize("name", TOWNS)
def test_the_towns_of_the_faults_agree_without_a_fault(engine, name):
    assert first_difference(engine(name), name) is None


@pytest.mark.parametrize(("fault", "name"), FAULTS, ids=lambda x: getattr(x, "__name__", x))
def test_a_fault_on_the_way_is_found(engine, fault, name):
    assert first_difference(engine(name), name, fault)
