"""The catalogue in a real browser: axe in three languages and two themes, keys, targets, no sideways scroll."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from beiji.records import options
from tests.chromium import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium() is None and not options.read("BEIJI_REQUIRE_BROWSER"),
        reason="no Chromium found; install one or set BEIJI_CHROMIUM",
    ),
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANGUAGES = ("en", "zh-hans", "he")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """The tests' output stays readable."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The house served from this process; the catalogue asks no database."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def chrome(browser: Any) -> Any:
    """The one Chromium of the whole run; two drivers in one process would stand in each other's way."""
    return browser


@pytest.fixture
def opened(chrome: Any, address: str) -> Iterator[Callable[..., Any]]:
    """`opened("?part=heatmap", language="he", theme="dark", width=390)`: a page; errors on its console fail the test."""
    contexts, errors = [], []

    def open_page(query: str = "", language: str = "en", theme: str = "light", width: int = 1280) -> Any:
        context = chrome.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": "beiji_language", "value": language, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/ui/{query}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.mark.parametrize(("language", "theme", "query"), [
    ("en", "light", ""), ("zh-hans", "dark", ""), ("he", "light", "?mode=exercise"), ("he", "dark", "?density=touch"),
])  # fmt: skip
def test_axe_finds_nothing(opened, language, theme, query):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(query, language, theme)
    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response["violations"]
    told = [f"{v['id']}: {v['help']} — {[n['html'][:140] for n in v['nodes'][:3]]}" for v in found]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 820])
def test_no_page_scrolls_sideways(opened, language, width):
    page = opened("", language, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "he"])
def test_heat_map_is_one_tab_stop_and_arrows_are_visual(opened, language):
    page = opened("?part=heatmap", language)
    stops = page.locator("[data-grid] td .cell[tabindex='0']")
    assert stops.count() == 1
    stops.first.focus()

    def place() -> float:
        return page.evaluate("document.activeElement.getBoundingClientRect().x")

    toward, back = ("ArrowLeft", "ArrowRight") if language == "he" else ("ArrowRight", "ArrowLeft")
    start = place()
    page.keyboard.press(toward)
    assert (place() < start) == (language == "he")
    page.keyboard.press(back)
    assert place() == start
    page.keyboard.press("End")
    last = place()
    page.keyboard.press("Home")
    assert place() == start != last
    page.keyboard.press("ArrowDown")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert {"en": "Egret University · Governance", "he": "אגרט האוניברסיטאי · ניהול"}[language] in name
    assert page.locator("[data-grid] td .cell[tabindex='0']").count() == 1


def test_menu_opens_by_keys_and_gives_the_focus_back(opened):
    page = opened("?part=menu")
    summary = page.locator("#part-menu summary")
    summary.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Print"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Spreadsheet"
    page.keyboard.press("Escape")
    assert not page.locator("#part-menu details[open]").count()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_level_is_chosen_by_its_digit_only_while_a_level_has_the_focus(opened):
    page = opened("?part=level")
    page.keyboard.press("0")
    assert page.locator("input[name='tri-2'][value='2']").is_checked()
    page.locator("input[name='tri-2'][value='2']").focus()
    page.keyboard.press("1")
    assert page.locator("input[name='tri-2'][value='1']").is_checked()
    page.keyboard.press("3")
    assert page.locator("input[name='tri-2'][value='1']").is_checked()
    page.keyboard.press("n")
    assert page.locator("input[name='tri-2'][value='na']").is_checked()


def test_theme_and_density_are_kept_and_come_from_the_server(opened):
    page = opened("?part=button")
    page.locator("header .menu summary").click()
    page.locator("[data-theme-choice='dark']").click()
    page.locator("[data-density-choice='touch']").click()
    page.reload()
    assert page.evaluate("[document.documentElement.dataset.theme, document.documentElement.dataset.density]") == [
        "dark",
        "touch",
    ]
    assert 'data-theme="dark"' in page.request.get(page.url).text()


def test_on_a_tablet_everything_to_press_is_48_px_high(opened):
    page = opened("?density=touch", width=820)
    pressed = (
        ".button, .input, select, .seg-part, .level, .choice, .filter-chip a, .menu-item, [data-grid] td .cell[href]"
    )
    small = page.evaluate(
        """pressed => [...document.querySelectorAll(`main :is(${pressed})`)].filter(e => e.checkVisibility()
        && e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML.slice(0, 120))""",
        pressed,
    )
    assert not small


def test_with_text_at_200_percent_nothing_is_cut_or_scrolls_sideways(opened):
    page = opened("?part=level", "zh-hans")
    page.set_viewport_size({"width": 640, "height": 900})  # 1280 px at 200 % zoom
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_the_frame_reads_without_script(chrome, address):
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/ui/?part=menu")
    page.locator("#part-menu summary").click()
    assert page.locator("#part-menu .menu-item").first.is_visible()
    context.close()


def test_print_drops_the_bar_and_keeps_the_cells(opened):
    page = opened("?part=heatmap", theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".bar-group").is_visible()
    fill = "getComputedStyle(document.querySelector('.cell[data-level=\"0\"]')).backgroundColor"
    assert page.evaluate(fill) == "rgb(130, 40, 34)"
    assert page.evaluate(fill.replace("backgroundColor", "color")) == "rgb(255, 255, 255)"
