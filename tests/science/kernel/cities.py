"""Small and reference cities for the engine's tests and benchmarks. Illustrative numbers; nothing here is a real place."""
import math
from dataclasses import dataclass

import numpy as np

from beiji.science.city import Base, City, Hospital, Point
from beiji.science.draws import Law
from beiji.science.pathway import Kind, Pathway, Stage, Station
from beiji.science.scenario import Arrivals, Scenario, Scene

SIZES = {  # level: kind → {minute: value}
    3: {"door_triage_teams": {0: 2, 30: 4}, "resus_bays": {0: 6, 30: 10}, "resus_teams": {0: 3, 30: 5, 60: 8, 120: 10}, "urgent_places": {0: 16, 30: 30},
        "minor_places": {0: 30, 60: 60}, "xray_rooms": {0: 3}, "ct_scanners": {0: 2, 60: 3}, "ct_reporters": {0: 2, 30: 4}, "theatres": {0: 4, 30: 8, 60: 12},
        "surgeons": {0: 6, 30: 12, 60: 20}, "anaesthetists": {0: 5, 30: 8, 60: 14}, "scrub_nurses": {0: 8, 30: 14, 60: 24}, "icu_beds": {0: 4, 60: 10},
        "ventilators": {0: 8, 60: 14}, "ward_beds": {0: 80}, "blood_units": {0: 120}, "oxygen_places": {0: 60}, "decon_lanes": {0: 0, 30: 2}, "physicians": {0: 8, 30: 14, 60: 26}, "nurses": {0: 30, 30: 56, 60: 104},
        "transfer_teams": {0: 1, 60: 3}},
    2: {"door_triage_teams": {0: 1, 30: 2}, "resus_bays": {0: 3, 30: 5}, "resus_teams": {0: 2, 30: 3, 60: 5}, "urgent_places": {0: 8, 30: 16},
        "minor_places": {0: 15, 60: 30}, "xray_rooms": {0: 2}, "ct_scanners": {0: 1, 60: 2}, "ct_reporters": {0: 1, 30: 2}, "theatres": {0: 2, 30: 3, 60: 6},
        "surgeons": {0: 3, 30: 6, 60: 12}, "anaesthetists": {0: 2, 30: 4, 60: 7}, "scrub_nurses": {0: 4, 30: 7, 60: 12}, "icu_beds": {0: 2, 60: 5},
        "ventilators": {0: 4, 60: 7}, "ward_beds": {0: 50}, "blood_units": {0: 60}, "oxygen_places": {0: 30}, "decon_lanes": {0: 0, 30: 1}, "physicians": {0: 4, 30: 7, 60: 12}, "nurses": {0: 14, 30: 26, 60: 48},
        "transfer_teams": {0: 1, 60: 2}},
    1: {"door_triage_teams": {0: 1}, "resus_bays": {0: 1, 30: 2}, "resus_teams": {0: 1, 30: 2, 60: 3}, "urgent_places": {0: 4, 30: 8},
        "minor_places": {0: 8, 60: 16}, "xray_rooms": {0: 1}, "ct_scanners": {0: 1}, "ct_reporters": {0: 1}, "theatres": {0: 1, 60: 2},
        "surgeons": {0: 2, 30: 3, 60: 5}, "anaesthetists": {0: 1, 60: 3}, "scrub_nurses": {0: 2, 60: 5}, "icu_beds": {0: 1, 60: 2},
        "ventilators": {0: 2, 60: 4}, "ward_beds": {0: 30}, "blood_units": {0: 20}, "oxygen_places": {0: 15}, "decon_lanes": {0: 0}, "physicians": {0: 2, 60: 5}, "nurses": {0: 6, 30: 12, 60: 20},
        "transfer_teams": {0: 1}}}


def hospital(code: str, level: int, at: Point, factor: float = 1.0, **scalars: object) -> Hospital:
    """A hospital of a size; `factor` scales all capacities."""
    keys: dict = {f"hospital.{k}": {m: float(math.floor(v * factor + 0.5)) for m, v in table.items()} for k, table in SIZES[level].items()}
    keys |= {f"hospital.{k}": v for k, v in scalars.items()}
    return Hospital(code, at, level, keys, keys)


