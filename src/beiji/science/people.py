"""Sources of casualties and the casualties as given: scenes, lists of given arrivals, a live picture."""
import math
from collections.abc import Iterable, Mapping

import numpy as np

from .city import Hospital
from .draws import Law, fixed, lognormal, numbered_id
from .kernel import records as R
from .live import LiveCasualty
from .pathway import FLAGS, Values
from .scenario import COLOURS, Arrivals, Scenario, Scene

LIVE = "live:"
AT_MINUTE, AFTER_GAP, FROM_CURVE = range(3)
WAITING, RUNNING, RIDING, UNREACHED, LEFT = range(1, 6)


class LawTable:
    """All laws of a model, each once, and the quantile tables behind them."""

    def __init__(self) -> None:
        self._at: dict[Law, int] = {}
        self._rows: list[tuple[int, float, float, float]] = []
        self._values: list[float] = []

    def position(self, law: Law) -> int:
        """Where a law stands; added if new."""
        if law not in self._at:
            self._at[law] = len(self._rows)
            if law.dist == 5:
                self._rows.append((5, float(len(self._values)), float(len(law.table)), 0.0))
                self._values += law.table
            else:
                self._rows.append((law.dist, law.a, law.b, law.c))
        return self._at[law]

    def rows(self) -> np.ndarray:
        """The kernel's law records."""
        return np.array(self._rows or [(0, 0.0, 0.0, 0.0)], R.LAW)

    def values(self) -> np.ndarray:
        """The kernel's table of quantiles."""
        return np.array([*self._values, 0.0])


def self_shares(given: float | None, mix: Mapping[str, float], p: Values) -> list[float]:
    """Share of each group that leaves by itself: the register's, or scaled so that the overall share is the given one (each at most 1)."""
    own = [p["self.red"], p["self.yellow"], p["self.green"], 0.0]
    if given is None:
        return own
    overall = sum(mix.get(c, 0.0) * s for c, s in zip(COLOURS, own, strict=True))
    return [min(1.0, s * given / overall) if overall > 0 else 0.0 for s in own]


def sources(scenario: Scenario, scenes: list[Scene], hospitals: list[Hospital], travel: np.ndarray, p: Values,
            laws: LawTable) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Source records, race weights by source and hospital, and source codes: scenes, lists by code, the live picture."""
    lists = sorted(scenario.arrivals, key=lambda a: a.code)
    codes = [*(s.code for s in scenes), *(a.code for a in lists), *([LIVE] if scenario.live else [])]
    source = np.zeros(max(1, len(codes)), R.SOURCE)
    race = np.zeros((max(1, len(codes)), len(hospitals)))
    source["site"] = -1
    leave = laws.position(lognormal(p["self.leave_mean_min"], p["self.leave_cv"]))
    find = lognormal(p["scene.find_mean_min"], p["scene.find_cv"])
    for k, scene in enumerate(scenes):
        mix = scene.mix or scenario.mix
        source[k]["mix"] = [mix.get(c, 0.0) for c in COLOURS]
        source[k]["contaminated"], source[k]["start_at"], source[k]["site"] = scene.contaminated, scene.start_min, k
        source[k]["self_share"] = self_shares(scene.self_evacuation, mix, p)
        source[k]["find_law"], source[k]["leave_law"] = laws.position(scene.find or find), leave
        for h, hospital in enumerate(hospitals):
            minutes = travel[k, len(scenes) + h]
            race[k, h] = math.exp(-minutes / p["self.near_scale_min"]) if hospital.accepts and math.isfinite(minutes) else 0.0
    for n, arrivals in enumerate(lists):
        k = len(scenes) + n
        source[k]["mix"] = [(arrivals.mix or scenario.mix).get(c, 0.0) for c in COLOURS]
        source[k]["contaminated"], source[k]["start_at"] = arrivals.contaminated, arrivals.start_min
        source[k]["given_law"] = laws.position(arrivals.gap or arrivals.curve or fixed(0.0))
        for h, hospital in enumerate(hospitals):
            race[k, h] = float(arrivals.shares.get(hospital.code, 0.0 if arrivals.shares else 1.0))
    if scenario.live:
        source[-1]["mix"] = [scenario.mix.get(c, 0.0) for c in COLOURS]
    return source, race, codes


def _pick(values: tuple[object, ...] | None, k: int) -> object:
    return None if not values else values[k if len(values) > 1 else 0]


def _given(arrivals: Arrivals, number: int, source: int, hospital: int, row: int) -> tuple[float, ...]:
    k = number - 1
    timing = AFTER_GAP if arrivals.gap is not None else (FROM_CURVE if arrivals.curve is not None else AT_MINUTE)
    minute = arrivals.minutes[k] if arrivals.minutes else arrivals.start_min
    colour, group, template = _pick(arrivals.colours, k), _pick(arrivals.groups, k), _pick(arrivals.templates, k)
    return (numbered_id(arrivals.code, number), source, 1, timing, hospital, row, -1 if group is None else COLOURS.index(str(group)),
            -1 if template is None else int(str(template)), -1 if colour is None else COLOURS.index(str(colour)), minute, arrivals.since_min, 0, 0.0, -1.0, -1, -1, 1.0, 0.0)


def live_phase(c: LiveCasualty) -> int:
    """What a casualty of a live picture does: waits, is in a stage, rides, is not reached yet, has left."""
    if c.left:
        return LEFT
    if c.riding_until is not None or c.ridden_min is not None:
        return RIDING
    if c.stage is None:
        return UNREACHED
    return WAITING if c.running_min is None else RUNNING


def _live(c: LiveCasualty, number: int, source: int, site: int, row: int, held: int, needs: int) -> tuple[float, ...]:
    phase = live_phase(c)
    return (numbered_id(LIVE, number) if c.id is None else c.id, site if phase == UNREACHED else source, 1, AT_MINUTE, site, row,
            -1 if c.group is None else COLOURS.index(c.group), -1 if c.template is None else c.template, -1 if c.colour is None else COLOURS.index(c.colour),
            c.riding_until or 0.0, c.since_min, phase, c.running_min or 0.0, -1.0 if c.exposure_min is None else c.exposure_min, held, needs,
            *(c.partial or (1.0, 0.0)))


def stage_row(stage: str, colour: str | None, names: list[str], begins: Mapping[str, int], records: np.ndarray) -> int:
    """Row of a stage by name: in the colour's own path if it is there, else the first of that name that stands by itself (no ELSE)."""
    k = begins.get(colour or "", len(names))
    while k < len(names) and names[k]:
        if names[k] == stage:
            return k
        k += 1
    rows = [k for k, name in enumerate(names) if name == stage]
    return next((k for k in rows if not records[k]["traits"] & FLAGS["else"]), rows[0])


