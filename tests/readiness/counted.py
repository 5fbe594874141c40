"""Rows to count, for tests."""

from __future__ import annotations

from typing import Any

from beiji.readiness.rules.counting import Held
from beiji.readiness.rules.rows import State


def held(**said: Any) -> Held:
    """A must-pass row that is met, changed as the test says."""
    row: dict[str, Any] = {
        "hospital": "ginkgo",
        "indicator": "TRI-6",
        "domain": "TRI",
        "capability": "ed-clear-time",
        "must_pass": True,
        "core": True,
        "applies": True,
        "state": State.MET,
        "digit": 3,
        "proof": None,
        "weight": 3,
    }
    return Held(**(row | said))
