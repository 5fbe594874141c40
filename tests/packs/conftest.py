"""A small, faultless packs folder that each test may break in one place."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from beiji.packs.problems import Problem

MINI = Path(__file__).parent / "mini"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the small packs folder."""
    return Path(shutil.copytree(MINI, tmp_path / "packs"))


@pytest.fixture
def broken(mini: Path) -> Callable[[str, str, str], list[Problem]]:
    """Replace one piece of one file by another and return what the checker says."""
    from beiji.packs.checker import check

    def break_and_check(file: str, old: str, new: str) -> list[Problem]:
        path = mini / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return check([mini])

    return break_and_check
