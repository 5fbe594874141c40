"""What stands alone to be touched is 44 px high on tablets and phones."""

from __future__ import annotations

import pytest

PAGES = ("reports/", "assessments/", "readiness/ginkgo/", "actions/gaps/", "translations/")
#: Squares of a map or a list stand beside a link of the same row; a figure is touched on the whole tile.
SMALL = """() => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility() && !e.closest(".sr") && !e.matches(".cell, .figures-link, .skip"))
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 43.5)"""


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_links_and_buttons_are_a_finger_high(open_as, site, size):
    page = open_as("manager", language="he", size=size)
    small = {}
    for path in PAGES:
        page.goto(f"{site.address}/yangzhou/{path}")
        small[path] = page.evaluate(SMALL)
    assert not any(small.values()), small


def test_a_field_for_files_is_a_finger_high(open_as, site):
    page = open_as("administrator", language="zh-hans", size="phone")
    page.goto(f"{site.address}/yangzhou/people/table/")
    assert page.locator("input[type=file]").count() == 1
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("language", ["zh-hans", "he"])
def test_on_a_phone_the_menu_shows_where_one_is(open_as, site, language):
    page = open_as("coordinator", language=language, size="phone")
    page.goto(site.address + "/yangzhou/files/ginkgo/")
    here = page.locator(".rail [aria-current]").bounding_box()
    assert here is not None
    assert here["x"] >= 0
    assert here["x"] + here["width"] <= 390
    assert page.evaluate("scrollY") == 0


#: Fields to type in that are squeezed: narrower than a word, or lower than the lines that they promise.
SQUEEZED = """() => [...document.querySelectorAll("textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])")]
  .filter((e) => e.checkVisibility() && !e.closest(".sr"))
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect(), e.matches("textarea") && e.rows > 1 ? 80 : 40])
  .filter(([, box, least]) => box.width < 64 || box.height < least)
  .map(([words, box]) => [words, box.width, box.height])"""


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_there_is_room_to_type(open_as, site, size):
    page = open_as("coordinator", language="zh-hans", size=size)
    squeezed = {}
    for path in ("actions/", "files/ginkgo/", "plans/"):
        page.goto(f"{site.address}/yangzhou/{path}")
        squeezed[path] = page.evaluate(SQUEEZED)
    page.click("main a[href*='/documents/']")
    page.goto(page.url + "draft/")
    page.locator("main a[href*='edit=']").nth(1).click()
    page.wait_for_selector("#block-body")
    assert page.evaluate(SQUEEZED) == []
    assert not any(squeezed.values()), squeezed
