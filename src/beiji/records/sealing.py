"""Making seals: once a day, what has come since the last one, so that four million rows cost what the new ones do."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django_scopes import scopes_disabled

from .models import Seal, SealedPart
from .sealed_tables import FINGERPRINT, Columns, Digester, Table, tables

log = logging.getLogger(__name__)
#: The nightly pass runs every hour; a seal is made about once a day.
EVERY = timedelta(hours=20)
#: Rows of one part.
PART = 50_000
#: Seconds to wait until whoever was writing has ended; else the next hour's pass tries again.
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Draft:
    """A part before it is kept."""

    table: str
    kind: str
    columns: Columns
    count: int
    rows: bytes
    digest: str
    late: list[int]


@scopes_disabled()
def seal(city: str, now: datetime, *, every: timedelta = EVERY) -> Seal | None:
    """Seal a city (empty: the installation's own lines). None when the last seal is young, or writers do not end.

    Rows are read before anything is written, so nobody waits for a large seal.
    """
    last = newest(city)
    if last is not None and now - last.at < every:
        return None
    sealing = [table for table in tables() if city or _is_of_installation(table)]
    bounds = {t.name: t.model._base_manager.aggregate(top=models.Max("pk"))["top"] for t in sealing if t.has_numbers}
    if not _settled():
        return None
    drafts = [draft for table in sealing for draft in _drafts(table, city, bounds.get(table.name))]
    try:
        with transaction.atomic():
            return _keep(city, now, last, drafts)
    except IntegrityError:  # another server made this seal meanwhile
        return None


def newest(city: str) -> Seal | None:
    """The head of a city's seals."""
    with scopes_disabled():
        return Seal.objects.filter(city=city).order_by("-number").first()


def _is_of_installation(table: Table) -> bool:
    field = next((f for f in table.model._meta.concrete_fields if f.name == table.city), None)
    return field is not None and not field.is_relation and field.blank


def _settled() -> bool:
    """Wait until every transaction that writes now has ended: what it wrote then lies under the bounds and is seen.

    On SQLite nobody writes beside another one, so what is seen is all there is.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return True
    until = time.monotonic() + PATIENCE_S
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (mine,) = cursor.fetchone()
        while time.monotonic() < until:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > mine:
                return True
            time.sleep(0.1)
    log.warning(
        "somebody has been writing for %d s, so nothing was sealed; it is tried again within the hour", PATIENCE_S
    )
    return False


def standing(table: Table, city: str, *, with_rows: bool) -> list[SealedPart]:
    """The parts that hold a table's rows now, without those that an upgrade made useless. Rows are read when asked for."""
    wanted = SealedPart.objects.filter(city=city, table=table.name).select_related("seal").order_by("id")
    parts = list(wanted if with_rows else wanted.defer("rows"))
    anew = [part.seal_id for part in parts if part.kind == SealedPart.Kind.ANEW]
    return [part for part in parts if not anew or part.seal_id >= max(anew)]


def _drafts(table: Table, city: str, bound: int | None) -> Iterator[Draft]:
    parts = standing(table, city, with_rows=bool(table.once) or not table.has_numbers)
    known = {name for column in table.columns for name in ([column] if isinstance(column, str) else column)}
    used = {
        name for part in parts for column in part.columns for name in ([column] if isinstance(column, str) else column)
    }
    if used - known:
        yield from _of_rows(table, city, SealedPart.Kind.ANEW, _after(table, city, None, bound))
        return
    if table.has_numbers:
        yield from _new_numbers(table, city, parts, bound)
    else:
        sealed = {key for part in parts for key, _mark in table.parsed(bytes(part.rows))}
        keys = sorted(set(table.rows(city).values_list("pk", flat=True)) - sealed)
        yield from _of_rows(table, city, SealedPart.Kind.NEW, Digester(table, table.columns).by_keys(city, keys))
    if table.once and parts:
        yield from _filled(table, city, parts)


def _new_numbers(table: Table, city: str, parts: Sequence[SealedPart], bound: int | None) -> Iterator[Draft]:
    """What lies above the highest sealed key, and what has appeared below it since: that is named, for it should not."""
    in_order = [part for part in parts if part.kind != SealedPart.Kind.FILLED and not part.late]
    top = None
    if in_order:
        top = table.unpacked(bytes(in_order[-1].rows)[-table.key_size - FINGERPRINT : -FINGERPRINT])
        sealed = sum(part.count for part in parts if part.kind != SealedPart.Kind.FILLED)
        if table.rows(city).filter(pk__lte=top).count() != sealed:
            keys = {key for part in parts for key, _mark in table.parsed(bytes(part.rows))}
            late = sorted(set(table.rows(city).filter(pk__lte=top).values_list("pk", flat=True)) - keys)
            rows = Digester(table, table.columns).by_keys(city, late)
            yield from _of_rows(table, city, SealedPart.Kind.NEW, rows, late=True)
    yield from _of_rows(table, city, SealedPart.Kind.NEW, _after(table, city, top, bound))


def _after(table: Table, city: str, top: Any, bound: int | None) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Rows above a key, in the order of keys, some thousand at a time."""
    digester = Digester(table, table.columns)
    rows = table.rows(city).order_by("pk")
    if bound is not None:
        rows = rows.filter(pk__lte=bound)
    while True:
        some = list(digester.read((rows if top is None else rows.filter(pk__gt=top))[:PART]))
        yield from some
        if len(some) < PART:
            return
        top = some[-1][0]


def _filled(table: Table, city: str, parts: Sequence[SealedPart]) -> Iterator[Draft]:
    """Rows that were sealed before one of their groups was filled, and differ from that in nothing else."""
    digester = Digester(table, table.columns)
    marks = {key: mark for part in parts for key, mark in table.parsed(bytes(part.rows))}
    is_filled = models.Q(pk__in=[])
    for group in table.once:
        is_filled |= models.Q(**{f"{group[0]}__isnull": False})
    rows = sorted(digester.read(table.rows(city).filter(is_filled)), key=lambda row: table.packed(row[0]))
    changed = [
        (key, values)
        for key, values in rows
        if key in marks
        and digester.digest(values)[:FINGERPRINT] != marks[key]
        and any(digest[:FINGERPRINT] == marks[key] for digest in digester.earlier(values))
    ]
    yield from _of_rows(table, city, SealedPart.Kind.FILLED, iter(changed))


def _of_rows(
    table: Table, city: str, kind: str, rows: Iterator[tuple[Any, Sequence[Any]]], *, late: bool = False
) -> Iterator[Draft]:
    digester = Digester(table, table.columns)
    whole, marks = hashlib.sha256(), bytearray()
    keys: list[Any] = []

    def draft() -> Draft:
        named = [int(key) for key in keys] if late else []
        return Draft(table.name, kind, table.columns, len(keys), bytes(marks), whole.hexdigest(), named)

    for key, values in rows:
        digest, packed = digester.digest(values), table.packed(key)
        whole.update(packed + digest)
        marks += packed + digest[:FINGERPRINT]
        keys.append(key)
        if len(keys) == PART:
            yield draft()
            whole, marks, keys = hashlib.sha256(), bytearray(), []
    if keys:
        yield draft()


def _keep(city: str, now: datetime, last: Seal | None, drafts: Sequence[Draft]) -> Seal:
    number, previous = (last.number + 1, last.digest) if last is not None else (1, "")
    count = (last.count if last is not None else 0) + sum(d.count for d in drafts if d.kind == SealedPart.Kind.NEW)
    digest = digest_of(city, number, now, count, previous, drafts)
    made = Seal.objects.create(city=city, number=number, at=now, count=count, previous=previous, digest=digest)
    SealedPart.objects.bulk_create(
        [
            SealedPart(
                city=city, seal=made, table=d.table, kind=d.kind, columns=d.columns, count=d.count, rows=d.rows,
                digest=d.digest, late=d.late,
            )
            for d in drafts
        ],
        batch_size=20,
    )  # fmt: skip
    return made


def digest_of(
    city: str, number: int, at: datetime, count: int, previous: str, parts: Sequence[Draft] | Sequence[SealedPart]
) -> str:
    """What the head is made of, in one spelling."""
    spelled = [
        [p.table, p.kind, p.columns, p.count, p.digest, hashlib.sha256(bytes(p.rows)).hexdigest(), p.late]
        for p in parts
    ]
    content = [city, number, at.timestamp(), count, previous, spelled]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
