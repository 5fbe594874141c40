"""A coordinator signs in on a phone, in Chinese, with hospital and staff number; the next time only the number is typed."""

from __future__ import annotations

from beiji.site import demo


def typed(page, number: str) -> None:
    page.get_by_label("工号或用户名").fill(number)
    page.get_by_label("密码").fill(demo.PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def test_hospital_and_staff_number_on_a_phone_and_the_hospital_only_once(open_as, site):
    page = open_as(None, language="zh-hans", size="phone")
    page.goto(site.address + "/sign-in/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sideways"
    page.get_by_label("医院或单位").select_option(label="银杏总医院")
    typed(page, "1001")
    assert page.url.endswith("/yangzhou/"), page.locator("main").inner_text()
    name = page.locator(".bar-person bdi").inner_text()

    page.goto(site.address + "/account/")
    assert name in page.locator("h1").inner_text()
    assert "1001" in page.locator("main").inner_text()
    page.goto(site.address + "/sign-out/")
    page.locator("main").get_by_role("button").click()
    page.wait_for_load_state()
    page.goto(site.address + "/sign-in/")
    typed(page, "1001")
    assert name == page.locator(".bar-person bdi").inner_text()


def test_the_theme_is_the_persons_own_in_another_browser(open_as, site):
    page = open_as("coordinator", language="zh-hans", size="phone", own_session=True)
    page.goto(site.address + "/account/")
    page.locator("main").get_by_role("button", name="深色").click()
    page.wait_for_load_state()
    other = open_as("coordinator", language="zh-hans", own_session=True)
    other.goto(site.address + "/account/")
    assert other.get_attribute("html", "data-theme") == "dark"
    with other.expect_response(lambda answer: "/account/theme/" in answer.url):
        other.locator(".bar details.menu summary").last.click()
        other.locator("[data-theme-choice=light]").click()
    third = open_as("coordinator", language="zh-hans", own_session=True)
    third.goto(site.address + "/account/")
    assert third.get_attribute("html", "data-theme") == "light"
