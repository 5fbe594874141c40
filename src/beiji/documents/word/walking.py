"""The way through a Word file: its body in order, then its notes, and what stands at the head and foot of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from . import inline
from .gathering import Brought, Gathering
from .inline import Words
from .numbering import Numbering, W

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#: Signs that a heading which was typed without a style has at most (assumption: a line and a half of Chinese).
LONGEST_HEADING = 45
#: Headings as people type them where they use no styles, by rank: 第三章, 一、, （一）; Chapter 3, 3.2. Only what begins so and ends
#: without a full stop counts.
TYPED = (
    re.compile(r"^(?:第[一二三四五六七八九十百零\d]{1,4}[章编篇部]|附[件录]\s*[一二三四五六七八九十\dA-Z]{0,3}|(?:Chapter|Annex|Appendix|Part|פרק|נספח)\s+[\w\u05d0-\u05ea]{1,4}\b)", re.I),
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]"),
)  # fmt: skip
_STOPS = "。；;，,：:.!！?？"
_BOX = re.compile(r"^[☐□☑☒]\s*")
_LATE = re.compile("\0([fel])([^\0]*)\0")


@dataclass(frozen=True)
class Style:
    """What a style of paragraphs says here."""

    name: str
    outline: int | None
    num: tuple[str, int] | None


def read(document: Any) -> Brought:
    """Everything that an opened file holds (`opening.opened`)."""
    return _Reader(document).read()


class _Reader:
    def __init__(self, document: Any) -> None:
        self.part = document.part
        self.body = document.element.body
        self.styles = _styles(document.styles.element)
        self.numbering = Numbering.of(self._related("numbering"))
        self.notes = {letter: _notes(self._related(name), tag) for letter, name, tag in (("f", "footnotes", "footnote"), ("e", "endnotes", "endnote"))}  # fmt: skip
        self.comments = {one.get(f"{W}id", ""): one for one in self._elements("comments", "comment")}
        self.gathered = Gathering()
        self.has_styles = any(self._style(p).outline is not None for p in self.body.iter(f"{W}p"))
        self.ranks: list[int] = []

    def read(self) -> Brought:
        if not self.has_styles:
            said = [inline.plain(Words(p).runs).strip() for p in self.body.iterchildren(f"{W}p")]
            ranks = (_rank(words) for words in said)
            self.ranks = sorted({rank for rank in ranks if rank is not None})
        self._walk(self.body)
        self._heads_and_feet()
        return self.gathered.brought()

    def _related(self, name: str) -> Any:
        """The root of a part that belongs to the document; None where it has none."""
        from docx.oxml.parser import parse_xml

        for relation in self.part.rels.values():
            if relation.reltype == REL + name and not relation.is_external:
                return parse_xml(relation.target_part.blob)  # its parser resolves no entities and reaches for nothing
        return None

    def _elements(self, name: str, tag: str) -> Iterable[Any]:
        root = self._related(name)
        return () if root is None else root.findall(f"{W}{tag}")

    def _walk(self, container: Any) -> None:
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}sdt":
                gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
                    self.gathered.tell("contents")
                    continue
                self._walk(child.find(f"{W}sdtContent") if child.find(f"{W}sdtContent") is not None else ())
            elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
                self._walk(child)
            elif child.tag == f"{W}altChunk":
                self.gathered.tell("embedded")

    def _style(self, paragraph: Any) -> Style:
        """Its style, with what the paragraph says itself."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self.styles.get("", PLAIN)
        named = properties.find(f"{W}pStyle")
        style = self.styles.get(named.get(f"{W}val", "") if named is not None else "", PLAIN)
        outline, num = _outline(properties), _num(properties)
        return Style(style.name, style.outline if outline is None else outline, num or style.num)

    def _paragraph(self, paragraph: Any) -> None:
        style, words = self._style(paragraph), Words(paragraph)
        said = inline.plain(words.runs).replace("\0", "").strip()
        if re.match(r"(toc \d|toc heading|目录)", style.name, re.I):
            self.gathered.tell("contents")
            return
        number = ""
        if style.num is not None and style.num[0] != "0" and said:
            is_bullet = self.numbering.is_bullet(*style.num)
            number = "-" if is_bullet and style.outline is None else self.numbering.next(*style.num)
        if said:
            self._said(paragraph, style, words, number)
        self._beside(words)

    def _said(self, paragraph: Any, style: Style, words: Words, number: str) -> None:
        """The words of a paragraph at their place: a heading, an item, a line to tick, text."""
        said = " ".join(inline.plain(words.runs).split())
        level = None if style.outline is None else style.outline + 1
        if level is None and style.name.lower() == "title":
            level = 1
            self.gathered.tell("title")
        rank = None if self.has_styles or number else _rank(said)
        if rank is not None:
            level = self.ranks.index(rank) + 1 if rank in self.ranks else 1
            self.gathered.tell("guessed")
        if level is not None:
            self.gathered.heading(" ".join(filter(None, (number, self._late(said, words)))), level)
        elif _BOX.match(said):
            self.gathered.step(self._late(_BOX.sub("", said), words))
        else:
            text = self._late(inline.markdown(words.runs).strip(), words)
            depth = style.num[1] if style.num is not None else 0
            is_item = number == "-" or bool(re.fullmatch(r"\d+\.", number))
            indent = "   " * min(depth, 4) if is_item else ""
            lines = "\n".join(
                f"{indent}  {line}" if at and is_item else line for at, line in enumerate(text.split("\n"))
            )
            self.gathered.paragraph(f"{indent}{number} {lines}" if number else lines, is_item=is_item)

    def _late(self, text: str, words: Words) -> str:
        """The words with what only the file knows: the number of a note, the address behind a link."""

        def said(match: re.Match[str]) -> str:
            kind, key = match[1], match[2]
            if kind == "l":
                relation = self.part.rels.get(key)
                address = relation.target_ref if relation is not None and relation.is_external else ""
                return f" ({address})" if address and address not in text and not address.startswith("mailto:") else ""
            note = self.notes[kind].get(key)
            return "" if note is None else f" [{note[0]}]"

        return _LATE.sub(said, text).replace("\0", "")

    def _beside(self, words: Words) -> None:
        """What came with a paragraph: notes and boxes behind it, pictures in blocks of their own, comments on it."""
        beside, told = words.beside, self.gathered
        for kind, keys in (("f", beside.footnotes), ("e", beside.endnotes)):
            for number, text in (self.notes[kind][key] for key in keys if key in self.notes[kind]):
                told.tell("notes")
                told.paragraph(f"[{number}] {text}")
        for key in beside.comments:
            if key in self.comments:
                comment = self.comments[key]
                told.remark("comment", _text_of(comment), comment.get(f"{W}author", ""))
        if beside.struck.strip():
            told.remark("struck", beside.struck.strip())
        for relation in beside.pictures:
            self._picture(relation)
        for box in beside.boxes:
            told.tell("boxes")
            self._walk(box)
        told.tell("links", len(beside.links))
        for code in ("far_pictures", "formulas", "diagrams", "embedded", "signs"):
            told.tell(code.replace("_", "-"), getattr(beside, code))

    def _picture(self, key: str) -> None:
        relation = self.part.rels.get(key)
        if relation is None or relation.is_external:
            self.gathered.tell("far-pictures")
            return
        content = relation.target_part.blob
        name = str(relation.target_part.partname).rsplit("/", 1)[-1]
        self.gathered.picture(content, name)

    def _table(self, table: Any) -> None:
        """A table; the words of merged cells stand in the first of them. What is no words follows behind the table."""
        rows, inside = [], []
        for row in _below(table, "tr"):
            cells: list[str] = []
            before = row.find(f"{W}trPr/{W}gridBefore")
            cells += [""] * (_number(before) if before is not None else 0)
            for cell in _below(row, "tc"):
                text, words = self._cell(cell)
                inside += words
                wide, tall = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
                is_rest = tall is not None and tall.get(f"{W}val") in (None, "continue")
                spans = min(_number(wide), 60) if wide is not None else 1
                if spans > 1 or is_rest:
                    self.gathered.tell("merged")
                cells += ["" if is_rest and not text else text, *[""] * (spans - 1)]
            rows.append(cells)
        self.gathered.table(rows)
        for one in inside:
            self._beside(one)

    def _cell(self, cell: Any) -> tuple[str, list[Words]]:
        """Its words, a paragraph to a line, a table inside it a row to a line; and the paragraphs."""
        lines, inside = [], []
        for child in _content(cell):
            if child.tag == f"{W}p":
                words, style = Words(child), self._style(child)
                said = self._late(inline.plain(words.runs), words).strip()
                if said and style.num is not None and style.num[0] != "0":
                    sign = "•" if self.numbering.is_bullet(*style.num) else self.numbering.next(*style.num)
                    said = f"{sign} {said}".strip()
                lines.append(said)
                inside.append(words)
            elif child.tag == f"{W}tbl":
                self.gathered.tell("tables-inside")
                for row in _below(child, "tr"):
                    some = [self._cell(one) for one in _below(row, "tc")]
                    lines.append(" · ".join(text.replace("\n", " ") for text, _words in some if text))
                    inside += [words for _text, many in some for words in many]
        return "\n".join(line for line in lines if line), inside

    def _heads_and_feet(self) -> None:
        """What is printed on every page, once each, at the end; numbers of pages are made anew and are none of it."""
        seen: list[str] = []
        for relation in self.part.rels.values():
            if relation.reltype in (REL + "header", REL + "footer") and not relation.is_external:
                for paragraph in relation.target_part.element.iter(f"{W}p"):
                    words = " ".join(inline.plain(Words(paragraph).runs).replace("\0", "").split())
                    if (
                        re.search(r"\w{2}", words)
                        and words not in seen
                        and not re.fullmatch(r"[第共页頁\d\s/／,，-]+", words)
                    ):
                        seen.append(words)
        if seen:
            self.gathered.tell("heads-and-feet", len(seen))
            self.gathered.paragraph("\n".join(seen))


