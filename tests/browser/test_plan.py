"""A hospital's plan from its first heading until it is in force, as its people do it, in Chinese; no sentence is lost on the way."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from beiji.site import demo

NEW = "/yangzhou/plans/ginkgo/new/"
FIRST, SECOND, THIRD = "接到市卫健委通知后，", "总值班三分钟内报告值班院领导，", "同时通知急诊科。"


def write_in(page, number: int):
    """Open the block at a place and give its field."""
    page.locator(".document-block").nth(number).get_by_role("link", name=re.compile("^(编写|כתיבה)")).click()
    return page.locator("[data-editor] textarea[name=body]")


def press(page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def begin(page, site) -> None:
    page.goto(site.address + NEW)
    page.select_option("[name=hazard]", "chemical")
    page.select_option("main select[name=language]", "zh-Hans")
    press(page, "开始编写")
    expect(page).to_have_url(re.compile("/draft/$"))


def type_past_every_fault(page, site) -> None:
    """What is typed without a network, in a second window and after the end of the session comes to stand in the draft."""
    state = page.locator("[data-said]")
    field = write_in(page, 1)
    field.press_sequentially(FIRST)
    expect(state).to_have_attribute("data-state", "kept")

    page.context.set_offline(True)
    field.press_sequentially(SECOND)
    expect(state).to_have_attribute("data-state", "trouble")
    page.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "kept", timeout=10_000)

    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("[data-clash]")).to_be_visible()  # it is being written in the first window
    expect(other.locator("[data-error]")).to_contain_text("另一窗口")
    other.close()

    page.context.clear_cookies()
    field.press_sequentially(THIRD)
    expect(state).to_have_attribute("data-state", "trouble")
    draft = page.url
    page.goto(site.address + "/sign-in/")
    page.fill("input[name=login]", demo.LOG_INS["coordinator"])
    page.fill("input[name=password]", demo.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    page.goto(draft)
    again = page.locator("[data-editor] textarea[name=body]")
    expect(again).to_have_value(FIRST + SECOND + THIRD)
    expect(page.locator("[data-said]")).to_have_attribute("data-state", "kept", timeout=10_000)
    press(page, "完成")


def test_a_plan_from_its_first_heading_until_it_is_in_force(open_as, site):
    coordinator = open_as("coordinator", language="zh-hans", own_session=True)
    begin(coordinator, site)
    draft = coordinator.url
    type_past_every_fault(coordinator, site)
    coordinator.context.add_cookies([{"name": "beiji_language", "value": "zh-hans", "url": site.address}])
    coordinator.goto(draft)
    expect(coordinator.locator(".document-block").nth(1)).to_contain_text(FIRST + SECOND + THIRD)

    manager = open_as("manager", language="zh-hans")
    manager.goto(draft)
    manager.locator(".document-block").nth(1).get_by_role("link", name=re.compile("^意见")).click()
    manager.fill(".document-remark [name=body]", "夜间由谁通知？")
    press(manager, "意见")

    coordinator.goto(draft)
    press(coordinator, "提交审核")
    expect(coordinator.locator(".message[data-kind=bad]")).to_contain_text("1 条意见未处理")
    press(coordinator, "处理完毕")
    press(coordinator, "提交审核")

    document = draft.removesuffix("draft/")
    manager.goto(document)
    press(manager, "审核通过")
    head = open_as("head", language="he", size="phone")
    head.goto(document)
    assert head.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sideways on the head's phone"
    expect(head.locator("main")).to_contain_text(FIRST)
    head.locator("main form[action$='/approval/'] button").click()
    head.wait_for_load_state()
    head.locator("main summary").first.click()
    paper = head.request.get(site.address + head.locator("main a[href$='/he/pdf/']").get_attribute("href"))
    assert paper.body()[:5] == b"%PDF-"
    manager.goto(site.address + "/yangzhou/plans/")
    expect(manager.locator("main tbody").first).to_contain_text("危险化学品事件应急预案")


def test_numbers_of_the_capacity_timetable_by_keyboard_past_a_lost_connection(open_as, site):
    page = open_as("coordinator", language="he")
    page.goto(site.address + "/yangzhou/plans/ginkgo/capacity/")
    said, cell = page.locator("[data-said]"), lambda name: page.locator(f"[name='{name}']")
    page.select_option("#known", "counted")
    cell("theatres.night").focus()
    page.keyboard.press("ArrowLeft")
    expect(cell("theatres.full")).to_be_focused()  # in Hebrew the next column stands at the left
    page.keyboard.press("ArrowRight")
    page.keyboard.type("４")
    page.keyboard.press("Enter")
    expect(cell("surgeons.night")).to_be_focused()
    expect(said).to_have_attribute("data-state", "kept")
    expect(cell("theatres.night")).to_have_value("4")
    expect(page.locator("[id='mark-theatres.night']")).to_have_text("נספר")
    expect(page.locator("[data-asked]")).to_contain_text("מי עובד באחרים")

    page.keyboard.type("1,0O0")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("1,0O0")
    expect(cell("surgeons.night")).to_have_attribute("aria-invalid", "true")
    cell("surgeons.night").press("Escape")
    expect(cell("surgeons.night")).to_have_value("5")

    page.context.set_offline(True)
    page.keyboard.type("6")
    page.keyboard.press("Tab")
    expect(said).to_have_attribute("data-state", "trouble")
    page.context.set_offline(False)
    expect(said).to_have_attribute("data-state", "kept", timeout=10_000)

    page.evaluate(
        """() => {
          const held = new DataTransfer();
          held.setData("text/plain", "5\\n２");
          const cell = document.querySelector("[name='resus_bays.holiday']");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
        }"""
    )
    expect(cell("resus_teams.holiday")).to_have_value("2")
    expect(cell("surgeons.night")).to_have_value("6")
