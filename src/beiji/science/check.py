"""Everything that can be wrong with a city, a scenario or a call, found before the kernel runs: all faults at once, each with its mend."""
import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from .capacity import LEVEL_SHARE, PLENTY, as_timetable
from .check_live import check_live
from .check_pathway import check_pathway
from .city import City, Hospital, Point
from .draws import Law, stable_hash
from .errors import Problem
from .parameters import Register, register
from .pathway import standard_pathway
from .scenario import COLOURS, POLICIES, Arrivals, Scenario, Scene
from .travel import minutes_between

MOST_CASUALTIES = 100_000
MOST_REPLICATIONS = 10_000_000
MODELS = ("sacco", "mills", "simedis")
MIX_TOLERANCE = 1e-6
MOST_SITES = 10_000
MOST_TRAVEL_MIN = 1440.0         # a scene whose nearest hospital is a day away is a mistake of the map


def check_run(*, replications: int, seed: int, threads: int | None, detail: str, first: int = 0) -> list[Problem]:
    """Faults of the call itself."""
    out = []
    if not _count(replications) or not 1 <= replications <= MOST_REPLICATIONS:
        out.append(Problem("replications", f"{replications!r} is not a number of replications.", f"Give a whole number from 1 to {MOST_REPLICATIONS:,}."))
    if not _count(seed) or not 0 <= seed < 2**63:
        out.append(Problem("seed", f"{seed!r} is not a seed.", "Give a whole number from 0 to 2**63 - 1."))
    if not _count(first) or first < 0:
        out.append(Problem("first", f"{first!r} is not a replication number.", "Give a whole number from 0."))
    if threads is not None and (not _count(threads) or not 1 <= threads <= 1024):
        out.append(Problem("threads", f"{threads!r} is not a number of threads.", "Give a whole number from 1 to 1024, or leave it out for all cores."))
    if detail not in ("summary", "casualty"):
        out.append(Problem("detail", f"{detail!r} is not a level of detail.", 'Write "summary" or "casualty".'))
    return out


def check(city: City, scenario: Scenario, *, deterioration: str = "sacco", policy: str | None = None, horizon_min: float | None = None,
          parameters: Register | None = None) -> list[Problem]:
    """All faults of a city and scenario; empty means that they may run."""
    limits = parameters or register()
    return [*_city(city, scenario, limits), *_scenario(city, scenario, limits), *_policy(city, scenario, policy),
            *check_pathway(scenario, _law), *_pool(scenario), *_call(deterioration, horizon_min, scenario.clock_min)]


def _count(value: object) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _number(where: str, value: object, low: float, high: float, unit: str = "") -> Iterator[Problem]:
    """A finite number within limits."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not low <= value <= high:  # type: ignore[operator]
        yield Problem(where, f"{value!r} is not a number from {low:g} to {high:g}{' ' + unit if unit else ''}.",
                      f"Write a number within these limits{', not NaN or infinite' if not good else ''}.")


def _call(deterioration: str, horizon_min: float | None, clock_min: float) -> Iterator[Problem]:
    if deterioration not in MODELS:
        yield Problem("deterioration", f"Unknown model {deterioration!r}.", f"Choose one of: {', '.join(MODELS)}.")
    if horizon_min is not None:
        yield from _number("horizon_min", horizon_min, 1.0, 5e7, "minutes")
        if horizon_min <= clock_min:
            yield Problem("horizon_min", f"The run would end at minute {horizon_min:g}, before its clock of {clock_min:g}.", "Give a later minute of the event.")


def _pool(scenario: Scenario) -> Iterator[Problem]:
    """A scenario's own pool: all groups there, colours alive, curves within 0 and 1 that never rise, crossings ascending."""
    pool = scenario.pool
    if pool is None:
        return
    where = f"scenario {scenario.code}.pool"
    group, category, curves = (np.asarray(getattr(pool, name)) for name in ("group", "category", "curves"))
    if set(np.unique(group)) - {0, 1, 2, 3} or any(s > 0 and k not in group for k, s in enumerate(scenario.mix.get(c, 0.0) for c in COLOURS)):
        yield Problem(f"{where}.group", "A severity group of the mix has no template.", "Give templates for every group with a share above 0.")
    if category.min() < 0 or category.max() > 3:
        yield Problem(f"{where}.category", f"Category {int(category.max())} is not a colour of the living.", "Write 0 to 3; who dies at once gets a crossing to 4 at exposure 0.")
    if not np.isfinite(curves).all() or curves.min() < 0 or curves.max() > 1 or (np.diff(curves, axis=1) > 1e-12).any():
        yield Problem(f"{where}.curves", "A survival curve has values that are not finite, leave 0 to 1, or rise.", "Give survival that never rises.")
    at, count = np.asarray(pool.cross_at), np.asarray(pool.cross_count)  # type: ignore[attr-defined]
    used = np.arange(at.shape[1])[None, :] < count[:, None]
    if np.isnan(at[used]).any() or (used[:, 1:] & (at[:, 1:] < at[:, :-1])).any():
        yield Problem(f"{where}.cross_at", "Crossings are not ascending.", "Sort each template's crossings by exposure.")