PLAIN = Style("", None, None)


def _styles(root: Any) -> dict[str, Style]:
    """The styles of paragraphs by their ids, each with what it takes over from the one it is based on; "" is the usual one."""
    elements = {
        one.get(f"{W}styleId", ""): one for one in root.findall(f"{W}style") if one.get(f"{W}type") == "paragraph"
    }
    made = {}
    for key, element in elements.items():
        outline, num, seen, at = None, None, set(), element
        while at is not None and id(at) not in seen:
            seen.add(id(at))
            properties = at.find(f"{W}pPr")
            if properties is not None:
                outline = _outline(properties) if outline is None else outline
                num = num or _num(properties)
            based = at.find(f"{W}basedOn")
            at = elements.get(based.get(f"{W}val", "")) if based is not None else None
        named = element.find(f"{W}name")
        name = named.get(f"{W}val", "") if named is not None else ""
        heading = re.match(r"(?:heading|标题|標題|כותרת)\s*([1-9])$", name, re.I)
        if outline is None and heading:
            outline = int(heading[1]) - 1
        made[key] = Style(name, outline, num)
        if element.get(f"{W}default") in ("1", "true"):
            made[""] = made[key]
    return made


def _outline(properties: Any) -> int | None:
    """The rank in the outline, 0 first; None for text (Word's 9)."""
    level = properties.find(f"{W}outlineLvl")
    value = level.get(f"{W}val", "") if level is not None else ""
    return int(value) if value.isdigit() and int(value) < 9 else None


