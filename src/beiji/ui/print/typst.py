"""PDF by Typst: the house's template, fonts from packages only, so that every machine prints the same pages."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, ngettext

from beiji.ui import formats, words
from beiji.ui.figures import for_print, token_values
from beiji.ui.languages import language_of
from beiji.ui.marks import cell_name
from beiji.ui.print.document import CellMark, Document, Figure, Legend
from beiji.ui.print.fonts import PrintError, font_folders, printable

TEMPLATE = Path(__file__).with_name("house.typ")
#: Sizes of the running text in points, tried in turn for a document that may only have so many pages.
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
_PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b(?!s)")


def render_pdf(document: Document, language: str) -> bytes:
    """The document as PDF/UA-1 (tagged) in one language.

    Raises PrintError if Typst refuses it, or if it does not fit the pages that it may have even in the smallest size.
    """
    with translation.override(language_of(language).code):
        data = {**_frame(document, language), "blocks": [_block(block) for block in document.blocks]}
    for size in SIZES if document.pages else SIZES[:1]:
        made = _compiled(document, printable({**data, "size": size}))
        if not document.pages or page_count(made) <= document.pages:
            return made
    raise PrintError(
        ngettext(
            "In {language} this does not fit on {pages} page; shorten the findings or the requests.",
            "In {language} this does not fit on {pages} pages; shorten the findings or the requests.",
            document.pages,
        ).format(pages=document.pages, language=formats.isolate(language_of(language).name, "auto"))
    )


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of Typst's has; it writes page objects in the clear."""
    return len(_PAGE_OBJECT.findall(pdf))


def _compiled(document: Document, data: dict[str, Any]) -> bytes:
    import typst

    try:
        made = typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=list(font_folders()),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise PrintError(f"The document {document.title!r} cannot be printed: {error}") from error
    return bytes(made)


def figure_png(svg: str, ppi: int = 200) -> bytes:
    """A figure as PNG for formats that know no SVG; `svg` as the figure functions draw it."""
    import typst

    fonts: Any = list(font_folders())
    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made = typst.compile(
        source.encode(),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"svg": for_print(svg)},
        format="png",
        ppi=ppi,
    )
    return bytes(made)


def _frame(document: Document, language: str) -> dict[str, Any]:
    """What every page shows, in words."""
    chosen = language_of(language)
    return {
        "lang": "zh" if chosen.code == "zh-hans" else chosen.code,
        "rtl": chosen.direction == "rtl",
        "title": document.title,
        "subtitle": document.subtitle,
        "running": document.running,
        "snapshot": document.snapshot,
        "seal": document.seal,
        "as_of": gettext("as of %(day)s") % {"day": document.as_of} if document.as_of else "",
        "page": gettext("Page {page} of {pages}").replace("{page}", "\x00").replace("{pages}", "\x01"),
        "mark": mark_words(document.mark),
        "exercise": document.mark == "exercise",
        "restricted": document.restricted,
        "landscape": document.landscape,
        "colours": token_values(),
        "key": legend_entries(),
    }


def mark_words(mark: str) -> str:
    """What every page of an exercise or of an illustrative document says."""
    if mark == "exercise":
        return "演练 · EXERCISE · תרגיל"
    return gettext("illustrative data") if mark == "illustrative" else ""


def legend_entries() -> list[dict[str, Any]]:
    """The key: a cell or a proof mark with its word, in order."""
    entries: list[dict[str, Any]] = [
        {"cell": _cell(CellMark(digit, "in-place")), "word": words.level_word(digit)} for digit in (3, 2, 1, 0)
    ]
    entries += [
        {"cell": _cell(CellMark(2, "stale")), "word": words.state_word("stale")},
        {"cell": _cell(CellMark(0, "below", must=True)), "word": gettext("must-pass item open")},
        {"cell": _cell(CellMark(None, "unknown")), "word": words.state_word("unknown")},
        {"cell": _cell(CellMark(None, "not-assessed")), "word": words.state_word("not-assessed")},
        {"cell": _cell(CellMark(None, "not-applicable")), "word": words.state_word("not-applicable")},
    ]
    return entries + [{"proof": proof, "word": words.proof_word(proof)} for proof in words.PROOFS]


def _cell(mark: CellMark) -> dict[str, Any]:
    state = words.state_key(mark.state)
    blank = {"unknown": "?", "not-assessed": "·", "not-applicable": "–"}
    digit = None if state in blank else mark.digit
    shown = blank.get(state or "unknown", "?") if digit is None else str(digit)
    return {
        "block": "cell",
        "digit": digit,
        "shown": f"≥{shown}" if mark.least and digit is not None else shown,
        "state": state or "unknown",
        "proof": words.proof_key(mark.proof) if digit is not None else "",
        "must": mark.must,
        "words": cell_name(mark.digit, mark.state, mark.proof, must=mark.must, least=mark.least),
    }


def _block(block: Any) -> dict[str, Any]:
    """A block as plain data for the template."""
    if isinstance(block, Figure):
        return {"block": "Figure", **dataclasses.asdict(block), "svg": for_print(block.svg)}
    if isinstance(block, Legend):
        return {"block": "Legend"}
    return {
        "block": type(block).__name__,
        **{f.name: _plain(getattr(block, f.name)) for f in dataclasses.fields(block)},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, CellMark):
        return _cell(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            "block": type(value).__name__,
            **{f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)},
        }
    return value
