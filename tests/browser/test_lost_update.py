"""Two people edit one action in Chinese: the older page overwrites nothing, shows both values and asks."""

from __future__ import annotations

import pytest

REGISTER = "/yangzhou/actions/"


def opened(open_as, site, who: str, size: str = "desk"):
    """The editor of Ginkgo's first action, as somebody opened it."""
    page = open_as(who, language="zh-hans", size=size)
    page.goto(f"{site.address}{REGISTER}?subject=ginkgo")
    page.locator("table tbody a").first.click()
    page.get_by_role("link", name="编辑").click()
    return page


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_older_page_shows_both_and_the_person_chooses(open_as, site, size):
    older = opened(open_as, site, "manager", size)
    newer = opened(open_as, site, "coordinator")
    newer.locator("#id_due").fill("2027-03-31")
    newer.locator("#id_effort").select_option("XL")
    newer.get_by_role("button", name="保存修改").click()
    newer.wait_for_selector("#status .message")

    older.locator("#id_due").fill("2027-05-31" if size == "desk" else "2027-06-30")
    older.locator("#id_cost_source").fill("市采购中心询价 11 月 3 日")
    older.get_by_role("button", name="保存修改").click()
    older.wait_for_selector(".clash")
    text = older.inner_text("main")
    for shown in ("2027年3月31日", "现已保存", "您填写的", "市采购中心询价 11 月 3 日", "双方都改动了此项。"):
        assert shown in text, shown
    assert older.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sideways"
    due = older.locator("input[name=take-due][value=mine]")
    assert not due.is_checked()
    due.check()
    older.get_by_role("button", name="按所选保存").click()
    older.wait_for_selector("#status .message")
    text = older.inner_text("main")
    assert ("2027年5月31日" if size == "desk" else "2027年6月30日") in text
    assert "市采购中心询价" in text
