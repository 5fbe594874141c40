"""What a run gives back: replications, stations, hospitals, casualties and provenance, as arrays with names."""
from dataclasses import dataclass, field

import numpy as np

from .build import Model
from .kernel.codes import INCISION_MIN
from .scenario import COLOURS

LIFE = 2.0**-40
MINUTE = 2.0**-20
WAIT_ENDS = ("service", "death", "horizon", "move")
LIMIT = "limit"
# Rows of `incision`: whose operation it is.
SPECIALTIES = ("vascular", "general", "thoracic", "neurosurgery", "other", "orthopaedic")
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Results:
    """Results of a run. `out` is one record a replication (kernel.records.OUT); sums over replications stand beside it.

    Expected deaths are casualties minus the sum of survival; who is burned or poisoned (`unscored`) has no survival and counts neither as dead nor as survivor; `lived` is the whole outcome drawn besides, for the spread of single events. `_q` fields are integers of 2**-40 lives.
    """

    model: Model
    out: np.ndarray
    queue: np.ndarray
    unit: np.ndarray
    site: np.ndarray
    loss: np.ndarray
    histogram: np.ndarray
    provenance: dict[str, object]
    trace: list[np.ndarray] = field(default_factory=list)
    count: int = -1
    bodies: list[np.ndarray] = field(default_factory=list)
    incision: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    def __len__(self) -> int:
        """Replications of the sums; `out` may hold fewer rows, or none, where a long run has been told as it went."""
        return self.count if self.count >= 0 else len(self.out)

    @property
    def replications(self) -> dict[str, np.ndarray]:
        """Column name → one value a replication: lives expected, times in minutes (NaN where nobody got there), counts."""
        o = self.out
        with np.errstate(invalid="ignore", divide="ignore"):
            columns = {
                "replication": o["replication"], "survivors": o["survivors_q"] * LIFE - o["unscored"],
                "deaths": o["casualties"] - o["survivors_q"] * LIFE,
                "preventable": (o["reference_q"] - o["survivors_q"]) * LIFE,
                "preventable_by_hospitals": (o["unlimited_q"] - o["survivors_q"]) * LIFE if self.has_unlimited else np.full(len(o), np.nan),
                "time_to_theatre_min": o["surgery_min"] / o["operated"], "time_to_bed_min": o["bed_min"] / o["beds"],
                "red_time_to_bed_min": o["bed_lane0_min"] / o["bed_lane0"], "never_operated": o["surgical"] - o["operated"],
                "level_of_care": o["care_sum"] / o["care_n"], "crew_min": o["crew_min"]}
        for name in ("dead", "dead_unreached", "dead_at_scene", "dead_riding", "dead_waiting", "dead_in_stage", "dead_left", "left", "in_stage", "waiting", "riding",
                     "unreached", "unscored", "children", "arrived", "alone", "moved", "surgical", "operated", "casualties", "events", "turned_away", "held_vehicles"):
            columns[name] = o[name]
        columns["lived"] = o["lived"] - o["unscored"]
        columns["scored"] = o["casualties"] - o["unscored"]
        columns["children_survivors"] = o["children_q"] * LIFE
        columns["children_preventable"] = (o["children_reference_q"] - o["children_q"]) * LIFE
        columns["lives_by_hospitals"] = o["unlimited_lived"] - o["lived"] if self.has_unlimited else np.full(len(o), np.nan)
        columns["scene_cleared_min"] = o["scene_cleared_at"]
        return columns

    @property
    def has_unlimited(self) -> bool:
        """Was the reference of unlimited hospitals run?"""
        return bool(self.provenance.get("unlimited"))

    def measure(self, name: str) -> np.ndarray:
        """One measure, a value a replication. Raises KeyError naming those there are."""
        columns = self.replications
        if name not in columns:
            raise KeyError(f"No measure {name!r}; there are: {', '.join(columns)}.")
        return np.asarray(columns[name], dtype=float)

    @property
    def by_severity(self) -> list[dict[str, object]]:
        """Rows (group, casualties, survivors, deaths) by severity of the injury, a replication: expected lives, of the whole city."""
        n = self.out["group_n"].sum(axis=0) / max(1, len(self.out))
        lives = self.out["group_q"].sum(axis=0) * LIFE / max(1, len(self.out))
        return [{"group": group, "casualties": float(n[k]), "survivors": float(lives[k]), "deaths": float(n[k] - lives[k])}
                for k, group in enumerate(COLOURS) if n[k]]

    @property
    def outcomes(self) -> list[dict[str, object]]:
        """With detail="casualty": a row a casualty: replication, casualty, group, survival expected, died, reached a hospital, operated, moved. Of the city, for
        use inside the house: no form that is written holds it, since beside `casualties` it would say where somebody died."""
        template = self.model.sim.template
        return [{"replication": int(self.out["replication"][k]), "casualty": i, "group": COLOURS[template["group"][c["template"]]], "survival": float(c["q"]) * LIFE,
                 "died": bool(c["dead"]), "arrived": bool(c["arrived_at"] > 0.0), "operated": bool(c["operated"]), "moved": int(c["moved"])}
                for k, body in enumerate(self.bodies) for i, c in enumerate(body)]

    @property
    def causes(self) -> list[dict[str, object]]:
        """Rows (site, cause, deaths): expected deaths a replication by what was waited for; they add up to `preventable` exactly."""
        rows = []
        for s, site in enumerate(self.model.sites):
            for c, cause in enumerate(self.model.causes):
                if self.loss[s, c]:
                    rows.append({"site": site, "cause": cause, "deaths": float(self.loss[s, c]) * LIFE / len(self)})
        return sorted(rows, key=lambda r: -r["deaths"])  # type: ignore[operator]

    def cause_by_replication(self, cause: str) -> np.ndarray:
        """Expected deaths of a cause in each replication."""
        return self.out["loss_q"][:, self.model.causes.index(cause)] * LIFE

    @property
    def stations(self) -> list[dict[str, object]]:
        """Rows (site, station, ended_by, waits, mean_min): waits a replication, of the dead and unfinished too, by how each ended. Beside a hospital's
        name nobody's death stands: there death and horizon are both the *limit*."""
        rows = []
        T = len(self.model.stations)
        for k in range(len(self.queue)):
            q, hospital = self.queue[k], k // T >= self.model.scenes
            n, minutes = q["ended"].copy(), q["wait_q"].copy()
            names = list(WAIT_ENDS)
            if hospital:
                death, horizon = WAIT_ENDS.index("death"), WAIT_ENDS.index("horizon")
                n[death], minutes[death], names[death] = n[death] + n[horizon], minutes[death] + minutes[horizon], LIMIT
                n[horizon] = 0
            for e, ended in enumerate(names):
                if n[e]:
                    rows.append({"site": self.model.sites[k // T], "station": self.model.stations[k % T], "ended_by": ended,
                                 "waits": float(n[e]) / len(self), "mean_min": float(minutes[e]) * MINUTE / float(n[e]),
                                 "longest_queue": float(q["longest_total"]) / len(self)})
        return rows

    @property
    def hospitals(self) -> list[dict[str, object]]:
        """Rows by hospital: casualties received a replication (mean, s.d.), greatest load at the front door."""
        rows = []
        n = len(self)
        for s in range(self.model.scenes, len(self.model.sites)):
            w = self.site[s]
            mean = float(w["arrived_total"]) / n
            spread = max(0.0, float(w["arrived_squares"]) / n - mean * mean)
            rows.append({"hospital": self.model.sites[s], "arrived": mean, "arrived_sd": spread**0.5, "peak_load": float(w["peak_load_total"]) / n,
                         **{f"arrived_{c}": float(w["arrived_lane"][k]) / n for k, c in enumerate(("red", "yellow", "green", "black"))}})
        return rows

    @property
    def saturation(self) -> list[dict[str, object]]:
        """Rows (site, kind, share, minute, lacked_min): share of replications in which a head was refused for the kind, mean first minute of it,
        and casualty minutes waited for it a replication, most first: the order of bottlenecks."""
        rows = []
        K = len(self.model.kinds)
        for k in range(len(self.unit)):
            u = self.unit[k]
            if u["saturated_n"]:
                rows.append({"site": self.model.sites[k // K], "kind": self.model.kinds[k % K], "share": float(u["saturated_n"]) / len(self),
                             "minute": float(u["saturated_q"]) * MINUTE / float(u["saturated_n"]),
                             "lacked_min": float(u["lacked_q"]) * MINUTE / len(self), "peak": float(u["peak_total"]) / self.model.parts[k % K] / len(self)})
        return sorted(rows, key=lambda r: -r["lacked_min"])  # type: ignore[operator]

    @property
    def incisions(self) -> list[dict[str, object]]:
        """Rows (specialty, operations, quarter_min, median_min, three_quarters_min): operations begun an event, and minutes from the first hospital's door to
        the incision, over all of them; published medians are of those operated too. Orthopaedic surgery is the deferrable."""
        rows = []
        for name, counts in zip(SPECIALTIES, self.incision, strict=False):
            if counts.sum():
                low, middle, high = (_quantile(counts, share) for share in QUARTILES)
                rows.append({"specialty": name, "operations": float(counts.sum()) / len(self), "quarter_min": low, "median_min": middle, "three_quarters_min": high})
        return sorted(rows, key=lambda r: r["median_min"])  # type: ignore[arg-type,return-value]

    @property
    def lacking(self) -> list[dict[str, object]]:
        """Rows (site, station, place_min, people_min, both_min): casualty minutes waited a replication in which a place or machine, people, or both were
        lacking for who stood first; they add up to all that was waited at the station."""
        rows = []
        T = len(self.model.stations)
        for k in range(len(self.queue)):
            minutes = [float(q) * MINUTE / len(self) for q in self.queue[k]["lack_q"]]
            if any(minutes):
                rows.append({"site": self.model.sites[k // T], "station": self.model.stations[k % T],
                             **dict(zip(("place_min", "people_min", "both_min"), minutes, strict=True))})
        return sorted(rows, key=lambda r: -(r["place_min"] + r["people_min"] + r["both_min"]))  # type: ignore[operator]

    @property
    def casualties(self) -> list[dict[str, object]]:
        """With detail="casualty": a row per wait: replication, casualty, site, station, start_min, end_min, ended_by."""
        from .playback import waits
        return [row for k, lines in enumerate(self.trace) for row in waits(self.model, int(self.out["replication"][k]), lines)]


def _quantile(counts: np.ndarray, share: float) -> float:
    """The value below which a share of what is counted lies, even within its bin."""
    reached = np.cumsum(counts)
    wanted = share * float(reached[-1])
    at = int(np.searchsorted(reached, wanted))
    before = float(reached[at - 1]) if at else 0.0
    return float(INCISION_MIN) * (at + (wanted - before) / float(counts[at]))
