"""The present of a session as a live picture: what is known, not the draws still to come."""
import math
from typing import Any

import numpy as np

from .build import Model
from .capacity import CHANGE, Step
from .kernel import codes as C
from .kernel.records import Sim
from .live import (
    COMING,
    CREW_HOME,
    HANDING_OVER,
    IDLE,
    PARKED,
    SEATS,
    LiveCare,
    LiveCasualty,
    LiveMove,
    LiveSite,
    LiveVehicle,
    Picture,
)
from .scenario import COLOURS

NEVER = math.inf


def take_picture(model: Model, sim: Sim) -> Picture:
    """Everything of a running state from which the rest of the event has the same law: how long things have lasted, who is where and holds what."""
    pending = pending_events(sim)
    place = places_in_queues(sim)
    people = sorted((k for k in range(len(sim.body)) if not sim.body[k]["dead"]), key=lambda k: place.get(k, -1))
    casualties = tuple(_casualty(model, sim, k, pending) for k in people)
    sites = {code: _site(model, sim, s) for s, code in enumerate(model.sites)}
    return Picture(float(sim.control["now"][0]), casualties, tuple(_vehicles(model, sim, pending)), sites)


def pending_events(sim: Sim) -> np.ndarray:
    """The events of the list, from today's heap and the calendar's lists."""
    c = sim.control[0]
    at = [int(e) for e in sim.heap[: c["heap"]]]
    for e in sim.calendar[max(0, int(c["day"]) + 1):]:
        while e >= 0:
            at.append(int(e))
            e = sim.event[e]["next"]
    found: np.ndarray = sim.event[np.array(at, np.int64)]
    return found


def places_in_queues(sim: Sim) -> dict[int, int]:
    """Who queues anywhere: how many stand before him in his lane."""
    found = {}
    for head in sim.queue["head"].ravel():
        who, n = int(head), 0
        while who >= 0:
            found[who], n = n, n + 1
            who = int(sim.body[who]["next"])
    return found


def exposure_at(c: np.ndarray, now: float) -> float:
    """Exposure of a body at a minute: the softened speed until it wears off, then the full one."""
    if now <= c["clock_at"]:
        return float(c["exposure"])
    turn = max(float(c["clock_at"]), min(now, float(c["soft_until"])))
    return float(c["exposure"] + c["soft"] * (turn - c["clock_at"]) + c["full"] * (now - turn))


def _due(pending: np.ndarray, kind: np.int64, who: int, now: float) -> float | None:
    """Minutes until the next event of a kind that concerns somebody."""
    own = pending[(pending["kind"] == kind) & (pending["who"] == who)]
    return float(own["at"].min()) - now if len(own) else None


def _casualty(model: Model, sim: Sim, k: int, pending: np.ndarray) -> LiveCasualty:
    """One casualty as far as the rest of his story depends on it."""
    c, now = sim.body[k], float(sim.control["now"][0])
    phase = int(c["phase"])
    soft = float(c["soft_until"]) - now
    known: dict[str, Any] = {"id": int(sim.person[k]["id"]), "template": int(c["template"]), "rate": float(c["rate"]), "since_min": now - float(c["injured_at"]),
             "exposure_min": exposure_at(c, now), "needs": int(c["needs"]), "alone": bool(c["alone"]), "seat": SEATS[c["seat"]], "moved": int(c["moved"]),
             "colour": COLOURS[c["colour"]] if c["colour"] >= 0 else None, "order": int(c["senior"]) if c["senior"] >= 0 else None,
             "counts_as": COLOURS[c["on_load"]] if c["on_load"] >= 0 else "", "partial": (float(c["partial"]), soft) if soft > 0.0 else None}
    if phase == C.GONE:
        return LiveCasualty(model.sites[c["site"]], left=True, **known)
    if phase == C.UNREACHED:
        return LiveCasualty(model.sites[c["site"]], **known)
    if phase == C.RIDING:
        return _riding(model, c, now, known, _due(pending, C.ARRIVE, k, now))
    return _present(model, sim, k, now, known, pending)


def _riding(model: Model, c: np.ndarray, now: float, known: dict[str, Any], left: float | None) -> LiveCasualty:
    """He is on his way: since when he rides, or, for an arrival that was given, when he comes."""
    to, row = model.sites[c["to"]], int(c["resume"])
    if c["moved"]:
        move = LiveMove(to, model.rows[row], bool(c["reserved"]), model.sites[c["site"]])
        return LiveCasualty(to, path=path_of(model, row), move=move, ridden_min=now - float(c["started_at"] + c["work"] / c["strength"]), **known)
    if c["on_load"] < 0:
        return LiveCasualty(to, model.rows[row] if row >= 0 else None, riding_until=left, **known)
    return LiveCasualty(to, ridden_min=now - float(c["started_at"]), origin=model.sites[c["site"]], **known)


