"""Figures of an incident that no total tells: when people left and came, and how unevenly. From runs whose events are told casualty by casualty."""

from __future__ import annotations

import numpy as np

from beiji.science.kernel.codes import T_ARRIVE, T_DEPART
from beiji.science.results import Results
from beiji.science.scenario import COLOURS

RED = COLOURS.index("red")


def figures(results: Results) -> dict[str, np.ndarray]:
    """Name → one value a replication, NaN where an event has none; empty without stories (`detail="casualty"`)."""
    rows = [_of_event(results, k) for k in range(len(results.trace))]
    return {name: np.array([row[name] for row in rows], float) for name in rows[0]} if rows else {}


def _of_event(results: Results, k: int) -> dict[str, float]:
    trace, scenes = results.trace[k], results.model.scenes
    red = results.model.sim.template["group"][results.bodies[k]["template"]] == RED
    left = trace[(trace["code"] == T_DEPART) & (trace["site"] < scenes)]
    came = trace[(trace["code"] == T_ARRIVE) & (trace["site"] >= scenes)]
    counts = np.sort(np.bincount(came["site"], minlength=len(results.model.sites))[scenes:])[::-1]
    reds_left, reds_came = (rows[red[rows["casualty"]]]["at"] for rows in (left, came))
    out = results.out[k]
    early = int(out["dead_unreached"]) + int(out["dead_at_scene"]) + int(out["dead_riding"])
    return {
        "first_left_min": _at(left["at"], min),
        "last_red_left_min": _at(reds_left, max),
        "first_red_arrival_min": _at(reds_came, min),
        "median_arrival_min": _at(came["at"], np.median),
        "fullest_share": float(counts[0] / max(1, counts.sum())),
        "two_fullest_share": float(counts[:2].sum() / max(1, counts.sum())),
        "died_in_hospital": float(int(out["dead"]) - early),
        "in_hospital_at_24h": float(out["in_stage"] + out["waiting"]),
    }


def _at(minutes: np.ndarray, which: object) -> float:
    return float(which(minutes)) if len(minutes) else float("nan")  # type: ignore[operator]
