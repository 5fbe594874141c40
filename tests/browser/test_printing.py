"""Pages on paper: marked on every sheet, whole, without what only a screen needs."""

from __future__ import annotations

import io
import re
from unicodedata import normalize

import pytest
from pypdf import PdfReader

#: Address → words that must not be on paper: menus, tools, links that lead on.
PAGES = {
    "readiness/ginkgo/": ("全部短板", "查看其他日期"),
    "readiness/": ("查看其他日期", "某一领域的条目", "文字版"),
    "actions/": ("导出", "搜索"),
    "assessments/": ("导出", "计划评估"),
}


@pytest.fixture
def sheets(open_as, site):
    """Prints a page of the city; the text of each sheet without spaces."""
    page = open_as("manager", language="zh-hans")

    def sheets_of(path: str) -> list[str]:
        page.goto(f"{site.address}/yangzhou/{path}")
        made = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        return [re.sub(r"\s+", "", normalize("NFKC", sheet.extract_text())) for sheet in made.pages]

    return sheets_of


@pytest.mark.parametrize("path", list(PAGES))
def test_every_sheet_is_marked_and_none_carries_menus(sheets, path):
    printed = sheets(path)
    for number, text in enumerate(printed, 1):
        assert "示例数据" in text, f"sheet {number} is not marked"
        assert f"{number}/{len(printed)}" in text
        for word in (*PAGES[path], "仅供决策参考", "登录", "项目负责人"):
            assert word not in text, f"sheet {number} carries {word}"


def test_what_is_folded_on_the_screen_is_whole_on_paper(sheets, open_as, site):
    page = open_as("manager", language="zh-hans")
    page.goto(f"{site.address}/yangzhou/readiness/ginkgo/")
    codes = page.locator("main details table th bdi").all_text_contents()
    assert page.locator("main details.panel:not([open])").count() > 5
    printed = "".join(sheets("readiness/ginkgo/"))
    assert len(codes) > 100
    assert [code for code in codes if code not in printed] == []
