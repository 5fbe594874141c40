"""Words that Chinese and Israeli readers stumbled over: each stands nowhere in the packs, nor on any page or print."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    *(path for path in (ROOT / "packs").rglob("*.yaml") if "glossary" not in path.parts),
    *(ROOT / "src" / "beiji").rglob("*.po"),
    *(ROOT / "src" / "beiji" / "ui" / "fixtures").glob("*.yaml"),
]
NEVER = [
    ("备急现状", "应急准备现状: 备急 is the name of the product"),
    ("否决项未(关闭|通过)", "未达标"),
    ("低费用", "少量经费"),
    ("带呼吸机的?伤员", "机械通气伤员"),
    ("高年资医护", "主治及以上医师"),
    ("入口(有人值守|分诊)", "入口有保安值守, 入口检伤"),
    ("重症伤员达", "危重伤员: 重症 is yellow"),
    ("עיריית העיר", "העירייה"),
    ("רשת רפואית מחוזית|התאגדות מחוזית|החולים המחוזי", "נפתי: a county is a נפה"),
    ("[^א-ת]מובילים תחילה|המובילים מחוברים|אצל המובילים", "בתי החולים בפיילוט: מוביל is the lead hospital"),
    ("(?<![א-ת])[והבלמ]{0,2}הוכחה(?![א-ת])", "אסמכתה"),
    ("ואקום ושקע\\. שאלה", "לבדוק שקע: a socket is not opened"),
    ("כרטיסים לא מוכרים, \\d+ מהם קשים", "כרטיסי נפגע … של נפגעים קשים"),
]


@pytest.mark.parametrize(("pattern", "instead"), NEVER, ids=[word for word, _ in NEVER])
def test_a_word_that_misleads_stands_nowhere(pattern: str, instead: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found, f"write {instead}\n" + "\n".join(found)


def test_the_test_call_of_the_duty_desk_begins_and_ends_with_the_word_exercise() -> None:
    """And a real need ends it by the stop word."""
    text = (ROOT / "packs/standards/mci-hospital/domains/act.yaml").read_text(encoding="utf-8")
    assert "对接听者说：“演练。环路上一辆大客车与罐车相撞，多人受伤，请做记录。演练。”" in text
    assert "真实情况停止" in text
    assert "עצירה, אירוע אמת" in text
