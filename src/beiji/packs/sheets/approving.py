"""Decisions in the review sheet of a workbook, as signatures for what was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from beiji.packs.library import Library
from beiji.packs.reviews import SOURCE, Signature, hashes_of
from beiji.packs.sheets.merging import Merge
from beiji.packs.sheets.reading import Book, Decision


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature that a workbook asks for, with its cell."""

    signature: Signature
    cell: str


def approvals_of(library: Library, pack: str, books: Sequence[Book], merged: Merge, today: dt.date) -> list[Approval]:
    """Signatures for every approved item whose text is still what was read; all else is noted in its book."""
    hashes = hashes_of(library.standards[pack]) if pack in library.standards else {}
    changed = {(change.row.item, language) for change in merged.changes for language in (change.language, "en")}
    approvals = []
    for book in books:
        for decision in book.decisions:
            if decision.note:
                merged.notes.append((f"{book.name} {decision.cell}", decision.item, decision.note))
            if not decision.approved:
                continue
            now = hashes.get(decision.item)
            if now is None or decision.language not in now:
                sentence = f'Item "{decision.item}" is unknown or was retired. Take the row out.'
                book.add(decision.cell, "X304", sentence)
            elif (decision.item, decision.language) in changed:
                sentence = f"{decision.item} is approved and changed at once. Write the changes first, then sign what they made."
                book.add(decision.cell, "X314", sentence)
            elif (now[SOURCE], now[decision.language]) != (decision.source_hash, decision.text_hash):
                sentence = f"{decision.item} is no longer what was read in {decision.language}. Export it anew and read it again."
                book.add(decision.cell, "X315", sentence)
            else:
                signature = _signature(book, decision, today)
                if signature is not None:
                    approvals.append(Approval(signature, f"{book.name} {decision.cell}"))
    return approvals


def _signature(book: Book, decision: Decision, today: dt.date) -> Signature | None:
    who, role, day = (book.about.get(name, "") for name in ("reviewer", "role", "date"))
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        date = None
    if not who or not role or date is None or date > today:
        if not any(problem.code == "X316" for problem in book.problems):
            sentence = (
                "Nobody stands for the decisions. Give reviewer, role and a day such as 2026-10-01, not after today."
            )
            book.add("about!B7", "X316", sentence)
        return None
    return Signature(
        decision.item, decision.language, book.about.get("review", "clinical"), decision.source_hash,
        decision.text_hash, who, role, date,
    )  # fmt: skip
