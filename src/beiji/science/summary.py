"""A run in finished numbers: what is asked of it, each with its interval, and the sentence that belongs to it.

Means carry the 95 % interval of the mean over replications. The next event is one draw and not a mean, so that survivors are told as the range of nine of
ten whole outcomes, in which survival itself is drawn. Waits count the unfinished too and say how each ended; beside a hospital's name nobody dies: a wait
ends there at its limit. Replications are taken in block by block, so that a long run needs no more memory than a short one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from beiji.science.gain import Gain
from beiji.science.results import Results
from beiji.science.run import SUMMED
from beiji.science.tally import Tally


@dataclass(frozen=True)
class Measure:
    """A mean with its 95 % interval, and between which values nine of ten single events lie; ``n`` replications had a value."""

    mean: float
    low: float
    high: float
    event_low: float
    event_high: float
    n: int


@dataclass(frozen=True)
class Bottleneck:
    """A resource that casualties waited for: minutes waited an event, share of events in which it ran out, first minute of that."""

    kind: str
    site: str
    waited_min: float
    share: float
    first_min: float


@dataclass(frozen=True)
class Wait:
    """Waits at one station of one site that ended in one way (start, death, horizon, moved): how many an event, mean minutes."""

    site: str
    station: str
    ended_by: str
    waits: float
    mean_min: float


@dataclass(frozen=True)
class Cause:
    """Expected preventable deaths an event by what was waited for, against immediate care."""

    cause: str
    deaths: Measure


@dataclass(frozen=True)
class Lack:
    """Casualty minutes waited an event at a station, over all sites, because a place or machine, people, or both were lacking in that minute."""

    station: str
    place_min: float
    people_min: float
    both_min: float


@dataclass(frozen=True)
class Cut:
    """A run that ends before its casualties' stories: how many an event are then unreached, on the way, waiting; ``nobody``: none was reached in any."""

    minute: float
    unreached: float
    riding: float
    waiting: float
    nobody: bool


