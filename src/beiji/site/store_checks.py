"""`beiji doctor`'s look at what is kept: the database, its guards, frozen reports and files."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from beiji.programme.models import City
from beiji.programme.writing import CLOCK_SLIP
from beiji.records import guards as row_guards
from beiji.records import seals as sealed
from beiji.records.kept import NotAsKept, content_of
from beiji.records.models import Attachment, Seal
from beiji.reports import freezing
from beiji.reports.models import Snapshot

from .findings import Finding

RESTORE = "restore it from a backup, and find out who had access to the database and its folder"


def database() -> list[Finding]:
    """Can it be written? Whatever stops the statement is what would stop a person's work."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET app = app WHERE id < 0")
    except DatabaseError as error:
        if "no such table" in str(error) or "does not exist" in str(error):
            return [Finding("database", "the database holds no Beiji yet", "run beiji init")]
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        mend = "give the account that runs beiji the right to write it, or name another database in DATABASE_URL"
        return [Finding("database", f"it takes no writes ({said})", mend)]
    return []


def migrations() -> list[Finding]:
    """Steps of ours that the database has not taken yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return []
    return [Finding("migrations", f"{len(plan)} steps of the database are not applied", "run beiji init")]


def guards() -> list[Finding]:
    """Every trigger, and the function behind it, as the program would make them."""
    return [
        Finding(
            "append-only",
            f"the guard of table {table} against change and deletion is missing or another one",
            "run beiji init, which puts it back with an audit line, and find out who took it away",
        )
        for table in row_guards.differing()
    ]


def snapshots() -> list[Finding]:
    """Frozen reports that do not say any more what they said."""
    return [
        Finding("snapshots", f"report {number} of {city} is not as it was frozen", RESTORE)
        for city, number in _changed_snapshots()
    ]


def _changed_snapshots() -> Iterator[tuple[str, str]]:
    for city in City.objects.values_list("pk", flat=True):
        with scope(city=city):
            for snapshot in Snapshot.objects.select_related("subject").order_by("id").iterator(chunk_size=20):
                try:
                    freezing.content_of(snapshot)
                except NotAsKept:
                    yield city, snapshot.number


def seals() -> list[Finding]:
    """Sealed rows that are others or gone, rows put between them, and reports whose seal nobody knows any more."""
    found = []
    for city in sealed.cities():
        where = city or "the installation"
        found += [Finding("seal", _in_city(fault.what, where), RESTORE) for fault in sealed.faults(city)]
    return found + [
        Finding("seal", f"report {number} of {city} names seal {seal}, which is gone or another one", RESTORE)
        for city, number, seal in _unknown_seals()
    ]


def _unknown_seals() -> Iterator[tuple[str, str, int]]:
    """Reports that were made under a seal that does not stand: rows and seals were made anew together."""
    with scopes_disabled():
        heads = set(Seal.objects.values_list("city", "number", "digest"))
        frozen = Snapshot.objects.order_by("id").values_list("city_id", "number", "content__seal")
        for city, number, seal in frozen.iterator():
            if seal and (city, seal["number"], seal["digest"]) not in heads:
                yield city, number, seal["number"]


def _in_city(what: str, where: str) -> str:
    head, comma, rest = what.partition(", ")
    return f"{head} of {where}{comma}{rest}"


def files() -> list[Finding]:
    """Attached files that are gone or are others; every one is read."""
    faults = []
    with scopes_disabled():
        for attachment in Attachment.objects.order_by("added_at").iterator(chunk_size=200):
            try:
                content_of(attachment)
            except NotAsKept:
                what = f"the file {attachment.sha256[:12]} of {attachment.city} is gone or another one"
                faults.append(Finding("files", what, RESTORE))
    return faults


def clock() -> list[Finding]:
    """A report frozen in the future: what is recorded from now until then would change it if it were made again. (A demonstration may live in the future.)"""
    ahead = City.objects.filter(illustrative=False, known_until__gt=timezone.now() + CLOCK_SLIP).values_list(
        "pk", "known_until"
    )
    return [
        Finding(
            "clock",
            f"a report of {city} was frozen as known at {until:%Y-%m-%d %H:%M} UTC, which lies in the future",
            "set the server's clock; reports made before that are to be made again",
        )
        for city, until in ahead
    ]
