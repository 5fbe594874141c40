"""Every page of the registry in a real browser: axe, widths, keyboard, pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from beiji.records import options
from tests.chromium import SIZES
from tests.pages import seen_pages

ROOT = Path(__file__).resolve().parent.parent.parent
FULL = options.read("BEIJI_FULL")
ROLES = ("manager", "lead", "coordinator", "leader", "administrator")
#: Every language with every theme; each page takes its turn with one of them, and with all where there is time.
LOOKS = [(language, theme) for language in ("en", "zh-hans", "he") for theme in ("light", "dark")]
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


def readers() -> dict[str, str]:
    """Page → the first of the roles who may see it, as the tables of the rooms say."""
    may = {p.name: [role for role in (*ROLES, "anonymous") if p.status[role] == "200"] for p in seen_pages() if p.look}
    return {name: roles[0] for name, roles in may.items() if roles}


def show(page, site, address: str, language: str, theme: str) -> bool:
    """The page in a language and theme; whether it is there."""
    page.context.add_cookies([{"name": "beiji_language", "value": language, "url": site.address}])
    page.emulate_media(color_scheme=theme)
    answer = page.goto(site.address + address)
    return answer is not None and answer.status == 200


def too_wide(page) -> list[str]:
    """The sizes at which the page scrolls sideways."""
    wide = []
    for size in ("phone", "tablet"):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        needs, has = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if needs > has + 1:
            wide.append(f"{size} {needs} > {has}")
    width, height = SIZES["desk"]
    page.set_viewport_size({"width": width, "height": height})
    return wide


def test_axe_finds_nothing_and_no_page_scrolls_sideways(open_as, site, addresses):
    """Axe in one language and theme, another for each page, so that all six come up; widths in that language and one of the two
    others in turn. With BEIJI_FULL all of them."""
    from axe_playwright_python.sync_playwright import Axe

    pages = {role: open_as(role) for role in ROLES} | {"anonymous": open_as(None)}
    reader = readers()
    faults, unseen = [], []
    for turn, (name, address) in enumerate(sorted(addresses.items())):
        page = pages.get(reader.get(name, "")) if name != "account_logout" else None
        turns = LOOKS if FULL else [LOOKS[turn % len(LOOKS)]]
        if page is None or not show(page, site, address, *turns[0]):
            unseen.append(name)
            continue
        checked = set()
        for language, theme in turns:
            if (language, theme) != turns[0]:
                show(page, site, address, language, theme)
            result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
            faults += [
                f"{name} {language} {theme}: {v['id']} {v['help']} {[n['target'] for n in v['nodes']][:3]}"
                for v in result.response["violations"]
            ]
            if language not in checked:
                faults += [f"{name} {language}: {wide}" for wide in too_wide(page)]
                checked.add(language)
        others = [language for language in ("en", "zh-hans", "he") if language not in checked]
        for language in others if FULL else others[turn % 2 :][:1]:
            show(page, site, address, language, "light")
            faults += [f"{name} {language}: {wide}" for wide in too_wide(page)]
    assert not faults, "\n".join(faults)
    assert len(unseen) <= 2, unseen


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