def _twice(where: str, codes: Iterable[str]) -> Iterator[Problem]:
    seen: dict[int, str] = {}
    for code in codes:
        h = stable_hash(code)
        if h in seen:
            clash = "is used twice" if seen[h] == code else f"has the same stable id as {seen[h]!r}"
            yield Problem(where, f"Code {code!r} {clash}.", "Give each its own code.")
        seen[h] = code


def _keys(values: Mapping[str, object], where: str, scope: str, kinds: set[str], limits: Register) -> Iterator[Problem]:
    counted = {"ambulances"} | (kinds or {k.name for k in standard_pathway(limits).kinds})
    for key, value in values.items():
        spot = f"{where}.{key}"
        if not key.startswith(scope) or (key not in limits and key.removeprefix(scope) not in kinds):
            yield Problem(spot, "Unknown resource or key.", f"Known {scope}* keys: {', '.join(limits.names(scope))}.")
        elif key == "city.distribution_policy":
            if value not in POLICIES:
                yield Problem(spot, f"Unknown policy {value!r}.", f"Choose one of: {', '.join(POLICIES)}.")
        else:
            row = limits.row(key) if key in limits else None
            yield from _timetable(spot, value, row.low if row else 0.0, row.high if row else 1e6, row.unit if row else "")
            if key.removeprefix(scope) in counted:
                yield from _whole(spot, value, row.unit if row else "units")


def _timetable(where: str, value: object, low: float, high: float, unit: str) -> Iterator[Problem]:
    """A number or {minute: value}; minutes from 0 upward in the order written, values within the key's limits."""
    if not isinstance(value, Mapping):
        yield from _number(where, value, low, high, unit)
        return
    if not value:
        yield Problem(where, "The timetable is empty.", "Give at least the value at minute 0, e.g. {0: 3}.")
    before = -math.inf
    for minute, entry in value.items():
        yield from _number(f"{where}@{minute}", minute, 0.0, 1e5, "minutes")
        yield from _number(f"{where}@{minute}", entry, low, high, unit)
        if isinstance(minute, int | float) and minute <= before:
            yield Problem(where, f"The timetable goes backwards: minute {minute:g} after {before:g}.", "Write the minutes in rising order, each once.")
        before = minute if isinstance(minute, int | float) else before


def _whole(where: str, value: object, unit: str) -> Iterator[Problem]:
    """People, places and machines are counted whole: half a team would be rounded to one without a word."""
    for minute, entry in (value.items() if isinstance(value, Mapping) else [(None, value)]):
        if isinstance(entry, float) and math.isfinite(entry) and entry != math.floor(entry):
            spot = where if minute is None else f"{where}@{minute:g}"
            yield Problem(spot, f"{entry:g} {unit} is not a whole number.", "Write how many there are, counted whole.")


