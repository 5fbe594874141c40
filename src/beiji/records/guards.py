"""Making the guards of append-only tables, and seeing whether they stand as they should.

SQLite drops a table's triggers whenever Django rebuilds the table, so guards are looked at after every migrate. One that
is not as it should be although nothing was migrated was taken off by somebody: it is put back and leaves an audit line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from . import audit, guard_postgresql, guard_sqlite
from .append_only import Guarded, guarded


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
    """Receiver of post_migrate; `plan` is empty when nothing was migrated, None when tables were emptied by a test."""
    tables = differing(using)
    if not tables:
        return
    with transaction.atomic(using=using):
        install(using)
        if plan is not None and not plan:
            audit.write(
                "records.guard-restored", city="", by=None, of="records.guard:", now=datetime.now(UTC), tables=tables
            )


def _module(using: str) -> Any:
    return guard_postgresql if connections[using].vendor == "postgresql" else guard_sqlite


def _existing(using: str) -> list[Guarded]:
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
    return [guard for guard in guarded() if guard.table in tables]
