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
from beiji.ui.print.word import (
    BLANK,
    PROOF_SIGNS,
    add_field,
    cell_text,
    element,
    longest_entry,
    new_numbering,
    put_in_order,
    write_run,
)


def render_docx(document: parts.Document, language: str) -> bytes:
    """The document as a Word file in one language."""
    chosen = language_of(language)
    with translation.override(chosen.code):
        writer = _Writer(document, chosen.code, chosen.direction == "rtl")
        writer.write()
        return writer.saved()


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
        for side in ("left_margin", "right_margin"):
            setattr(section, side, Mm(18))
        section.top_margin = section.bottom_margin = Mm(16)
        section.header_distance = section.footer_distance = Mm(8)
        self.width = width - 2 * Mm(18)
        if rtl:
            section._sectPr.append(element("bidi"))
        self.doc.core_properties.title = document.title
        self.doc.core_properties.author = "Beiji"
        self.doc.core_properties.comments = document.snapshot
        self._styles()

    def _styles(self) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        dense = bool(self.document.pages)
        tag = {"zh-hans": "zh-CN", "he": "he-IL"}.get(self.language, "en-GB")
        for name, size, above, below in (
            ("Normal", 9 if dense else 10, 0, 3),
            ("Title", 17, 0, 6),
            ("Heading 1", 13, 8 if dense else 14, 4),
            ("Heading 2", 11, 8, 3),
            ("Heading 3", 10, 6, 2),
        ):
            style = self.doc.styles[name]
            style.font.size, style.font.bold = Pt(size), name != "Normal"
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
            style.paragraph_format.line_spacing = 1.0 if dense else 1.1
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
            properties.append(element("szCs", val=str(size * 2)))
            properties.append(element("lang", val=tag, eastAsia="zh-CN", bidi="he-IL"))

    def dress(self, paragraph: Any, rtl: bool | None = None) -> Any:
        """Give a paragraph and its runs the direction of the document (or of its own language)."""
        if self.rtl if rtl is None else rtl:
            properties = paragraph._p.get_or_add_pPr()
            if properties.find(element("bidi").tag) is None:
                properties.insert_element_before(element("bidi"), "w:jc", "w:rPr", "w:sectPr")
            for run in paragraph.runs:
                self._rtl_run(run)
        return paragraph

    def _rtl_run(self, run: Any) -> None:
        """Complex script has switches of its own for direction, weight and size."""
        properties = run._r.get_or_add_rPr()
        if properties.find(element("rtl").tag) is None:
            properties.append(element("rtl"))
            if run.bold:
                properties.append(element("bCs"))
            if run.font.size:
                properties.append(element("szCs", val=str(int(run.font.size.pt * 2))))

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
        run = write_run(paragraph, text)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)
        if colour:
            run.font.color.rgb = RGBColor.from_string(self.colours[colour])
        return self.dress(paragraph)

    def gap(self) -> None:
        """The space that Word needs between two tables, and no more."""
        from docx.shared import Pt

        paragraph = self.doc.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(6)

    def grid(self, rows: int, columns: int, style: str = "Table Grid") -> Any:
        """An empty table in the document's direction."""
        table = self.doc.add_table(rows=rows, cols=columns)
        table.style = style
        if self.rtl:
            table._tbl.tblPr.append(element("bidiVisual"))
        return table

    def shade(self, cell: Any, fill: str) -> None:
        """Fill a cell with a token's colour."""
        cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=self.colours[fill]))

    def write(self) -> None:
        """Header, footer, title and every block."""
        self._header()
        self.dress(self.doc.add_heading(self.document.title, 0))
        if self.document.subtitle:
            self.say(self.document.subtitle, colour="ink-2")
        for block in self.document.blocks:
            _BLOCKS[type(block)](self, block)

    def _header(self) -> None:
        from docx.shared import Pt

        section = self.doc.sections[0]
        document = self.document
        top = " · ".join(part for part in (document.running, mark_words(document.mark), document.snapshot) if part)
        self.say(top, size=8.5, colour="ink-2", into=section.header)
        as_of = gettext("as of %(day)s") % {"day": document.as_of} if document.as_of else ""
        foot = self.say(
            " · ".join(part for part in (as_of, document.restricted, document.seal) if part),
            size=8.5,
            colour="ink-2",
            into=section.footer,
        )
        if foot.runs and foot.runs[0].text:
            foot.add_run(" · ")
        pattern = gettext("Page {page} of {pages}")
        for piece in pattern.replace("{pages}", "\x01NUMPAGES\x01").replace("{page}", "\x01PAGE\x01").split("\x01"):
            if piece in ("PAGE", "NUMPAGES"):
                add_field(foot, piece)
            elif piece:
                foot.add_run(piece)
        for run in foot.runs:
            run.font.size = Pt(8.5)
        self.dress(foot)

    def saved(self) -> bytes:
        """The finished file."""
        section = self.doc.sections[0]
        for part in (self.doc.element, self.doc.styles.element, section.header._element, section.footer._element):
            put_in_order(part)
        out = io.BytesIO()
        self.doc.save(out)
        return out.getvalue()

    def heading(self, block: parts.Heading) -> None:
        self.dress(self.doc.add_heading(block.text, block.level))

    def paragraph(self, block: parts.Paragraph) -> None:
        size, colour = {"lead": (11.0, ""), "quiet": (8.5, "ink-2")}.get(block.kind, (0.0, ""))
        self.say(block.text, size=size, colour=colour)

    def original(self, block: parts.Original) -> None:
        paragraph = self.doc.add_paragraph()
        write_run(paragraph, block.text)
        self.dress(paragraph, rtl=language_of(block.language).direction == "rtl")
        self.say(block.note, size=8.5, colour="warn")

    def bullets(self, block: parts.Bullets) -> None:
        numbering = new_numbering(self.doc) if block.numbered else None
        for item in block.items:
            text, remark = item if isinstance(item, tuple) else (item, "")
            paragraph = self.say(text, style="List Number" if block.numbered else "List Bullet")
            if numbering is not None:
                properties = element("numPr")
                properties.append(element("ilvl", val="0"))
                properties.append(element("numId", val=numbering))
                paragraph._p.get_or_add_pPr().append(properties)
            if remark:
                write_run(paragraph, f" — {remark}").bold = True
                self.dress(paragraph)

    def table(self, block: parts.Table) -> None:
        if block.caption:
            self.say(block.caption, bold=True).paragraph_format.keep_with_next = True
        table = self.grid(1, len(block.columns))
        for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
            paragraph = self.say(f"{column.head} {column.unit}".strip(), bold=True, size=8.5, into=cell)
            self._end(paragraph, column.number)
            if self._turns(column):
                cell._tc.get_or_add_tcPr().append(element("textDirection", val="btLr"))
        if any(self._turns(column) for column in block.columns):
            table.rows[0]._tr.get_or_add_trPr().append(element("trHeight", val="1500", hRule="atLeast"))
        table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader", val="true"))
        for row in block.rows:
            cells = table.add_row()
            cells._tr.get_or_add_trPr().append(element("cantSplit", val="true"))
            if isinstance(row, parts.TableGroup):
                merged = cells.cells[0].merge(cells.cells[-1])
                self.say(row.text, bold=True, size=8.5, colour="ink-2", into=merged)
                continue
            for cell, entry, column in zip(cells.cells, row, block.columns, strict=True):
                self._entry(cell, entry, column)
        self._widths(table, block)
        self.gap()

    def _widths(self, table: Any, block: parts.Table) -> None:
        from docx.shared import Mm

        fixed = {
            at: Mm(8) if column.turned else Mm(4 + 1.9 * longest_entry(block, at))
            for at, column in enumerate(block.columns)
            if column.turned or column.whole
        }
        left = self.width - sum(fixed.values())
        shares = {
            at: column.share or (0.6 if column.number else 1.0)
            for at, column in enumerate(block.columns)
            if at not in fixed
        }
        table.autofit = False
        for at in range(len(block.columns)):
            width = fixed[at] if at in fixed else int(left * shares[at] / sum(shares.values()))
            table.columns[at].width = width
            for cell in table.columns[at].cells:
                cell.width = width

    def _turns(self, column: parts.Column) -> bool:
        """Two Chinese characters fit upright."""
        return column.turned and not (self.language == "zh-hans" and len(column.head) <= 2)

    def _entry(self, cell: Any, entry: parts.Entry, column: parts.Column) -> None:
        if isinstance(entry, parts.CellMark):
            self.mark(cell, entry)
        else:
            self._end(self.say(str(entry), size=9, into=cell), column.number)

    def _end(self, paragraph: Any, number: bool) -> None:
        """Numbers stand at the end of the line; in a right-to-left paragraph Word takes "right" as the end, too."""
        if number:
            paragraph._p.get_or_add_pPr().append(element("jc", val="right"))

    def mark(self, cell: Any, mark: parts.CellMark) -> None:
        """A readiness cell: sign, fill, thick frame for an open must-pass item."""
        digit = None if words.state_key(mark.state) in BLANK else mark.digit
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
        paragraph._p.get_or_add_pPr().append(element("jc", val="center"))
        if mark.must:
            borders = element("tcBorders")
            for side in ("top", "left", "bottom", "right"):
                borders.append(element(side, val="single", sz="18", color=self.colours["ink"]))
            cell._tc.get_or_add_tcPr().append(borders)

    def legend(self, _block: parts.Legend) -> None:
        marks = [parts.CellMark(digit, "in-place") for digit in (3, 2, 1, 0)]
        entries = [f"{mark.digit} {words.level_word(mark.digit)}" for mark in marks]
        entries += [
            f"(2) {words.state_word('stale')}",
            f"0 ! {gettext('must-pass item open')}",
            f"2 ? {words.state_word('claimed')}",
        ]
        entries += [f"{sign} {words.state_word(state)}" for state, sign in BLANK.items()]
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
        self.gap()

    def note(self, block: parts.Note) -> None:
        cell = self.grid(1, 1).rows[0].cells[0]
        self.shade(cell, {"bad": "bad-soft", "warn": "warn-soft"}.get(block.kind, "sunken"))
        paragraph = self.say(f"{block.title} " if block.title else "", bold=True, into=cell)
        write_run(paragraph, block.text)
        self.dress(paragraph)
        self.gap()

    def facts(self, block: parts.Facts) -> None:
        table = self.grid(0, 2, style="Normal Table")
        for term, value in block.items:
            row = table.add_row().cells
            self.say(term, colour="ink-2", into=row[0])
            self.say(value, into=row[1])
        self.gap()

    def signatures(self, block: parts.Signatures) -> None:
        from docx.shared import Mm

        before = self.doc.paragraphs[-1] if self.doc.paragraphs else None
        if before is not None:  # signatures never stand alone on a page
            before.paragraph_format.keep_with_next = True
        table = self.grid(1, len(block.roles), style="Normal Table")
        table.rows[0].height = Mm(22)
        table.rows[0]._tr.get_or_add_trPr().append(element("cantSplit", val="true"))
        for cell, role in zip(table.rows[0].cells, block.roles, strict=True):
            cell._tc.get_or_add_tcPr().append(element("vAlign", val="bottom"))
            self.say("_" * 24, into=cell)
            self.say(role, size=8.5, colour="ink-2", into=cell)

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
