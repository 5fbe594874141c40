"""Kill the worker with SIGKILL in the middle of its work: is every job done, and done once?

    python3 benchmarks/work.py [--kills 50] [--people 500] [--json]

Runs on SQLite, or in a database of its own on the server that DATABASE_URL names. Each job brings a table of people in; its
worker is killed at a random moment after it began. A lease lasts two seconds here instead of sixty.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from writers import Child, add_ready, own_database

#: The longest that a worker is left alone, in seconds: longer than such a table takes.
LONGEST_S = 2.0


def shorten() -> None:
    """Leases and pauses that a benchmark can wait for."""
    from beiji.records import jobs

    jobs.LEASE, jobs.RENEWAL, jobs.FIRST_PAUSE = timedelta(seconds=2), timedelta(seconds=0.5), timedelta()


def work_until_killed() -> None:
    """The child: a worker that says when it begins something, and when nothing is left."""
    from beiji.records import jobs, running

    shorten()
    carry_out = running._carry_out
    running._carry_out = lambda run: (print("begun", flush=True), carry_out(run))
    while True:
        jobs.reap(jobs.clock())
        if running.run_one() is None:
            print("idle", flush=True)
            time.sleep(0.1)


def until(child: Child, word: str) -> None:
    for line in child.stdout:
        if line.strip().decode() == word:
            return
    sys.exit("the worker ended by itself")


def ask(number: int, people: int) -> None:
    """A table that nobody brought in yet."""
    from beiji.programme import changes, imports
    from beiji.programme.models import City, Organisation, Person

    city, office = City.objects.get(pk="yangzhou"), Organisation.objects.get(code="ginkgo")
    rows = [
        changes.Newcomer(
            {"en": f"Nurse {number} {n}"}, {}, office, f"{number}-{n}", "en", "coordinator", f"n{number}-{n}"
        )
        for n in range(people)
    ]
    by = Person.objects.get(grants__role="administrator")
    changes.bring_in_background(city=city, rows=imports.as_text(rows), by=by.pk, now=datetime.now(UTC))


def counted(people: int) -> dict[str, Any]:
    """What is in the database when all is over."""
    from beiji.programme.models import Account, Person
    from beiji.records.models import AuditLine, Job

    numbers = Counter(n.partition("-")[0] for n in Person.objects.filter(staff_number__contains="-").values_list("staff_number", flat=True))  # fmt: skip
    return {
        "jobs": Counter(Job.objects.values_list("state", flat=True)),
        "attempts": Counter(Job.objects.values_list("attempts", flat=True)),
        "tables not whole": sorted(key for key, count in numbers.items() if count != people),
        "people": sum(numbers.values()),
        "accounts": Account.objects.filter(username__startswith="n").filter(people__staff_number__contains="-").count(),
        "audit lines": AuditLine.objects.filter(kind="programme.person-added", at__gt=datetime(2026, 11, 25, tzinfo=UTC)).count(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    add_ready(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, own_database(data, arguments.ready):
        from django.db import connection
        from django_scopes import scope
        from tests import cast

        from beiji.records import jobs

        shorten()
        cast.build()
        with scope(city="yangzhou"):
            for number in range(arguments.kills):
                ask(number, arguments.people)
                child = Child(work_until_killed)
                until(child, "begun")
                time.sleep(random.uniform(0, LONGEST_S))
                child.kill()
                child.wait()
            last = Child(work_until_killed)
            end = time.monotonic() + 60 + 3 * arguments.kills
            while any(not job.has_ended for job in jobs.Job.objects.all()) and time.monotonic() < end:
                time.sleep(0.2)
            last.kill()
            last.wait()
            result = {"kills": arguments.kills, "database": connection.vendor, **counted(arguments.people)}
    print(json.dumps(result) if arguments.json else "\n".join(f"{name}: {value}" for name, value in result.items()))
    wanted = arguments.kills * arguments.people
    is_whole = set(result["jobs"]) <= {"done", "failed"} and not result["tables not whole"]
    is_once = (
        result["people"] == result["accounts"] == result["audit lines"] == result["jobs"]["done"] * arguments.people
    )
    sys.exit(0 if is_whole and is_once and result["people"] <= wanted else 1)


if __name__ == "__main__":
    main()
