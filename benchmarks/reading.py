"""The numbers of docs/model-card/reading.md: three registered scenarios by day and by night under four policies, read as a disaster planner would.

    python benchmarks/reading.py                run all, write docs/model-card/reading.json and the page
    python benchmarks/reading.py --page         only write the page from the numbers that are there

The prose is docs/model-card/reading.template.md; {{cell.measure}} in it becomes the mean with its 95 % interval. A test runs a cell anew and holds the page to both.
"""

import argparse
import json
import math
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.science.kernel.test_way import curve_town, incident  # noqa: E402

from beiji.packs import simulation  # noqa: E402
from beiji.science.draws import exponential  # noqa: E402
from beiji.science.estimate import interval  # noqa: E402
from beiji.science.experiment import compare  # noqa: E402
from beiji.science.results import Results  # noqa: E402
from beiji.science.run import simulate  # noqa: E402
from beiji.science.scenario import Arrivals  # noqa: E402
from beiji.science.summary import Measure, Summary, summarise  # noqa: E402

CARD = ROOT / "docs" / "model-card"
NUMBERS, TEMPLATE, PAGE = CARD / "reading.json", CARD / "reading.template.md", CARD / "reading.md"
SCENARIOS = {"fog": "g2-fog-pileup", "crush": "crowd-crush", "park": "chemical-park-explosion"}
HOURS = {"day": 10.0, "night": 2.0}
POLICIES = ("nearest", "proportional", "spread", "concentrate")
ROOMS = (2, 10)
REPLICATIONS, SEED = 500, 1
HEAD = "<!-- Written by `python benchmarks/reading.py` from reading.template.md and reading.json; edit the template, not this page. -->\n\n"

#: What a cell tells: name → (measure of Results, digits).
TOLD = {
    "survivors": ("survivors", 1), "deaths": ("deaths", 1), "preventable": ("preventable_by_hospitals", 1), "bed": ("red_time_to_bed_min", 0),
    "theatre": ("time_to_theatre_min", 0), "operated": ("operated", 1), "never": ("never_operated", 1), "cleared": ("scene_cleared_min", 0), "moved": ("moved", 1),
    "care": ("level_of_care", 2), "arrived": ("arrived", 1), "alone": ("alone", 1), "turned": ("turned_away", 1), "held": ("held_vehicles", 1),
}  # fmt: skip


def world() -> tuple[Any, dict[str, Any]]:
    """The demo city and the three scenarios."""
    library = simulation.find_library()
    city = simulation.load_city(simulation.find_city(library, "yangzhou"))
    return city, {
        name: simulation.load_scenario(simulation.find_scenario(library, code)) for name, code in SCENARIOS.items()
    }


def run(city: Any, scenario: Any, hour: str, policy: str, **options: Any) -> Results:
    """One cell's events; the hour and the policy are set, all else is the scenario's."""
    at = replace(scenario, hour=HOURS[hour])
    return simulate(city, at, policy=policy, replications=REPLICATIONS, seed=SEED, threads=1, **options)


def of_cell(results: Results) -> dict[str, Any]:
    """A cell in numbers: each measure with its interval, what ran out, who came where."""
    from beiji.science.summary import measure

    told: dict[str, Any] = {name: _numbers(measure(results.measure(field))) for name, (field, _) in TOLD.items()}
    summary: Summary = summarise(results)
    told["lived"] = [summary.lived.event_low, summary.lived.event_high]
    told["casualties"], told["unscored"] = summary.casualties, summary.unscored.mean if summary.unscored else 0.0
    told["short"] = [[row.kind, round(row.waited_min), row.site] for row in summary.bottlenecks[:5]]
    told["full"] = [[row.site, row.kind, round(row.first_min), round(row.share, 2)] for row in summary.saturated[:4]]
    told["came"] = [[str(row["hospital"]), round(float(row["arrived"]), 1)] for row in summary.hospitals[:4]]
    told["cuts"] = [
        [str(row["specialty"]), round(float(row["operations"]), 1), round(float(row["median_min"]))]
        for row in summary.incisions
    ]
    return told


def _numbers(found: Measure | None) -> list[float] | None:
    return None if found is None else [round(float(v), 6) for v in (found.mean, found.low, found.high)]


