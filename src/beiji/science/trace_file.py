"""The playback file: one event as its stories, compact, for drawing a city minute by minute. Format: docs/reference/playback.md.

A story that ends by death inside a hospital or on the way ends at *limit* (a wait or care passed its limit), as those of the living do who wait too long:
no line joins a death to a hospital.
"""
from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .build import Model
from .city import City
from .kernel.codes import F_ENTRY, WAITING
from .parameters import Register
from .playback import CODES, DEAD, TRUTH
from .results import LIMIT
from .scenario import COLOURS, Scenario

FORMAT, VERSION = "beiji-playback", 1
WHATS = (*CODES, LIMIT)
REACHED, JOIN, START, DONE, DEPART, ARRIVE, LEAVE, DIE, _, COLOUR, STEP, WALK, MOVE, MORE, PAST = range(len(WHATS))
HUNDREDTHS = 100.0
NONE = -1
Row = tuple[float, int, int, int, int, int]


def limits_of(parameters: Register) -> tuple[float, float, float, float]:
    """Minutes until first care by colour red, yellow, green, and of any later wait, after which a wait has passed its limit."""
    return (parameters["limit.red_min"], parameters["limit.yellow_min"], parameters["limit.green_min"], parameters["transfer.wait_limit_min"])


def stories(model: Model, lines: np.ndarray, limits: tuple[float, float, float, float]) -> list[Row]:
    """(minute, what, casualty, site, station, value) of every step that is told, in order of minutes."""
    by_casualty: dict[int, list[Row]] = {}
    for w in lines:
        row = (float(w["at"]), int(w["code"]), int(w["casualty"]), int(w["site"]), int(w["station"]), int(w["value"]))
        by_casualty.setdefault(row[2], []).append(row)
    told = [_step(model, row) for row in by_casualty.pop(NONE, [])]
    entry = {int(model.sim.row[k]["station"]) for k in range(len(model.rows)) if model.rows[k] and int(model.sim.row[k]["traits"]) & int(F_ENTRY)}
    for own in by_casualty.values():
        told += _story(model, own, limits, entry)
    return sorted(told, key=lambda row: row[0])


