"""Reports, records, findings, answers and locks of visits, all at once: does the database end any of them?

    python3 benchmarks/writers.py [--attempts 200] [--json]

Makes a small city in a temporary folder (on SQLite, or in a database of its own on the server that DATABASE_URL names),
lets eight writers do their work against each other and looks afterwards: errors,
reports that say something else when they are made again at their `known_at`, standings that differ from the ledger's law.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]


def add_ready(parser: argparse.ArgumentParser) -> None:
    """The word of a run on SQLite that need not migrate a database of its own."""
    parser.add_argument("--ready", type=Path, metavar="FOLDER", help="a data folder that beiji init has made, to begin from (SQLite)")  # fmt: skip


@contextmanager
def own_database(data: str, ready: Path | None = None) -> Iterator[None]:
    """A database of this run's own, migrated (or a copy of the one in `ready`, where it is SQLite); dropped afterwards."""
    os.environ["BEIJI_DATA"] = data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    server, _, _name = os.environ.get("DATABASE_URL", "").rpartition("/")
    name = f"writers_{os.getpid()}"
    if server:
        subprocess.run(["psql", "-q", f"{server}/postgres", "-c", f"CREATE DATABASE {name}"], check=True)
        os.environ["DATABASE_URL"] = f"{server}/{name}"
    elif ready:
        shutil.copytree(ready, data, dirs_exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    try:
        if server or not ready:
            call_command("migrate", verbosity=0)
        yield
    finally:
        connections.close_all()
        if server:
            subprocess.run(["psql", "-q", f"{server}/postgres", "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)


class Child:
    """A process of its own that does `work` until it is killed; `stdout` is what it prints. It is forked, so that it begins
    at once with all that the parent has loaded, and with no connection of the parent's."""

    def __init__(self, work: Callable[[], None]) -> None:
        from django.db import connections

        connections.close_all()
        sys.stdout.flush()
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(writing, 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                os.close(reading)
                work()
            finally:
                os._exit(1)
        os.close(writing)
        self.stdout = os.fdopen(reading, "rb")

    def kill(self) -> None:
        """SIGKILL, and nothing is left of it."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        os.waitpid(self.pid, 0)
        self.stdout.close()


class Town:
    """The cast with a standard, and one visit per hospital that waits for its lock."""

    def __init__(self) -> None:
        from django_scopes import scope
        from tests import cast
        from tests.assess.conftest import FIRST_DAY, Device

        from beiji import packs
        from beiji.assess import asked, changes
        from beiji.assess.changes import Seat
        from beiji.programme import access
        from beiji.readiness import changes as ledger
        from beiji.reports import rendering

        rendering.try_files = lambda content: None  # takes seconds, holds nothing and keeps nothing
        self.ticks = itertools.count(1)
        self.world = world = cast.build()
        self.devices: dict[str, Device] = {}
        with scope(city="yangzhou"):
            ledger.load_packs(city=world.city, library=packs.load_packs(packs.packs_root()), now=cast.NOW, by=None)
            for code in ("egret", "ginkgo"):
                team = [Seat(world.people["lead"], "lead"), Seat(world.people["assessor"], "assessor")]
                visit = changes.plan_visit(
                    city=world.city, subject=world.subjects[code], round=1, kind="external", scope="core", team=team,
                    first_day=FIRST_DAY, last_day=cast.TODAY, by=world.people["manager"].pk, now=cast.NOW,
                )  # fmt: skip
                changes.move_visit(visit=visit, to="on-site", by=visit.planned_by, now=cast.NOW)
                devices = [
                    Device(visit, access.enter(world.people[p], cast.TODAY), p == "lead") for p in ("lead", "assessor")
                ]
                for item in asked.asked_in(visit):
                    for device, part in itertools.product(devices, item.parts):
                        device.say("rate", indicator=item.code, part=part, level=2, how="check")
                changes.move_visit(visit=visit, to="consensus", by=visit.planned_by, now=cast.NOW)
                self.devices[code] = devices[0]
            self.record(0)  # a report over nothing is refused

    def now(self):
        """The next instant; later for whoever asks later, as a server's clock."""
        from tests.cast import NOW

        return NOW + timedelta(milliseconds=next(self.ticks))

    def report(self, number: int) -> None:
        from beiji.reports.changes import make_snapshot

        audience, subject = (("ministers", None), ("ward", self.world.subjects["egret"]))[number % 2]
        make_snapshot(city=self.world.city, audience=audience, subject=subject, by=None, now=self.now())

    def record(self, number: int) -> None:
        from tests.cast import TODAY

        from beiji.readiness import changes as ledger
        from beiji.readiness.rules.rows import Evaluator, Method, Source

        drafts = [
            ledger.Draft(
                subject=subject, capability="ed-clear-time", method=Method.SPOT_CHECK, evaluator=Evaluator.EXTERNAL,
                as_of=TODAY, level=number % 3, source=Source("record", "", "storm"),
            )
            for subject in (("egret", "ginkgo-east"), ("ginkgo-west", "egret"))[number % 2]
        ]  # fmt: skip
        ledger.record_batch(city=self.world.city, drafts=drafts, by=None, office="integrator", now=self.now())

    def find(self, number: int) -> None:
        from tests.cast import TODAY

        from beiji.improve import changes

        changes.write_finding(
            city=self.world.city, body=f"Night call-in failed {number}.", language="en", found_on=TODAY,
            by=self.world.people["manager"], now=self.now(), order=1 + number % 5,
        )  # fmt: skip

    def lock(self, hospital: str, number: int) -> None:
        from beiji.assess import changes
        from beiji.assess.models import Visit

        visit = Visit.objects.get(pk=self.devices[hospital].visit.pk)
        by = self.world.people["lead"]
        if number % 2 == 0:
            changes.lock_visit(visit=visit, by=by, now=self.now())
        else:
            changes.reopen_visit(visit=visit, reason="storm", by=by, now=self.now())

    def answer(self, hospital: str, number: int) -> None:
        """Measure again; a visit that is locked just now refuses, in its own words."""
        from beiji.assess.changes import AssessError

        device = self.devices[hospital]
        try:
            device.say("note", indicator="TRI-6", text=f"note {number}", language="en")
        except AssessError as error:
            if "locked" not in str(error):
                raise


def storm(town: Town, attempts: int) -> tuple[Counter[str], list[str], dict[str, list[float]]]:
    """Let the writers work; returns attempts by kind, errors, and seconds by kind."""
    from django.db import connection
    from django_scopes import scope

    done: Counter[str] = Counter()
    errors: list[str] = []
    times: dict[str, list[float]] = {}
    writers: list[tuple[str, Callable[[int], None]]] = [
        ("report", town.report), ("report", town.report), ("record", town.record), ("record", town.record),
        ("finding", town.find), ("lock", lambda n: town.lock("egret", n)), ("lock", lambda n: town.lock("ginkgo", n)),
        ("answer", lambda n: town.answer("egret", n)),
    ]  # fmt: skip
    start = threading.Barrier(len(writers))

    def work(kind: str, write: Callable[[int], None]) -> None:
        try:
            with scope(city="yangzhou"):
                start.wait()
                for number in range(attempts // len(writers)):
                    begun = time.perf_counter()
                    try:
                        write(number)
                    except Exception as error:
                        where = traceback.extract_tb(error.__traceback__)[-1]
                        errors.append(f"{kind}: {type(error).__name__}: {str(error).splitlines()[0]} ({where.name})")
                    times.setdefault(kind, []).append(time.perf_counter() - begun)
                    done[kind] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=writer) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, errors, times


def differing_reports() -> list[str]:
    """Numbers of the reports that say something else when they are composed again."""
    from django_scopes import scope

    from beiji.reports import composing, freezing
    from beiji.reports.models import Snapshot

    found = []
    with scope(city="yangzhou"):
        for kept in Snapshot.objects.select_related("city", "subject").order_by("id"):
            basis = composing.read(city=kept.city, subject=kept.subject, as_of=kept.as_of, known_at=kept.known_at)
            again = composing.content(kept.audience, kept.subject, basis, kept.number)
            if freezing.digest_of(again) != kept.digest:
                found.append(kept.number)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    add_ready(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, own_database(data, arguments.ready):
        from django.db import connection

        from beiji.site import doctor

        done, errors, times = storm(Town(), arguments.attempts)
        result: dict[str, Any] = {
            "database": connection.vendor,
            "attempts": done,
            "errors": errors,
            "median_s": {kind: round(median(spent), 3) for kind, spent in times.items()},
            "longest_s": {kind: round(max(spent), 3) for kind, spent in times.items()},
            "reports that differ when made again": differing_reports(),
            "findings of doctor": [f.what for f in doctor.standings()],
        }
    if arguments.json:
        print(json.dumps(result))
    else:
        print(*(f"{name}: {value}" for name, value in result.items()), sep="\n")
    sys.exit(1 if errors or result["reports that differ when made again"] or result["findings of doctor"] else 0)


if __name__ == "__main__":
    main()
