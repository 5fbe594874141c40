"""A person is chosen by typing a part of the name: on a phone in Chinese, by keys alone, and without script."""

from __future__ import annotations

PLAN = "/yangzhou/assessments/plan/"


def opened(open_as, site, **how):
    page = open_as("manager", language="zh-hans", **how)
    page.goto(site.address + PLAN)
    return page, page.get_by_role("combobox", name="评估组长")


def test_a_lead_is_chosen_by_a_part_of_the_name_with_keys_alone(open_as, site):
    page, lead = opened(open_as, site, size="phone")
    lead.focus()
    page.keyboard.insert_text("卫生 雅")
    listbox = page.get_by_role("listbox", name="评估组长")
    listbox.get_by_role("option").filter(has_text="林雅").wait_for()
    assert lead.get_attribute("aria-expanded") == "true"
    assert page.locator("[data-picker] [role=status]").first.inner_text() == "1 人符合"
    lead.press("ArrowDown")
    active = lead.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sideways"
    lead.press("Enter")
    assert lead.input_value().startswith("林雅")
    assert page.locator("select[name=lead]").input_value()
    assert page.url.endswith(PLAN), "the form was not sent"

    lead.press("Escape")
    lead.fill("没有这个人")
    page.get_by_text("没有人符合所输文字").first.wait_for()
    lead.press("Tab")
    assert lead.input_value().startswith("林雅"), "the choice stays as it was"
    lead.fill("")
    lead.press("Tab")
    assert page.locator("select[name=lead]").input_value() == ""


def test_pinyin_that_is_not_yet_a_name_is_not_asked_for_and_enter_ends_it_only(open_as, site):
    page, lead = opened(open_as, site)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/people/?" in request.url else None)
    lead.focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "lin", "selectionStart": 3, "selectionEnd": 3})
    lead.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    page.wait_for_timeout(400)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "林"})
    page.get_by_role("option").filter(has_text="林雅").wait_for()
    assert all("lin" not in address for address in asked)


def test_without_script_the_form_comes_back_with_the_people_whom_the_words_fit(open_as, site, browser):
    page, _lead = opened(open_as, site)
    context = browser.new_context(storage_state=page.context.storage_state(), java_script_enabled=False)
    plain = context.new_page()
    plain.goto(site.address + PLAN)
    plain.fill("input[name=lead-find]", "卫生 雅")
    plain.locator("main form button[type=submit]").last.click()
    assert "请在列表中选定人员" in plain.inner_text("main")
    options = plain.locator("select[name=lead] option").all_inner_texts()
    assert [words for words in options if words.startswith("林雅")]
    assert len(options) == 2, "nobody, and her"
    context.close()
