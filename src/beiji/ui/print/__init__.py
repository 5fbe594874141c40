"""Paper: one neutral document, rendered as PDF (Typst) or DOCX (python-docx) with the same words in both."""

from beiji.ui.print.document import (
    Block,
    Bullets,
    CellMark,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Legend,
    Note,
    Original,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
    TableGroup,
)
from beiji.ui.print.docx import render_docx
from beiji.ui.print.typst import render_pdf

__all__ = [
    "Block",
    "Bullets",
    "CellMark",
    "Column",
    "Document",
    "Facts",
    "Figure",
    "Heading",
    "KeyFigure",
    "KeyFigures",
    "Legend",
    "Note",
    "Original",
    "PageBreak",
    "Paragraph",
    "Signatures",
    "Table",
    "TableGroup",
    "render_docx",
    "render_pdf",
]
