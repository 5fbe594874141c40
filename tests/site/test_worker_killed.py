"""A worker is killed in the middle of its work: another does it, once. With BEIJI_FULL fifty times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from beiji.records import options

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "work.py"


@pytest.mark.slow
def test_every_table_is_brought_in_once_whichever_worker_was_killed(ready, tmp_path):
    kills = 50 if options.read("BEIJI_FULL") else 2
    words = [sys.executable, str(SCRIPT), "--json", "--kills", str(kills), "--people", "300"]
    address = os.environ.get("DATABASE_URL", "") if connection.vendor == "postgresql" else ""
    words += [] if address else ["--ready", str(ready(tmp_path / "data"))]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, env=os.environ | {"DATABASE_URL": address}
    )
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert done.returncode == 0, result
    assert result["people"] == result["accounts"] == result["audit lines"] == result["jobs"]["done"] * 300
    assert sum(result["jobs"].values()) == kills
    assert set(result["jobs"]) <= {"done", "failed"}