def city(hospitals: int = 15, ambulances: object = None, factor: float = 1.0, policy: str = "spread", hospital_keys: dict | None = None,
         occupied: float = 1.0) -> City:
    """A city on a ring of distances: a fifth of the hospitals large, two fifths middle, two fifths small."""
    made = []
    for k in range(hospitals):
        level = 3 if k % 5 == 0 else (2 if k % 5 in (1, 2) else 1)
        made.append(hospital(f"h{k:03d}", level, Point(32.4 + 0.02 * ((k * 7) % 11 - 5), 119.4 + 0.025 * ((k * 5) % 13 - 6)), factor, ed_occupied_share=occupied))
    bases = tuple(Base(f"b{k}", Point(32.35 + 0.03 * k, 119.35 + 0.03 * k), 1.0 + k) for k in range(4))
    keys = {"city.ambulances": ambulances if ambulances is not None else {0: 30, 30: 60}, "city.distribution_policy": policy}
    return City("ring", tuple(made), bases, keys, keys).with_hospital("", hospital_keys or {})


def scenario(casualties: int = 500, scenes: int = 3, **fields: object) -> Scenario:
    """An incident of several scenes, the last one late."""
    shares = [casualties // scenes + (1 if k < casualties % scenes else 0) for k in range(scenes)]
    made = tuple(Scene(f"s{k}", Point(32.41 + 0.01 * k, 119.41 - 0.01 * k), n, start_min=40.0 * (k == scenes - 1 and scenes > 1),
                       contaminated=0.1 if k == 1 else 0.0, decon_lanes={20: 2} if k == 1 else None) for k, n in enumerate(shares))
    return Scenario("ring-incident", 10.0, made, **fields)


# ---- textbook queues -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PlainPool:
    """Templates that the engine needs and no medicine: `dies_at` exposure minutes (inf: never); survival 1 until then."""

    group: np.ndarray
    category: np.ndarray
    needs: np.ndarray
    curve: np.ndarray
    cross_count: np.ndarray
    cross_at: np.ndarray
    cross_category: np.ndarray
    walks: np.ndarray
    blood: np.ndarray
    surgical: np.ndarray
    curves: np.ndarray
    need_rate: np.ndarray
    child: np.ndarray | bool = False
    unscored: np.ndarray | int = 0


def plain_pool(dies_at: np.ndarray | None = None) -> PlainPool:
    """A pool of all four groups; with `dies_at`, every group has these templates and the exposure clock runs for all."""
    dies = np.array([np.inf]) if dies_at is None else np.asarray(dies_at, dtype=float)
    n = len(dies)
    zero = np.zeros(4 * n, np.int32)
    at, to = np.zeros((4 * n, 8)), np.zeros((4 * n, 8), np.int32)
    at[:, 0], to[:, 0] = np.tile(dies, 4), 4
    speed = np.full(1024, 0.0 if dies_at is None else 1.0)
    return PlainPool(np.repeat(np.arange(4, dtype=np.int32), n), np.repeat(np.arange(4, dtype=np.int32), n), zero, zero,
                     np.where(np.isfinite(np.tile(dies, 4)), 1, 0).astype(np.int32), at, to, zero, zero, zero, np.ones((1, 577)), speed)


def queue_case(servers: dict[str, int], stages: dict[str, tuple[str, Law]], lists: tuple[Arrivals, ...], pool: PlainPool | None = None,
               protect: float = 1.0, paths: dict[str, tuple[str, ...]] | None = None) -> tuple[City, Scenario]:
    """A queueing network: servers by kind; stage → (kind, service law); the path `hospital` runs through all stages unless paths are given."""
    kinds = tuple(Kind(name, 1, f"hospital.{name}") for name in servers)
    stations = tuple(Station(name, ((name, 1),)) for name in servers)
    made = {name: Stage(name, kind, law, 100 + k, protect=protect) for k, (name, (kind, law)) in enumerate(stages.items())}
    routes = paths or {"hospital": tuple(stages)}
    pathway = Pathway(kinds, stations, {route: tuple(made[s] for s in names) for route, names in routes.items()})
    keys = {f"hospital.{name}": n for name, n in servers.items()}
    town = City("queue", (Hospital("q", Point(0, 0), 1, keys, keys),))
    return town, Scenario("queue", 10.0, arrivals=lists, pathway=pathway, pool=pool or plain_pool(), mix={"green": 1.0}, parameters={"body.rate_cv": 0.0, "rule.open_needs": 0.0})
