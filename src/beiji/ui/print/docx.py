"""DOCX by python-docx: the same blocks as the PDF, right to left where Hebrew asks for it, heads repeated on each page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from beiji.ui import words
from beiji.ui.figures import token_values
from beiji.ui.languages import language_of
from beiji.ui.print import document as parts
from beiji.ui.print.typst import figure_png, mark_words

PROOF_SIGNS = {"stated": "□", "seen": "◩", "exercised": "■", "performed": "✔"}
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
_BLANK = {"unknown": "?", "not-assessed": "·", "not-applicable": "–"}


def render_docx(document: parts.Document, language: str) -> bytes:
    """The document as a Word file in one language."""
    chosen = language_of(language)
    with translation.override(chosen.code):
        writer = _Writer(document, chosen.code, chosen.direction == "rtl")
        writer.write()
        return writer.saved()


def cell_text(mark: parts.CellMark) -> str:
    """A cell in signs: "0 ◩ !" with the must-pass sign; what no sign says stands in the key."""
    state = words.state_key(mark.state)
    if state in _BLANK or mark.digit is None:
        shown = _BLANK.get(state, "?")
    else:
        proof = PROOF_SIGNS.get(words.proof_key(mark.proof), "")
        shown = f"{'≥' if mark.least else ''}{mark.digit}{' ' + proof if proof else ''}"
        shown = f"({shown})" if state == "stale" else f"{shown} ?" if state == "claimed" else shown
    return f"{shown} !" if mark.must else shown


def put_in_order(root: Any) -> None:
    """Sort the children of property elements as the schema asks: Word refuses files in which they are not."""
    for name, order in _ORDER.items():
        rank = {f"{_WORD}{tag}": at for at, tag in enumerate(order.split())}
        for element in root.iter(f"{_WORD}{name}"):
            element[:] = sorted(element, key=lambda child: rank.get(child.tag, len(rank)))


class _Writer:
    """Writes blocks one after the other into a python-docx document."""

    def __init__(self, document: parts.Document, language: str, rtl: bool) -> None:
        from docx import Document as new_document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        self.document, self.language, self.rtl = document, language, rtl
        self.colours = {name: value.lstrip("#").upper() for name, value in token_values().items()}
        self.doc = new_document()
        section = self.doc.sections[0]
        width, height = Mm(210), Mm(297)
        if document.landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            width, height = height, width
        section.page_width, section.page_height = width, height
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Mm(18))
        self.width = width - 2 * Mm(18)
        if rtl:
            section._sectPr.append(self.element("bidi"))
        self.doc.core_properties.title = document.title
        self.doc.core_properties.author = "Beiji"
        self.doc.core_properties.comments = document.snapshot
        self._styles()

    # --- small helpers ---
    @staticmethod
    def element(tag: str, **attributes: str) -> Any:
        """An element of WordprocessingML with its attributes."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        made = OxmlElement(f"w:{tag}")
        for key, value in attributes.items():
            made.set(qn(f"w:{key}"), value)
        return made

    def _styles(self) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        tag = {"zh-hans": "zh-CN", "he": "he-IL"}.get(self.language, "en-GB")
        for name, size in (("Normal", 10), ("Title", 17), ("Heading 1", 13), ("Heading 2", 11), ("Heading 3", 10)):
            style = self.doc.styles[name]
            style.font.size, style.font.bold = Pt(size), name != "Normal"
            style.font.color.rgb = RGBColor.from_string(self.colours["ink"])
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{key}"), None)
            for key, font in (
                ("ascii", "Noto Sans"),
                ("hAnsi", "Noto Sans"),
                ("eastAsia", "Noto Sans SC"),
                ("cs", "Heebo"),
            ):
                fonts.set(qn(f"w:{key}"), font)
            properties = style.element.get_or_add_rPr()
            properties.append(self.element("szCs", val=str(size * 2)))
            properties.append(self.element("lang", val=tag, eastAsia="zh-CN", bidi="he-IL"))

    def dress(self, paragraph: Any, rtl: bool | None = None) -> Any:
        """Give a paragraph and its runs the direction of the document (or of its own language)."""
        if self.rtl if rtl is None else rtl:
            properties = paragraph._p.get_or_add_pPr()
            if properties.find(self.element("bidi").tag) is None:
                properties.insert_element_before(self.element("bidi"), "w:jc", "w:rPr", "w:sectPr")
            for run in paragraph.runs:
                self._rtl_run(run)
        return paragraph

    def _rtl_run(self, run: Any) -> None:
        """Complex script has switches of its own for direction, weight and size."""
        properties = run._r.get_or_add_rPr()
        if properties.find(self.element("rtl").tag) is None:
            properties.append(self.element("rtl"))
            if run.bold:
                properties.append(self.element("bCs"))
            if run.font.size:
                properties.append(self.element("szCs", val=str(int(run.font.size.pt * 2))))

    def say(
        self,
        text: str,
        style: str | None = None,
        bold: bool = False,
        size: float = 0,
        colour: str = "",
        into: Any = None,
    ) -> Any:
        """A paragraph with one run, in the body or in a cell."""
        from docx.shared import Pt, RGBColor

        if into is None:
            paragraph = self.doc.add_paragraph(style=style)
        else:
            paragraph = into.paragraphs[0] if not into.paragraphs[0].runs else into.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)
        if colour:
            run.font.color.rgb = RGBColor.from_string(self.colours[colour])
        return self.dress(paragraph)

    def grid(self, rows: int, columns: int, style: str = "Table Grid") -> Any:
        """An empty table in the document's direction."""
        table = self.doc.add_table(rows=rows, cols=columns)
        table.style = style
        if self.rtl:
            table._tbl.tblPr.append(self.element("bidiVisual"))
        return table

    def shade(self, cell: Any, fill: str) -> None:
        """Fill a cell with a token's colour."""
        cell._tc.get_or_add_tcPr().append(self.element("shd", val="clear", color="auto", fill=self.colours[fill]))

    # --- the frame ---
    def write(self) -> None:
        """Header, footer, title and every block."""
        self._header()
        self.dress(self.doc.add_heading(self.document.title, 0))
        if self.document.subtitle:
            self.say(self.document.subtitle, colour="ink-2")
        for block in self.document.blocks:
            _BLOCKS[type(block)](self, block)

    def _header(self) -> None:
        section = self.doc.sections[0]
        document = self.document
        top = " · ".join(part for part in (document.running, mark_words(document.mark), document.snapshot) if part)
        self.say(top, size=8.5, colour="ink-2", into=section.header)
        as_of = gettext("as of %(day)s") % {"day": document.as_of} if document.as_of else ""
        foot = self.say(
            " · ".join(part for part in (as_of, document.restricted) if part),
            size=8.5,
            colour="ink-2",
            into=section.footer,
        )
        if foot.runs and foot.runs[0].text:
            foot.add_run(" · ")
        pattern = gettext("Page {page} of {pages}")
        for piece in pattern.replace("{pages}", "\x01NUMPAGES\x01").replace("{page}", "\x01PAGE\x01").split("\x01"):
            if piece in ("PAGE", "NUMPAGES"):
                self._field(foot, piece)
            elif piece:
                foot.add_run(piece)
        self.dress(foot)

    def _field(self, paragraph: Any, code: str) -> None:
        field = self.element("fldSimple", instr=code)
        run = self.element("r")
        text = self.element("t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)

    def saved(self) -> bytes:
        """The finished file."""
        section = self.doc.sections[0]
        for part in (self.doc.element, self.doc.styles.element, section.header._element, section.footer._element):
            put_in_order(part)
        out = io.BytesIO()
        self.doc.save(out)
        return out.getvalue()

    # --- blocks ---
    def heading(self, block: parts.Heading) -> None:
        self.dress(self.doc.add_heading(block.text, block.level))

    def paragraph(self, block: parts.Paragraph) -> None:
        size, colour = {"lead": (11.0, ""), "quiet": (8.5, "ink-2")}.get(block.kind, (0.0, ""))
        self.say(block.text, size=size, colour=colour)

    def original(self, block: parts.Original) -> None:
        paragraph = self.doc.add_paragraph()
        paragraph.add_run(block.text)
        self.dress(paragraph, rtl=language_of(block.language).direction == "rtl")
        self.say(block.note, size=8.5, colour="warn")

    def bullets(self, block: parts.Bullets) -> None:
        for item in block.items:
            text, remark = item if isinstance(item, tuple) else (item, "")
            paragraph = self.say(text, style="List Number" if block.numbered else "List Bullet")
            if remark:
                paragraph.add_run(f" — {remark}").bold = True
                self.dress(paragraph)

    def table(self, block: parts.Table) -> None:
        if block.caption:
            self.say(block.caption, bold=True).paragraph_format.keep_with_next = True
        table = self.grid(1, len(block.columns))
        self._widths(table, block)
        for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
            paragraph = self.say(f"{column.head} {column.unit}".strip(), bold=True, size=8.5, into=cell)
            self._end(paragraph, column.number)
            if self._turns(column):
                cell._tc.get_or_add_tcPr().append(self.element("textDirection", val="btLr"))
        if any(self._turns(column) for column in block.columns):
            table.rows[0]._tr.get_or_add_trPr().append(self.element("trHeight", val="1500", hRule="atLeast"))
        table.rows[0]._tr.get_or_add_trPr().append(self.element("tblHeader", val="true"))
        for row in block.rows:
            cells = table.add_row()
            cells._tr.get_or_add_trPr().append(self.element("cantSplit", val="true"))
            if isinstance(row, parts.TableGroup):
                merged = cells.cells[0].merge(cells.cells[-1])
                self.say(row.text, bold=True, size=8.5, colour="ink-2", into=merged)
                continue
            for cell, entry, column in zip(cells.cells, row, block.columns, strict=True):
                self._entry(cell, entry, column)
        self.doc.add_paragraph()

    def _widths(self, table: Any, block: parts.Table) -> None:
        from docx.shared import Mm

        turned = sum(column.turned for column in block.columns)
        left = self.width - Mm(8) * turned
        shares = [column.share or (0.6 if column.number else 1.0) for column in block.columns if not column.turned]
        table.autofit = False
        for at, column in enumerate(block.columns):
            share = column.share or (0.6 if column.number else 1.0)
            table.columns[at].width = Mm(8) if column.turned else int(left * share / sum(shares))

    def _turns(self, column: parts.Column) -> bool:
        """Two Chinese characters fit upright."""
        return column.turned and not (self.language == "zh-hans" and len(column.head) <= 2)

    def _entry(self, cell: Any, entry: parts.Entry, column: parts.Column) -> None:
        if isinstance(entry, parts.CellMark):
            self.mark(cell, entry)
        else:
            self._end(self.say(str(entry), into=cell), column.number)

    def _end(self, paragraph: Any, number: bool) -> None:
        """Numbers stand at the end of the line; in a right-to-left paragraph Word takes "right" as the end, too."""
        if number:
            paragraph._p.get_or_add_pPr().append(self.element("jc", val="right"))

    def mark(self, cell: Any, mark: parts.CellMark) -> None:
        """A readiness cell: sign, fill, thick frame for an open must-pass item."""
        digit = None if words.state_key(mark.state) in _BLANK else mark.digit
        name = "unknown-soft" if digit is None else f"l{digit}"
        if digit is not None or words.state_key(mark.state) in ("unknown", ""):
            self.shade(cell, name)
        paragraph = self.say(
            cell_text(mark),
            bold=mark.state != "claimed",
            size=8.5,
            colour="ink-2" if digit is None else f"{name}-on",
            into=cell,
        )
        paragraph._p.get_or_add_pPr().append(self.element("jc", val="center"))
        if mark.must:
            borders = self.element("tcBorders")
            for side in ("top", "left", "bottom", "right"):
                borders.append(self.element(side, val="single", sz="18", color=self.colours["ink"]))
            cell._tc.get_or_add_tcPr().append(borders)

    def legend(self, _block: parts.Legend) -> None:
        marks = [parts.CellMark(digit, "in-place") for digit in (3, 2, 1, 0)]
        entries = [f"{mark.digit} {words.level_word(mark.digit)}" for mark in marks]
        entries += [
            f"(2) {words.state_word('stale')}",
            f"0 ! {gettext('must-pass item open')}",
            f"2 ? {words.state_word('claimed')}",
        ]
        entries += [f"{sign} {words.state_word(state)}" for state, sign in _BLANK.items()]
        entries += [f"{sign} {words.proof_word(proof)}" for proof, sign in PROOF_SIGNS.items()]
        self.say("   ".join(entries), size=8.5, colour="ink-2")

    def figure(self, block: parts.Figure) -> None:
        if block.caption:
            self.say(block.caption, bold=True).paragraph_format.keep_with_next = True
        paragraph = self.doc.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(figure_png(block.svg)), width=self.width)
        shape._inline.docPr.set("descr", block.alt)
        self.dress(paragraph)
        if block.note:
            self.say(block.note, size=8.5, colour="ink-2")

    def key_figures(self, block: parts.KeyFigures) -> None:
        table = self.grid(1, len(block.items))
        for cell, item in zip(table.rows[0].cells, block.items, strict=True):
            self.say(item.value, bold=True, size=22, into=cell)
            self.say(item.label, into=cell)
            if item.note:
                self.say(item.note, size=8.5, colour="ink-2", into=cell)
        self.doc.add_paragraph()

    def note(self, block: parts.Note) -> None:
        cell = self.grid(1, 1).rows[0].cells[0]
        self.shade(cell, {"bad": "bad-soft", "warn": "warn-soft"}.get(block.kind, "sunken"))
        paragraph = self.say(f"{block.title} " if block.title else "", bold=True, into=cell)
        paragraph.add_run(block.text)
        self.dress(paragraph)
        self.doc.add_paragraph()

    def facts(self, block: parts.Facts) -> None:
        table = self.grid(0, 2, style="Normal Table")
        for term, value in block.items:
            row = table.add_row().cells
            self.say(term, colour="ink-2", into=row[0])
            self.say(value, into=row[1])
        self.doc.add_paragraph()

    def signatures(self, block: parts.Signatures) -> None:
        for role in block.roles:
            self.say("")
            self.say("_" * 34)
            self.say(role, size=8.5, colour="ink-2")

    def page_break(self, _block: parts.PageBreak) -> None:
        from docx.enum.text import WD_BREAK

        self.doc.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


_BLOCKS: dict[type, Callable[[_Writer, Any], None]] = {
    parts.Heading: _Writer.heading,
    parts.Paragraph: _Writer.paragraph,
    parts.Original: _Writer.original,
    parts.Bullets: _Writer.bullets,
    parts.Table: _Writer.table,
    parts.Legend: _Writer.legend,
    parts.Figure: _Writer.figure,
    parts.KeyFigures: _Writer.key_figures,
    parts.Note: _Writer.note,
    parts.Facts: _Writer.facts,
    parts.Signatures: _Writer.signatures,
    parts.PageBreak: _Writer.page_break,
}
