"""How long a backup, its restore and seals take on a large ledger: the demo's rows of evidence, repeated until there are enough.

    python benchmarks/backup.py --rows 4000000          # SQLite, in a folder that is removed afterwards
    DATABASE_URL=postgresql://postgres@127.0.0.1:5432/postgres python benchmarks/backup.py --rows 4000000

On PostgreSQL two databases are made beside the one that DATABASE_URL names, and dropped afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tests.installations import Installation, installation, psql  # noqa: E402 - found by the line above

_START = """
import os, datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "beiji.site.settings"
import django; django.setup()
from beiji.records import sealing, seals
"""
SEALING = _START + "sealing.seal('yangzhou', datetime.datetime.now(datetime.UTC), every=datetime.timedelta(0))"
LOOKING = _START + "assert seals.faults('yangzhou') == []"


def multiply(one: Installation, rows: int) -> None:
    """Repeat the demo's evidence. Nothing else hangs on these rows; standings are not renewed."""
    query = "SELECT count(*) FROM readiness_evidence"
    if one.address:
        names = psql(one.address, "-c", "SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns "
                     "WHERE table_name = 'readiness_evidence' AND column_name NOT IN ('id', 'supersedes_id')").strip()  # fmt: skip
        times = rows // int(psql(one.address, "-c", query))
        # foreign keys are not looked up for each row: the rows are copies of rows that have them
        psql(one.address, "-c", "SET session_replication_role = replica", "-c", f"INSERT INTO readiness_evidence ({names}) SELECT {names} FROM readiness_evidence, "
             f"generate_series(1, {times})", "-c", "ANALYZE")  # fmt: skip
        return
    with sqlite3.connect(one.data / "beiji.sqlite3") as database:
        columns = [name for _at, name, *_ in database.execute("PRAGMA table_info(readiness_evidence)")]
        names = ",".join(f'"{name}"' for name in columns if name not in ("id", "supersedes_id"))
        times = rows // database.execute(query).fetchone()[0]
        database.execute(
            f"INSERT INTO readiness_evidence ({names}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            f"WHERE i < {times}) SELECT {names} FROM readiness_evidence, n"
        )
    database.close()


def timed(what: str, done: subprocess.CompletedProcess[str], began: float) -> str:
    if done.returncode:
        sys.exit(f"{what}: {done.stderr}")
    print(f"{what:<28} {time.perf_counter() - began:8.1f} s", flush=True)
    return done.stdout


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, default=4_000_000)
    rows = words.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with installation(folder) as one, installation(folder) as other:
            began = time.perf_counter()
            timed("demo city", one.run("init", "--demo"), began)
            began = time.perf_counter()
            multiply(one, rows)
            print(f"{'rows written':<28} {time.perf_counter() - began:8.1f} s", flush=True)
            for what in ("first seal", "second seal"):
                began = time.perf_counter()
                timed(what, one.python("-c", SEALING), began)
            began = time.perf_counter()
            timed("every sealed row looked at", one.python("-c", LOOKING), began)
            began = time.perf_counter()
            made = json.loads(timed("backup", one.run("backup", str(folder), "--json"), began))
            print(f"  {made['rows']} rows, {made['bytes'] / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
            began = time.perf_counter()
            timed("restore --check", other.run("restore", made["file"], "--check"), began)
            began = time.perf_counter()
            print(timed("restore, verified", other.run("restore", made["file"]), began))


if __name__ == "__main__":
    main()
