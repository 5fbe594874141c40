"""A ranking in a file: what was asked, digests of what its numbers hang on, and the numbers. It repeats from the file alone, or says why it cannot."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from beiji.packs import simulation_basis
from beiji.packs.problems import PackError, did_you_mean
from beiji.packs.simulation_common import SimulationError
from beiji.packs.simulation_request import Request
from beiji.packs.strict import read
from beiji.science.arms import Change
from beiji.science.digests import digest
from beiji.science.parameters import register
from beiji.science.ranking import DRAWS, HALF_WIDTH, MOST_EVENTS

KIND, FORM = "beiji.ranking", 1
SAME_WORDS = (
    "city",
    "weights",
    "changes",
    "policy",
    "basis",
    "deterioration",
    "triage",
    "seed",
    "horizon",
    "together",
    "no_money",
    "budget",
)
ASKED = (*SAME_WORDS, "scenarios", "candidates", "candidates_name", "standings", "half_width", "most_events", "draws")


def asked_for(arguments: argparse.Namespace) -> dict[str, Any]:
    """The words of the command as a file keeps them; raises `SimulationError`."""
    faults = [] if arguments.city else ["--city is missing. Give the id of a city pack, or a saved result with --from."]
    if not arguments.scenarios:
        faults.append("There is no scenario. Give at least one, or a saved result with --from.")
    if faults:
        raise SimulationError(faults)
    candidates = None
    if arguments.candidates is not None:
        if not arguments.candidates.is_file():
            raise SimulationError(
                [f"There is no file {arguments.candidates}. Give a file of candidates, or leave --candidates out."]
            )
        source = read(arguments.candidates, arguments.candidates.parent)
        if source.problems:
            raise PackError(sorted(source.problems))
        candidates = arguments.candidates.read_text(encoding="utf-8-sig")
    return {
        **{name: getattr(arguments, name) for name in SAME_WORDS},
        "scenarios": list(arguments.scenarios),
        "candidates": candidates,
        "candidates_name": arguments.candidates.name if arguments.candidates else "",
        "standings": simulation_basis.read_values(arguments.standings) if arguments.standings else None,
        "half_width": HALF_WIDTH if arguments.half_width is None else arguments.half_width,
        "most_events": MOST_EVENTS if arguments.most_events is None else arguments.most_events,
        "draws": DRAWS if arguments.draws is None else arguments.draws,
    }


def weights(text: str | None, codes: Sequence[str]) -> list[float] | None:
    """Shares by scenario, in the order of the scenarios; None for equal ones."""
    if text is None:
        return None
    faults: list[str] = []
    given: dict[str, float] = {}
    for part in text.split(","):
        code, _, share = part.strip().partition("=")
        if code not in codes:
            faults.append(
                f'--weights: "{code}" is none of the scenarios.{did_you_mean(code, codes) or " There are: " + ", ".join(codes) + "."}'
            )
        given[code] = _number(share)
        if math.isnan(given[code]):
            faults.append(
                f'--weights: "{part.strip()}" has no number. Write scenario=share, for example {codes[0]}=0.5.'
            )
    faults += [
        f"--weights: {code} has no share. Give one for each scenario."
        for code in codes
        if code not in given and not faults
    ]
    if faults:
        raise SimulationError(faults)
    return [given[code] for code in codes]


def budget(text: str | None) -> tuple[str, float] | None:
    """Unit and amount of a budget."""
    if text is None:
        return None
    unit, _, amount = text.partition("=")
    if math.isnan(_number(amount)):
        raise SimulationError([f'--budget: "{text}" has no number. Write days=90 or money=10000000.'])
    return unit.strip(), _number(amount)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def digests(requests: Sequence[Request], changes: Sequence[Change]) -> dict[str, Any]:
    """Of everything that the numbers hang on."""
    from beiji.science.kernel import kernel_digest  # noqa: PLC0415 - the engine is an extra

    city = requests[0].city
    return {
        "city": digest(city),
        "scenarios": {one.scenario.code: digest(one.scenario) for one in requests},
        "candidates": {
            change.name: digest((change.city(city), change.days, change.money, change.places)) for change in changes
        },
        "parameters": register().digest[:16],
        "engine": kernel_digest(),
    }


def opened(path: Path) -> dict[str, Any]:
    """A saved result; raises `SimulationError` when it is none."""
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SimulationError(
            [f"The saved result {path} cannot be read ({error}). Give a file that --save has written."]
        ) from None
    sound = isinstance(made, dict) and made.get("kind") == KIND and made.get("form") == FORM
    sound = sound and all(isinstance(made.get(part), dict) for part in ("asked", "digests", "result"))
    if not sound or set(made["asked"]) != set(ASKED):
        raise SimulationError([f"{path} is no saved ranking of this program. Give a file that --save has written."])
    return dict(made)


def check_unchanged(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuses to compare numbers that hang on different things, and says on which."""
    faults = []
    if before.get("city") != now["city"]:
        faults.append(
            "The city's capacities have changed since this result was made: the run is older than the plan. Run it anew."
        )
    for code, mark in now["scenarios"].items():
        if before.get("scenarios", {}).get(code) != mark:
            faults.append(f"Scenario {code} has changed since this result was made. Run it anew.")
    if not faults and before.get("candidates") != now["candidates"]:
        names = [
            n
            for n in {**before.get("candidates", {}), **now["candidates"]}
            if before.get("candidates", {}).get(n) != now["candidates"].get(n)
        ]
        faults.append(f"Not the same candidates as when this result was made: {', '.join(names)}. Run it anew.")
    if before.get("parameters") != now["parameters"]:
        faults.append("The parameter register has changed since this result was made. Run it anew.")
    if before.get("engine") != now["engine"]:
        faults.append("This is not the engine that made this result (another program, Python or Numba). Run it anew.")
    if faults:
        raise SimulationError(faults)


def check_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """The numbers of the file are those of the run, to the last digit."""
    if json.loads(json.dumps(now)) != before:
        raise SimulationError(
            [
                "The file holds other numbers than this run of the same data gives: it was edited, or the machine computes otherwise. Run it anew."
            ]
        )
