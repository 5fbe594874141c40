"""The words of a paragraph: runs with what is bold or slanted as Markdown, and beside them what is no word of the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .numbering import W

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 - Office's own letter
OFF = ("0", "false", "off", "none")
#: Boxes to tick in the fonts of signs (Wingdings, Segoe UI Symbol) by the number of the sign.
BOXES = {"F06F": "☐", "F0A8": "☐", "F071": "☐", "F0FE": "☑", "F0FD": "☒", "2610": "☐", "2611": "☑", "2612": "☒"}
_SPECIAL = re.compile(r"([\\*_])")
#: Fields whose words Word makes anew on each page or each print.
MADE_ANEW = ("PAGE", "NUMPAGES", "SECTIONPAGES", "TOC")


@dataclass(frozen=True)
class Run:
    """Some words in one look."""

    text: str
    bold: bool = False
    slanted: bool = False


@dataclass
class Beside:
    """What came with the words of a paragraph: numbers of notes and comments, relations of pictures, boxes of text, what finds no place."""

    footnotes: list[str] = field(default_factory=list)
    endnotes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    struck: str = ""
    pictures: list[str] = field(default_factory=list)
    far_pictures: int = 0
    boxes: list[Any] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    formulas: int = 0
    diagrams: int = 0
    embedded: int = 0
    signs: int = 0


class Words:
    """Reads one paragraph: `runs` are its words, `beside` what else it holds. A field that goes over several paragraphs hides
    nothing of the later ones."""

    def __init__(self, paragraph: Any) -> None:
        self.runs: list[Run] = []
        self.beside = Beside()
        self._fields: list[str] = []
        for child in paragraph:
            self._inside(child)

    def _inside(self, element: Any) -> None:
        tag = element.tag
        if tag == f"{W}r":
            self._run(element)
        elif tag in (f"{W}del", f"{W}moveFrom"):
            if tag == f"{W}del":
                self.beside.struck += "".join(part.text or "" for part in element.iter(f"{W}delText"))
        elif tag == f"{W}hyperlink":
            self._link(element)
        elif tag in (f"{M}oMath", f"{M}oMathPara"):
            self.beside.formulas += 1
            self.runs.append(Run("".join(part.text or "" for part in element.iter(f"{M}t"))))
        elif tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}smartTag", f"{W}fldSimple", f"{W}customXml", f"{W}bdo", f"{W}dir"):  # fmt: skip
            if tag == f"{W}fldSimple" and _is_made_anew(element.get(f"{W}instr", "")):
                return
            for child in element:
                self._inside(child)

    def _link(self, element: Any) -> None:
        before = len(self.runs)
        for child in element:
            self._inside(child)
        relation = element.get(f"{R}id")
        if relation and len(self.runs) > before:
            self.beside.links.append(relation)
            self.runs.append(Run(f"\0l{relation}\0"))  # the reader of the file knows where it leads

    def _run(self, run: Any) -> None:
        bold, slanted = _look(run)
        for part in run:
            text = self._part(part)
            if text and not any(map(_is_made_anew, self._fields)):
                self.runs.append(Run(text, bold, slanted))

    def _part(self, part: Any) -> str:
        """The words of a part of a run; everything else goes beside."""
        tag, beside = part.tag, self.beside
        if tag == f"{W}t":
            return part.text or ""
        if tag == f"{W}tab":
            return " "
        if tag in (f"{W}br", f"{W}cr"):
            return "\n" if part.get(f"{W}type") in (None, "textWrapping") else ""
        if tag == f"{W}noBreakHyphen":
            return "-"
        if tag == f"{W}sym":
            return self._sign(part)
        if tag == f"{W}fldChar":
            self._field(part.get(f"{W}fldCharType"))
        elif tag == f"{W}instrText" and self._fields:
            self._fields[-1] += part.text or ""
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kept = beside.footnotes if tag == f"{W}footnoteReference" else beside.endnotes
            kept.append(part.get(f"{W}id", ""))
            return f"\0{'f' if kept is beside.footnotes else 'e'}{part.get(f'{W}id', '')}\0"
        elif tag == f"{W}commentReference":
            beside.comments.append(part.get(f"{W}id", ""))
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"):
            self._drawn(part)
        return ""

    def _sign(self, part: Any) -> str:
        code = part.get(f"{W}char", "").upper()
        if code in BOXES:
            return BOXES[code]
        self.beside.signs += 1
        is_plain = re.fullmatch("[0-9A-E][0-9A-F]{3}", code) and not code.startswith("D")
        return chr(int(code, 16)) if is_plain else "•"

    def _field(self, kind: str | None) -> None:
        """A field begins, its result begins (its words count from here), or it ends."""
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drawn(self, element: Any) -> None:
        """Pictures, boxes of text, diagrams and embedded files of one drawing. Of two ways to say the same, the first counts."""
        if element.tag == f"{MC}AlternateContent":
            for child in element.find(f"{MC}Choice") if element.find(f"{MC}Choice") is not None else ():
                self._drawn(child)
            return
        found = False
        for part in _outside_boxes(element):
            if part.tag == f"{W}txbxContent":
                self.beside.boxes.append(part)
                found = True
            elif part.tag in (f"{A}blip", f"{V}imagedata"):
                found = True
                relation = part.get(f"{R}embed") or part.get(f"{R}id")
                if relation:
                    self.beside.pictures.append(relation)
                else:
                    self.beside.far_pictures += 1
            elif part.tag == f"{O}OLEObject":
                self.beside.embedded += 1
                found = True
        if not found and element.tag == f"{W}drawing":
            self.beside.diagrams += 1


def _outside_boxes(element: Any) -> Iterator[Any]:
    """All parts of a drawing, a box of text itself but not what is inside it: that has paragraphs of its own."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        yield child
        if child.tag == f"{W}txbxContent":
            continue
        if child.tag == f"{MC}AlternateContent":
            choice = child.find(f"{MC}Choice")
            yield from _outside_boxes(choice) if choice is not None else ()
        else:
            yield from _outside_boxes(child)


