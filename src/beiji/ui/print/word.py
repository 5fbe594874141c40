"""Pieces of a Word file that python-docx has no words for: elements, their order, whole days, numberings, cells in signs."""

from __future__ import annotations

import re
from typing import Any

from beiji.ui import words
from beiji.ui.print import document as parts

PROOF_SIGNS = {"stated": "□", "seen": "◩", "exercised": "■", "performed": "✔"}
BLANK = {"unknown": "?", "not-assessed": "·", "not-applicable": "–"}
#: A day of figures; its hyphens must not end a line.
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
#: A day with its month in words, whose spaces must not end a line.
_DAY_IN_WORDS = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2,8}) (\d{4})")

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: ECMA-376 part 1, sequences of CT_PPr, CT_RPr, CT_TcPr, CT_TblPr and CT_SectPr, as far as we write them.
_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs autoSpaceDE autoSpaceDN bidi spacing ind "
    "contextualSpacing jc textDirection outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing w kern position sz szCs highlight u shd vertAlign rtl cs lang",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection vAlign",
    "tblPr": "tblStyle bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "sectPr": "headerReference footerReference type pgSz pgMar pgBorders pgNumType cols titlePg textDirection bidi docGrid",
}


def put_in_order(root: Any) -> None:
    """Sort the children of property elements as the schema asks: Word refuses files in which they are not."""
    for name, order in _ORDER.items():
        rank = {f"{_WORD}{tag}": at for at, tag in enumerate(order.split())}
        for element in root.iter(f"{_WORD}{name}"):
            element[:] = sorted(element, key=lambda child: rank.get(child.tag, len(rank)))


def element(tag: str, **attributes: str) -> Any:
    """An element of WordprocessingML with its attributes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def write_run(paragraph: Any, text: str) -> Any:
    """A run whose days stay whole: spaces and hyphens inside them do not end a line."""
    run = paragraph.add_run()
    rest = 0
    text = _DAY_IN_WORDS.sub("\\1\u00a0\\2\u00a0\\3", text)
    for day in _DAY.finditer(text):
        run.add_text(text[rest : day.start()])
        for number, part in enumerate(part for part in day.groups() if part):
            if number:
                run._r.append(element("noBreakHyphen"))
            run.add_text(part)
        rest = day.end()
    run.add_text(text[rest:])
    return run


def add_field(paragraph: Any, code: str) -> None:
    """A field of Word's (PAGE, NUMPAGES) in the size of headers and footers."""
    field = element("fldSimple", instr=code)
    run = element("r")
    size = element("rPr")
    size.append(element("sz", val="17"))
    run.append(size)
    text = element("t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def new_numbering(document: Any) -> str:
    """Id of a numbering of its own, so that each numbered list begins at 1."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(num for num in numbering.num_lst if num.numId == style).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(0).add_startOverride(1)
    return str(made.numId)


def longest_entry(block: parts.Table, at: int) -> int:
    """Characters of the longest entry of a column whose entries stay on one line."""
    entries = [row[at] for row in block.rows if isinstance(row, tuple)]
    return max((len(entry) for entry in entries if isinstance(entry, str)), default=0)


def cell_text(mark: parts.CellMark) -> str:
    """A cell in signs: "0 ◩ !" with the must-pass sign; what no sign says stands in the key."""
    state = words.state_key(mark.state)
    if state in BLANK or mark.digit is None:
        shown = BLANK.get(state, "?")
    else:
        proof = PROOF_SIGNS.get(words.proof_key(mark.proof), "")
        shown = f"{'≥' if mark.least else ''}{mark.digit}{' ' + proof if proof else ''}"
        shown = f"({shown})" if state == "stale" else f"{shown} ?" if state == "claimed" else shown
    return f"{shown} !" if mark.must else shown