def people(scenario: Scenario, scenes: list[Scene], hospitals: list[Hospital], codes: list[str], names: list[str], begins: Mapping[str, int],
           records: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """One row a casualty, in the order of source and number: the same whatever the order given."""
    rows: list[tuple[float, ...]] = []
    sites = {h.code: len(scenes) + k for k, h in enumerate(hospitals)} | {s.code: k for k, s in enumerate(scenes)}
    for k, scene in enumerate(scenes):
        rows += [(numbered_id(scene.code, n), k, 0, AT_MINUTE, k, -1, -1, -1, -1, 0.0, 0.0, 0, 0.0, -1.0, -1, -1, 1.0, 0.0) for n in range(1, scene.casualties + 1)]
    for arrivals in sorted(scenario.arrivals, key=lambda a: a.code):
        hospital = sites[arrivals.hospital] if arrivals.hospital else -1
        source = codes.index(arrivals.code)
        at = {colour: stage_row(arrivals.stage, colour, names, begins, records) if arrivals.stage else -1 for colour in (None, *COLOURS)}
        rows += [_given(arrivals, n, source, hospital, at[_pick(arrivals.colours, n - 1)]) for n in range(1, arrivals.number() + 1)]  # type: ignore[index]
    for n, c in enumerate(live_order(scenario.live), start=1):
        row = stage_row(c.stage, c.path or c.colour, names, begins, records) if c.stage else -1
        held = stage_row(c.holding, c.path or c.colour, names, begins, records) if c.holding else -1
        rows.append(_live(c, n, codes.index(LIVE), sites[c.site], row, held, live_needs(c, names, begins, records, pool)))
    return np.array(rows, R.PERSON)


def live_order(live: Iterable[LiveCasualty]) -> list[LiveCasualty]:
    """By the order of seniority where it is given, then longest since injury first; otherwise as given."""
    return sorted(live, key=lambda c: (math.inf, -c.since_min) if c.order is None else (float(c.order), 0.0))


def live_needs(c: LiveCasualty, names: list[str], begins: Mapping[str, int], records: np.ndarray, pool: np.ndarray) -> int:
    """Needs that are left after the stages already done; -1 (drawn) when neither needs nor template are known."""
    if c.needs is not None:
        return c.needs
    if c.template is None:
        return -1
    needs = int(pool["needs"][c.template])
    for stage in c.done:
        row = records[stage_row(stage, c.colour, names, begins, records)]
        needs = (needs & ~int(row["cures"])) | int(row["adds"])
    return needs
