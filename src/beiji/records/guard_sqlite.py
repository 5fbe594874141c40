"""The guard of a table on SQLite: three triggers.

INSERT OR REPLACE deletes the row in its way without any trigger, unless the connection asks for it; so an insert over
an existing row is refused before it happens, whatever the connection asks for.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from .append_only import Guarded


def expected(guard: Guarded) -> dict[str, str]:
    """Name of each trigger → the statement that makes it, letter for letter as the database keeps it."""
    table = guard.table
    end = f"SELECT RAISE(ABORT, '{table} is append-only: {{}} refused; record a new row instead'); END"
    change, insert = " OR ".join(_once(guard)), " OR ".join(_in_the_way(guard))
    allowed = f"WHEN NOT ({change}) " if change else ""
    return {
        f"{table}_no_update": f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {allowed}BEGIN {end.format("UPDATE")}',
        f"{table}_no_delete": f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" BEGIN {end.format("DELETE")}',
        f"{table}_no_replace": f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" WHEN {insert} BEGIN '
        + end.format("INSERT over an existing row"),
    }


def _once(guard: Guarded) -> Iterable[str]:
    """A condition per group: its first column is filled, and nothing outside the group changes."""
    for group in guard.once:
        same = [f'OLD."{column}" IS NEW."{column}"' for column in guard.columns if column not in group]
        yield "(" + " AND ".join([f'OLD."{group[0]}" IS NULL AND NEW."{group[0]}" IS NOT NULL', *same]) + ")"


def _in_the_way(guard: Guarded) -> Iterable[str]:
    """A condition per unique set: a row with the same values exists."""
    for columns, null_columns in guard.unique:
        parts = [f'"{column}" = NEW."{column}"' for column in columns]
        for column in null_columns:
            parts += [f'"{column}" IS NULL', f'NEW."{column}" IS NULL']
        yield f'EXISTS (SELECT 1 FROM "{guard.table}" WHERE {" AND ".join(parts)})'  # noqa: S608 - names of our own models


def install(cursor: CursorWrapper, guards: Iterable[Guarded]) -> None:
    """Make the triggers of these tables anew; others on them are taken off."""
    tables = {guard.table: guard for guard in guards}
    for table, name, _statement in present(cursor):
        if table in tables:
            cursor.execute(f'DROP TRIGGER "{name}"')
    for guard in tables.values():
        for statement in expected(guard).values():
            cursor.execute(statement)


def present(cursor: CursorWrapper) -> list[tuple[str, str, str]]:
    """Table, name and statement of every trigger there is."""
    cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    return list(cursor.fetchall())


def differing(cursor: CursorWrapper, guards: Iterable[Guarded]) -> list[str]:
    """Tables whose triggers are not exactly those that they should carry."""
    standing: dict[str, dict[str, str]] = {}
    for table, name, statement in present(cursor):
        standing.setdefault(table, {})[name] = statement
    return [guard.table for guard in guards if standing.get(guard.table, {}) != expected(guard)]