def _step(model: Model, row: Row) -> Row:
    return (*row[:5], row[5] // model.parts[row[4]])


def _story(model: Model, own: list[Row], limits: tuple[float, float, float, float], entry: set[int]) -> list[Row]:
    """One casualty's lines, with the minutes at which a wait of his passed its limit, and without his death where that would stand beside a hospital."""
    dies = next((row for row in own if row[1] == DIE), None)
    kept = [row for row in own if not (row[1] == TRUTH and row[5] == DEAD)]
    past = _past(model, kept, limits, entry, dies[0] if dies else np.inf)
    if dies is None or dies[3] < model.scenes:
        return kept + past
    before = [row for row in kept if row[0] <= dies[0] and row[1] != DIE]
    waits = max((row[0] for row in before if row[1] == JOIN), default=0.0)
    if dies[5] == WAITING and past and past[-1][0] >= waits:
        return [row for row in before if row[0] <= past[-1][0]] + past
    riding = any(row[1] in (DEPART, WALK) for row in before[-1:])
    end = next((row[0] for row in kept if row[1] == DONE and row[0] >= dies[0]), dies[0] if dies[5] == WAITING or riding else None)
    last = [] if end is None else [(end, PAST, dies[2], NONE if riding else dies[3], NONE, 0)]
    return before + past + last


def _past(model: Model, own: list[Row], limits: tuple[float, float, float, float], entry: set[int], until: float) -> list[Row]:
    """When waits at hospitals passed their limits: for first care since the arrival, by colour; for a later stage since he joined its queue."""
    made: list[Row] = []
    colour, cared, site = 0, False, NONE
    arrived: float | None = None
    joined: tuple[float, int, int] | None = None

    def look(since: float, limit: float, end: float, site: int, station: int) -> None:
        if since + limit < end:
            made.append((since + limit, PAST, own[0][2], site, station, 0))

    for minute, what, _who, site, station, value in (row for row in own if row[0] <= until):
        if what == ARRIVE and arrived is None:
            arrived = minute
        elif what == COLOUR:
            colour = min(value, 2)
        elif what == JOIN and site >= model.scenes:
            joined = joined or (minute, site, station)
        elif what in (START, MOVE, LEAVE):
            if what == START and station in entry and not cared:
                cared = True
                look(minute if arrived is None else arrived, limits[colour], minute, site, station)
            elif cared and joined is not None:
                look(joined[0], limits[3], minute, *joined[1:])
            joined = None
            arrived = None if what == LEAVE else arrived
    end = min(until, float(model.sim.par["horizon"][0]))
    if arrived is not None and not cared:
        look(arrived, limits[colour], end, site, joined[2] if joined else NONE)
    elif joined is not None:
        look(joined[0], limits[3], end, *joined[1:])
    return made


def playback(model: Model, lines: np.ndarray, city: City, scenario: Scenario, parameters: Register, *, names: Mapping[str, str] | None = None,
             provenance: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The record that is written: what stands still, and the lines as columns (minutes in hundredths, each less the one before)."""
    rows = stories(model, lines, limits_of(parameters))
    points = {h.code: h.at for h in city.hospitals} | {s.code: s.at for s in scenario.scenes}
    kinds, sim = len(model.kinds), model.sim
    sites = [{"code": code, "name": (names or {}).get(code, code), "kind": "scene" if s < model.scenes else "hospital",
              "lat": round(points[code].lat, 5), "lon": round(points[code].lon, 5),
              "capacity": {model.kinds[k]: int(u["cap0"]) // model.parts[k] for k, u in enumerate(sim.unit[s * kinds:(s + 1) * kinds]) if u["cap0"]}}
             for s, code in enumerate(model.sites)]
    minute = np.round(np.array([row[0] for row in rows]) * HUNDREDTHS).astype(np.int64)
    columns = {"minute": np.diff(minute, prepend=np.int64(0)).tolist()}
    columns |= {name: [row[k] for row in rows] for k, name in enumerate(("what", "casualty", "site", "station", "value"), start=1)}
    return {"format": FORMAT, "version": VERSION, "city": city.code, "scenario": scenario.code, "clock_min": scenario.clock_min,
            "horizon_min": float(sim.par["horizon"][0]), "hour": scenario.hour, "casualties": len(sim.person), "limits_min": list(limits_of(parameters)),
            "sites": sites, "stations": list(model.stations), "kinds": list(model.kinds), "colours": list(COLOURS), "whats": list(WHATS),
            "provenance": dict(provenance or {}), "events": columns}


def packed(record: Mapping[str, Any]) -> bytes:
    """The bytes of the file; the same record gives the same bytes."""
    return gzip.compress(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def write_playback(path: Path, record: Mapping[str, Any]) -> int:
    """Write the file; returns its size in bytes."""
    return path.write_bytes(packed(record))


class PlaybackError(ValueError):
    """A file that is no playback, or of another version."""


def read_playback(path: Path) -> Playback:
    """Read a playback file. Raises PlaybackError in one sentence."""
    try:
        record = json.loads(gzip.decompress(path.read_bytes()))
        known = record["format"], record["version"]
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise PlaybackError(f"{path.name} is no playback file ({type(error).__name__}).") from error
    if known != (FORMAT, VERSION):
        raise PlaybackError(f"{path.name} is {known[0]} version {known[1]}; this program reads {FORMAT} version {VERSION}.")
    return Playback(record)


@dataclass(frozen=True)
class Position:
    """Where a casualty is at a minute: `phase` scene, riding, waiting, care, left or past (his story is told up to the limit that he passed);
    `share` of the ride; `late`: a wait has passed its limit."""

    phase: str
    site: str
    station: str | None
    colour: str | None
    origin: str | None = None
    share: float = 0.0
    late: bool = False


class Playback:
    """An event to be drawn: `events()` in order; `frame(minute)`: everybody's position; `queues(minute)`, `capacity(minute)` of every place."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        self._minute = np.cumsum(np.array(record["events"]["minute"], np.int64)) / HUNDREDTHS
        self._rows = list(zip(*(record["events"][name] for name in ("what", "casualty", "site", "station", "value")), strict=True))

    def events(self) -> Iterator[dict[str, Any]]:
        """Each line in words: minute, what, casualty, site, station (a kind for a step), value (a site for who sets out)."""
        r = self.record
        sites = [site["code"] for site in r["sites"]]
        for minute, (what, casualty, site, station, value) in zip(self._minute, self._rows, strict=True):
            names = r["kinds"] if what == STEP else r["stations"]
            yield {"minute": float(minute), "what": r["whats"][what], "casualty": casualty, "site": sites[site] if site >= 0 else None,
                   "station": names[station] if station >= 0 else None, "value": sites[value] if what in (DEPART, WALK, MOVE) else value}

    def frame(self, minute: float) -> dict[int, Position]:
        """Position of everybody who has been seen by a minute."""
        sites = [site["code"] for site in self.record["sites"]]
        at: dict[int, list[Any]] = {}
        last = int(np.searchsorted(self._minute, minute, "right"))
        for k in range(last):
            what, who, site, station, value = self._rows[k]
            if who >= 0:
                self._move(at.setdefault(who, ["scene", site, NONE, NONE, NONE, 0.0, False]), k, what, site, station, value)
        arrivals: dict[int, float] = {}
        for k in range(last, len(self._rows)):
            if self._rows[k][0] == ARRIVE:
                arrivals.setdefault(self._rows[k][1], float(self._minute[k]))
        made = {}
        for who, (phase, site, station, colour, origin, since, late) in at.items():
            ends = arrivals.get(who, np.inf)
            share = (minute - since) / (ends - since) if phase == "riding" and ends > since else 0.0
            made[who] = Position(phase, sites[site], self.record["stations"][station] if station >= 0 else None, COLOURS[colour] if colour >= 0 else None,
                                 sites[origin] if origin >= 0 else None, share, late)
        return made

    def _move(self, p: list[Any], k: int, what: int, site: int, station: int, value: int) -> None:
        """One line changes a position: phase, site, station, colour, origin, since, late."""
        if what in (DEPART, WALK):
            p[:3], p[4:] = ["riding", value, NONE], [site, float(self._minute[k]), False]
        elif what == ARRIVE:
            p[:3], p[4] = ["waiting", site, NONE], NONE
        elif what in (JOIN, START):
            p[0], p[1], p[2] = "waiting" if what == JOIN else "care", site, station
            p[6] = p[6] and what == JOIN
        elif what == COLOUR:
            p[3] = value
        elif what in (LEAVE, DIE):
            p[0] = "left"
        elif what == PAST:
            p[6] = True
            if not any(row[1] == self._rows[k][1] for row in self._rows[k + 1:]):
                p[0] = "past"

    def queues(self, minute: float) -> dict[tuple[str, str], int]:
        """Casualties who wait, by site and station."""
        found: dict[tuple[str, str], int] = {}
        for p in self.frame(minute).values():
            if p.phase == "waiting" and p.station:
                found[(p.site, p.station)] = found.get((p.site, p.station), 0) + 1
        return found

    def capacity(self, minute: float) -> dict[tuple[str, str], int]:
        """Units of each kind at each site at a minute."""
        found = {(site["code"], kind): n for site in self.record["sites"] for kind, n in site["capacity"].items()}
        for event in self.events():
            if event["minute"] > minute:
                break
            if event["what"] == "step":
                found[(event["site"], event["station"])] = event["value"]
        return found
