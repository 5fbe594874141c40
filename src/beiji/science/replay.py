"""Holds a run against what was observed in a real incident, without letting a wide interval pass for agreement.

For each observed figure: the middle 95 % of single events, how wide that is, whether the observation lies inside, the interval score, which punishes
both missing and width, and the continuous ranked probability score (CRPS), which needs no interval. Figures that calibration used are listed apart and do not count: agreement with them proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from beiji.science.city import City
from beiji.science.errors import Problem, ScienceError
from beiji.science.replay_figures import figures
from beiji.science.results import Results
from beiji.science.run import simulate
from beiji.science.scenario import Scenario

LEVEL = 0.95
#: Under this many events an interval's ends are single events.
FEWEST = 40


@dataclass(frozen=True)
class Incident:
    """A real incident: city and scenario as far as they are known, what was observed, and where that stands.

    ``observed``: a measure of ``Results.replications`` → value. ``calibrated``: those that were used to choose parameters; they are reported, not counted.
    """

    name: str
    city: City
    scenario: Scenario
    observed: Mapping[str, float]
    source: str
    calibrated: frozenset[str] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReplayRow:
    """One figure: observed, mean and middle 95 % of single events, width, inside or not, interval score and CRPS in the figure's unit (lower is better), counted or calibrated."""

    measure: str
    observed: float
    mean: float
    low: float
    high: float
    width: float
    inside: bool
    score: float
    crps: float
    counted: bool


@dataclass(frozen=True)
class ReplayReport:
    """All figures of one or more incidents. ``covered`` of ``counted`` lie inside; about 19 of 20 should, and fewer or all of many are both findings."""

    rows: tuple[tuple[str, ReplayRow], ...]

    @property
    def counted(self) -> int:
        """How many figures count: those that calibration did not use."""
        return sum(row.counted for _, row in self.rows)

    @property
    def covered(self) -> int:
        """How many of the counted figures lie inside."""
        return sum(row.inside for _, row in self.rows if row.counted)

    @property
    def score(self) -> float:
        """Mean interval score of the counted figures, each divided by its observed value so that units do not matter; NaN without figures."""
        shares = [row.score / max(abs(row.observed), 1.0) for _, row in self.rows if row.counted]
        return float(np.mean(shares)) if shares else float("nan")

    @property
    def crps(self) -> float:
        """Mean CRPS of the counted figures, each divided by its observed value (at least 1); NaN without figures."""
        shares = [row.crps / max(abs(row.observed), 1.0) for _, row in self.rows if row.counted]
        return float(np.mean(shares)) if shares else float("nan")

    def misses_first(self) -> ReplayReport:
        """The same with misses first, the farthest first, those that calibration used last."""
        far = [(not row.counted, row.inside, -row.score / max(abs(row.observed), 1.0), at) for at, (_, row) in enumerate(self.rows)]
        return ReplayReport(tuple(self.rows[at] for *_, at in sorted(far)))

    def sentences(self) -> list[str]:
        """The report in words, one line a figure."""
        lines = [
            f"{name}, {row.measure}: observed {row.observed:g}, model {row.mean:.1f} ({row.low:.1f} to {row.high:.1f}, width {row.width:.1f}, CRPS {row.crps:.2f}), "
            f"{'inside' if row.inside else 'outside'}{'' if row.counted else '; used in calibration, not counted'}."
            for name, row in self.rows
        ]
        return [
            *lines,
            f"{self.covered} of {self.counted} counted figures lie inside the middle {LEVEL:.0%} of single events; mean CRPS {self.crps:.2f} of the observed.",
        ]


def interval_score(observed: float, low: float, high: float, *, level: float = LEVEL) -> float:
    """Score of a central interval: its width plus 2 / (1 - level) for each unit by which the observation lies outside (Gneiting and Raftery 2007)."""
    outside = max(low - observed, 0.0) + max(observed - high, 0.0)
    return (high - low) + 2.0 / (1.0 - level) * outside


def ranked_score(observed: float, values: np.ndarray) -> float:
    """CRPS of a sample: mean distance to the observation less half the mean distance between two events (Gneiting and Raftery 2007)."""
    x = np.sort(np.asarray(values, float))
    n = len(x)
    spread = 2.0 * float(np.sum(x * (2.0 * np.arange(1, n + 1) - n - 1.0))) / n**2
    return float(np.mean(np.abs(x - observed))) - spread / 2.0


def hold_against(incident: Incident, results: Results) -> list[ReplayRow]:
    """Rows for one incident from results that exist; raises :class:`ScienceError` for measures that the results do not have."""
    known = {**results.replications, **figures(results)}
    faults = [
        Problem(f"observed.{name}", "There is no such measure.", f"Use one of: {', '.join(known)}.")
        for name in incident.observed
        if name not in known
    ]
    faults += [
        Problem(f"calibrated.{name}", "It is not among the observed figures.", "Name only observed figures.")
        for name in sorted(incident.calibrated - set(incident.observed))
    ]
    if faults:
        raise ScienceError(faults)
    rows = []
    for name, observed in incident.observed.items():
        values = np.asarray(known[name], float)
        values = values[np.isfinite(values)]
        if not len(values):
            raise ScienceError.one(
                f"observed.{name}",
                "No event of the run has a value for it.",
                "Leave the figure out or run more events.",
            )
        low, high = (float(v) for v in np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
        score = interval_score(observed, low, high)
        rows.append(
            ReplayRow(
                name,
                observed,
                float(values.mean()),
                low,
                high,
                high - low,
                low <= observed <= high,
                score,
                ranked_score(observed, values),
                name not in incident.calibrated,
            )
        )
    return rows


def replay(*incidents: Incident, replications: int = 400, seed: int = 1) -> ReplayReport:
    """Run every incident and hold it against what was observed. ``replications`` of 40 and more; raises :class:`ScienceError`."""
    if replications < FEWEST:
        raise ScienceError.one("replications", f"{replications} events give no interval.", f"Give {FEWEST} or more.")
    rows: list[tuple[str, ReplayRow]] = []
    for incident in incidents:
        results = simulate(incident.city, incident.scenario, replications=replications, seed=seed, **incident.options)
        rows.extend((incident.name, row) for row in hold_against(incident, results))
    return ReplayReport(tuple(rows))
