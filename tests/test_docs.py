"""Documentation that cannot rot: settings, commands, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from beiji.cli import build_parser
from beiji.records.options import OPTIONS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def settings_page() -> str:
    """The reference page of settings, as the table in the source says it."""
    lines = ["# Settings", "", "Environment variables, read once at start. A bad value is refused with a sentence.", ""]
    lines += ["| setting | kind | default | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{o.name}` | {o.kind} | {f'`{o.default}`' if o.default else 'empty'} | {o.sentence} |" for o in OPTIONS
    ]
    return "\n".join(lines) + "\n"


def test_the_page_of_settings_is_the_table_in_the_source():
    page = ROOT / "docs" / "reference" / "settings.md"
    assert page.read_text(encoding="utf-8") == settings_page(), (
        "write tests.test_docs.settings_page() to docs/reference/settings.md"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_every_command_of_the_documentation_exists():
    known = set(build_parser()._subparsers._group_actions[0].choices)
    for page in PAGES:
        for command in re.findall(r"(?:python3 beiji|^beiji|`beiji) ([a-z]+)", page.read_text(encoding="utf-8"), re.M):
            assert command in known | {"test"}, f"{page.name} names the command {command}"


def test_the_launcher_knows_no_command_that_does_not_exist():
    launcher = (ROOT / "beiji").read_text(encoding="utf-8")
    (named,) = re.findall(r"^ENGINE_COMMANDS = \{(.*)\}$", launcher, re.M)
    assert set(re.findall(r"\w+", named)) <= set(build_parser()._subparsers._group_actions[0].choices)


def test_the_first_screen_of_the_readme_is_short():
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("\n---\n")[0]
    assert first.count("\n") <= 45
