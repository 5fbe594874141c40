"""The numbers of docs/model-card/scenarios.md: every scenario of the packs in the demo city, at its own hour and at 02:00, read as a planner would.

    python benchmarks/scenarios.py            run all, write docs/model-card/scenarios.json and the page
    python benchmarks/scenarios.py --page     only write the page from the numbers that are there

The prose is docs/model-card/scenarios.template.md. A test runs every scenario in a few events, one of them as here, and holds the page to the numbers.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from beiji.packs import simulation  # noqa: E402
from beiji.science.experiment import compare  # noqa: E402
from beiji.science.results import Results  # noqa: E402
from beiji.science.run import simulate  # noqa: E402
from beiji.science.summary import Measure, summarise  # noqa: E402

CARD = ROOT / "docs" / "model-card"
NUMBERS, TEMPLATE, PAGE = CARD / "scenarios.json", CARD / "scenarios.template.md", CARD / "scenarios.md"
HEAD = "<!-- Written by `python benchmarks/scenarios.py` from scenarios.template.md and scenarios.json; edit the template, not this page. -->\n\n"
REPLICATIONS, SEED, NIGHT = 200, 1, 2.0
AT_SCENE = ("ambulances", "triage_crews", "first_aid_crews", "scene_decon_lanes")
HEADINGS = (
    "Scenario, hour", "Casualties", "No survival told of", "Most came to", "Last has left the scene, min", "A red's minutes from door to bed", "Moved on", "Waited for most behind the doors",
)  # fmt: skip


def run(city: Any, scenario: Any, replications: int = REPLICATIONS) -> Results:
    """The scenario's events in the city."""
    return simulate(city, scenario, replications=replications, seed=SEED, threads=1, unlimited=False)


def cell(results: Results) -> dict[str, Any]:
    """One scenario at one hour, in numbers."""
    told = summarise(results)
    came = sorted(
        ((str(row["hospital"]), float(str(row["arrived"]))) for row in told.hospitals), key=lambda row: -row[1]
    )
    inside = [row for row in told.bottlenecks if row.kind not in AT_SCENE][:2]
    return {
        "casualties": told.casualties,
        "unscored": round(told.unscored.mean, 1) if told.unscored else 0.0,
        "came": [came[0][0], round(came[0][1], 1), round(came[0][1] / sum(n for _, n in came), 2)],
        "cleared": _mean(told.scene_cleared_min),
        "bed": _mean(told.red_door_to_bed_min),
        "moved": round(float(results.measure("moved").mean()), 1),
        "short": [[row.kind, row.site, round(row.waited_min), round(row.first_min)] for row in inside],
    }


def _mean(found: Measure | None) -> int | None:
    return None if found is None else round(found.mean)


def world() -> tuple[Any, dict[str, Any]]:
    """The demo city and all scenarios of the packs, by id."""
    library = simulation.find_library()
    packs = sorted(library.scenarios.items())
    return simulation.load_city(simulation.find_city(library, "yangzhou")), {
        name: simulation.load_scenario(pack) for name, pack in packs
    }


def hours(scenario: Any) -> dict[str, float]:
    """Its own hour and 02:00."""
    return {"own": scenario.hour, "night": NIGHT}


def measured() -> dict[str, Any]:
    """Every cell, and what impaired hospitals cost against the same events with the hospital whole."""
    city, scenarios = world()
    cells, rises = {}, {}
    for name, scenario in scenarios.items():
        for when, hour in hours(scenario).items():
            cells[f"{name}.{when}"] = cell(run(city, replace(scenario, hour=hour))) | {"hour": round(hour, 4)}
        if scenario.impaired:
            whole, hit = (run(city, one, 1000) for one in (replace(scenario, impaired=()), scenario))
            apart = compare(whole, hit)
            rises[name] = [round(v, 2) for v in (apart.mean, apart.low, apart.high)]
        print(name, flush=True)
    return {"replications": REPLICATIONS, "seed": SEED, "cells": cells, "rises": rises}


def row(name: str, when: str, told: dict[str, Any]) -> str:
    """A line of the table."""
    hour = f"{int(told['hour']):02d}:{round(told['hour'] % 1 * 60):02d}"
    site, number, share = told["came"]
    short = ", ".join(
        f"{kind.replace('_', ' ')} at {where} ({minutes:,}, from minute {first})"
        for kind, where, minutes, first in told["short"]
    )
    parts = (
        f"{name}, {hour}", told["casualties"], f"{told['unscored']:.0f}" if told["unscored"] else "", f"{site} {number:.0f} ({share:.0%})",
        told["cleared"], "none" if told["bed"] is None else told["bed"], told["moved"], short or "nothing",
    )  # fmt: skip
    return "| " + " | ".join(str(part) for part in parts) + " |"


def page(numbers: dict[str, Any], template: str) -> str:
    """The page: the table and the differences filled in."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "| " + " | ".join("---" for _ in HEADINGS) + " |"]
    lines += [row(*key.split("."), told) for key, told in numbers["cells"].items()]
    text = HEAD + template.replace("{{table}}", "\n".join(lines))
    for name, (mean, low, high) in numbers["rises"].items():
        text = text.replace("{{rise." + name + "}}", f"{mean:.2f} ({low:.2f} to {high:.2f})".replace("-", "−"))
    return text


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true")
    if not parser.parse_args().page:
        NUMBERS.write_text(json.dumps(measured(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(NUMBERS.read_text("utf-8")), TEMPLATE.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
