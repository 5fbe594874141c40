"""The main job in a browser, in Chinese and in Hebrew: from the map to the reason of a square, to a report on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

WORDS = {
    "zh-hans": {"lang": "zh-Hans", "dir": None, "made": "生成报告", "one_page": "呈报领导一页纸"},
    "he": {"lang": "he", "dir": "rtl", "made": "הפקת דוח", "one_page": "עמוד אחד לראשי מדינה"},
}


@pytest.mark.parametrize("language", list(WORDS))
def test_from_the_map_to_why_to_the_report(open_as, site, language):
    page = open_as("manager", language=language)
    page.goto(site.address + "/yangzhou/")
    assert page.get_attribute("html", "lang") == WORDS[language]["lang"]
    assert page.get_attribute("html", "dir") in (
        WORDS[language]["dir"],
        "ltr" if WORDS[language]["dir"] is None else "rtl",
    )

    page.locator("[role=grid] a[href*='/readiness/ginkgo/']").first.click()
    page.wait_for_load_state()
    assert "/readiness/ginkgo/" in page.url
    page.locator("main table a[href*='/readiness/ginkgo/']").first.click()
    page.wait_for_load_state()
    assert page.locator("main h1").count() == 1
    assert page.locator("main table, main ol, main ul").count() >= 1

    page.goto(site.address + "/yangzhou/reports/")
    page.select_option("select[name=audience]", "ministers")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    number = page.url.rstrip("/").split("/")[-1]
    pack = WORDS[language]["lang"]
    answer = page.request.get(f"{site.address}/yangzhou/reports/{number}/{pack}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.body())).pages) == 1


def test_another_hospitals_page_does_not_exist_for_a_coordinator(open_as, site):
    page = open_as("coordinator")
    assert page.goto(site.address + "/yangzhou/readiness/ginkgo/").status == 200
    assert page.goto(site.address + "/yangzhou/readiness/egret/").status == 404
    assert page.goto(site.address + "/nanjing/").status == 404


def test_the_language_can_be_switched_in_the_middle_and_the_place_is_kept(open_as, site):
    page = open_as("coordinator", language="en")
    page.goto(site.address + "/yangzhou/readiness/ginkgo/")
    page.locator("button[name=language][value='zh-hans']").click()
    page.wait_for_load_state()
    assert page.url.endswith("/yangzhou/readiness/ginkgo/")
    assert page.get_attribute("html", "lang") == "zh-Hans"


def test_a_wrong_password_is_one_sentence_and_the_field_is_kept(open_as, site):
    page = open_as(None)
    page.goto(site.address + "/sign-in/")
    page.fill("input[name=login]", "manager")
    page.fill("input[name=password]", "not the password")
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    assert page.input_value("input[name=login]") == "manager"
    said = page.locator("main").inner_text()
    assert len([line for line in said.splitlines() if "password" in line.lower() and "not" in line.lower()]) >= 1, said
