"""Decisions of step mode, and what can be wrong with one: all is checked before the kernel sees it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .build import Model
from .capacity import PLENTY
from .errors import Problem
from .kernel.records import Sim
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


def faults(decision: Decision, model: Model, sim: Sim) -> Iterator[Problem]:
    """What is wrong with a decision at this minute; nothing: it may be applied."""
    if decision.kind == "change":
        yield from _change(decision, model, sim)
    elif decision.kind == "divert":
        yield from _hospital(decision, model)
        for colour in sorted(decision.colours - set(COLOURS[:3])):
            yield Problem("decision.accepts", f"Unknown colour {colour!r}.", f"Known: {', '.join(COLOURS[:3])}.")
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
    else:
        yield Problem("decision", f"Unknown kind {decision.kind!r}.", "Use the functions of science.decisions.")


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
        yield Problem("decision.colour", f"Unknown colour {decision.what!r}.", f"Known: {', '.join(COLOURS)}.")
    if not 0 <= decision.casualty < casualties:
        yield Problem("decision.casualty", f"There is no casualty {decision.casualty}; there are 0 to {casualties - 1}.", "Name one of them.")


def _hospital(decision: Decision, model: Model) -> Iterator[Problem]:
    if decision.site not in model.sites:
        yield _unknown("place", decision.site, model.sites[model.scenes:])
    elif model.site(decision.site) < model.scenes:
        yield Problem("decision.hospital", f"{decision.site!r} is no hospital.", f"Hospitals: {', '.join(model.sites[model.scenes:])}.")


def _unknown(what: str, name: str, known: tuple[str, ...]) -> Problem:
    return Problem(f"decision.{what}", f"Unknown {what} {name!r}.", f"Known: {', '.join(known)}.")
