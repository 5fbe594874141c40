"""Paper holds what people typed: nothing overprints, nothing vanishes, one page is one page, lists begin at 1."""

from __future__ import annotations

import io

import pytest
from docx import Document as read_docx
from pypdf import PdfReader

from beiji.ui.print import Bullets, Column, Document, Heading, Paragraph, Signatures, Table, render_docx, render_pdf
from beiji.ui.print.fonts import PrintError, printable

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pages(made: bytes) -> list:
    return list(PdfReader(io.BytesIO(made)).pages)


def places(page) -> list[tuple[str, float, float]]:
    """Each piece of text with its left edge and its line, in points."""
    pieces: list[tuple[str, float, float]] = []

    def see(text: str, _cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            pieces.append((text.strip(), tm[4], tm[5]))

    page.extract_text(visitor_text=see)
    return pieces


def test_what_no_font_can_show_leaves_a_box_and_never_a_hole():
    assert printable("ward 😀 ok") == "ward □ ok"
    assert printable("姓𠮷 ไทย") == "姓□ □□□"
    assert printable({"a": ["עברית \u2066TRI-2\u2069", "人\u200d员", 7]}) == {
        "a": ["עברית \u2066TRI-2\u2069", "人\u200d员", 7]
    }
    text = "".join(page.extract_text() for page in pages(render_pdf(Document("T", blocks=(Paragraph("a😀b"),)), "en")))
    assert "a□b" in text


def test_a_word_longer_than_the_line_breaks_inside_the_page():
    link = "https://" + "a" * 400
    made = Document("T" * 300, blocks=(Paragraph(link), Table((Column("x"), Column("y")), ((link, link),))))
    for page in pages(render_pdf(made, "en")):
        right = float(page.mediabox.width) - 40
        assert all(x < right for _text, x, _y in places(page))
        text = page.extract_text().replace("\u200b", "").replace("\n", "").replace(" ", "")
        assert text.count("a" * 400) == 3


@pytest.mark.parametrize("language", ["zh-hans", "he", "en"])
def test_a_day_stays_in_its_column(language):
    day = {"zh-hans": "2026-06-30", "he": "30.6.2026", "en": "30 Jun 2026"}[language]
    columns = (*[Column(f"h{n}", share=2) for n in range(5)], Column("Due", whole=True), Column("Proof", share=2))
    row = ("word " * 20,) * 5 + (day, "proof " * 30)
    (page,) = pages(render_pdf(Document("T", blocks=(Table(columns, (row,)),)), language))
    assert day in page.extract_text()
    made = read_docx(io.BytesIO(render_docx(Document("T", blocks=(Table(columns, (row,)),)), language)))
    cell = made.tables[0].rows[1].cells[5]
    assert cell.text.replace("\xa0", " ") == day
    assert len(list(cell._tc.iter(f"{WORD}noBreakHyphen"))) == day.count("-")
    assert cell.width.mm >= 4 + 1.9 * len(day) - 0.1


@pytest.mark.parametrize("language", ["zh-hans", "he", "en"])
def test_one_page_is_one_page_or_is_refused(language):
    item = {
        "zh-hans": "多数医院急诊科不能按时腾空，夜间值班人员不清楚患者去向。",
        "he": "ברוב בתי החולים המיון אינו מתפנה בזמן. ",
        "en": "Most departments are not emptied in time. ",
    }[language]
    full = Document(
        "T", pages=1, blocks=(*[Bullets((item * 4,) * 5, numbered=True) for _ in range(2)], Paragraph(item * 20))
    )
    assert len(pages(render_pdf(full, language))) == 1
    with pytest.raises(PrintError, match="does not fit on 1 page; shorten"):
        render_pdf(Document("T", pages=1, blocks=full.blocks * 8), language)


def test_signatures_never_stand_alone_on_a_page():
    for lines in range(36, 62):
        made = Document(
            "T", blocks=(*(Paragraph(f"line {n}") for n in range(lines)), Signatures(("Lead", "Hospital", "City")))
        )
        last = pages(render_pdf(made, "en"))[-1].extract_text()
        assert "Hospital" in last
        assert f"line {lines - 1}" in last


def test_each_numbered_list_of_the_word_file_begins_at_one():
    made = Document("T", blocks=(Bullets(("a", "b"), numbered=True), Heading("H"), Bullets(("c", "d"), numbered=True)))
    document = read_docx(io.BytesIO(render_docx(made, "en")))
    ids = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.text in "abcd" and p.text]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    numbering = document.part.numbering_part.element
    for number in {ids[0], ids[2]}:
        (override,) = numbering.num_having_numId(number).lvlOverride_lst
        assert override.startOverride.val == 1
