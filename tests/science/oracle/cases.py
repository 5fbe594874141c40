"""Cities and incidents on which kernel and twin are compared: random ones with every mechanism, and one where everything happens at the same minutes."""

import dataclasses
import math
import random

from beiji.science.city import Base, City, Hospital, Point
from beiji.science.draws import exponential, fixed, quantiles, triangular, uniform_law
from beiji.science.pathway import KINDS
from beiji.science.scenario import Arrivals, Scenario, Scene

from ..kernel import cities

SPARSE = ("ct_scanners", "xray_rooms", "icu_beds", "ventilators", "resus_bays", "resus_teams", "theatres", "minor_places", "urgent_places", "surgeons", "decon_lanes",
          "transfer_teams", "oxygen_places", "nurses", "physicians", "anaesthetists", "ct_reporters")
MIXES = ({"red": 0.5, "yellow": 0.3, "green": 0.2}, {"red": 0.2, "yellow": 0.3, "green": 0.4, "black": 0.1})
STAGES = ("scene_decon", "scene_triage", "first_aid", "load", "hospital_decon", "door_triage", "resus_look", "resus", "urgent_look", "urgent", "minor_look", "minor", "xray", "ct", "ct_read", "ct_report", "theatre_lifesaving",
          "theatre_deferred", "icu_open_ventilated", "icu_open", "icu_ventilated", "icu", "ward", "comfort", "transfer_prepare")


def random_case(number):
    """A city and an incident of their own for every number."""
    r = random.Random(number)
    count = r.choice([1, 2, 3, 5, 8])
    town = cities.city(count, r.choice([{0: 3}, {0: 8, 20: 14, 60: 25}, 30]), factor=r.choice([0.2, 0.4, 0.7, 1.0]),
                       policy=r.choice(["nearest", "proportional", "spread", "concentrate"]), occupied=r.choice([0, 0.5, 1.0, 1.2]))
    for hospital in town.hospitals:
        town = town.with_hospital(hospital.code, *random_hospital(r)[:1], **random_fields(r))
    return town, random_incident(r, [h.code for h in town.hospitals])


def random_hospital(r):
    """Keys that differ from the ring city's: something lacking, a capacity that rises and falls, other call-in times."""
    keys = {}
    if r.random() < 0.3:
        keys["hospital." + r.choice(SPARSE)] = 0
    if r.random() < 0.3:
        kind = r.choice(["icu_beds", "theatres", "blood_units", "resus_bays", "anaesthetists", "ward_beds"])
        keys["hospital." + kind] = {0: r.randint(0, 4), 30: r.randint(0, 5), 90: r.randint(0, 8), 200: r.randint(0, 3)}
    for key, values, chance in (("callin_wave2_min", [20, 50, 100], 0.3), ("declare_min", [0, 10, 45], 0.3), ("reverse_triage_share", [0.3], 0.2)):
        if r.random() < chance:
            keys["hospital." + key] = r.choice(values)
    return (keys,)


def random_fields(r):
    """Activation and accepted colours."""
    fields = {}
    if r.random() < 0.4:
        fields["activation"] = r.choice(["standby", "partial", "full", "over"])
    if r.random() < 0.3:
        fields["accepts"] = frozenset(r.sample(["red", "yellow", "green"], r.randint(1, 2)))
    return fields


def random_incident(r, codes):
    """Scenes of the ring incident, perhaps with lists, a power cut, a table or split, other service times."""
    parameters = {"transfer.wait_limit_min": r.choice([20.0, 90.0, 200.0])}
    for name in ("travel.noise_cv", "hospital.callin_cv", "body.rate_cv"):
        if r.random() < 0.2:
            parameters[name] = 0.0
    fields = {"parameters": parameters, "mix": r.choice(MIXES), "mechanism": r.choice(["blunt-traffic", "crowd-crush", "explosion", "penetrating"]),
              "hour": r.choice([3.0, 9.5, 16.8]), "transfers": r.random() < 0.8, "travel_factor": r.choice([1.0, 1.0, 1.4])}
    if r.random() < 0.3:
        fields["grid_failure_min"] = r.choice([50.0, 100.0])
    if r.random() < 0.25:
        fields |= {"policy": "table", "table": {("", "red"): tuple((c, r.randint(1, 5)) for c in r.sample(codes, min(2, len(codes)))),
                                                ("", ""): tuple((c, r.randint(1, 9)) for c in codes)}}
    elif r.random() < 0.3:
        weights = [r.random() for _ in codes]
        fields |= {"policy": "split", "split": {("", ""): {c: w / sum(weights) for c, w in zip(codes, weights, strict=True)}}}
    if r.random() < 0.3:
        shares = {c: r.random() for c in codes} if r.random() < 0.5 else {}
        fields["arrivals"] = (
            Arrivals("gaps", count=r.randint(1, 20), gap=exponential(5), start_min=r.choice([0.0, 30.0]), since_min=r.choice([0.0, 20.0]), shares=shares),
            Arrivals("curve", count=r.randint(1, 20), curve=quantiles((0, 10, 60, 200)), start_min=r.choice([0.0, 15.0]), hospital=r.choice(codes),
                     colours=("yellow",), since_min=10.0),
            Arrivals("listed", minutes=(5.0, 5.0, 5.0, 60.0, 61.0), hospital=r.choice(codes), contaminated=0.5, groups=("red", "red", "green", "yellow", "red")))
    if r.random() < 0.3:
        fields["service"] = {"ct": fixed(10), "resus": triangular(5, 10, 30), "load": uniform_law(2, 6), "hand_over": fixed(7)}
    return dataclasses.replace(cities.scenario(r.choice([10, 30, 80]), r.choice([1, 2, 3])), **fields)