def _present(model: Model, sim: Sim, k: int, now: float, known: dict[str, Any], pending: np.ndarray) -> LiveCasualty:
    """He waits for a stage or is in one."""
    c = sim.body[k]
    row, place, running = int(c["row"]), int(c["place_row"]), c["phase"] == C.IN_STAGE
    w = sim.station[sim.row[row]["station"]]
    moving = row == int(sim.par[0]["transfer_row"])
    took = {model.kinds[w["kind"][n]]: float(c["took"][n]) / model.parts[w["kind"][n]] for n in range(w["count"])} if running else None
    beside = model.kinds[c["aside"]] if c["aside"] >= 0 else None
    care = LiveCare(float(c["strength"]) if running else 1.0, took, beside, float(c["dose"]) if running else 1.0)
    own = running and w["has_place"]
    check = None
    if not running and c["check_key"] >= 0:
        check = float(pending["at"][pending["key"] == c["check_key"]].max()) - now
    elif not running:
        check = NEVER
    return LiveCasualty(
        model.sites[c["site"]], model.rows[row], running_min=float(c["spent"] + c["strength"] * (now - c["started_at"])) if running else None,
        path=path_of(model, int(c["resume"]) if moving else row), holding=model.rows[place] if place >= 0 and not own else None, care=care,
        waited_min=0.0 if running else now - float(c["wait_from"]), notice_in=_due(pending, C.NOTICE, k, now), check_in=check,
        move=LiveMove(model.sites[c["dest"]], model.rows[c["resume"]], bool(c["reserved"])) if moving else None, **known)


def path_of(model: Model, row: int) -> str | None:
    """The path that a row stands in."""
    before = [(first, path) for path, first in model.begins if first <= row]
    return max(before)[1] if before else None


def _vehicles(model: Model, sim: Sim, pending: np.ndarray) -> list[LiveVehicle]:
    """Ambulances without a casualty, and transfer crews on their way home."""
    now, kinds = float(sim.control["now"][0]), len(model.kinds)
    made = []
    for s, code in enumerate(model.sites):
        if s < model.scenes and "ambulances" in model.kinds:
            made += [LiveVehicle(code, IDLE)] * max(0, int(sim.unit[s * kinds + model.kind("ambulances")]["cap"]))
        made += [LiveVehicle(code, PARKED)] * int(sim.site[s]["parked"])
    for e in sorted(pending[np.isin(pending["kind"], (C.VEHICLE, C.FREE, C.BACK))], key=lambda e: (e["at"], e["key"])):
        if e["kind"] == C.FREE:
            since = sim.body[e["who"]]["arrived_at"] if e["who"] >= 0 else sim.par[0]["clock"] - sim.vehicle[-1 - e["who"]]["leave_min"]
            made.append(LiveVehicle(model.sites[e["aux"]], HANDING_OVER, now - float(since)))
        else:
            made.append(LiveVehicle(model.sites[e["who"]], COMING if e["kind"] == C.VEHICLE else CREW_HOME, float(e["at"]) - now))
    return made


def _site(model: Model, sim: Sim, s: int) -> LiveSite:
    """What a place has, what of it is taken by others, what is still to come, and what is known of the call-in."""
    K, now = len(model.kinds), float(sim.control["now"][0])
    unit, step = sim.unit[s * K:(s + 1) * K], sim.step[sim.step["site"] == s]
    capacity: dict[str, float] = {}
    taken: dict[str, float] = {}
    clears: dict[str, float] = {}
    dark: dict[str, float] = {}
    for k, name in enumerate(model.kinds):
        u, parts = unit[k], model.parts[k]
        if not (s < model.scenes and name == "ambulances"):
            capacity[name] = float(u["cap"]) / parts
        quarters = [int(w["part"]) for w in step if w["kind"] == k and w["mode"] == C.STEP_CLEAR and w["done"]]
        cleared = sum((int(u["held"]) * p) // 4 - (int(u["held"]) * (p - 1)) // 4 for p in quarters)
        used = int(u["busy"]) if u["kind_class"] == C.CONSUMABLE else int(u["held"]) + int(u["stay"]) - cleared
        for table, value in ((taken, used), (clears, int(u["held"]))):
            if value:
                table[name] = float(value) / parts
        if u["outage"] >= 0:
            dark[name] = float(u["outage"]) / parts
    steps = tuple(Step(model.kinds[w["kind"]], float(w["at"]), float(w["after"]), int(w["amount"]) // (model.parts[w["kind"]] if w["mode"] == CHANGE else 1),
                       int(w["mode"]), int(w["part"]), bool(w["declared"]), int(w["wave"])) for w in step if not w["done"])
    called = step[step["after"] > 0.0]
    pace = float(sim.site[s]["callin_pace"]) if called["done"].any() else None
    over = max((float((now - w["at"]) / w["after"]) for w in called), default=0.0)
    sent = {(COLOURS[lane], model.sites[model.scenes + h]): int(n) for (lane, h), n in np.ndenumerate(sim.sent[s]) if n} if s < model.scenes else {}
    accepts = frozenset(colour for k, colour in enumerate(COLOURS[:3]) if int(sim.site[s]["accepts"]) >> k & 1) if s >= model.scenes else None
    return LiveSite(capacity, taken, clears, dark, steps, pace, max(0.0, over) if pace is None else 0.0, accepts, sent)