def cells(only: tuple[str, ...] = ()) -> dict[str, Any]:
    """All cells, or those named, by scenario.hour.policy; each paired with the same hour under nearest."""
    city, scenarios = world()
    made: dict[str, Any] = {}
    for name, scenario in scenarios.items():
        for hour in HOURS:
            base = None
            for policy in POLICIES:
                cell = f"{name}.{hour}.{policy}"
                if only and cell not in only and policy != "nearest":
                    continue
                if only and not any(one.startswith(f"{name}.{hour}.") for one in only):
                    continue
                results = run(city, scenario, hour, policy)
                base = base or results
                made[cell] = of_cell(results)
                if results is not base:
                    apart = compare(base, results)
                    made[cell]["against_nearest"] = [round(v, 6) for v in (apart.mean, apart.low, apart.high)]
                print(cell, made[cell]["survivors"], flush=True)
    return made


def beside() -> dict[str, Any]:
    """Single experiments: the order of operations against colours, and waiting rooms of so many seats everywhere, at each scenario's own hour and policy."""
    city, scenarios = world()
    made: dict[str, Any] = {}
    for name, scenario in scenarios.items():
        own = {"replications": REPLICATIONS, "seed": SEED, "threads": 1, "unlimited": False}
        base = simulate(city, scenario, **own)
        changed = {"order": (city, replace(scenario, parameters={**scenario.parameters, "rule.surgery_order": 0.0}))}
        changed |= {f"room{n}": (city.with_hospital("", {"hospital.waiting_room": n}), scenario) for n in ROOMS}
        for what, (town, changed_one) in changed.items():
            other = simulate(town, changed_one, **own)
            apart = compare(base, other)
            made[f"{name}.{what}"] = {
                "rise": [round(v, 6) for v in (apart.mean, apart.low, apart.high)],
                **{key: round(float(other.measure(TOLD[key][0]).mean()), 3) for key in ("turned", "held")},
            }
            print(f"{name}.{what}", made[f"{name}.{what}"], flush=True)
    return made


#: Figures of whole incidents: what, where it was seen, the figure, how the model's is found. None was used to choose a number of the model.
PUBLISHED = (
    ("median minutes from door to incision, vessels", "Paris 2015 (Raux 2019)", 53.0, "cut.vascular"),
    ("median minutes from door to incision, abdomen", "Paris 2015 (Raux 2019)", 90.0, "cut.general"),
    ("median minutes from door to incision, head", "Paris 2015 (Raux 2019)", 198.0, "cut.neurosurgery"),
    ("median minutes from door to incision, chest", "Paris 2015 (Raux 2019)", 646.0, "cut.thoracic"),
    ("median minutes from door to incision, fractures", "Paris 2015 (Raux 2019)", 744.0, "cut.orthopaedic"),
    ("share of the admitted who are operated on", "32 suicide bombings, Israel (Einav 2006)", 0.60, "operated"),
    ("share of the admitted in intensive care", "32 suicide bombings, Israel (Einav 2006)", 0.33, "intensive"),
    ("CT scans for each of the admitted", "32 suicide bombings, Israel (Einav 2006)", 0.40, "scanned"),
    ("share of arrivals at the two fullest hospitals", "Madrid 2004", 0.60, "two"),
)
BEDS = ("ward", "icu", "icu_ventilated", "icu_child", "burn")


def published() -> list[list[Any]]:
    """(what, source, published, model, factor), farthest off first: the crowd crush at its own hour under the city's own policy, an event among hospitals."""
    city, scenarios = world()
    results = simulate(city, scenarios["crush"], replications=REPLICATIONS, seed=SEED, threads=1, unlimited=False)
    begun: dict[str, float] = {}
    for row in results.stations:
        if row["ended_by"] == "service":
            begun[str(row["station"])] = begun.get(str(row["station"]), 0.0) + float(str(row["waits"]))
    admitted = sum(begun.get(name, 0.0) for name in BEDS)
    came = sorted((float(str(row["arrived"])) for row in results.hospitals), reverse=True)
    found = {f"cut.{row['specialty']}": float(str(row["median_min"])) for row in results.incisions}
    found["operated"] = (begun.get("theatre_lifesaving", 0.0) + begun.get("theatre_deferred", 0.0)) / admitted
    found["intensive"] = sum(begun.get(name, 0.0) for name in BEDS[1:]) / admitted
    found["scanned"] = (begun.get("ct", 0.0) + begun.get("ct_escorted", 0.0)) / admitted
    found["two"] = sum(came[:2]) / sum(came)
    rows = [
        [what, source, seen, round(found[k], 3), round(found[k] / seen, 2)]
        for what, source, seen, k in PUBLISHED
        if k in found
    ]
    return sorted(rows, key=lambda row: -abs(math.log(row[4])))


