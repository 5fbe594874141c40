"""Numbers that Word writes by itself before a paragraph: they stand nowhere in its text, and people refer to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "零一二三四五六七八九"
STEMS = "甲乙丙丁戊己庚辛壬癸"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese words; larger ones in figures, as Word writes them when it cannot."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    return chr(97 + (number - 1) % 26) * (1 + (number - 1) // 26) if number > 0 else str(number)


def _roman(number: int) -> str:
    words = ""
    for value, sign in ROMAN:
        words += sign * (number // value)
        number %= value
    return words


def figure(number: int, way: str) -> str:
    """A number in one of Word's formats; a way that is not known here counts in figures."""
    if way in ("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital", "japaneseCounting"):  # fmt: skip
        return chinese(number)
    if way == "ideographTraditional" and 0 < number <= 10:
        return STEMS[number - 1]
    if way in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if way.endswith("Letter"):
        return _letters(number).upper() if way.startswith("upper") else _letters(number)
    if way.endswith("Roman"):
        return _roman(number).upper() if way.startswith("upper") else _roman(number)
    return f"0{number}" if way == "decimalZero" and 0 < number < 10 else str(number)


@dataclass
class _Level:
    way: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    list_of: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> Numbering:
        """The numbering of a document from its part `numbering.xml` (None where it has none)."""
        made = cls()
        for abstract in root.findall(f"{W}abstractNum") if root is not None else ():
            for level in abstract.findall(f"{W}lvl"):
                key = (abstract.get(f"{W}abstractNumId", ""), _whole(level.get(f"{W}ilvl")))
                made.levels[key] = _Level(
                    _value(level, "numFmt") or "decimal", _value(level, "lvlText"), _whole(_value(level, "start"), 1)
                )
        for num in root.findall(f"{W}num") if root is not None else ():
            made.list_of[num.get(f"{W}numId", "")] = _value(num, "abstractNumId")
        return made

    def is_bullet(self, num: str, depth: int) -> bool:
        """Whether a level of a list has signs instead of numbers."""
        level = self.levels.get((self.list_of.get(num, ""), depth))
        return level is not None and (level.way == "bullet" or "%" not in level.text)

    def next(self, num: str, depth: int) -> str:
        """Count on, and give what stands before the paragraph: "1.", "（二）", "3.1"; "" for a list that is not there."""
        abstract = self.list_of.get(num, "")
        level = self.levels.get((abstract, depth))
        if level is None or level.way == "none":
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]

        def said(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = self.levels.get((abstract, at), level)
            return figure(counts.get(at, other.start), other.way)

        return re.sub(r"%([1-9])", said, level.text).strip()


def _value(element: Any, name: str) -> str:
    child = element.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else otherwise
