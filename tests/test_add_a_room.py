"""docs/how-to/add-a-room.md is carried out as it stands: in a copy of the house a room is made, tried and removed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import ROOT

PAGE = ROOT / "docs" / "how-to" / "add-a-room.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = "src/beiji/site/settings.py"
OWN = ("src/beiji/notices/", "tests/notices/")


def blocks() -> dict[str, str]:
    """File of the how-to → what it holds."""
    return dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


@pytest.fixture
def house(tmp_path) -> Iterator[Path]:
    """A copy of the program and its tests, without the room."""
    house = tmp_path / "house"
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "packs", "docs", "README.md", "CHANGELOG.md", "requirements", "beiji", "benchmarks"):
        (house / name).symlink_to(ROOT / name)
    yield house
    shutil.rmtree(house)


def carried_out(house: Path, *words: str) -> str:
    """Run a command in the copy; it must end well."""
    environment = os.environ | {
        "BEIJI_DATA": str(house / "data"), "DATABASE_URL": "", "PYTHONPATH": str(house / "src"),
        "DJANGO_SETTINGS_MODULE": "beiji.site.settings",
    }  # fmt: skip
    done = subprocess.run(words, cwd=house, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


def made(house: Path) -> set[str]:
    """Write every block into its file; the list of rooms replaces the one that stands. Gives the files that were there."""
    touched = set()
    for name, content in blocks().items():
        file = house / name
        if file.exists():
            touched.add(name)
            content = re.sub(r"^ROOMS = \[.*?^\]\n", content, file.read_text(encoding="utf-8"), flags=re.M | re.S)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return touched


@pytest.mark.slow
def test_a_room_is_made_from_the_page_tried_and_removed(house):
    assert made(house) == {SETTINGS}, "a new room touches itself and one line of settings"
    assert all(name.startswith(OWN) for name in blocks() if name != SETTINGS)
    python = sys.executable
    carried_out(house, python, "-m", "django", "makemigrations", "notices")
    carried_out(house, python, "-m", "django", "makemigrations", "--check", "--dry-run")
    tests = (
        "tests/notices", "tests/test_house.py",
        "tests/site/test_every_page.py::test_every_address_stands_in_a_table_and_every_page_of_a_table_has_one",
        "tests/site/test_every_page.py::test_every_list_that_people_see_a_part_of_has_a_filter_and_every_filter_is_removed_once",
    )  # fmt: skip
    said = carried_out(house, python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert " passed" in said
    assert "every text has its translations" in carried_out(house, python, "-m", "beiji.ui.messages", "--check")
    scripts = Path(python).parent
    carried_out(house, str(scripts / "ruff"), "check", "--no-cache", *OWN)
    carried_out(house, str(scripts / "djlint"), "--lint", "--quiet", "src/beiji/notices")
    contracts = carried_out(house, str(scripts / "lint-imports"), "--no-cache")
    assert "0 broken" in contracts
