"""How fast the ledger writes and answers: `python benchmarks/ledger.py [--rows 4000]`.

Makes a city of fourteen hospitals in a temporary folder, loads the repository's packs and records rows; prints a table
of process time (the machine may be busy with other work). Goals: one row under 20 ms, 4,000 rows under 10 s.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOSPITALS = 14


def prepare(folder: str) -> None:
    """Django on an empty database in `folder`."""
    os.environ["BEIJI_DATA"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    # Python puts this script's folder first, and a neighbour of it is called like a module of the standard library.
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(SOURCE), *(p for p in sys.path if Path(p).resolve() != here)]
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def make_city() -> Any:
    """Fourteen undivided hospitals with the repository's methodology."""
    from beiji.packs.library import packs_root, scan
    from beiji.programme import changes as programme
    from beiji.readiness import changes

    names = {"en": "Bench", "zh-Hans": "Bench", "he": "Bench"}
    city = programme.create_city(
        code="bench", names=names, time_zone="Asia/Shanghai", programme_start=date(2025, 4, 1), illustrative=True,
        pack="", by=None, now=NOW,
    )  # fmt: skip
    from django_scopes import scope

    with scope(city="bench"):
        for number in range(HOSPITALS):
            programme.add_subject(
                city=city, code=f"h{number}", kind="hospital", names=names, size="large", by=None, now=NOW
            )
        changes.load_packs(city=city, library=scan(packs_root()), by=None, now=NOW)
    return city


def drafts(count: int) -> list[Any]:
    """Spot checks and timed tests, spread over hospitals, capabilities and two years."""
    from beiji.readiness.changes import Draft
    from beiji.readiness.models import Edition
    from beiji.readiness.rules.rows import Condition, Evaluator, Method

    draw = random.Random(1)
    editions = list(Edition.objects.select_related("capability").prefetch_related("targets"))
    found = []
    for _ in range(count):
        edition = draw.choice(editions)
        day = date(2026, 11, 23) - timedelta(days=draw.randrange(700))
        common = {
            "subject": f"h{draw.randrange(HOSPITALS)}", "capability": edition.capability.code, "as_of": day,
            "evaluator": Evaluator.EXTERNAL,
        }  # fmt: skip
        if edition.kind == "quantity" and draw.random() < 0.5:
            minute = draw.choice(list(edition.targets.all()[0].values))
            found.append(
                Draft(
                    method=Method.TIMED_TEST, value=Fraction(draw.randrange(1, 60)), at_min=int(minute) if minute else None,
                    condition=draw.choice([Condition.DAY, Condition.NIGHT]), sample=100, **common,
                )
            )  # fmt: skip
        else:
            found.append(Draft(method=Method.SPOT_CHECK, level=draw.randrange(3), **common))
    return found


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Process seconds of one run, the median of several."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return sorted(spent)[len(spent) // 2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4000, help="rows of the batch")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.db import transaction
        from django_scopes import scope

        from beiji.programme.models import Subject
        from beiji.readiness import changes, queries

        city = make_city()
        with scope(city="bench"):
            record = {"city": city, "by": None, "office": "delegation", "now": NOW}
            batch = timed(lambda: changes.record_batch(drafts=drafts(chosen.rows), **record))
            singles = iter(drafts(20))
            single = timed(lambda: changes.record_evidence(draft=next(singles), **record), 15)
            hospitals = list(Subject.objects.hospitals())

            def drawn(day: date | None) -> object:
                with transaction.atomic():  # inside a transaction no picture kept by the process is used
                    return queries.picture(city=city, subjects=hospitals, now=NOW, day=day)

            present = timed(lambda: drawn(None), 5)
            past = timed(lambda: drawn(date(2026, 6, 1)), 3)
            again = timed(lambda: queries.picture(city=city, subjects=hospitals, now=NOW), 5)
            night = timed(lambda: changes.rewrite_city(city=city, now=NOW), 3)
    table = [
        (f"batch of {chosen.rows} rows", batch, 10.0),
        (f"one more row, in a city of {chosen.rows}", single, 0.020),
        ("picture of the city today, from caches", present, 0.2),
        ("the same again while nothing has changed", again, 0.005),
        ("picture of the city on a past day, from evidence", past, 5.0),
        ("nightly pass", night, 5.0),
    ]
    print(f"{'question':<52}{'ms':>10}{'goal ms':>10}")
    for question, seconds, goal in table:
        print(f"{question:<52}{seconds * 1000:>10.1f}{goal * 1000:>10.0f}{'' if seconds <= goal else '  MISSED'}")
    return 0 if all(seconds <= goal for _, seconds, goal in table) else 1


if __name__ == "__main__":
    raise SystemExit(main())
