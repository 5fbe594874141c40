"""Installations of their own, each with a data folder and a database: SQLite, or a database on the server of the run."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import ROOT, environment

POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


@dataclass(frozen=True)
class Installation:
    """A data folder and the address of its database (empty: the file in the folder)."""

    data: Path
    address: str

    def run(self, *words: str, before: list[str] | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command of the program, in a process of its own."""
        return self.python("-m", "beiji.cli", *words, before=before, **settings)

    def python(self, *words: str, before: list[str] | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        """One process of Python with this installation's settings."""
        command = [*(before or []), sys.executable, *words]
        return subprocess.run(
            command, env=self.environment(**settings), capture_output=True, text=True, timeout=1800, check=False
        )

    def environment(self, **settings: str) -> dict[str, str]:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        return environment(self.data, DATABASE_URL=self.address, PYTHONPATH=paths) | settings


def psql(address: str, *words: str, **how: object) -> str:
    """What psql answers to statements."""
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", address, *words]
    return subprocess.run(command, check=True, capture_output=True, **how).stdout.decode()  # type: ignore[call-overload]


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """An empty one below `folder`; a database on a server is dropped afterwards."""
    data = folder / f"data-{uuid.uuid4().hex[:8]}"
    if not POSTGRESQL:
        yield Installation(data, "")
        return
    server, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    name = data.name.replace("-", "_")
    psql(f"{server}/postgres", "-c", f"CREATE DATABASE {name}")
    try:
        yield Installation(data, f"{server}/{name}")
    finally:
        psql(f"{server}/postgres", "-c", f"DROP DATABASE {name} WITH (FORCE)")
