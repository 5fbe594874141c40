"""The guard of a table on PostgreSQL: two triggers that fire always, on replicas too, and one function.

A primary key cannot be inserted over, and an upsert is an update; so inserts need no guard here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper

from .append_only import Guarded

FUNCTION = "beiji_append_only"
#: Looks at nothing but the rows: names are found in the system's own catalogue, whatever the session has set.
BODY = """
DECLARE
  columns_once text;
  filled text[];
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
    FOREACH columns_once IN ARRAY TG_ARGV LOOP
      filled := string_to_array(columns_once, ',');
      IF to_jsonb(OLD) ->> filled[1] IS NULL AND to_jsonb(NEW) ->> filled[1] IS NOT NULL
         AND to_jsonb(OLD) - filled = to_jsonb(NEW) - filled THEN
        RETURN NEW;
      END IF;
    END LOOP;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused; record a new row instead', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END
"""
SEARCH_PATH = "search_path=pg_catalog, pg_temp"
#: pg_trigger.tgtype: row 1, before 2, insert 4, delete 8, update 16, truncate 32.
ROW, STATEMENT = 1 | 2 | 8 | 16, 2 | 32


def _arguments(guard: Guarded) -> list[str]:
    return [",".join(group) for group in guard.once]


def install(cursor: CursorWrapper, guards: Iterable[Guarded]) -> None:
    """Make the function and the triggers of these tables anew; others on them, and rules, are taken off."""
    cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE")
    cursor.execute(
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp "
        f"AS $beiji${BODY}$beiji$"
    )
    tables = {guard.table: guard for guard in guards}
    for row in _present(cursor):
        if row["table"] in tables:
            cursor.execute(f'DROP TRIGGER "{row["name"]}" ON "{row["table"]}"')
    for table, rule in _rules(cursor):
        if table in tables:
            cursor.execute(f'DROP RULE "{rule}" ON "{table}"')
    for table, guard in tables.items():
        words = ", ".join(f"'{group}'" for group in _arguments(guard))
        cursor.execute(
            f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}({words})"
        )
        cursor.execute(
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )
        for name in ("append_only", "no_truncate"):
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_{name}"')


def _present(cursor: CursorWrapper) -> list[dict[str, Any]]:
    """Every trigger on a table of this schema that is not the database's own."""
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgtype, t.tgenabled, t.tgargs, t.tgqual IS NULL AND t.tgattr = ''::int2vector, "
        "p.proname, p.prosrc, p.proconfig, l.lanname, p.prosecdef FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang "
        "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
    )
    names = (
        "table",
        "name",
        "type",
        "enabled",
        "arguments",
        "whole",
        "function",
        "body",
        "settings",
        "language",
        "definer",
    )
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _rules(cursor: CursorWrapper) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
        "WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)"
    )
    return list(cursor.fetchall())


def expected(guard: Guarded) -> dict[str, dict[str, Any]]:
    """Name of each trigger → what the catalogue says of it and of the function behind it."""
    common = {
        "table": guard.table, "enabled": "A", "whole": True, "function": FUNCTION, "body": BODY,
        "settings": [SEARCH_PATH], "language": "plpgsql", "definer": False,
    }  # fmt: skip
    arguments = b"".join(group.encode() + b"\0" for group in _arguments(guard))
    row, statement = f"{guard.table}_append_only", f"{guard.table}_no_truncate"
    return {
        row: {**common, "name": row, "type": ROW, "arguments": arguments},
        statement: {**common, "name": statement, "type": STATEMENT, "arguments": b""},
    }


def differing(cursor: CursorWrapper, guards: Iterable[Guarded]) -> list[str]:
    """Tables whose triggers, or the function behind them, are not exactly as they should be, or that carry a rule."""
    present: dict[str, dict[str, dict[str, Any]]] = {}
    for row in _present(cursor):
        row["arguments"] = bytes(row["arguments"])
        present.setdefault(row["table"], {})[row["name"]] = row
    rules = {table for table, _rule in _rules(cursor)}
    return [g.table for g in guards if g.table in rules or present.get(g.table, {}) != expected(g)]
