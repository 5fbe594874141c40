"""Read the published tables that lie beside the tests; every row must name its source."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "published"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of ``published/<name>.csv``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert table, name
    assert all(row["source"].strip() for row in table), f"{name} has a row without source"
    return table


def numbers(text: str) -> dict[str, float]:
    """Return ``a=1 b=2`` as a dict."""
    return {name: float(value) for name, value in (pair.split("=") for pair in text.split())}
