"""In a real browser: one's first answer survives seeing the other's; typed words survive what interrupts them; one bad
entry or photograph holds up nothing behind it."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.test_rating import LIST, OPERATIONS, SAVED, chosen, kept_by_server

__all__ = ["question"]
from tests.browser.test_rating import question  # the fixture

DIFFERENCES = "/differences/"


def give(page, level: int) -> None:
    """Choose a level and wait until the server has it."""
    page.check(f"[name=level][value='{level}']", force=True)
    page.wait_for_selector(SAVED)


def test_the_others_answer_appears_without_reload_and_the_first_one_stays(question, open_as):
    give(question(open_as("lead"), "SUR-3"), 2)
    page = question(open_as("assessor", size="tablet"), "SUR-3")
    assert "Dana Peretz has answered" in page.inner_text("[data-others]")
    give(page, 0)
    page.wait_for_selector("[data-others] >> text=Dana Peretz: 2 In place")
    assert "your first answer stays in the list of differences" in page.inner_text("[data-others]")
    page.reload()
    page.click("[data-undo]")
    page.wait_for_selector(SAVED)
    page.reload()
    assert chosen(page) is None
    give(page, 2)
    page.wait_for_selector("[data-others] >> text=Your first answer, “0 Not in place”, stays")
    page.reload()
    assert kept_by_server(page) == [2]
    page.goto(page.url.split("/items/")[0] + DIFFERENCES)
    entry = page.locator("section.panel", has_text="SUR-3")
    assert "first answer, changed once another’s could be seen" in entry.inner_text()
    assert entry.locator(".rate-lines > li").count() == 3


def sign_out_elsewhere(page) -> None:
    """The session ends: its cookie is gone, the page stays open."""
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] != settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies(kept)


def sign_in_again(page, name: str) -> None:
    from beiji.site import demo

    page.fill("input[name=login]", name)
    page.fill("input[name=password]", demo.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def test_words_that_the_server_refuses_stay_and_signing_out_forgets_them(site, question, open_as):
    give(question(open_as("lead"), "SUR-5"), 2)
    give(question(open_as("assessor"), "SUR-5"), 0)
    page = open_as("lead", language="he", size="phone", own_session=True)
    page.goto(site.address + LIST)
    page.click("#running tbody a")
    page.wait_for_url("**/assessments/*/")
    page.goto(page.url + "differences/")
    name = page.locator("main form[data-keep]").first.get_attribute("data-keep")
    mine = f"form[data-keep='{name}']"
    page.locator("details", has=page.locator(mine)).locator("summary").click()
    page.fill(f"{mine} [name=reason]", "בדקנו שוב יחד")
    page.reload()
    expect(page.locator(f"{mine} [name=reason]")).to_be_visible()
    expect(page.locator(f"{mine} [name=reason]")).to_have_value("בדקנו שוב יחד")
    page.click(f"{mine} .form-acts button")  # no level chosen: refused
    page.wait_for_selector(f"{mine} .message[data-kind=bad]")
    expect(page.locator(f"{mine} [name=reason]")).to_be_visible()
    expect(page.locator(f"{mine} [name=reason]")).to_have_value("בדקנו שוב יחד")
    page.click(".menu summary")
    page.click("form[data-sign-out] button")
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('beiji.kept.'))") == []


def test_one_entry_that_spoils_a_parcel_is_set_aside_by_name_and_the_rest_is_saved(question, open_as):
    page = question(open_as("assessor", size="tablet"), "SUR-6")
    page.route(OPERATIONS, lambda route: route.abort())
    page.click("[data-note] >> xpath=ancestor::details/summary")
    for text in ("before", "spoils everything", "after"):
        page.fill("[data-note] textarea", text)
        page.click("[data-note] button:not([data-put]):not([data-drop])")
    page.evaluate(  # and one that this device itself cannot read any more
        """() => {
            const key = Object.keys(localStorage).find((name) => name.startsWith('beiji.op.'));
            localStorage.setItem(key.replace(/[^.]+$/, 'broken'), '{"id": "half');
        }"""
    )

    def refuse(route):
        body = route.request.post_data
        if "spoils everything" in body:
            route.fulfill(status=400, json={"error": "The operations could not be read."})
        else:
            route.continue_()

    page.unroute(OPERATIONS)
    page.route(OPERATIONS, refuse)
    page.reload()
    page.wait_for_selector("[data-refused]:visible")
    expect(page.locator("[data-tray] li")).to_have_count(2)
    expect(page.locator("[data-sync] [data-when=failed] [data-count]")).to_have_text("2")
    tray = page.inner_text("[data-tray]")
    assert "SUR-6 Remark spoils everything" in tray
    assert '{"id": "half' in tray
    page.unroute(OPERATIONS)
    page.locator("[data-tray] li", has_text="spoils everything").locator("[data-again]").click()
    expect(page.locator("[data-tray] li")).to_have_count(1)
    page.click("[data-tray] [data-discard]")
    page.wait_for_selector(SAVED)
    page.reload()
    notes = page.inner_text("[data-lines=note]")
    assert all(text in notes for text in ("before", "spoils everything", "after"))


def test_a_photograph_that_is_refused_is_kept_aside_and_the_next_one_is_attached(question, open_as, tmp_path):
    from PIL import Image

    page = question(open_as("lead", size="tablet"), "TRI-6", part="ginkgo-east")
    bad, good = tmp_path / "scan.jpg", tmp_path / "board.png"
    bad.write_bytes(b"MZ no picture at all")
    Image.new("RGB", (64, 48), (90, 100, 110)).save(good)
    page.click("[data-attach] >> xpath=ancestor::details/summary")
    page.set_input_files("[data-attach] [name=file]", bad)
    page.wait_for_selector("[data-tray] li")
    assert "scan.jpg" in page.inner_text("[data-tray]")
    page.set_input_files("[data-attach] [name=file]", good)
    page.click("[data-photo-keep]")
    page.wait_for_selector("[data-lines=files] li >> text=board.jpg")
    page.reload()
    page.wait_for_selector("[data-tray] li")
    expect(page.locator("[data-lines=files]")).to_contain_text("board.jpg")
    page.click("[data-tray] [data-discard]")
    page.wait_for_selector(SAVED)
    assert page.locator("[data-refused]").is_hidden()


@pytest.fixture
def to_reply(site, open_as):
    """The visit under way, brought to the hospital's reply by its lead; gives its address."""

    def go() -> str:
        page = open_as("manager")
        page.goto(site.address + LIST)
        page.click("#running tbody a")
        page.wait_for_url("**/assessments/*/")
        for phase in ("consensus", "reply"):
            page.click(f"button[name=phase][value={phase}]")
            page.wait_for_load_state()
        return page.url

    return go