def _city(city: City, scenario: Scenario, limits: Register) -> Iterator[Problem]:
    kinds = {k.name for k in scenario.pathway.kinds} if scenario.pathway else set()
    if not city.hospitals:
        yield Problem(f"city {city.code}.hospitals", "The city has no hospitals.", "Add at least one hospital to the city pack.")
    if len(city.hospitals) + len(scenario.scenes) > MOST_SITES:
        yield Problem(f"city {city.code}", f"{len(city.hospitals)} hospitals.", f"At most {MOST_SITES} sites can be simulated.")
    yield from _twice(f"city {city.code}.hospitals", (h.code for h in city.hospitals))
    yield from _twice(f"city {city.code}.bases", (b.code for b in city.bases))
    for name, values in (("day", city.day), ("night", city.night)):
        yield from _keys(values, f"city {city.code}.{name}", "city.", set(), limits)
    for h in city.hospitals:
        yield from _hospital(h, scenario, kinds, limits)
    for base in city.bases:
        yield from _point(f"base {base.code}", base.at)
        yield from _number(f"base {base.code}.weight", base.weight, 0.0, 1e6)
    if city.bases and not sum(b.weight for b in city.bases) > 0:
        yield Problem(f"city {city.code}.bases", "No base has a weight above 0.", "Give each base its share of the fleet.")
    for (a, b), minutes in city.travel_min.items():
        if math.isnan(minutes) or minutes < 0:
            yield Problem(f"travel_min[{a}, {b}]", f"{minutes!r} is not a number of minutes.", "Write minutes from 0, or inf where there is no way.")
    if scenario.scenes and not city.bases:
        yield Problem(f"city {city.code}.bases", "No ambulance base, but the scenario has scenes.", "Add bases, or give arrivals instead of scenes.")
    fleet = city.values(scenario.night).get("city.ambulances", 1)
    if scenario.scenes and all(v == 0 for v in as_timetable(fleet if not isinstance(fleet, str) else 1).values()):
        yield Problem("city.ambulances", "0 ambulances, but the scenario has scenes.", "Give at least one vehicle.")


def _hospital(h: Hospital, scenario: Scenario, kinds: set[str], limits: Register) -> Iterator[Problem]:
    where = f"hospital {h.code}"
    yield from _point(where, h.at)
    if h.activation not in LEVEL_SHARE:
        yield Problem(f"{where}.activation", f"Unknown level {h.activation!r}.", f"Choose one of: {', '.join(LEVEL_SHARE)}.")
    for colour in sorted((h.accepts | h.accepts_children) - set(COLOURS)):
        yield Problem(f"{where}.accepts", f"Unknown colour {colour!r}.", f"Known: {', '.join(COLOURS)}.")
    if h.occupied_beds is not None:
        yield from _number(f"{where}.occupied_beds", h.occupied_beds, 0, PLENTY, "beds")
    for name, values in (("day", h.day), ("night", h.night)):
        yield from _keys(values, f"{where}.{name}", "hospital.", kinds, limits)
    values = h.values(scenario.night)
    if scenario.pathway is None:
        missing = [k.key for k in standard_pathway(limits).kinds if k.key and not k.optional and k.key not in values]
        if missing:
            yield Problem(f"{where}.{'night' if scenario.night else 'day'}", f"No value for {', '.join(missing)}.",
                          "Give each, 0 where the hospital has none.")


def _point(where: str, at: Point) -> Iterator[Problem]:
    yield from _number(f"{where}.lat", at.lat, -90, 90, "degrees")
    yield from _number(f"{where}.lon", at.lon, -180, 180, "degrees")


def _mix(where: str, mix: Mapping[str, float]) -> Iterator[Problem]:
    for colour, share in mix.items():
        if colour not in COLOURS:
            yield Problem(f"{where}.{colour}", "Unknown severity group.", f"Known: {', '.join(COLOURS)}.")
        yield from _number(f"{where}.{colour}", share, 0.0, 1.0)
    total = sum(v for v in mix.values() if isinstance(v, int | float))
    if not abs(total - 1.0) <= MIX_TOLERANCE:
        yield Problem(where, f"The shares sum to {total:g}, not to 1.", "Change them so that they sum to 1.")


def _law(where: str, law: Law) -> Iterator[Problem]:
    numbers = (law.a, law.b, law.c, *law.table)
    if not all(math.isfinite(x) for x in numbers):
        yield Problem(where, "The distribution has a value that is NaN or infinite.", "Write finite numbers.")
    elif (law.dist in (0, 2) and law.a < 0) or (law.dist == 3 and not 0 <= law.a <= law.b) or (law.dist == 4 and not 0 <= law.a <= law.b <= law.c):
        yield Problem(where, f"{law.name}({law.a:g}, {law.b:g}, {law.c:g}) has negative or unordered parameters.", "Write low ≤ mode ≤ high, none negative.")
    elif law.dist == 5 and (len(law.table) < 2 or law.table[0] < 0 or any(b < a for a, b in zip(law.table, law.table[1:], strict=False))):
        yield Problem(where, "Quantiles must be two or more values that never fall, none negative.", "Write them in rising order.")
    elif law.dist not in range(6):
        yield Problem(where, f"Unknown distribution code {law.dist!r}.", "Use the functions of science.draws.")