def curve() -> list[list[float]]:
    """(minutes between reds, level of care, low, high) at one hospital worked out in the tests."""
    made = []
    for gap in (60.0, 24.0, 12.0, 6.0, 3.0):
        lists = Arrivals(
            "a", count=40, gap=exponential(gap), hospital="q", stage="resus_look", groups=("red",), colours=("red",)
        )
        found = simulate(curve_town(), incident(lists), replications=40, threads=1, unlimited=False)
        level = interval(found.measure("level_of_care"))
        made.append([gap, *(round(v, 3) for v in (level.mean, level.low, level.high))])
    return made


def shown(value: list[float] | None, digits: int) -> str:
    """A mean with its 95 % interval."""
    if value is None:
        return "none"
    mean, low, high = (f"{v:.{digits}f}".replace("-", "−") for v in value)
    return f"{mean} ({low} to {high})"


HEADINGS = (
    "Hour, policy", "Expected survivors", "Nine of ten events", "Deaths beside *nearest*", "A red's minutes from door to bed", "Life-saving operations", "Never operated",
    "Moved", "Most came to", "Waited for most",
)  # fmt: skip


AT_SCENE = ("ambulances", "triage_crews", "first_aid_crews", "scene_decon_lanes")


def waited(short: list[list[Any]]) -> str:
    """What was waited for most behind the doors, with its minutes."""
    inside = [(kind, minutes) for kind, minutes, _ in short if kind not in AT_SCENE]
    return f"{inside[0][0].replace('_', ' ')} {inside[0][1]:,}" if inside else "nothing"


def table(numbers: dict[str, Any], scenario: str) -> str:
    """One scenario's cells as a table."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "| " + " | ".join("---" for _ in HEADINGS) + " |"]
    for hour in HOURS:
        for policy in POLICIES:
            c = numbers["cells"][f"{scenario}.{hour}.{policy}"]
            apart = shown(c["against_nearest"], 2) if "against_nearest" in c else ""
            row = (
                f"{hour}, {policy}", shown(c["survivors"], 1), f"{c['lived'][0]:.0f} to {c['lived'][1]:.0f}", apart, shown(c["bed"], 0), shown(c["operated"], 1),
                shown(c["never"], 2), shown(c["moved"], 1), " ".join(str(part) for part in c["came"][0]), waited(c["short"]),
            )  # fmt: skip
            lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def page(numbers: dict[str, Any], template: str) -> str:
    """The page: placeholders filled. Raises KeyError for one that no number answers."""

    def fill(found: re.Match[str]) -> str:
        path, _, digits = found[1].partition(":")
        *cell, name = path.split(".")
        if cell == ["table"]:
            return table(numbers, name)
        value = numbers["cells"].get(".".join(cell), numbers["beside"].get(".".join(cell)))[name]
        if isinstance(value, list) and value and isinstance(value[0], list):
            return ", ".join(" ".join(str(part) for part in row) for row in value)
        if name == "lived":
            return f"{value[0]:.0f} to {value[1]:.0f}"
        places = int(digits) if digits else TOLD.get(name, ("", 2))[1]
        return shown(value, places) if isinstance(value, list) else f"{value:.{int(digits or 0)}f}"

    return HEAD + re.sub(r"\{\{([\w.:]+)\}\}", fill, template)


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true")
    if not parser.parse_args().page:
        made: dict[str, Any] = {"replications": REPLICATIONS, "seed": SEED}
        for name, part in (("curve", curve), ("published", published), ("beside", beside), ("cells", cells)):
            made[name] = part()
            NUMBERS.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(NUMBERS.read_text("utf-8")), TEMPLATE.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
