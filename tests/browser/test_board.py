"""The board of actions: a card is moved by dragging and by its menu, the move is said, and no hand closes an action."""

from __future__ import annotations

BOARD = "/yangzhou/actions/board/"


def first_card(page, column: str):
    """The first card of a column that may be moved, and its number."""
    card = page.locator(f"[data-column='{column}'] [data-card]:has(form)").first
    return card, card.get_attribute("id")


def stands_in(page, card: str) -> str | None:
    return page.locator(f"#{card}").evaluate("card => card.closest('[data-column]').dataset.column")


def test_a_card_is_dragged_to_another_column_and_the_move_is_said(open_as, site):
    page = open_as("manager")
    page.goto(site.address + BOARD)
    card, number = first_card(page, "in-progress")
    card.drag_to(page.locator("[data-column='planned'] h2"))
    page.wait_for_selector("#status .message")
    assert "moved to: Planned." in page.inner_text("#status")
    assert stands_in(page, number) == "planned"


def test_a_card_dragged_to_closed_stays_and_the_reason_stands_where_it_was_dropped(open_as, site):
    page = open_as("manager", language="he", theme="dark")
    page.goto(site.address + BOARD)
    card, number = first_card(page, "in-progress")
    card.drag_to(page.locator("[data-column='closed'] h2"))
    said = page.locator("[data-column='closed'] [data-refusal]")
    said.wait_for(state="visible")
    assert "רק אסמכתה סוגרת משימה" in said.inner_text()
    assert said.evaluate(
        "one => { const b = one.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }"
    )
    assert stands_in(page, number) == "in-progress"
    card.drag_to(page.locator("[data-column='awaiting-proof'] h2"))
    page.wait_for_selector("#status .message")
    assert stands_in(page, number) == "awaiting-proof"


def test_the_menu_moves_a_card_with_the_keyboard_alone(open_as, site):
    page = open_as("manager", language="zh-hans")
    page.goto(site.address + BOARD)
    card, number = first_card(page, "in-progress")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "awaiting-proof"
    page.keyboard.press("Enter")
    page.wait_for_selector("#status .message")
    assert "已移到：待验证。" in page.inner_text("#status")
    assert stands_in(page, number) == "awaiting-proof"
    assert page.url.endswith(f"#{number}")


def test_the_menu_offers_no_column_that_only_evidence_reaches(open_as, site):
    page = open_as("coordinator", size="phone")
    page.goto(site.address + BOARD)
    offered = page.locator("[data-card] button[name=to]").evaluate_all("buttons => buttons.map(b => b.value)")
    assert offered
    assert not {"closed", "reopened"} & set(offered)
