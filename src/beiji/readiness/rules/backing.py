"""What a row typed by hand must rest on. Bad news needs nothing: a miss is never refused."""

from __future__ import annotations

from .judging import Judged
from .rows import LedgerError
from .words import Method

#: Rank from which a pass is *measured*.
MEASURED = 3


def check_backing(judged: Judged, *, has_sheet: bool, has_evaluator: bool) -> None:
    """Refuse a pass that rests on nothing: a measured one without its raw sheet or without the person who watched, a
    submitted document without the document, a count from records without its list. Raises LedgerError.

    `judged` is the row by the target of its own day. The place, where the capability is kept per place, every row needs.
    """
    if not judged.passed:
        return
    if judged.row.method is Method.DOCUMENT and not has_sheet:
        raise LedgerError("document-file", "“Document handed in” needs the document. Attach it as a file.")
    if judged.row.method is Method.RECORDS and not has_sheet:
        raise LedgerError("count-list", "A count needs its list: who is on it and who is current. Attach it as a file.")
    if judged.rank < MEASURED:
        return
    if not has_sheet:
        raise LedgerError("raw-sheet", "A measured pass needs its raw sheet. Attach a photograph or scan of it.")
    if not has_evaluator:
        raise LedgerError("evaluator", "A measured pass needs its evaluator. Say who watched and kept the time.")
