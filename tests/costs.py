"""What the tests cost: seconds of processor time by file, printed under a run of more than one file.

Wall times of a machine that others use say little. Counted is this process and whatever it started and waited for; a
browser and a server of a fixture are counted when they end.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

MOST_SHOWN = 20
_SPENT: Counter[str] = Counter()
_at: list[float] = []


def _now() -> float:
    return sum(os.times()[:4])


def pytest_collection_finish() -> None:
    _at[:] = [_now()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Each part of a test carries what was spent since the part before it, to the process that prints."""
    report = yield
    before, _at[:] = _at[0], [_now()]
    report.user_properties.append(("cpu_s", _at[0] - before))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _SPENT[report.nodeid.split("::")[0]] += dict(report.user_properties).get("cpu_s", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if len(_SPENT) < 2:
        return
    terminalreporter.section(f"processor time: {sum(_SPENT.values()):.0f} s in {len(_SPENT)} files, the costliest")
    for file, spent in _SPENT.most_common(MOST_SHOWN):
        terminalreporter.write_line(f"{spent:7.1f} s  {file}")
