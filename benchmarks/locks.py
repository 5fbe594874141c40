"""Locks against answers: is anything that the server acknowledged missing from the evidence?

    python3 benchmarks/locks.py [--rounds 50] [--json]

In each round two assessors send measurements of one visit as fast as they can while its lead locks it in the midst of
that; they stop when they are told that it is locked. Afterwards every acknowledged measurement must be a row of evidence,
and every refusal a sentence. On SQLite, or in a database of its own on the server that DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from typing import Any

from writers import add_ready, own_database


class Round:
    """One visit that is locked while its assessors send."""

    def __init__(self, world: Any, number: int) -> None:
        from tests.assess.conftest import FIRST_DAY, Device
        from tests.cast import NOW, TODAY

        from beiji.assess import asked, changes
        from beiji.assess.changes import Seat
        from beiji.programme import access

        people = world.people
        team = [Seat(people["lead"], "lead"), Seat(people["assessor"], "assessor")]
        self.visit = changes.plan_visit(
            city=world.city, subject=world.subjects["egret"], round=number, kind="external", scope="core", team=team,
            first_day=FIRST_DAY, last_day=TODAY, by=people["manager"].pk, now=NOW,
        )  # fmt: skip
        changes.move_visit(visit=self.visit, to="on-site", by=self.visit.planned_by, now=NOW)
        self.devices = [
            Device(self.visit, access.enter(people[part], TODAY), part == "lead") for part in ("lead", "assessor")
        ]
        for item in asked.asked_in(self.visit):
            if item.question.must_pass:
                for part in item.parts:
                    self.devices[0].say("rate", indicator=item.code, part=part, level=2)
        changes.move_visit(visit=self.visit, to="consensus", by=self.visit.planned_by, now=NOW)
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.is_locked = threading.Event()

    def run(self) -> None:
        threads = [threading.Thread(target=self._send, args=(device,)) for device in self.devices]
        threads.append(threading.Thread(target=self._lock))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(self, device: Any) -> None:
        """Send until the server says that it takes no more; then send once again, as a tablet would."""
        from django.db import connection
        from django_scopes import scope

        try:
            with scope(city="yangzhou"):
                for number in range(100):
                    word = {"indicator": "TRI-6", "value": str(number), "method": "timed-test", "condition": "day"}
                    try:
                        self.acknowledged.append(str(device.say("measure", **word)))
                    except Exception as error:
                        self.refused.append(str(error))
                        if self.is_locked.is_set():
                            return
        finally:
            connection.close()

    def _lock(self) -> None:
        from django.db import connection
        from django_scopes import scope
        from tests.cast import NOW

        from beiji.assess import changes
        from beiji.assess.models import Visit

        try:
            enough, latest = random.randint(1, 10), time.monotonic() + 5
            while len(self.acknowledged) < enough and time.monotonic() < latest:
                time.sleep(0.001)
            with scope(city="yangzhou"):
                changes.lock_visit(
                    visit=Visit.objects.select_related("city", "subject").get(pk=self.visit.pk),
                    by=self.devices[0].person,
                    now=NOW,
                )
        finally:
            self.is_locked.set()
            connection.close()

    def lost(self) -> int:
        """Acknowledged measurements that no row of evidence carries."""
        from beiji.readiness.models import Evidence

        return (
            len(self.acknowledged)
            - Evidence.objects.filter(source_id=str(self.visit.pk), value__isnull=False, withdrawal=False).count()
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    add_ready(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, own_database(data, arguments.ready):
        from django.db import connection
        from django_scopes import scope
        from tests import cast

        from beiji import packs
        from beiji.readiness import changes as ledger

        world = cast.build()
        rounds = []
        with scope(city="yangzhou"):
            ledger.load_packs(city=world.city, library=packs.load_packs(packs.packs_root()), now=cast.NOW, by=None)
            for number in range(1, arguments.rounds + 1):
                rounds.append(Round(world, number))
                rounds[-1].run()
            result = {
                "database": connection.vendor,
                "rounds": len(rounds),
                "acknowledged": sum(len(r.acknowledged) for r in rounds),
                "rounds that lost something": sum(r.lost() != 0 for r in rounds),
                "rounds in which an answer came too late": sum(bool(r.refused) for r in rounds),
                "lost": sum(abs(r.lost()) for r in rounds),
                "refusals": sorted({sentence for r in rounds for sentence in r.refused}),
            }
    if arguments.json:
        print(json.dumps(result))
    else:
        print(*(f"{name}: {value}" for name, value in result.items()), sep="\n")
    sys.exit(1 if result["lost"] else 0)


if __name__ == "__main__":
    main()
