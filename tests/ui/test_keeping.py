"""What somebody types outlives the end of a session: no form that takes words is left out."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "beiji"
FORM = re.compile(r"(<form\b[^>]*method=\"post\"[^>]*>)(.*?)</form>", re.DOTALL)
TAKES_WORDS = re.compile(r"ui \"field\"|<textarea|type=\"text\"")
#: A password or code is not kept; the page of a clash carries what was typed already; a report is asked for by its day alone.
NOT_KEPT = {
    "account/login.html", "account/code.html", "account/password.html", "account/second.html",
    "account/second_own.html", "ui/clash.html", "reports/list.html",
}  # fmt: skip
TEMPLATES = [
    path
    for path in SOURCE.rglob("*.html")
    if f"{path.parent.name}/{path.name}" not in NOT_KEPT
    and any(TAKES_WORDS.search(m[2]) for m in FORM.finditer(path.read_text("utf-8")))
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_takes_words_keeps_them_on_the_device(path):
    forms = [m[1] for m in FORM.finditer(path.read_text("utf-8")) if TAKES_WORDS.search(m[2])]
    assert [form for form in forms if "data-keep" not in form] == []


def test_forms_are_found():
    assert len(TEMPLATES) > 6
