"""The numbers of docs/model-card/replays.md: the engine held against published incidents, misses first.

    python benchmarks/replays.py            run all, write docs/model-card/replays.json and the page
    python benchmarks/replays.py --page     only write the page from the numbers that are there

The prose is docs/model-card/replays.template.md; what is known and assumed of each incident is src/beiji/packs/data/incidents.yaml. A test runs one incident anew.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from beiji.packs.published import incidents, published  # noqa: E402
from beiji.science.replay import ReplayReport, replay  # noqa: E402

CARD = ROOT / "docs" / "model-card"
NUMBERS, TEMPLATE, PAGE = CARD / "replays.json", CARD / "replays.template.md", CARD / "replays.md"
HEAD = "<!-- Written by `python benchmarks/replays.py` from replays.template.md and replays.json; edit the template, not this page. -->\n\n"
REPLICATIONS, SEED = 200, 1
FIGURES = {
    "first_left_min": "first casualty leaves the scene, min", "last_red_left_min": "last severely injured leaves the scene, min", "scene_cleared_min": "last casualty leaves the scene, min",
    "first_red_arrival_min": "first severely injured at a hospital, min", "median_arrival_min": "median minute of arrival", "fullest_share": "share of arrivals at the fullest hospital",
    "two_fullest_share": "share of arrivals at the two fullest", "died_in_hospital": "died in hospital", "in_hospital_at_24h": "in hospital after 24 h", "operated": "life-saving operations",
}  # fmt: skip


def report(names: tuple[str, ...] = ()) -> ReplayReport:
    """The incidents named, or all, held against the engine."""
    return replay(*incidents(names), replications=REPLICATIONS, seed=SEED).misses_first()


def plain(found: ReplayReport) -> list[dict[str, Any]]:
    """Rows as they are kept."""
    return [
        {"incident": name} | {key: round(v, 4) if isinstance(v, float) else v for key, v in asdict(row).items()}
        for name, row in found.rows
    ]


def measured() -> dict[str, Any]:
    """Everything that the page tells."""
    found = report()
    totals = {
        "covered": found.covered,
        "counted": found.counted,
        "score": round(found.score, 4),
        "crps": round(found.crps, 4),
    }
    return {"replications": REPLICATIONS, "seed": SEED, **totals, "rows": plain(found)}


def number(value: float) -> str:
    """Shares with two digits, minutes and people with one at most."""
    return f"{value:.2f}" if 0 < abs(value) < 1 else f"{value:.1f}".removesuffix(".0")


def page(numbers: dict[str, Any], template: str) -> str:
    """The page: tables and totals filled in."""
    known = published()
    head = ("Incident", "Figure", "Published", "Model, mean", "95 % of single events", "Width", "", "CRPS")
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    for row in numbers["rows"]:
        verdict = ("inside" if row["inside"] else "**outside**") + (
            "" if row["counted"] else ", calibrated: not counted"
        )
        span = f"{number(row['low'])} to {number(row['high'])}"
        cells = (
            row["incident"],
            FIGURES[row["measure"]],
            number(row["observed"]),
            number(row["mean"]),
            span,
            number(row["width"]),
            verdict,
            number(row["crps"]),
        )
        lines.append("| " + " | ".join(cells) + " |")
    of_each = ["| Incident | What the source gives | What is assumed |", "| --- | --- | --- |"]
    of_each += [f"| {row.id}: {row.title} | {row.source} | {row.assumed} |" for row in known.values()]
    text = template.replace("{{table}}", "\n".join(lines)).replace("{{incidents}}", "\n".join(of_each))
    for name in ("covered", "counted", "crps", "score"):
        text = text.replace("{{" + name + "}}", number(numbers[name]))
    return HEAD + text.replace("{{number}}", str(len(known)))


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true")
    if not parser.parse_args().page:
        NUMBERS.write_text(json.dumps(measured(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(NUMBERS.read_text("utf-8")), TEMPLATE.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