def _is_made_anew(instruction: str) -> bool:
    return any(word.upper() in MADE_ANEW for word in instruction.split()[:1])


def _look(run: Any) -> tuple[bool, bool]:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False, False
    marks = (properties.find(f"{W}{name}") for name in ("b", "i"))
    bold, slanted = (mark is not None and mark.get(f"{W}val") not in OFF for mark in marks)
    return bold, slanted


def plain(runs: list[Run]) -> str:
    """The words alone, as a heading and a cell of a table have them."""
    return "".join(run.text for run in runs)


def markdown(runs: list[Run]) -> str:
    """The words as Markdown. What surrounds a bold or slanted part at its ends, spaces and punctuation, stands outside: in
    Chinese no space follows it, and the marks would be read as letters."""
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last is not None and (last.bold, last.slanted) == (run.bold, run.slanted):
            merged[-1] = Run(last.text + run.text, run.bold, run.slanted)
        else:
            merged.append(run)
    return "".join("\n".join(_marked(line, run) for line in run.text.split("\n")) for run in merged)


def _marked(text: str, run: Run) -> str:
    start = next((at for at, sign in enumerate(text) if _is_word(sign)), len(text))
    end = next((at for at in range(len(text), 0, -1) if _is_word(text[at - 1])), start)
    mark = ("**" if run.bold else "") + ("*" if run.slanted else "")
    inside = _SPECIAL.sub(r"\\\1", text[start:end])
    before, after = (_SPECIAL.sub(r"\\\1", part) for part in (text[:start], text[max(start, end) :]))
    return f"{before}{mark}{inside}{mark[::-1]}{after}" if inside else before + after


def _is_word(sign: str) -> bool:
    return sign != "\0" and unicodedata.category(sign)[0] in "LN"