def _scenario(city: City, scenario: Scenario, limits: Register) -> Iterator[Problem]:
    where = f"scenario {scenario.code}"
    total = scenario.casualties()
    if total == 0:
        yield Problem(f"{where}.casualties", "0 casualties.", f"Give from 1 to {MOST_CASUALTIES:,}.")
    elif total > MOST_CASUALTIES:
        yield Problem(f"{where}.casualties", f"{total:,} casualties.", f"At most {MOST_CASUALTIES:,} can be simulated; split the incident or scale it.")
    yield from _number(f"{where}.hour", scenario.hour, 0.0, 24.0, "hours")
    yield from _number(f"{where}.travel_factor", scenario.travel_factor, 0.1, 100.0)
    yield from _mix(f"{where}.mix", scenario.mix)
    if scenario.grid_failure_min is not None:
        yield from _number(f"{where}.grid_failure_min", scenario.grid_failure_min, 0.0, 1e5, "minutes")
    yield from _twice(f"{where}.scenes", (*(s.code for s in scenario.scenes), *(a.code for a in scenario.arrivals)))
    sites = {s.code for s in scenario.scenes} & {h.code for h in city.hospitals}
    for code in sorted(sites):
        yield Problem(f"scene {code}", "A hospital has the same code.", "Give the scene its own code.")
    places = [s.code for s in scenario.scenes] + [h.code for h in city.hospitals] + [b.code for b in city.bases]
    for pair in scenario.travel_min:
        for code in pair:
            if code not in places:
                yield Problem(f"{where}.travel_min[{pair[0]}, {pair[1]}]", f"Unknown place {code!r}.", f"Known: {', '.join(sorted(places))}.")
    for s in scenario.scenes:
        yield from _scene(city, s, limits)
    for a in scenario.arrivals:
        yield from _arrivals(city, scenario, a)
    for name, value in scenario.parameters.items():
        if name not in limits:
            yield Problem(f"{where}.parameters.{name}", "Unknown parameter.", "See the parameter register for the names.")
        else:
            row = limits.row(name)
            yield from _number(f"{where}.parameters.{name}", value, row.low, row.high, row.unit)
    known = {s.name for stages in (scenario.pathway or standard_pathway(limits, expectant=True)).paths.values() for s in stages} | {"hand_over"}
    for stage, law in scenario.service.items():
        if stage not in known:
            yield Problem(f"{where}.service.{stage}", "Unknown stage.", f"Known: {', '.join(sorted(known))}.")
        yield from _law(f"{where}.service.{stage}", law)
    yield from check_live(city, scenario, known, _number)


def _scene(city: City, s: Scene, limits: Register) -> Iterator[Problem]:
    where = f"scene {s.code}"
    yield from _point(where, s.at)
    if not _count(s.casualties) or s.casualties < 0:
        yield Problem(f"{where}.casualties", f"{s.casualties!r} is not a number of casualties.", "Write a whole number from 0.")
    yield from _number(f"{where}.start_min", s.start_min, 0.0, 1e5, "minutes")
    yield from _number(f"{where}.contaminated", s.contaminated, 0.0, 1.0)
    for name in ("undertriage", "overtriage"):
        if getattr(s, name) is not None:
            yield from _number(f"{where}.{name}", getattr(s, name), 0.0, 1.0)
    if s.self_evacuation is not None:
        yield from _number(f"{where}.self_evacuation", s.self_evacuation, 0.0, 1.0)
    if s.mix is not None:
        yield from _mix(f"{where}.mix", s.mix)
    if s.find is not None:
        yield from _law(f"{where}.find", s.find)
    for name in ("triage_crews", "first_aid_crews", "decon_lanes"):
        if getattr(s, name) is not None:
            yield from _timetable(f"{where}.{name}", getattr(s, name), 0.0, 10_000, "")
    if city.hospitals and not any(h.accepts and math.isfinite(_way(city, s.code, h.code)) for h in city.hospitals):
        yield Problem(where, "Unreachable: no hospital that accepts casualties can be reached from it.",
                      "Give finite travel minutes to at least one hospital that accepts a colour.")
    yield from _far(city, s, limits)


def _far(city: City, s: Scene, limits: Register) -> Iterator[Problem]:
    """A scene so far from every hospital that nobody could get there: most often swapped or mistyped degrees."""
    if any(True for at in (s.at, *(h.at for h in city.hospitals)) for _ in _point("", at)):
        return
    ways = [minutes_between(city, s, h, limits) for h in city.hospitals if h.accepts]
    nearest = min((way for way in ways if math.isfinite(way)), default=0.0)
    if nearest > MOST_TRAVEL_MIN:
        yield Problem(f"scene {s.code}", f"The nearest hospital that accepts casualties is {nearest:,.0f} minutes away.",
                      f"Check its degrees and given minutes; at most {MOST_TRAVEL_MIN:,.0f} minutes can be simulated.")


