"""Everybody who writes at once: nobody is ended by the database, and what was reported can be reported again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.slow
def test_reports_records_findings_answers_and_locks_do_not_end_one_another():
    """On 24 November 2026 PostgreSQL ended 40 of 200 of these as deadlocks."""
    words = [sys.executable, str(BENCHMARKS / "writers.py"), "--attempts", "48", "--json"]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=300)
    result = json.loads(ran.stdout)
    assert result["errors"] == []
    assert sum(result["attempts"].values()) == 48
    assert result["reports that differ when made again"] == []
    assert result["findings of doctor"] == []
