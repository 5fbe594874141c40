"""States of the database that many modules start from: each is built once in a run and copied for every module after.

Seeding the demo takes longer than most modules; a copy takes a tenth of a second on both databases. With several test
processes the first one that needs a state builds it and the others copy it.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

State = tuple[str, Callable[[], Any]]
EMPTY = "empty"


class Shelf:
    """The kept states of one run. `folder` is shared by all its test processes, and `run` is its name on a database server."""

    def __init__(self, folder: Path, run: str) -> None:
        self.folder, self.run = folder, run
        self.in_use: str | None = None

    @contextmanager
    def started_from(self, name: str, build: Callable[[], Any], base: State | None = None) -> Iterator[Any]:
        """The database in the state that `build` makes of an empty one, or of `base`; gives what `build` gave back.

        Afterwards the database is empty again. `base` is another state as (name, build).
        """
        assert self.in_use is None, f"a module starts from one state of the database, not from {self.in_use} and {name}"
        with locked(self.folder / f"{self.run}.lock"):
            if not self._value(EMPTY).exists():
                self._keep(EMPTY, None)
            for one, make in (base, (name, build)) if base else ((name, build),):
                if not self._value(one).exists():
                    self._keep(one, make())
                elif one != name:
                    self._bring(one)
        self._bring(name)
        self.in_use = name
        try:
            yield pickle.loads(self._value(name).read_bytes())
        finally:
            self.in_use = None
            self._bring(EMPTY)

    def drop(self) -> None:
        """Forget every state; a database server would keep them for ever."""
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{self.run}\\_%"])
                for (database,) in cursor.fetchall():
                    cursor.execute(f'DROP DATABASE "{database}"')

    def _value(self, name: str) -> Path:
        return self.folder / f"{self.run}_{name}.pickle"

    def _keep(self, name: str, value: Any) -> None:
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.folder / f"{self.run}_{name}.sqlite3") as copy:
                _raw().backup(copy)
            copy.close()
        else:
            _copy_database(_test_database(), f"{self.run}_{name}")
        self._value(name).write_bytes(pickle.dumps(value))

    def _bring(self, name: str) -> None:
        if connection.vendor == "sqlite":
            copy = sqlite3.connect(self.folder / f"{self.run}_{name}.sqlite3")
            copy.backup(_raw())
            copy.close()
        else:
            _copy_database(f"{self.run}_{name}", _test_database())


def _raw() -> sqlite3.Connection:
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    assert not raw.in_transaction, "a copy is taken and put back outside every transaction"
    return raw


def _test_database() -> str:
    return str(connection.settings_dict["NAME"])


def _copy_database(source: str, target: str) -> None:
    """A whole PostgreSQL database by way of its template mechanism; nobody may be connected to either."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with open(path, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def shelf_of(basetemp: Path) -> Shelf:
    """The run's shelf: beside the processes' own folders where there are several, else in the one folder."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return Shelf(basetemp.parent if "PYTEST_XDIST_WORKER" in os.environ else basetemp, f"kept_{run[:12]}")