def ties(policy="spread", scenes=2):
    """Everything happens at whole minutes and much at once: equal travel, fixed times, bursts, capacity steps at the minutes of the bursts. No draw moves a time."""
    keys = {f"hospital.{k}": v for k, v in {
        "door_triage_teams": {0: 1, 40: 2}, "resus_bays": {0: 2, 40: 3}, "resus_teams": {0: 1, 40: 2, 100: 1}, "urgent_places": {0: 2, 60: 4}, "minor_places": 3,
        "oxygen_places": 6, "xray_rooms": 1, "ct_scanners": 1, "ct_reporters": 1, "theatres": {0: 1, 60: 2}, "surgeons": 2, "anaesthetists": 2, "scrub_nurses": {0: 2, 60: 4},
        "icu_beds": 1, "ventilators": 1, "ward_beds": 30, "blood_units": 12, "decon_lanes": 1, "physicians": 2, "nurses": {0: 6, 40: 8, 100: 7}, "transfer_teams": 1, "declare_min": 10, "ed_occupied_share": 0.5,
        "ed_clear_min": 40}.items()}
    codes = ("a", "b", "c")
    hospitals = tuple(Hospital(c, Point(32, 119), 1 + (c == "a"), keys, keys) for c in codes)
    names = [f"s{k}" for k in range(scenes)]
    travel = {(s, c): 10.0 for s in names for c in codes} | {("base", s): 10.0 for s in names} | {(a, b): 10.0 for a in codes for b in codes if a < b}
    travel |= {(a, b): 10.0 for a in names for b in names if a < b}
    base = {"city.ambulances": {0: 3, 20: 6}, "city.first_crew_min": 10, "city.distribution_policy": policy, "city.load_min": 5}
    town = City("ties", hospitals, (Base("base", Point(32, 119)),), base, base, travel)
    parameters = {"travel.noise_cv": 0.0, "hospital.callin_cv": 0.0, "body.rate_cv": 0.0, "hospital.occupancy_cv": 0.0, "transfer.wait_limit_min": 30.0}
    service = {name: fixed(10.0) for name in STAGES} | {"hand_over": fixed(10.0), "scene_triage": fixed(5.0), "icu": fixed(300.0), "theatre_lifesaving": fixed(60.0)}
    made = tuple(Scene(name, Point(32, 119), 12, start_min=20.0 * k, find=fixed(10.0), self_evacuation=0.0, contaminated=0.3, decon_lanes={10: 1})
                 for k, name in enumerate(names))
    lists = (Arrivals("burst", minutes=(40.0,) * 6 + (60.0,) * 6, shares={"a": 1.0, "b": 1.0}, since_min=20.0),)
    return town, Scenario("ties", 10.0, made, lists, mix={"red": 0.4, "yellow": 0.4, "green": 0.2}, parameters=parameters, service=service, pathway=None)


def odd_case(number):
    """A random case on two banks, around midnight, with late scenes, given crews, places without a way, other finding times."""
    r = random.Random(number)
    town, incident = random_case(number)
    banks = ["north", "south", None]
    hospitals = tuple(dataclasses.replace(h, bank=r.choice(banks)) for h in town.hospitals)
    town = dataclasses.replace(town, hospitals=hospitals, bases=tuple(dataclasses.replace(b, bank=r.choice(banks)) for b in town.bases))
    scenes = tuple(
        dataclasses.replace(s, bank=r.choice(banks), self_evacuation=r.choice([None, 0.0, 0.5, 1.0]), start_min=r.choice([0.0, s.start_min, 7.0, 70.0]),
                            contaminated=r.choice([0.0, 0.5, 1.0]), triage_crews=r.choice([None, {10: 1, 50: 3}, {0: 2}]),
                            find=r.choice([None, exponential(10), fixed(3)]))
        for s in incident.scenes)
    if len(hospitals) > 2 and r.random() < 0.5:
        town = dataclasses.replace(town, travel_min={(scenes[0].code, hospitals[0].code): math.inf, (hospitals[1].code, hospitals[2].code): 3.0})
    incident = dataclasses.replace(incident, scenes=scenes, hour=r.choice([22.5, 23.9, 7.0]), rule=r.choice(["start", "salt", "careflight"]))
    return town, incident, {"deterioration": r.choice(["sacco", "mills", "simedis"]), "horizon_min": r.choice([None, 60.0, 300.0])}