def _num(properties: Any) -> tuple[str, int] | None:
    num, depth = properties.find(f"{W}numPr/{W}numId"), properties.find(f"{W}numPr/{W}ilvl")
    return None if num is None else (num.get(f"{W}val", ""), _number(depth) if depth is not None else 0)


def _number(element: Any) -> int:
    value = element.get(f"{W}val", "")
    return int(value) if value.isdigit() and len(value) < 4 else 0


def _rank(words: str) -> int | None:
    """The rank of a heading that was typed without a style; None for what is none."""
    if not words or len(words) > LONGEST_HEADING or words[-1] in _STOPS:
        return None
    return next((rank for rank, typed in enumerate(TYPED) if typed.match(words)), None)


def _notes(root: Any, tag: str) -> dict[str, tuple[int, str]]:
    """Notes by id: number and words; Word's own lines between text and notes are none."""
    notes = [
        one
        for one in (root.findall(f"{W}{tag}") if root is not None else ())
        if one.get(f"{W}type") in (None, "normal")
    ]
    return {one.get(f"{W}id", ""): (number, _text_of(one)) for number, one in enumerate(notes, 1)}


def _text_of(element: Any) -> str:
    said = (inline.plain(Words(paragraph).runs) for paragraph in element.iter(f"{W}p"))
    return "\n".join(words for text in said if (words := _LATE.sub("", text).replace("\0", "").strip()))


def _content(container: Any) -> Iterator[Any]:
    """Its children, those of content controls and insertions in their place."""
    for child in container:
        if child.tag == f"{W}sdt":
            inside = child.find(f"{W}sdtContent")
            yield from _content(inside) if inside is not None else ()
        elif child.tag in (f"{W}ins", f"{W}customXml"):
            yield from _content(child)
        else:
            yield child


def _below(element: Any, tag: str) -> Iterator[Any]:
    return (child for child in _content(element) if child.tag == f"{W}{tag}")