def _way(city: City, a: str, b: str) -> float:
    """Given travel minutes between two codes; 0 when they are computed from the map."""
    return next((city.travel_min[key] for key in ((a, b), (b, a)) if key in city.travel_min), 0.0)


def _arrivals(city: City, scenario: Scenario, a: Arrivals) -> Iterator[Problem]:
    where = f"arrivals {a.code}"
    codes = {h.code for h in city.hospitals}
    if a.count < 0 or (a.minutes and a.count not in (0, len(a.minutes))):
        yield Problem(f"{where}.count", f"{a.count} does not fit {len(a.minutes)} minutes.", "Leave count out when minutes are given.")
    for code in ([a.hospital] if a.hospital else []) + list(a.shares):
        if code not in codes:
            yield Problem(f"{where}.hospital", f"Unknown hospital {code!r}.", f"Known: {', '.join(sorted(codes))}.")
    for code, share in a.shares.items():
        yield from _number(f"{where}.shares.{code}", share, 0.0, 1e9)
    if a.shares and not sum(a.shares.values()) > 0:
        yield Problem(f"{where}.shares", "No hospital has a share above 0.", "Give at least one hospital a share.")
    for k, minute in enumerate(a.minutes):
        yield from _number(f"{where}.minutes[{k}]", minute, 0.0, 5e7, "minutes")
        if minute < scenario.clock_min:
            yield Problem(f"{where}.minutes[{k}]", f"Minute {minute:g} lies before the clock of {scenario.clock_min:g}.",
                          "Who has come already stands in the live picture; leave his minute out here.")
    for name in ("gap", "curve"):
        if getattr(a, name) is not None:
            yield from _law(f"{where}.{name}", getattr(a, name))
    if a.mix is not None:
        yield from _mix(f"{where}.mix", a.mix)
    yield from _number(f"{where}.contaminated", a.contaminated, 0.0, 1.0)
    yield from _number(f"{where}.since_min", a.since_min, 0.0, 1e5, "minutes")
    for name in ("colours", "groups", "templates"):
        given = getattr(a, name)
        if given and len(given) not in (1, a.number()):
            yield Problem(f"{where}.{name}", f"{len(given)} values for {a.number()} casualties.", "Give one for all or one for each.")
        if given and name != "templates" and (bad := sorted({c for c in given if c is not None} - set(COLOURS))):
            yield Problem(f"{where}.{name}", f"Unknown colour {bad[0]!r}.", f"Known: {', '.join(COLOURS)}.")


def _policy(city: City, scenario: Scenario, policy: str | None) -> Iterator[Problem]:
    for where, name in (("policy", policy), (f"scenario {scenario.code}.policy", scenario.policy)):
        if name is not None and name not in POLICIES:
            yield Problem(where, f"Unknown policy {name!r}.", f"Choose one of: {', '.join(POLICIES)}.")
    codes, scenes = {h.code for h in city.hospitals}, {s.code for s in scenario.scenes} | {""}
    chosen = policy or scenario.policy or city.values(scenario.night).get("city.distribution_policy")
    if chosen in ("table", "split") and not getattr(scenario, str(chosen)):
        yield Problem(f"scenario {scenario.code}.{chosen}", f"The policy is {chosen!r} but there is no {chosen}.", f"Add {chosen} to the scenario or choose another policy.")
    for name, table in (("table", scenario.table), ("split", scenario.split)):
        for (scene, colour), entries in table.items():
            where = f"scenario {scenario.code}.{name}[{scene}, {colour}]"
            if scene not in scenes or colour not in ("", *COLOURS):
                yield Problem(where, "Unknown scene or colour.", 'Write a scene of this scenario ("" for all) and a colour ("" for all).')
            named = dict(entries)
            for code, number in named.items():
                if code not in codes:
                    yield Problem(where, f"Unknown hospital {code!r}.", f"Known: {', '.join(sorted(codes))}.")
                yield from _number(f"{where}.{code}", number, 0.0, 1e6)
            if name == "split" and not abs(sum(named.values()) - 1.0) <= MIX_TOLERANCE:
                yield Problem(where, f"The shares sum to {sum(named.values()):g}, not to 1.", "Change them so that they sum to 1.")