@dataclass(frozen=True)
class Summary:
    """Everything the command line and the web say of a run; see the module."""

    scenario: str
    city: str
    basis: str
    casualties: int
    lived: Measure
    survivors: Measure
    deaths: Measure
    preventable: Measure
    preventable_by_hospitals: Measure | None
    lives_by_hospitals: Measure | None
    time_to_theatre_min: Measure | None
    never_operated: Measure
    operated: Measure
    red_door_to_bed_min: Measure | None
    scene_cleared_min: Measure | None
    ended: Mapping[str, Measure]
    bottlenecks: tuple[Bottleneck, ...]
    lacks: tuple[Lack, ...]
    saturated: tuple[Bottleneck, ...]
    causes: tuple[Cause, ...]
    waits: tuple[Wait, ...]
    hospitals: tuple[Mapping[str, Any], ...]
    provenance: Mapping[str, Any]
    cut: Cut | None = None
    missing: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    gains: tuple[Gain, ...] = ()
    notes: tuple[str, ...] = ()
    lived_by_event: tuple[tuple[float, int], ...] = ()
    incisions: tuple[Mapping[str, Any], ...] = ()
    unscored: Measure | None = None
    children: Measure | None = None
    children_survivors: Measure | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; numbers that do not exist are None."""
        return plain(asdict(self))  # type: ignore[no-any-return]


def measure(values: Sequence[float] | np.ndarray[Any, Any], grain: float = 1e-6) -> Measure | None:
    """Summarise one value a replication; None when no replication has one."""
    tally = Tally(grain)
    tally.add(np.asarray(values, float))
    return _measure(tally)


def _measure(tally: Tally) -> Measure | None:
    return Measure(tally.mean, *tally.interval(), *tally.events(), tally.n) if tally.n else None


def _always(tally: Tally) -> Measure:
    made = _measure(tally)
    if made is None:
        raise ValueError("A run without replications has no summary.")
    return made


ENDS = ("dead", "left", "in_stage", "waiting", "riding", "unreached")
#: What a red needs at the door; a hospital is called saturated from the first minute one of these is refused.
FRONT = ("resus_bays", "resus_teams")
#: Reds an event from which a hospital's resuscitation is spoken of; fewer are strays.
RED_ARRIVALS = 0.5


#: Casualties an event that may be unreached, on the way or waiting at the end before a run is called cut off.
CUT_CASUALTIES = 0.5
#: Grain in which values are counted: minutes, counts, and lives (coarser in events of very many).
MINUTE_GRAIN, WHOLE, LIFE_GRAIN = 0.1, 1.0, 0.005
OF_MINUTES = ("time_to_theatre_min", "red_time_to_bed_min", "scene_cleared_min")
OF_LIVES = ("survivors", "deaths", "preventable", "preventable_by_hospitals", "children_survivors")
#: Told only where there are such casualties.
OF_SOME = ("unscored", "children", "children_survivors")
COUNTED = ("lived", "lives_by_hospitals", "never_operated", "operated", "unscored", "children", *ENDS)


class Gathering:
    """Takes blocks of replications in, one after the other, and tells them as one run."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.causes: dict[str, Tally] = {}
        self.sums: Results | None = None
        self.reached = False
        self.wall = 0.0

    def add(self, results: Results) -> None:
        """Take in the next block of the same run."""
        value = results.replications
        lives = max(LIFE_GRAIN, float(value["casualties"].max()) * 1e-4)
        grains = dict.fromkeys(OF_MINUTES, MINUTE_GRAIN) | dict.fromkeys(OF_LIVES, lives) | dict.fromkeys(COUNTED, WHOLE)
        for name, grain in grains.items():
            self.tallies.setdefault(name, Tally(grain)).add(value[name])
        for name in results.model.causes:
            self.causes.setdefault(name, Tally(lives)).add(results.cause_by_replication(name))
        self.reached = self.reached or bool((value["unreached"] + value["dead_unreached"] < value["casualties"]).any())
        self.wall += float(str(results.provenance["wall_s"]))
        self.sums = _joined(self.sums, results)

    def summary(self, *, basis: str = "planned", notes: Sequence[str] = (), changes: Sequence[str] = ()) -> Summary:
        """The whole run in finished numbers."""
        if self.sums is None:
            raise ValueError("A run without replications has no summary.")
        made, told = self.sums, {name: _measure(tally) for name, tally in self.tallies.items()}
        always = {name: _always(tally) for name, tally in self.tallies.items() if name in ("survivors", "deaths", "preventable", *COUNTED) and tally.n}
        ended = {name: always[name] for name in ENDS}
        return Summary(
            scenario=str(made.provenance["scenario"]),
            city=str(made.provenance["city"]),
            basis=basis,
            casualties=int(made.model.sim.par["casualties"][0]),
            lived=always["lived"],
            survivors=always["survivors"],
            deaths=always["deaths"],
            preventable=always["preventable"],
            preventable_by_hospitals=told["preventable_by_hospitals"],
            lives_by_hospitals=told["lives_by_hospitals"],
            time_to_theatre_min=told["time_to_theatre_min"],
            never_operated=always["never_operated"],
            operated=always["operated"],
            red_door_to_bed_min=told["red_time_to_bed_min"],
            scene_cleared_min=told["scene_cleared_min"],
            ended=ended,
            bottlenecks=_bottlenecks(made),
            lacks=_lacks(made),
            saturated=_saturated(made),
            causes=_causes(self.causes),
            waits=_waits(made),
            hospitals=tuple(sorted(made.hospitals, key=lambda row: (-_number(row["arrived"]), str(row["hospital"])))),
            provenance={**made.provenance, "replications": len(made), "wall_s": self.wall},
            cut=_cut(ended, float(str(made.provenance["horizon_min"])), nobody=not self.reached),
            missing=_missing(made),
            changes=tuple(changes),
            notes=tuple(notes),
            lived_by_event=self.tallies["lived"].by_value(),
            incisions=tuple(made.incisions),
            unscored=told["unscored"] if always["unscored"].mean > 0.0 else None,
            children=told["children"] if always["children"].mean > 0.0 else None,
            children_survivors=told["children_survivors"] if always["children"].mean > 0.0 else None,
        )


def summarise(results: Results, *, basis: str = "planned", notes: Sequence[str] = (), changes: Sequence[str] = ()) -> Summary:
    """Bring a run into finished numbers. ``basis`` is what it believes of the hospitals; ``notes`` and ``changes`` are printed with it."""
    gathering = Gathering()
    gathering.add(results)
    return gathering.summary(basis=basis, notes=notes, changes=changes)


def _joined(before: Results | None, results: Results) -> Results:
    """Sums over both, without the rows of single replications."""
    rows = results.out[:0]
    if before is None:
        return replace(results, out=rows, count=len(results), trace=[])
    sums: dict[str, Any] = {}
    for name, fields in SUMMED.items():
        sums[name] = getattr(before, name).copy()
        for field in fields:
            sums[name][field] += getattr(results, name)[field]
    both = {name: getattr(before, name) + getattr(results, name) for name in ("loss", "histogram", "incision")}
    return replace(before, **sums, **both, count=len(before) + len(results))