def thinner(value, share):
    """A night's timetable: a share of the day's people and places, whole numbers."""
    return {m: float(math.floor(v * share)) for m, v in value.items()} if hasattr(value, "items") else math.floor(value * share)


RULES = {
    "retriage.round_min": (0.0, 5.0, 30.0, 120.0), "rule.seniority": (0.0, 1.0, 1.0), "rule.open_needs": (0.0, 1.0, 1.0), "rule.surgery_order": (0.0, 1.0, 1.0), "transfer.reserve": (0.0, 1.0, 1.0),
    "transfer.most_moves": (0.0, 1.0, 2.0, 5.0), "transfer.wait_limit_min": (15.0, 45.0, 90.0), "hospital.ordinary_share": (0.0, 0.2, 0.5, 1.0),
    "look.undertriage": (0.0, 0.05, 0.3), "look.overtriage": (0.0, 0.05, 0.4), "shift.free_day": (0.0, 0.0, 1.0), "shift.reporter_home_min": (0.0, 45.0),
    "nurse.urgent_per": (1.0, 4.0, 8.0), "nurse.minor_per": (5.0, 10.0), "nurse.icu_per": (1.0, 2.0), "resus.nurses": (1.0, 2.0), "theatre.surgeons": (1.0, 2.0),
    "effect.blood_short_rate": (0.5, 0.8, 1.0), "body.child_rate": (0.8, 1.0, 1.4), "policy.special_min": (0.0, 20.0, 60.0), "hospital.theatre_blood_units": (0.0, 2.0, 4.0)}


def way_case(number):
    """A random case for the way of a casualty: few people, nights that are thinner than days, changes of shift inside the run, the rules of before and of now,
    cities that let wait, casualties who enter anywhere."""
    r = random.Random(10_000 + number)
    town, incident = random_case(number)
    hospitals = []
    for h in town.hospitals:
        share = {kind.key: r.choice([0.0, 0.3, 0.5, 0.8, 1.0]) for kind in KINDS if kind.key}
        night = {key: thinner(value, share[key]) if key in share else value for key, value in h.night.items()}
        hospitals.append(dataclasses.replace(h, night=night))
    expectant = {"city.expectant": r.choice([0, 0, 1])}
    town = dataclasses.replace(town, hospitals=tuple(hospitals), day={**town.day, **expectant}, night={**town.night, **expectant})
    few = {f"hospital.{kind}": {0: r.randint(0, 3), 40: r.randint(1, 6)} for kind in r.sample(["nurses", "physicians", "resus_teams", "surgeons", "anaesthetists"], 2)}
    for h in town.hospitals if r.random() < 0.5 else ():
        rare = {f"hospital.{kind}": r.choice([0, 0, 1, {0: 1, 60: 3}]) for kind in ("paediatric_teams", "paediatric_icu_beds", "burn_beds")}
        town = town.with_hospital(h.code, rare, accepts_children=frozenset(r.sample(["red", "yellow", "green"], r.choice([0, 0, 2]))))
    if r.random() < 0.6:
        town = town.with_hospital(r.choice(town.hospitals).code, few)
    for h in town.hospitals if r.random() < 0.4 else ():
        town = town.with_hospital(h.code, {"hospital.waiting_room": r.choice([0, 1, 2, 5])})
    parameters = {**incident.parameters, **{name: r.choice(values) for name, values in RULES.items() if r.random() < 0.4}}
    lists = incident.arrivals
    if r.random() < 0.3:
        entered = r.choice(["resus_look", "resus", "urgent", "minor_look", "ct", "ct_report", "theatre_deferred", "theatre_lifesaving", "icu", "ward"])
        lists = (*lists, Arrivals("entered", count=6, gap=exponential(9), hospital=r.choice(town.hospitals).code, stage=entered, colours=("red", "yellow", "green", "black", "red", "yellow")))
    hour = r.choice([3.0, 6.5, 7.75, 12.0, 17.0, 17.9, 23.0])
    horizon = r.choice([None, 300.0, 900.0])
    fields = {"mechanism": "burn"} if r.random() < 0.15 else {"child_share": 0.5} if r.random() < 0.3 else {}
    return town, dataclasses.replace(incident, parameters=parameters, arrivals=lists, hour=hour, **fields), {"horizon_min": horizon}
