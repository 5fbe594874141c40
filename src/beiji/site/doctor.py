"""`beiji doctor`: is this installation sound? Each check is a function that answers with findings; none means well."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from beiji.programme.models import City, Subject
from beiji.readiness import queries
from beiji.records import jobs, options

from . import loading, starting
from . import store_checks as store
from . import upkeep_checks as upkeep
from .findings import Finding


def data_folder() -> list[Finding]:
    database_file = str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else ""
    findings = [
        Finding("data folder", "other users of this machine can read the city's data", command)
        for command in starting.open_to_others(settings.DATA, database_file)
    ]
    if starting.disk(settings.DATA, 2 * settings.UPLOAD_LIMIT_BYTES) == "full":
        findings.append(Finding("data folder", f"the disk of {settings.DATA} is full", "free some space"))
    return findings


def whose_database() -> list[Finding]:
    """Another program's database, or a later Beiji's, is not even opened for writing."""
    sentence = starting.foreign()
    if sentence is None:
        return []
    what, _, mend = sentence.partition("; ")
    return [Finding("database", what, mend)]


def standings() -> list[Finding]:
    """Every stored standing of every city against the ledger's law, computed afresh from the evidence."""
    findings = []
    now = timezone.now()
    for city in City.objects.all():
        with scope(city=city.pk):
            wholes = list(Subject.objects.exclude(kind__in=(Subject.Kind.CAMPUS, Subject.Kind.PLACE)))
            stored = queries.picture(city=city, subjects=wholes, now=now).standings
            law = queries.picture(city=city, subjects=wholes, now=now, known_at=now).standings
        differing = sum(
            (standing.state, standing.digit, standing.proof) != _short(stored.get(subject, {}).get(capability))
            for subject, capabilities in law.items()
            for capability, standing in capabilities.items()
        )
        if differing:
            what = f"{differing} stored standings of {city.pk} differ from the ledger's law"
            findings.append(Finding("standings", what, "run beiji init, then report this as a fault"))
    return findings


def nightly() -> list[Finding]:
    """Subjects at which the nightly pass fails: others of their city stand on a later day."""
    findings = []
    for city in City.objects.all():
        with scope(city=city.pk):
            for subject, day in queries.left_behind(city):
                what = f"the standings of {subject.code} in {city.pk} have not been renewed since {day}"
                findings.append(
                    Finding("nightly pass", what, "read the log of the server for the reason and report it")
                )
    return findings


#: Work that nobody has begun for so long waits for a worker that is not there.
BEGUN_WITHIN = timedelta(minutes=10)


def work() -> list[Finding]:
    """Work in the background that nobody begins, or whose worker is dead with nobody to take it over."""
    waiting = jobs.waiting_since(jobs.clock() - BEGUN_WITHIN)
    if not waiting:
        return []
    what = f"{waiting} pieces of work in the background have waited for more than ten minutes"
    return [Finding("worker", what, "start beiji serve without --no-worker, or beiji worker beside it")]


def overlays() -> list[Finding]:
    """What of a city's overlay does not fit the standard that is installed: the city then keeps an older release."""
    findings = []
    for city in City.objects.all():
        for sentence in loading.fitting_standards(loading.library_of(city.pk), city.pk)[1]:
            what, _, mend = sentence.partition(". ")
            findings.append(Finding("overlay", what, mend.rstrip(".") or "run beiji pack overlay for details"))
    return findings


def _short(standing: Any) -> tuple[Any, Any, Any] | None:
    return None if standing is None else (standing.state, standing.digit, standing.proof)


def debug() -> list[Finding]:
    if not options.read("BEIJI_DEBUG"):
        return []
    return [
        Finding(
            "settings",
            "BEIJI_DEBUG shows errors with data to everybody",
            "set BEIJI_DEBUG=no on a server that holds real data",
        )
    ]


def proxies() -> list[Finding]:
    if not options.read("BEIJI_HTTPS") or options.read("BEIJI_PROXIES"):
        return []
    return [
        Finding(
            "settings",
            "BEIJI_HTTPS is on and no proxy is named, so that every browser seems to come from the proxy's address",
            "set BEIJI_PROXIES to that address, for example 127.0.0.1",
        )
    ]


CHECKS: tuple[Callable[[], list[Finding]], ...] = (
    data_folder, upkeep.room, upkeep.unknown_settings, whose_database, store.database, store.migrations, store.guards, debug,
    proxies, upkeep.hosts, upkeep.read_only, upkeep.demo_passwords, upkeep.backups, upkeep.messages, store.clock, upkeep.set_back,
    store.snapshots, store.seals, store.files, standings, nightly, work, overlays,
)  # fmt: skip
#: What these find, the checks after them would stumble over.
FIRST = {"database", "migrations"}


def run(*, as_json: bool) -> int:
    """Print the findings; 0 when there are none, else 1. Later checks need a database that the earlier ones found whole."""
    findings: list[Finding] = []
    for check in CHECKS:
        if any(f.check in FIRST for f in findings):
            break
        findings += check()
    if as_json:
        print(json.dumps({"findings": [asdict(f) for f in findings]}, ensure_ascii=False, indent=2))
    else:
        for f in findings:
            print(f"{f.check}: {f.what}; {f.mend}.")
        if not findings:
            print(
                "All is well: data folder, database, append-only guards and seals, settings, accounts, backups, clock, reports, files, "
                "standings and overlays."
            )
    return 1 if findings else 0
