"""The database on a PostgreSQL server: dumped in one snapshot while others write, loaded in one transaction.

What stood there before is moved into a schema aside within that transaction, and dropped only when all is checked.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction

from beiji.output import CommandError

from .facts import gather
from .manifest import LEFT_OUT, Facts

VENDOR = "postgresql"
ASIDE = "beiji_before_restore"
#: What libpq reads from the environment, so that no password stands in the list of processes.
_OPTIONS = {
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "service": "PGSERVICE", "passfile": "PGPASSFILE", "channel_binding": "PGCHANNELBINDING",
}  # fmt: skip
_HERE = "current_schema()::regnamespace"
_TABLES = f"SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = {_HERE}"  # noqa: S608
_FUNCTIONS = (
    f"SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = {_HERE} "  # noqa: S608 - our own words
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


class Store:
    """The database that Django's connection names."""

    vendor = VENDOR

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            self._major = int(cursor.fetchone()[0]) // 10000
        self.server = str(self._major)

    def bytes_now(self) -> int:
        """Upper bound of what a dump takes: it holds no indexes and is packed."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0]) // 2

    def is_empty(self) -> bool:
        return not self._names(_TABLES)

    def dump(self, folder: Path, target: Path) -> tuple[Facts, int]:
        """Dump one snapshot into `target`; count and digest the same snapshot meanwhile. Raises CommandError."""
        program = self._program("pg_dump")
        snapshot = psycopg.connect(**_parameters())
        try:
            snapshot.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            snapshot.read_only = True
            with snapshot.cursor() as cursor:
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
                cursor.execute("SELECT pg_export_snapshot(), pg_database_size(current_database())")
                name, size = cursor.fetchone() or ("", 0)
                words = [
                    program,
                    "-Fc",
                    "-Z1",
                    "--no-owner",
                    "--no-privileges",
                    f"--snapshot={name}",
                    f"--file={target}",
                ]
                words += [f"--exclude-table-data=*.{table}" for table in sorted(LEFT_OUT)]
                cursor.execute("SELECT current_schema()")
                words += [f"--schema={(cursor.fetchone() or ('public',))[0]}"]
                dumping = _begin(words)
                try:
                    facts = _facts(cursor)
                finally:
                    said = dumping.communicate()[1]
            if dumping.returncode:
                raise CommandError(f"pg_dump could not read the database ({_first_line(said)}); nothing was written.")
        finally:
            snapshot.close()
        return facts, int(size)

    def refuse_others(self) -> None:
        """Raises CommandError while somebody else is connected."""
        self._program("pg_restore"), self._program("psql")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
            others = cursor.fetchone()[0]
        if others:
            raise CommandError(
                f"DATABASE_URL: {others} other connections use the database; stop every server that works on it, then restore."
            )

    def load(self, packed: Path, folder: Path) -> None:
        """Move what is there aside and load the dump, in one transaction: all or nothing. Raises CommandError."""
        before = folder / "aside.sql"
        before.write_text(self._moving_aside(), encoding="utf-8")
        contents = folder / "contents"
        listed = _done([self._program("pg_restore"), "-l", str(packed)])
        contents.write_text("\n".join(_without_schema(listed.splitlines())), encoding="utf-8")
        script = folder / "load.sql"
        _done(
            [
                self._program("pg_restore"),
                "--no-owner",
                "--no-privileges",
                "-L",
                str(contents),
                "-f",
                str(script),
                str(packed),
            ]
        )
        connection.close()
        words = ["-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
        _done([self._program("psql"), *words, "-f", str(before), "-f", str(script)])
        script.unlink()

    def facts(self) -> Facts:
        with connection.cursor() as cursor:
            return _facts(cursor)

    def is_cut_off(self) -> bool:
        """Did a restore end in the middle, so that what stood before lies aside?"""
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE])
            return bool(cursor.fetchone()[0])

    def keep(self) -> None:
        """All is checked: what stood before goes."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")

    def give_back(self) -> None:
        """Put back what stood before, in one transaction; where nothing was moved there is nothing to do."""
        connection.close()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), to_regnamespace(%s) IS NOT NULL", [ASIDE])
            home, is_aside = cursor.fetchone()
            if not is_aside:
                return
            for table in self._names(_TABLES):
                cursor.execute(f'DROP TABLE "{table}" CASCADE')
            for function in self._names(_FUNCTIONS):
                cursor.execute(f"DROP FUNCTION {function} CASCADE")
            there = f"'{ASIDE}'::regnamespace"
            for table in self._names(_TABLES.replace(_HERE, there)):
                cursor.execute(f'ALTER TABLE {ASIDE}."{table}" SET SCHEMA "{home}"')
            for function in self._names(_FUNCTIONS.replace(_HERE, there)):
                cursor.execute(f'ALTER FUNCTION {function} SET SCHEMA "{home}"')
            cursor.execute(f"DROP SCHEMA {ASIDE}")

    def _moving_aside(self) -> str:
        statements = [f'ALTER TABLE "{table}" SET SCHEMA {ASIDE};' for table in self._names(_TABLES)]
        statements += [f"ALTER FUNCTION {function} SET SCHEMA {ASIDE};" for function in self._names(_FUNCTIONS)]
        return "\n".join([f"CREATE SCHEMA {ASIDE};", *statements, ""]) if statements else "SELECT 1;\n"

    def _names(self, query: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return sorted(str(name) for (name,) in cursor.fetchall())

    def _program(self, name: str) -> str:
        """A PostgreSQL program that is not older than the server. Raises CommandError."""
        places = [
            shutil.which(name),
            *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True),
        ]
        versions = {place: _version_of(place) for place in places if place}
        fitting = [place for place, version in versions.items() if version >= self._major]
        if fitting:
            return fitting[0]
        if not versions:
            raise CommandError(
                f"{name} is not installed, which reads and writes PostgreSQL; install the client of version {self._major} "
                f"(Debian: postgresql-client-{self._major})."
            )
        raise CommandError(
            f"{name} is of version {max(versions.values())}, the server of version {self._major}; install a client of that "
            f"version (Debian: postgresql-client-{self._major})."
        )


