"""Every page of the registry in a real browser: axe, widths, keyboard, pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from beiji.records import options

ROOT = Path(__file__).resolve().parent.parent.parent
FULL = options.read("BEIJI_FULL")
ROLES = ("manager", "lead", "coordinator", "leader")
#: Contrast is checked once a theme, everything else once a language.
CELLS = (
    [(language, theme) for language in ("en", "zh-hans", "he") for theme in ("light", "dark")]
    if FULL
    else [("en", "light"), ("zh-hans", "light"), ("he", "dark")]
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def addresses(site) -> dict[str, str]:
    environment = os.environ | {"BEIJI_DATA": str(site.data), "DATABASE_URL": "", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.addresses"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def pages_for(page, site, addresses, seen: set[str]):
    """Open in turn what this person may see and nobody before has opened."""
    for name, address in addresses.items():
        if name not in seen and name != "account_logout":
            answer = page.goto(site.address + address)
            if answer is not None and answer.status == 200:
                seen.add(name)
                yield name


@pytest.mark.parametrize(("language", "theme"), CELLS)
def test_axe_finds_nothing(open_as, site, addresses, language, theme):
    from axe_playwright_python.sync_playwright import Axe

    seen: set[str] = set()
    faults = []
    for role in ROLES:
        page = open_as(role, language=language, theme=theme)
        for name in pages_for(page, site, addresses, seen):
            result = Axe().run(page, options={"runOnly": RULES})
            faults += [
                f"{name}: {v['id']} {v['help']} {[n['target'] for n in v['nodes']][:3]}"
                for v in result.response["violations"]
            ]
    assert not faults, "\n".join(faults)
    assert len(seen) >= len(addresses) - 2, sorted(set(addresses) - seen)


@pytest.mark.parametrize(("language", "size"), [("zh-hans", "phone"), ("he", "phone"), ("en", "tablet")])
def test_no_page_scrolls_sideways(open_as, site, addresses, language, size):
    seen: set[str] = set()
    wide = []
    for role in ROLES:
        page = open_as(role, language=language, size=size)
        for name in pages_for(page, site, addresses, seen):
            width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            if width > room + 1:
                wide.append(f"{name}: {width} > {room}")
    assert not wide, "\n".join(wide)


PICTURES = {
    "city-zh": ("manager", "zh-hans", "light", "desk", "/yangzhou/"),
    "city-he": ("manager", "he", "light", "desk", "/yangzhou/"),
    "today-en": ("coordinator", "en", "light", "desk", "/yangzhou/"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_readme_can_be_made(open_as, site, name, tmp_path):
    """With BEIJI_PICTURES=1 they are written to docs/pictures; always they must come out."""
    role, language, theme, size, address = PICTURES[name]
    page = open_as(role, language=language, theme=theme, size=size)
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(site.address + address)
    folder = ROOT / "docs" / "pictures" if os.environ.get("BEIJI_PICTURES") else tmp_path
    page.screenshot(path=folder / f"{name}.png")
    assert (folder / f"{name}.png").stat().st_size > 20_000
