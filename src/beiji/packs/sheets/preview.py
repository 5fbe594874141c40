"""What workbooks would do to a pack, tried on a copy; writing is putting the tried files in place of the old ones."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from beiji.packs.checker import examined
from beiji.packs.formatting import format_file
from beiji.packs.library import Library, scan
from beiji.packs.problems import Problem
from beiji.packs.sheets.applying import ApplyError, with_texts
from beiji.packs.sheets.approving import Approval, approvals_of
from beiji.packs.sheets.merging import Merge, TextChange, merge
from beiji.packs.sheets.reading import Book, CellProblem, read_book
from beiji.packs.sheets.rows import rows_of, sources_of
from beiji.packs.signing import append_signatures

TO_DECLARE = frozenset({"P150", "P154", "P159"})
"""What a changed source text asks of the next release; it may be written first and declared then."""


@dataclass(slots=True)
class Preview:
    """What would happen: changes and signatures, what stops them, and the files as they would be."""

    merge: Merge
    approvals: list[Approval]
    problems: list[CellProblem]
    to_declare: list[str]
    files: dict[Path, str] = field(default_factory=dict)

    @property
    def can_be_written(self) -> bool:
        """Whether nothing is wrong and nothing waits for a person."""
        return not self.problems and not self.merge.conflicts

    @property
    def is_empty(self) -> bool:
        return not self.merge.changes and not self.approvals


def retired_in(library: Library, pack: str) -> dict[str, str]:
    """Id → version in which an item of a pack was retired, split or merged."""
    return {
        change.item: entry.thing.version
        for entry in library.of_kind("release")
        if entry.pack == pack
        for change in entry.thing.changes
        if change.change in ("retired", "split", "merged")
    }


def preview(root: Path, pack: str, paths: Sequence[Path], today: dt.date) -> Preview:
    """What the workbooks at `paths` would change in a pack below `root`. Nothing is written."""
    library = examined(root)
    books = [read_book(path) for path in paths]
    _is_of(library, pack, books)
    merged = merge(rows_of(library, pack), books, retired_in(library, pack))
    approvals = approvals_of(library, pack, books, merged, today)
    result = Preview(merged, approvals, [], [])
    if not any(book.problems for book in books):
        result.files = _new_files(merged.changes, books)
        if result.files:
            _try(root, library, merged.changes, result, books)
    result.problems = sorted(problem for book in books for problem in book.problems)
    return result


def write(root: Path, pack: str, found: Preview) -> list[Path]:
    """Put the tried files in place, signatures last; the paths written."""
    for path, text in found.files.items():
        spare = path.with_suffix(".yaml.new")
        spare.write_text(text, encoding="utf-8", newline="\n")
        spare.replace(path)
    written = list(found.files)
    if found.approvals:
        written.append(append_signatures(scan(root), pack, [one.signature for one in found.approvals]))
    return written


def _is_of(library: Library, pack: str, books: Iterable[Book]) -> None:
    for book in books:
        theirs = book.about.get("pack")
        if theirs and theirs != pack:
            sentence = f"The workbook is of {theirs}, not of {pack}. Name the right pack, or take the right file."
            book.add("about!B1", "X300", sentence)
    if not sources_of(library, pack):
        raise KeyError(pack)


def _new_files(changes: Sequence[TextChange], books: Sequence[Book]) -> dict[Path, str]:
    by_file: dict[Path, list[TextChange]] = {}
    for change in changes:
        by_file.setdefault(change.row.text.source.path, []).append(change)
    files = {}
    for path, own in by_file.items():
        words: dict[tuple[object, ...], dict[str, str]] = {}
        for change in own:
            words.setdefault(change.row.text.path, {})[change.language] = change.new
        try:
            files[path] = with_texts(path.read_text(encoding="utf-8"), words.items())
        except ApplyError as error:
            book = next(book for book in books if book.name == own[0].file)
            book.add(own[0].cell, "X313", f"{path.name} cannot be written by a program: {error}")
    return files


def _try(root: Path, library: Library, changes: Sequence[TextChange], found: Preview, books: Sequence[Book]) -> None:
    """Check a copy with the new files; a fault that was not there before is named by the cell that brings it."""
    with tempfile.TemporaryDirectory(prefix="beiji-") as folder:
        copy = Path(shutil.copytree(root, Path(folder) / root.name, symlinks=True))
        for path, text in found.files.items():
            target = copy / path.relative_to(root)
            target.write_text(text, encoding="utf-8", newline="\n")
            format_file(target, check=False)
            found.files[path] = target.read_text(encoding="utf-8")
        tried = examined(copy)
    known = {(problem.file, problem.code, problem.sentence) for problem in library.problems}
    new = [p for p in tried.problems if not p.warning and (p.file, p.code, p.sentence) not in known]
    found.to_declare = [f"{p.item or p.file}: {p.sentence}" for p in new if p.code in TO_DECLARE]
    cells = _cells(tried, root, changes)
    by_name = {book.name: book for book in books}
    for problem in new:
        if problem.code not in TO_DECLARE:
            change = cells.get((problem.file, problem.line)) or _of_item(problem, changes)
            by_name[change.file].add(change.cell, problem.code, problem.sentence)


def _cells(tried: Library, root: Path, changes: Sequence[TextChange]) -> Mapping[tuple[str, int], TextChange]:
    """(file, line) in the tried copy → the change that stands there, of a whole text the first."""
    sources = {source.name: source for source in tried.sources}
    found: dict[tuple[str, int], TextChange] = {}
    for change in changes:
        source = sources[change.row.text.source.name]
        path = change.row.text.path
        found[source.name, source.place((*path, change.language)).line] = change
        for place in (source.place(path), source.place(path, of_key=True)):
            found.setdefault((source.name, place.line), change)
    return found


def _of_item(problem: Problem, changes: Sequence[TextChange]) -> TextChange:
    """The nearest change to a fault that stands elsewhere: one of the same item, else the first."""
    return next((change for change in changes if change.row.item == problem.item), changes[0])
