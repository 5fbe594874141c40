"""A hospital's staff brought in by a table, in Chinese, by a worker beside the server; and a nurse who comes in with her sheet."""

from __future__ import annotations

import re

from tests.programme.test_tables_of_people import xlsx

HEADS = ["中文姓名", "机构", "工号", "角色", "用户名"]


def test_five_hundred_people_are_brought_in_while_the_page_tells_how_far_it_is(open_as):
    page = open_as("administrator", language="zh-hans")
    here = page.url.rstrip("/")
    page.goto(f"{here}/people/table/")
    rows = [
        [f"护士{n}", "ginkgo", f"N{n}", *(("coordinator", f"ginkgo-n{n}") if n < 3 else ("", ""))] for n in range(500)
    ]
    page.set_input_files(
        "input[type=file]", {"name": "人员.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows, HEADS)}
    )
    page.click("main button[type=submit]")
    page.wait_for_selector("text=可添加 500 人")
    page.click("form[action$='/bringing/'] button")
    page.wait_for_selector("#job")
    assert "后台任务" in page.inner_text("main")
    page.wait_for_selector("#job >> text=已完成", timeout=60_000)  # nobody loaded the page again
    assert page.get_attribute("#job", "data-hears") == "", "what is done is not listened to"
    assert page.locator("#job form").count() == 0, "what is done cannot be stopped"
    page.click("#job .form-acts a")
    page.click("main form button")
    code = re.search(r"ginkgo-n1\b.*?([2-9A-Z]{5}-[2-9A-Z]{5})", page.inner_text("main"), re.S)[1]

    nurse = open_as(None, language="zh-hans")
    nurse.goto(f"{here.rsplit('/', 1)[0]}/sign-in/code/")
    nurse.fill("input[name=name]", "ginkgo-n1")
    nurse.fill("input[name=code]", code)
    for field in nurse.locator("input[type=password]").all():
        field.fill("beiji-nurse-2026")
    nurse.click("main button[type=submit]")
    nurse.wait_for_load_state()
    assert "sign-in" not in nurse.url