def test_a_reply_outlives_the_end_of_the_session_and_is_forgotten_once_it_is_sent(site, open_as, to_reply):
    address = to_reply() + "reply/"
    page = open_as("coordinator", language="zh-hans", size="tablet")
    page.goto(address)
    body = "main form textarea[name=body]"
    page.fill(body, "夜间有人值守，请复核。")
    page.check("main form input[name=stance][value=dispute]", force=True)
    page.select_option("main form select[name=language]", "zh-Hans")
    sign_out_elsewhere(page)
    page.click("main form button.button[data-kind=primary]")
    page.wait_for_selector("input[name=password]")
    sign_in_again(page, "coordinator")
    assert page.url == address
    expect(page.locator(body)).to_have_value("夜间有人值守，请复核。")
    assert page.is_checked("main form input[name=stance][value=dispute]")
    assert page.locator("[data-notice]:visible").count() == 1
    page.click(".bar-langs button[value=he]")
    page.wait_for_selector("html[lang=he]")
    expect(page.locator(body)).to_have_value("夜间有人值守，请复核。")
    assert page.input_value("main form select[name=language]") == "zh-Hans", "the language it was typed in"
    page.click("main form button.button[data-kind=primary]")
    page.wait_for_selector("#status .message")
    assert page.input_value(body) == ""
    page.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('beiji.kept.'))")
