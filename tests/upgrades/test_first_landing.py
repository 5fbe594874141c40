"""What was written at the first landing upgrades and opens for ever, on both databases.

`first/` holds the demo of 24 November 2026 as commit f236010 made it, with two reports, one photograph and one open visit.
"""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

FIRST = Path(__file__).parent / "first"
SOURCE = Path(__file__).parents[2] / "src"
POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


def run(data: Path, database: str, *words: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(SOURCE), str(SOURCE.parent)])
    environment = os.environ | {"BEIJI_DATA": str(data), "DATABASE_URL": database, "PYTHONPATH": paths}
    return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """The first landing's data folder and database, as they were."""
    data = tmp_path_factory.mktemp("first")
    with tarfile.open(FIRST / "files.tar.xz") as archive:
        archive.extractall(data, filter="data")
    if not POSTGRESQL:
        (data / "beiji.sqlite3").write_bytes(lzma.decompress((FIRST / "beiji.sqlite3.xz").read_bytes()))
        yield data, ""
        return
    server, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    name = f"first_{os.getpid()}"
    psql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    subprocess.run([*psql, f"{server}/postgres", "-c", f"CREATE DATABASE {name}"], check=True)
    try:
        dump = lzma.decompress((FIRST / "postgresql.sql.xz").read_bytes())
        subprocess.run([*psql, f"{server}/{name}"], input=dump, check=True)
        yield data, f"{server}/{name}"
    finally:
        subprocess.run([*psql, f"{server}/postgres", "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)


@pytest.fixture(scope="module")
def found(database) -> dict:
    data, address = database
    upgrade = run(data, address, "-m", "beiji.cli", "init")
    assert upgrade.returncode == 0, upgrade.stderr
    again = run(data, address, "-m", "beiji.cli", "init")
    assert again.returncode == 0, again.stderr
    look = run(data, address, str(Path(__file__).parent / "look.py"))
    assert look.returncode == 0, look.stderr
    return json.loads(look.stdout.splitlines()[-1])


def test_everything_that_was_written_is_still_there(found):
    expected = json.loads((FIRST / "kept.json").read_text())
    assert found["kept"] == expected["postgresql" if POSTGRESQL else "sqlite"]


def test_its_rows_are_still_guarded(found):
    assert found["guards"] > 20
    assert found["open_tables"] == []


def test_its_pages_and_reports_open(found):
    assert len(found["opened"]) > 30
    assert {address: status for address, status in found["opened"].items() if status != 200} == {}


def test_doctor_finds_the_upgraded_database_sound(found, database):
    data, address = database
    result = run(data, address, "-m", "beiji.cli", "doctor", "--json")
    checks = {f["check"] for f in json.loads(result.stdout)["findings"]}
    assert checks & {"migrations", "append-only", "standings", "files", "snapshots"} == set(), result.stdout
