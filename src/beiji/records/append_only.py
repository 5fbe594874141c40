"""Tables that only ever grow, guarded by the database itself on SQLite and on PostgreSQL.

SQLite drops a table's triggers whenever Django rebuilds the table, so they are made again after every migrate
(`install` is connected to post_migrate) and `beiji doctor` checks that they are there (`missing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models

_GUARDED: set[str] = set()


def append_only(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: rows of this model are never changed or deleted, not even by SQL."""
    _GUARDED.add(model._meta.label)
    return model


def guarded_tables() -> list[str]:
    """Names of the tables that must carry the guard, in alphabetical order."""
    return sorted(apps.get_model(label)._meta.db_table for label in _GUARDED)


def _sqlite_statements(table: str) -> Iterable[str]:
    for verb in ("UPDATE", "DELETE"):
        name = f"{table}_no_{verb.lower()}"
        yield f'DROP TRIGGER IF EXISTS "{name}"'
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" BEGIN '
            f"SELECT RAISE(ABORT, '{table} is append-only: {verb} refused; record a new row instead'); END"
        )


def _postgresql_statements(table: str) -> Iterable[str]:
    yield (
        "CREATE OR REPLACE FUNCTION beiji_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'TRUNCATE' AND current_setting('beiji.allow_truncate', true) = 'yes' THEN RETURN NULL; END IF; "
        "RAISE EXCEPTION '% is append-only: % refused; record a new row instead', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"'
    yield (
        f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION beiji_append_only()"
    )
    yield f'DROP TRIGGER IF EXISTS "{table}_no_truncate" ON "{table}"'
    yield (
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION beiji_append_only()"
    )


def install(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Create the guards of every append-only table that exists (receiver of post_migrate)."""
    connection = connections[using]
    statements = _postgresql_statements if connection.vendor == "postgresql" else _sqlite_statements
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for table in guarded_tables():
            if table in existing:
                for statement in statements(table):
                    cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Guarded tables that exist and whose triggers are not all in place; empty when all is well."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
            wanted = ("{}_append_only", "{}_no_truncate")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = ("{}_no_update", "{}_no_delete")
        present = {row[0] for row in cursor.fetchall()}
    return [
        table
        for table in guarded_tables()
        if table in existing and any(name.format(table) not in present for name in wanted)
    ]
