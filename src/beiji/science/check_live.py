"""What can be wrong with a live picture: names that there are not (the near one is offered), minutes that cannot be, a ride without an origin."""
import math
from collections.abc import Callable, Iterable, Iterator

from .city import City
from .errors import Problem, unknown
from .live import SEATS, VEHICLE_STATES, LiveCasualty
from .parameters import register
from .pathway import standard_pathway
from .scenario import COLOURS, Scenario

MOST_MIN = 1e5
Number = Callable[..., Iterator[Problem]]


def check_live(city: City, scenario: Scenario, stages: set[str], number: Number) -> Iterator[Problem]:
    """All faults of the clock and of what is known at it."""
    yield from number(f"scenario {scenario.code}.clock_min", scenario.clock_min, 0.0, MOST_MIN, "minutes")
    hospitals, scenes = {h.code for h in city.hospitals}, {s.code for s in scenario.scenes}
    kinds = {k.name for k in (scenario.pathway or standard_pathway(register())).kinds}
    for k, c in enumerate(scenario.live):
        yield from _casualty(f"live[{k}]", c, hospitals, scenes, stages, kinds, number)
    for k, v in enumerate(scenario.vehicles or ()):
        yield from _known(f"vehicles[{k}].at", "site", v.at, hospitals | scenes)
        yield from _known(f"vehicles[{k}].state", "state", v.state, VEHICLE_STATES)
        yield from number(f"vehicles[{k}].minutes", v.minutes, 0.0, MOST_MIN, "minutes")
    for code, known in scenario.live_sites.items():
        yield from _known(f"live_sites.{code}", "site", code, hospitals | scenes)
        for table in (known.capacity, known.taken, known.clears, known.without_power):
            for kind, units in table.items():
                yield from _known(f"live_sites.{code}.{kind}", "resource", kind, kinds)
                yield from number(f"live_sites.{code}.{kind}", units, -1e6, 1e6, "units")
        for step in known.steps or ():
            yield from _known(f"live_sites.{code}.steps", "resource", step.kind, kinds)
        for colour, hospital in known.sent:
            yield from _known(f"live_sites.{code}.sent", "colour", colour, COLOURS[:3])
            yield from _known(f"live_sites.{code}.sent", "hospital", hospital, hospitals)


def _casualty(where: str, c: LiveCasualty, hospitals: set[str], scenes: set[str], stages: set[str], kinds: set[str], number: Number) -> Iterator[Problem]:
    yield from _known(f"{where}.site", "site", c.site, hospitals | scenes)
    rides = c.riding_until is not None or c.ridden_min is not None
    if c.stage is None and not rides and not c.left and c.site not in scenes:
        yield Problem(where, "Neither a stage nor a minute of arrival.", "Say which stage the casualty is in or waits for, or when he arrives.")
    if c.ridden_min is not None and c.riding_until is None and c.origin is None and (c.move is None or c.move.origin is None):
        yield Problem(f"{where}.ridden_min", "He rides, but it is not said from where.", "Name the origin, or say in how many minutes he arrives.")
    moves = (c.move.stage,) if c.move else ()
    for name, stage in (("stage", c.stage), ("holding", c.holding), *(("done", stage) for stage in (*c.done, *moves))):
        if stage is not None:
            yield from _known(f"{where}.{name}", "stage", stage, stages)
    yield from _known(f"{where}.seat", "seat", c.seat, SEATS)
    for name in ("colour", "group", "counts_as"):
        if getattr(c, name):
            yield from _known(f"{where}.{name}", "colour", getattr(c, name), COLOURS)
    places = [("origin", c.origin)] if c.move is None else [("origin", c.origin), ("move.to", c.move.to), ("move.origin", c.move.origin)]
    for name, site in places:
        if site is not None:
            yield from _known(f"{where}.{name}", "site", site, hospitals | scenes)
    if c.care is not None:
        for kind in (*(c.care.took or ()), *((c.care.beside,) if c.care.beside else ())):
            yield from _known(f"{where}.care", "resource", kind, kinds)
        yield from number(f"{where}.care.strength", c.care.strength, 1e-6, 1.0)
        yield from number(f"{where}.care.dose", c.care.dose, 0.0, 1.0)
    yield from number(f"{where}.since_min", c.since_min, -MOST_MIN, MOST_MIN, "minutes")
    for name in ("running_min", "riding_until", "ridden_min", "exposure_min", "waited_min", "notice_in", "check_in"):
        value = getattr(c, name)
        if value is not None and not (name == "check_in" and value == math.inf):
            yield from number(f"{where}.{name}", value, 0.0, MOST_MIN, "minutes")


def _known(where: str, what: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
    if name not in known:
        yield unknown(where, what, name, known)