def _cut(ended: Mapping[str, Measure], minute: float, *, nobody: bool) -> Cut | None:
    unreached, riding, waiting = (ended[name].mean for name in ("unreached", "riding", "waiting"))
    if not nobody and unreached + riding + waiting < CUT_CASUALTIES:
        return None
    return Cut(minute, unreached, riding, waiting, nobody)


#: Kinds without which a city goes on in another way; that there are none is no lack.
AT_SCENES = ("scene_", "first_aid", "load")
DISPENSABLE = ("oxygen_places", "decon_lanes", "transfer_teams", "burn_beds", "paediatric_icu_beds", "paediatric_teams")


def _missing(results: Results) -> tuple[str, ...]:
    """Kinds of which no hospital has one at any minute, in the order of the pathway."""
    model = results.model
    kinds = len(model.kinds)
    capacity = model.sim.unit["cap0"].reshape(-1, kinds)[model.scenes :].sum(axis=0)
    step = model.sim.step
    for row in step[(step["site"] >= model.scenes) & (step["amount"] > 0)]:
        capacity[row["kind"]] += row["amount"]
    used = np.zeros(kinds, bool)
    for station in model.sim.station[[not name.startswith(AT_SCENES) for name in model.stations]]:
        used[station["kind"][: station["count"]]] = True
    return tuple(kind for k, kind in enumerate(model.kinds) if used[k] and capacity[k] == 0 and kind not in DISPENSABLE)


def _number(value: object) -> float:
    """A number of a result's row as a float."""
    return float(value)  # type: ignore[arg-type]


def places(results: Results) -> list[Bottleneck]:
    """A row for each kind at each site at which it was waited for, most first."""
    return [
        Bottleneck(
            str(row["kind"]),
            str(row["site"]),
            _number(row["lacked_min"]),
            _number(row["share"]),
            _number(row["minute"]),
        )
        for row in results.saturation
    ]


def _bottlenecks(results: Results) -> tuple[Bottleneck, ...]:
    """One row for each kind over all sites, most waited for first; ``site`` is where most of it was waited, share and minute are of that site."""
    by_kind: dict[str, list[Bottleneck]] = {}
    for row in places(results):
        by_kind.setdefault(row.kind, []).append(row)
    made = []
    for kind, rows in by_kind.items():
        worst = max(rows, key=lambda row: (row.waited_min, row.site))
        made.append(Bottleneck(kind, worst.site, sum(row.waited_min for row in rows), worst.share, worst.first_min))
    return tuple(sorted(made, key=lambda row: (-row.waited_min, row.kind)))


def _lacks(results: Results) -> tuple[Lack, ...]:
    """By station over all sites, most waited for first; who is topped up waits for nothing."""
    found: dict[str, list[float]] = {}
    for row in results.lacking:
        minutes = found.setdefault(str(row["station"]), [0.0, 0.0, 0.0])
        for at, name in enumerate(("place_min", "people_min", "both_min")):
            minutes[at] += _number(row[name])
    return tuple(Lack(name, *minutes) for name, minutes in sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))


def _saturated(results: Results) -> tuple[Bottleneck, ...]:
    """For each hospital the front-door kind that ran out first, in order of that minute; only where it did in at least half of the events."""
    hospitals = {str(row["hospital"]) for row in results.hospitals if _number(row["arrived_red"]) >= RED_ARRIVALS}
    first: dict[str, Bottleneck] = {}
    for row in places(results):
        if row.site not in hospitals or row.kind not in FRONT or row.share < 0.5:
            continue
        if row.site not in first or row.first_min < first[row.site].first_min:
            first[row.site] = row
    return tuple(sorted(first.values(), key=lambda row: (row.first_min, row.site)))


def _causes(tallies: Mapping[str, Tally]) -> tuple[Cause, ...]:
    made = [Cause(name, _always(tally)) for name, tally in tallies.items() if any(tally.interval()) or tally.mean]
    return tuple(sorted(made, key=lambda row: (-row.deaths.mean, row.cause)))


def _waits(results: Results) -> tuple[Wait, ...]:
    made = [
        Wait(
            str(row["site"]), str(row["station"]), str(row["ended_by"]), _number(row["waits"]), _number(row["mean_min"])
        )
        for row in results.stations
    ]
    return tuple(sorted(made, key=lambda row: (-row.waits * row.mean_min, row.site, row.station, row.ended_by)))


def plain(value: Any) -> Any:
    """Mappings, lists and numbers as JSON has them; a number that is none is None."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
