"""A page follows what others do, without being loaded again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_rating import LIST, SAVED

LIVE = "**/live/**"


@pytest.fixture
def visit(site):
    """`visit(page)` opens the visit that is under way."""

    def go(page):
        page.goto(site.address + LIST)
        page.click("#running tbody a")
        page.wait_for_url("**/assessments/*/")
        return page

    return go


def answers(page, item: str, level: int) -> None:
    """The person of this browser answers one question."""
    page.goto(f"{page.url.partition('items/')[0]}items/{item}/")
    page.check(f"[name=level][value='{level}']", force=True)
    page.wait_for_selector(SAVED)


def count_of(page, name: str):
    """The line of a member of the team, with how many questions he has answered."""
    return page.locator("#visit-side li").filter(has_text=name)


def rises(line) -> str:
    """What the line says once one more is answered."""
    words = line.inner_text()
    done = next(int(word) for word in words.split() if word.isdigit())
    return f"{done + 1} of"


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_managers_page_counts_an_answer_as_it_is_given(open_as, visit, size):
    manager, lead = visit(open_as("manager", size=size)), visit(open_as("lead"))
    with manager.expect_response(LIVE) as kept:
        manager.reload()
    assert kept.value.headers["content-type"].startswith("text/event-stream")
    line = count_of(manager, "Dana Peretz")
    after = rises(line)
    item = {"desk": "SUR-5", "phone": "SUR-2"}[size]
    answers(lead, item, 1)
    expect(line).to_contain_text(after, timeout=10_000)
    assert manager.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sideways"


def test_what_happened_while_the_page_was_hidden_is_there_when_it_is_seen_again(open_as, visit):
    manager, lead = visit(open_as("manager")), visit(open_as("lead"))
    line = count_of(manager, "Dana Peretz")
    after = rises(line)
    manager.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    answers(lead, "SUR-1", 1)
    assert after not in line.inner_text()
    manager.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: false, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(line).to_contain_text(after, timeout=10_000)


def test_where_no_line_can_be_kept_the_page_asks_by_itself(open_as, visit):
    manager, lead = open_as("manager"), visit(open_as("lead"))
    manager.route(LIVE, lambda route: route.fulfill(status=502))
    visit(manager)
    line = count_of(manager, "Dana Peretz")
    after = rises(line)
    answers(lead, "SUR-4", 1)
    expect(line).to_contain_text(after, timeout=20_000)


def test_a_fold_that_was_opened_and_what_has_the_focus_stay(open_as, visit):
    manager, lead = visit(open_as("manager")), visit(open_as("lead"))
    folded = manager.locator("details:not([open])").filter(has=manager.locator("[id^=rows-]")).first
    code = folded.locator("[id^=rows-]").get_attribute("id").removeprefix("rows-")
    folded.locator("summary").first.click()
    link = manager.locator(f"#rows-{code} a").first
    link.focus()
    line = count_of(manager, "Dana Peretz")
    after = rises(line)
    answers(lead, "SUR-3", 1)
    expect(line).to_contain_text(after, timeout=10_000)
    assert manager.locator(f"#rows-{code}").is_visible()
    assert manager.evaluate(f"document.querySelector('#rows-{code}').contains(document.activeElement)")


def test_a_page_left_open_past_the_end_of_its_session_keeps_its_bell(open_as, visit):
    manager = visit(open_as("manager"))
    manager.context.clear_cookies()
    with manager.expect_response("**/notifications/bell/") as answer:
        manager.evaluate("htmx.trigger('#bell', 'live')")
    assert answer.value.status == 401
    manager.wait_for_timeout(300)
    assert manager.locator("#bell").count() == 1
    assert manager.locator("input[name=login]").count() == 0


def test_who_looks_through_a_list_past_the_end_of_the_session_is_asked_to_sign_in(open_as, site):
    manager = open_as("manager")
    manager.goto(f"{site.address}/yangzhou/assessments/")
    manager.context.clear_cookies()
    manager.fill("main form [name=q]", "银")
    manager.wait_for_selector("input[name=login]")
    assert "/sign-in/" in manager.url
