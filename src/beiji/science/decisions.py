"""Decisions of step mode, and what can be wrong with one: all is checked before the kernel sees it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .build import Model
from .capacity import PLENTY
from .errors import Problem, unknown
from .kernel.codes import WAITING
from .kernel.records import Sim
from .pathway import FLAGS
from .scenario import COLOURS

WAVES = (1, 2)
MOST_SHIFT_MIN = 1e5


@dataclass(frozen=True)
class Decision:
    """A decision at the present minute. Make one with the functions below; `kind` and numbers are for the kernel."""

    kind: str
    site: str = ""
    what: str = ""
    amount: int = 0
    minutes: float = 0.0
    casualty: int = -1
    colours: frozenset[str] = frozenset()
    order: tuple[int, ...] = ()


def open_units(site: str, kind: str, amount: int) -> Decision:
    """Open (amount > 0) or close (< 0) units of a kind at a site, e.g. ICU beds. Who is in place stays."""
    return Decision("change", site, kind, amount)


def divert(hospital: str, accepts: set[str] | frozenset[str]) -> Decision:
    """From now on only these colours are sent to the hospital (an empty set: closed to ambulances)."""
    return Decision("divert", hospital, colours=frozenset(accepts))


def call_wave(hospital: str, wave: int) -> Decision:
    """Call a wave of staff now: what of it has not come yet comes as many minutes from now as its plan says."""
    return Decision("wave", hospital, amount=wave)


def shift_declaration(hospital: str, minutes: float) -> Decision:
    """Declare so many minutes later (or earlier, < 0) than planned; steps that hang on it move, none into the past."""
    return Decision("declare", hospital, minutes=minutes)


def retag(casualty: int, colour: str) -> Decision:
    """Re-triage: a casualty (position as in the snapshot) gets another colour."""
    return Decision("tag", what=colour, casualty=casualty)


def transfer(casualty: int, hospital: str) -> Decision:
    """Move a casualty, who waits at a hospital for a stage from which he can be moved, to another hospital; its place is kept for him if it is free."""
    return Decision("transfer", hospital, casualty=casualty)


def theatre_order(hospital: str, casualties: Sequence[int]) -> Decision:
    """These casualties, who wait for an operation at a hospital, are operated first, in this order, whatever their colours."""
    return Decision("theatre", hospital, order=tuple(casualties))


def faults(decision: Decision, model: Model, sim: Sim) -> Iterator[Problem]:
    """What is wrong with a decision at this minute; nothing: it may be applied."""
    if decision.kind == "change":
        yield from _change(decision, model, sim)
    elif decision.kind == "divert":
        yield from _hospital(decision, model)
        for colour in sorted(decision.colours - set(COLOURS[:3])):
            yield unknown("decision.accepts", "colour", colour, COLOURS[:3])
    elif decision.kind == "wave":
        yield from _hospital(decision, model)
        if decision.amount not in WAVES:
            yield Problem("decision.wave", f"Wave {decision.amount!r} is not planned.", "There are waves 1 and 2.")
    elif decision.kind == "declare":
        yield from _hospital(decision, model)
        if not abs(decision.minutes) <= MOST_SHIFT_MIN:
            yield Problem(
                "decision.minutes", f"{decision.minutes!r} is not a number of minutes.", "Write minutes, below 0: earlier."
            )
    elif decision.kind == "tag":
        yield from _tag(decision, len(sim.body))
    elif decision.kind == "transfer":
        yield from _transfer(decision, model, sim)
    elif decision.kind == "theatre":
        yield from _theatre(decision, model, sim)
    else:
        yield Problem("decision", f"Unknown kind {decision.kind!r}.", "Use the functions of science.decisions.")


def _casualty(casualty: int, casualties: int) -> Iterator[Problem]:
    if not 0 <= casualty < casualties:
        yield Problem("decision.casualty", f"There is no casualty {casualty}; there are 0 to {casualties - 1}.", "Name one of them.")


def _transfer(decision: Decision, model: Model, sim: Sim) -> Iterator[Problem]:
    found = [*_casualty(decision.casualty, len(sim.body)), *_hospital(decision, model)]
    yield from found
    if found:
        return
    c, T = sim.body[decision.casualty], len(model.stations)
    row = sim.row[c["row"]]
    if c["dead"] or c["phase"] != WAITING or c["site"] < model.scenes or not row["traits"] & FLAGS["transfer"]:
        yield Problem("decision.casualty", f"Casualty {decision.casualty} does not wait at a hospital for care for which he can be moved.",
                      "Choose one who waits for first care, an operation, intensive care or a ward.")
        return
    there, here = model.site(decision.site), int(c["site"])
    if there == here:
        yield Problem("decision.hospital", f"Casualty {decision.casualty} is at {decision.site!r} already.", "Name another hospital.")
    elif not sim.par["transfers"][0] or not sim.queue[here * T + int(sim.par["move_station"][0])]["possible"]:
        yield Problem("decision.casualty", f"{model.sites[here]!r} has no crew that could move him.", "Open transfer_teams there first.")
    elif not sim.queue[there * T + row["station"]]["possible"]:
        yield Problem("decision.hospital", f"{decision.site!r} can at no time give {model.stations[row['station']]!r}.", "Name a hospital that can.")
    elif not sim.travel[here, there] < math.inf:
        yield Problem("decision.hospital", f"There is no way from {model.sites[here]!r} to {decision.site!r}.", "Name a hospital that can be reached.")


def _theatre(decision: Decision, model: Model, sim: Sim) -> Iterator[Problem]:
    yield from _hospital(decision, model)
    if not sim.par["seniority"][0]:
        yield Problem("decision.order", "Queues of this run know no order of seniority.", "Run with rule.seniority 1.")
    if not decision.order or len(set(decision.order)) < len(decision.order):
        yield Problem("decision.order", "The order names nobody, or somebody twice.", "Name each casualty once.")
    for who in decision.order:
        yield from _casualty(who, len(sim.body))
        if 0 <= who < len(sim.body) and decision.site in model.sites:
            c = sim.body[who]
            waits = not c["dead"] and c["phase"] == WAITING and model.sites[c["site"]] == decision.site
            if not waits or not model.stations[sim.row[c["row"]]["station"]].startswith("theatre"):
                yield Problem("decision.order", f"Casualty {who} does not wait for an operation at {decision.site!r}.", "Name those who do.")


def _change(decision: Decision, model: Model, sim: Sim) -> Iterator[Problem]:
    if decision.site not in model.sites:
        yield _unknown("place", decision.site, model.sites)
    elif decision.what not in model.kinds:
        yield _unknown("resource", decision.what, model.kinds)
    elif not math.isfinite(decision.amount) or decision.amount != int(decision.amount):
        yield Problem("decision.amount", f"{decision.amount!r} is not a whole number.", "Write how many to open, below 0: to close.")
    else:
        kind = model.kind(decision.what)
        unit = sim.unit[model.site(decision.site) * len(model.kinds) + kind]
        there = int(unit["cap"] if unit["outage"] < 0 else unit["outage"]) // model.parts[kind]
        if there + decision.amount < 0:
            yield Problem("decision.amount", f"{-decision.amount:,} were to be closed.", f"Close no more than {max(there, 0)}.")
        elif there + decision.amount > PLENTY:
            yield Problem("decision.amount", f"{decision.amount:,} were to be opened.", f"At most {PLENTY:,} can be open.")


def _tag(decision: Decision, casualties: int) -> Iterator[Problem]:
    if decision.what not in COLOURS:
        yield unknown("decision.colour", "colour", decision.what, COLOURS)
    yield from _casualty(decision.casualty, casualties)


def _hospital(decision: Decision, model: Model) -> Iterator[Problem]:
    if decision.site not in model.sites:
        yield _unknown("place", decision.site, model.sites[model.scenes:])
    elif model.site(decision.site) < model.scenes:
        yield Problem("decision.hospital", f"{decision.site!r} is no hospital.", f"Hospitals: {', '.join(model.sites[model.scenes:])}.")


def _unknown(what: str, name: str, known: tuple[str, ...]) -> Problem:
    return unknown(f"decision.{what}", what, name, known)