def _facts(cursor: Any) -> Facts:
    """In the words of one session: what a row looks like as text hangs on these."""
    cursor.execute(
        "SET DateStyle = ISO; SET TimeZone = 'UTC'; SET IntervalStyle = postgres; SET extra_float_digits = 1"
    )

    def rows(query: str) -> list[tuple[Any, ...]]:
        cursor.execute(query)
        return list(cursor.fetchall())

    return gather(rows, [name for (name,) in rows(_TABLES)], with_digests=True)


def _parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    return {key: value for key, value in parameters.items() if isinstance(value, str | int) and key != "options"}


def _environment() -> dict[str, str]:
    table = connection.settings_dict
    named = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    mine = {name: str(table[key]) for name, key in named.items() if table.get(key)}
    mine |= {_OPTIONS[key]: str(value) for key, value in table.get("OPTIONS", {}).items() if key in _OPTIONS}
    return os.environ | mine | {"LC_MESSAGES": "C", "PGCONNECT_TIMEOUT": "20"}


def _begin(words: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - a program of the database with our own words
        words, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _done(words: Sequence[str]) -> str:
    """Run a program of the database to its end. Raises CommandError with what it said first."""
    running = _begin(words)
    out, said = running.communicate()
    if running.returncode:
        raise CommandError(f"{Path(words[0]).name} failed ({_first_line(said)}); the database is as it was.")
    return out


def _first_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return re.sub(r"^\w+: (?:error: )?", "", lines[0])[:300] if lines else "it said nothing"


def _version_of(place: str) -> int:
    said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


def _without_schema(lines: list[str]) -> list[str]:
    """The list of a dump without the schema itself, which is there already."""
    return [line for line in lines if not re.search(r"; \d+ \d+ (?:SCHEMA|COMMENT|ACL) - (?:SCHEMA )?\S+", line)]
