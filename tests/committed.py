"""What tests need that really commit: other connections see it, and PostgreSQL may end it."""

from __future__ import annotations

from django.db import OperationalError, connection


class Ended(Exception):
    """What psycopg raises underneath."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def ended_by_the_database(sqlstate: str) -> OperationalError:
    """The error of a transaction that PostgreSQL ended for this reason."""
    error = OperationalError("the database ended the transaction")
    error.__cause__ = Ended(sqlstate)
    return error


def take_guards_off() -> None:
    """Let a test's database be emptied. Only tests can do this: the program has no switch for it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
