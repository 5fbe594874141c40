"""A run in finished numbers: what is asked of it, each with its interval, and the sentence that belongs to it.

Means carry the 95 % interval of the mean over replications; the spread of single events is given beside them, since the next event is one draw and not
a mean. Waits count the dead and the unfinished too and say how each ended.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from beiji.science.estimate import interval
from beiji.science.results import Results


@dataclass(frozen=True)
class Measure:
    """A mean with its 95 % interval, and the middle 90 % of single events; ``n`` replications had a value."""

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
class Summary:
    """Everything the command line and the web say of a run; see the module."""

    scenario: str
    city: str
    basis: str
    casualties: int
    survivors: Measure
    deaths: Measure
    preventable: Measure
    preventable_by_hospitals: Measure | None
    time_to_theatre_min: Measure | None
    never_operated: Measure
    operated: Measure
    red_door_to_bed_min: Measure | None
    scene_cleared_min: Measure | None
    ended: Mapping[str, Measure]
    bottlenecks: tuple[Bottleneck, ...]
    saturated: tuple[Bottleneck, ...]
    causes: tuple[Cause, ...]
    waits: tuple[Wait, ...]
    hospitals: tuple[Mapping[str, Any], ...]
    provenance: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    survivors_by_event: tuple[float, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; numbers that do not exist are None."""
        return _plain(asdict(self))  # type: ignore[no-any-return]


def measure(values: Sequence[float] | np.ndarray[Any, Any]) -> Measure | None:
    """Summarise one value a replication; None when no replication has one."""
    finite = np.asarray(values, float)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return None
    mean = interval(finite)
    low, high = (float(value) for value in np.quantile(finite, [0.05, 0.95]))
    return Measure(mean.mean, mean.low, mean.high, low, high, len(finite))


def _always(values: Sequence[float] | np.ndarray[Any, Any]) -> Measure:
    made = measure(values)
    if made is None:
        raise ValueError("A run without replications has no summary.")
    return made


ENDS = ("dead", "left", "in_stage", "waiting", "riding", "unreached")
#: What a red needs at the door; a hospital is called saturated from the first minute one of these is refused.
FRONT = ("resus_bays", "resus_teams")
#: Reds an event from which a hospital's resuscitation is spoken of; fewer are strays.
RED_ARRIVALS = 0.5


def summarise(results: Results, *, basis: str = "planned", notes: Sequence[str] = ()) -> Summary:
    """Bring a run into finished numbers. ``basis`` is what it believes of the hospitals; ``notes`` are sentences to print with it."""
    value = results.replications
    by_hospitals = measure(value["preventable_by_hospitals"]) if results.has_unlimited else None
    return Summary(
        scenario=str(results.provenance["scenario"]),
        city=str(results.provenance["city"]),
        basis=basis,
        casualties=round(float(np.mean(value["casualties"]))),
        survivors=_always(value["survivors"]),
        deaths=_always(value["deaths"]),
        preventable=_always(value["preventable"]),
        preventable_by_hospitals=by_hospitals,
        time_to_theatre_min=measure(value["time_to_theatre_min"]),
        never_operated=_always(value["never_operated"]),
        operated=_always(value["operated"]),
        red_door_to_bed_min=measure(value["red_time_to_bed_min"]),
        scene_cleared_min=measure(value["scene_cleared_min"]),
        ended={name: _always(value[name]) for name in ENDS},
        bottlenecks=_bottlenecks(results),
        saturated=_saturated(results),
        causes=_causes(results),
        waits=_waits(results),
        hospitals=tuple(sorted(results.hospitals, key=lambda row: (-_number(row["arrived"]), str(row["hospital"])))),
        provenance=results.provenance,
        notes=tuple(notes),
        survivors_by_event=tuple(float(v) for v in value["survivors"]),
    )


def _number(value: object) -> float:
    """A number of a result's row as a float."""
    return float(value)  # type: ignore[arg-type]


def _rows(results: Results) -> list[Bottleneck]:
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
    for row in _rows(results):
        by_kind.setdefault(row.kind, []).append(row)
    made = []
    for kind, rows in by_kind.items():
        worst = max(rows, key=lambda row: (row.waited_min, row.site))
        made.append(Bottleneck(kind, worst.site, sum(row.waited_min for row in rows), worst.share, worst.first_min))
    return tuple(sorted(made, key=lambda row: (-row.waited_min, row.kind)))


def _saturated(results: Results) -> tuple[Bottleneck, ...]:
    """For each hospital the front-door kind that ran out first, in order of that minute; only where it did in at least half of the events."""
    hospitals = {str(row["hospital"]) for row in results.hospitals if _number(row["arrived_red"]) >= RED_ARRIVALS}
    first: dict[str, Bottleneck] = {}
    for row in _rows(results):
        if row.site not in hospitals or row.kind not in FRONT or row.share < 0.5:
            continue
        if row.site not in first or row.first_min < first[row.site].first_min:
            first[row.site] = row
    return tuple(sorted(first.values(), key=lambda row: (row.first_min, row.site)))


def _causes(results: Results) -> tuple[Cause, ...]:
    names = dict.fromkeys(str(row["cause"]) for row in results.causes)
    made = [Cause(name, _always(results.cause_by_replication(name))) for name in names]
    return tuple(sorted(made, key=lambda row: (-row.deaths.mean, row.cause)))


def _waits(results: Results) -> tuple[Wait, ...]:
    made = [
        Wait(
            str(row["site"]), str(row["station"]), str(row["ended_by"]), _number(row["waits"]), _number(row["mean_min"])
        )
        for row in results.stations
    ]
    return tuple(sorted(made, key=lambda row: (-row.waits * row.mean_min, row.site, row.station, row.ended_by)))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
