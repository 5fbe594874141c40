"""Paper: the PDF and the Word file say the same, in three languages, and read without colour."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile

import pytest
from docx import Document as read_docx
from pypdf import PdfReader

from beiji.ui.print import CellMark, Document, Figure, Heading, Paragraph, Table, TableGroup, render_docx, render_pdf
from beiji.ui.print.docx import cell_text
from beiji.ui.print.fonts import PrintError
from tests.ui.sample import document

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def squeezed(text: str) -> str:
    """Text without spaces, isolates and hyphenation, so that line breaks do not matter."""
    return re.sub(r"[\s\u2066-\u2069\u00ad]", "", text)


def words_of(value: object) -> list[str]:
    """Every sentence that a reader must find, wherever it stands in the document."""
    if isinstance(value, str):
        return [value] if len(value) > 1 else []
    if isinstance(value, CellMark):
        return []
    if isinstance(value, tuple):
        return [word for item in value for word in words_of(item)]
    if isinstance(value, Figure):
        return [value.caption, value.note]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        quiet = {"kind", "language", "mark"}
        return [w for f in dataclasses.fields(value) if f.name not in quiet for w in words_of(getattr(value, f.name))]
    return []


def text_of_pdf(made: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def text_of_docx(made: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        xml = "".join(
            package.read(n).decode() for n in package.namelist() if re.match(r"word/(document|header|footer)", n)
        )
    xml = xml.replace("<w:noBreakHyphen/>", "<w:t>-</w:t>")
    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml)).replace("&amp;", "&")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pdf_says_every_word(language):
    text = squeezed(text_of_pdf(render_pdf(document(language), language)))
    for word in words_of(document(language)):
        if not re.search("[א-ת]", word):  # the reader of the test gives Hebrew back in visual order
            assert squeezed(word) in text, word


@pytest.mark.parametrize("language", ["en", "zh-hans", "he"])
def test_the_word_file_says_every_word(language):
    text = squeezed(text_of_docx(render_docx(document(language), language)))
    for word in words_of(document(language)):
        assert squeezed(word) in text, word


def test_hebrew_pdf_keeps_codes_and_ranges_in_order():
    text = text_of_pdf(render_pdf(document("he"), "he"))
    assert "+86 514-5555-0199" in text
    assert "TRI-2" in text
    assert "15.12.2026" in text


@pytest.mark.parametrize("language", ["en", "zh-hans", "he"])
def test_the_pdf_is_tagged_titled_and_names_its_language(language):
    reader = PdfReader(io.BytesIO(render_pdf(document(language), language)))
    assert reader.metadata is not None
    assert reader.metadata.title == document(language).title
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith({"zh-hans": "zh", "he": "he", "en": "en"}[language])


def test_pages_name_snapshot_day_and_exercise():
    made = render_pdf(document("zh-hans", mark="exercise"), "zh-hans")
    for page in PdfReader(io.BytesIO(made)).pages:
        text = squeezed(page.extract_text())
        assert "YZ-2-0007·9f3c1e" in text
        assert "演练·EXERCISE" in text
        assert "截至2026-11-23" in text
        assert re.search(r"第\d页，共2页", text)


def test_the_same_document_prints_the_same_pages():
    once, again = (text_of_pdf(render_pdf(document("en"), "en")) for _ in range(2))
    assert once == again


def test_hebrew_word_file_runs_from_right_to_left():
    made = read_docx(io.BytesIO(render_docx(document("he"), "he")))
    body = [p for p in made.paragraphs if p.text.strip() and re.search("[א-ת]", p.text)]
    assert body
    assert all(p._p.pPr is not None and p._p.pPr.find(f"{WORD}bidi") is not None for p in body)
    assert all(run._r.rPr.find(f"{WORD}rtl") is not None for p in body for run in p.runs if run.text)
    assert all(table._tbl.tblPr.find(f"{WORD}bidiVisual") is not None for table in made.tables)
    chinese = [p for p in made.paragraphs if "急诊" in p.text]
    assert chinese[0]._p.pPr is None or chinese[0]._p.pPr.find(f"{WORD}bidi") is None


def test_heads_repeat_and_rows_do_not_break():
    made = read_docx(io.BytesIO(render_docx(document("en"), "en")))
    tables = [table for table in made.tables if len(table.columns) > 3]
    assert tables
    for table in tables:
        assert table.rows[0]._tr.trPr.find(f"{WORD}tblHeader") is not None
        assert all(row._tr.trPr.find(f"{WORD}cantSplit") is not None for row in table.rows[1:])


def test_properties_stand_in_the_order_of_the_schema():
    made = read_docx(io.BytesIO(render_docx(document("he"), "he")))
    order = ["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "textDirection", "vAlign"]
    for properties in made.element.iter(f"{WORD}tcPr"):
        ranks = [order.index(child.tag.removeprefix(WORD)) for child in properties]
        assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("mark", "signs"),
    [
        (CellMark(3, "met", "performed"), "3 ✔"),
        (CellMark(0, "below", "seen", must=True), "0 ◩ !"),
        (CellMark(2, "stale", "exercised"), "(2 ■)"),
        (CellMark(2, "claimed", "stated"), "2 □ ?"),
        (CellMark(1, "below", "stated", least=True), "≥1 □"),
        (CellMark(None, "unknown", must=True), "? !"),
        (CellMark(None, "not-assessed"), "·"),
        (CellMark(None, "na"), "–"),
        (CellMark(2, "unknown"), "?"),
    ],
)
def test_a_cell_reads_without_colour(mark, signs):
    assert cell_text(mark) == signs


def test_a_refused_document_is_named():
    broken = Document("Report", blocks=(Figure("<svg", alt="broken"),))
    with pytest.raises(PrintError, match="The document 'Report' cannot be printed"):
        render_pdf(broken, "en")


def test_markup_in_texts_stays_text():
    wild = "#panic() $x$ *b* <a> & \\ [x] @y"
    made = Document(wild, blocks=(Heading(wild), Paragraph(wild)))
    assert squeezed(wild) in squeezed(text_of_pdf(render_pdf(made, "en")))
    assert squeezed(wild).replace("<", "&lt;").replace(">", "&gt;") in squeezed(text_of_docx(render_docx(made, "en")))


def test_a_long_table_repeats_its_head_in_the_pdf():
    from beiji.ui.print import Column

    rows = tuple((f"Row {n}", "text") for n in range(120))
    made = Document("Long", blocks=(Table((Column("Item head"), Column("Other")), (TableGroup("All"), *rows)),))
    pages = PdfReader(io.BytesIO(render_pdf(made, "en"))).pages
    assert len(pages) >= 3
    assert all("Item head" in page.extract_text() for page in pages)
