"""Making the guards of append-only tables, and seeing whether they stand as they should.

SQLite drops a table's triggers whenever Django rebuilds the table, so guards are looked at after every migrate. One that
is not as it should be although neither database nor program changed was taken off by somebody: it is put back and leaves
an audit line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django_scopes import scopes_disabled

from . import audit, guard_postgresql, guard_sqlite
from .append_only import Guarded, guarded
from .models import AuditLine


def differing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Guarded tables that exist and whose guard is missing or another one; empty when all is well."""
    connection = connections[using]
    with connection.cursor() as cursor:
        return _module(using).differing(cursor, _existing(using))


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the guards of every append-only table that exists, whatever stands there."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _module(using).install(cursor, _existing(using))


def after_migrate(using: str = DEFAULT_DB_ALIAS, plan: Sequence[Any] | None = None, **_: Any) -> None:
    """Receiver of post_migrate; `plan` is empty when nothing was migrated, None when tables were emptied by a test.

    An audit line keeps the digest of the guards that a version makes: if it is this version's, and nothing was migrated,
    then somebody took a guard off.
    """
    tables = differing(using)
    if not tables:
        return
    with transaction.atomic(using=using):
        install(using)
        if plan is None:
            return
        now, digest = datetime.now(UTC), _digest(using)
        if _digest_made(using) != digest:
            audit.write("records.guards-made", city="", by=None, of="records.guard:", now=now, digest=digest)
        elif not plan:
            audit.write("records.guard-restored", city="", by=None, of="records.guard:", now=now, tables=tables)


def _digest(using: str) -> str:
    """SHA-256 of all guards as this version of the program makes them on this kind of database."""
    wanted = [_module(using).expected(guard) for guard in guarded()]
    return hashlib.sha256(repr(wanted).encode()).hexdigest()


def _digest_made(using: str) -> str | None:
    with scopes_disabled():
        newest = AuditLine.objects.using(using).filter(city="", kind="records.guards-made").order_by("-id").first()
    return newest.details["digest"] if newest is not None else None


def _module(using: str) -> Any:
    return guard_postgresql if connections[using].vendor == "postgresql" else guard_sqlite


def _existing(using: str) -> list[Guarded]:
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
    return [guard for guard in guarded() if guard.table in tables]
