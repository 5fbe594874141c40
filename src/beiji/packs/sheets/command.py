"""`beiji pack to-xlsx` and `from-xlsx`: texts of a pack out to translators and reviewers, and back with a preview."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from beiji.output import OutputError, check_target, write_whole
from beiji.packs.instruments import importing
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import did_you_mean, shown_path
from beiji.packs.sheets.preview import Preview, preview, write
from beiji.packs.sheets.rows import STATES
from beiji.packs.sheets.writing import Choice, workbook
from beiji.packs.strict import LANGUAGES


def add_commands(commands: Any) -> None:
    """Add both commands to `beiji pack`."""
    out = commands.add_parser("to-xlsx", help="a workbook of a pack's texts for translators and reviewers")
    out.add_argument("pack", metavar="PACK", help="id of a standard, capability pack, glossary, city or scenario")
    out.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help="where to write it (.xlsx)")
    out.add_argument("--lang", action="append", choices=LANGUAGES, help="a language that may be changed (default: all)")
    out.add_argument("--state", action="append", choices=STATES, help="only texts of which a language stands like this")
    out.add_argument("--part", default="", metavar="ID", help="only one domain (TRI) or one item (TRI-6)")
    out.add_argument(
        "--review", default="translation", choices=("translation", "clinical", "legal"), help="what is signed"
    )
    out.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    back = commands.add_parser(
        "from-xlsx", help="what workbooks that came back, or a filled template, would change; --apply writes it"
    )
    back.add_argument("pack", metavar="PACK", help="id of the pack, or of a new instrument")
    back.add_argument("files", nargs="+", type=Path, metavar="FILE", help="workbooks, of one person or of several")
    back.add_argument("--apply", action="store_true", help="write what the preview shows")
    back.add_argument("--skip-conflicts", action="store_true", help="write the rest although conflicts are left")
    back.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    back.add_argument("--json", action="store_true", help="print an object")


def to_xlsx(arguments: argparse.Namespace) -> int:
    """Write a workbook; 2 when pack or file are wrong."""
    library = scan(arguments.root or packs_root())
    if not _known(library, arguments.pack):
        return 2
    choice = Choice(
        languages=tuple(one for one in LANGUAGES if one in (arguments.lang or LANGUAGES)),
        states=tuple(arguments.state or ()),
        part=arguments.part,
        kind=arguments.review,
    )
    try:
        check_target(arguments.out)
        content, rows = workbook(library, arguments.pack, choice, dt.date.today())
        if not rows:
            print(f"No text of {arguments.pack} is like that. Nothing was written.", file=sys.stderr)
            return 2
        write_whole(arguments.out, content)
    except OutputError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{rows} texts of {arguments.pack} are in {shown_path(arguments.out)}.")
    return 0


def from_xlsx(arguments: argparse.Namespace) -> int:
    """Show what workbooks change, and write it when asked; 1 when something is wrong or waits for a person."""
    root = arguments.root or packs_root()
    if importing.is_template(arguments.files[0]):
        return importing.run(arguments)
    if not _known(scan(root), arguments.pack):
        return 2
    result = preview(root, arguments.pack, arguments.files, dt.date.today())
    may_write = not result.problems and (arguments.skip_conflicts or result.can_be_written)
    written = write(root, arguments.pack, result) if arguments.apply and may_write and not result.is_empty else []
    if arguments.json:
        print(json.dumps(as_dict(result, written), ensure_ascii=False, indent=1))
    else:
        _print(result)
        print(_end(result, written, arguments.apply), file=sys.stderr)
    return 0 if result.can_be_written else 1


def _known(library: Library, pack: str) -> bool:
    packs = [header.id for header, _ in library.headers]
    if pack not in packs:
        hint = did_you_mean(pack, packs) or f" Packs are: {', '.join(packs)}."
        print(f"There is no pack {pack}.{hint}", file=sys.stderr)
    return pack in packs


def as_dict(found: Preview, written: list[Path]) -> dict[str, Any]:
    """The machine-readable form of a preview."""
    merged = found.merge
    return {
        "changes": [
            {"file": c.file, "cell": c.cell, "item": c.row.item, "field": c.row.field, "language": c.language, "old": c.old, "new": c.new}
            for c in merged.changes
        ],
        "signatures": [
            {"cell": a.cell, "item": a.signature.item, "language": a.signature.language, "kind": a.signature.kind}
            for a in found.approvals
        ],
        "conflicts": [_problem(p) for p in merged.conflicts],
        "problems": [_problem(p) for p in found.problems],
        "emptied": [_problem(p) for p in merged.emptied],
        "to_declare": found.to_declare,
        "notes": [{"cell": cell, "about": about, "note": note} for cell, about, note in merged.notes],
        "written": [shown_path(path) for path in written],
    }  # fmt: skip


def _problem(one: Any) -> dict[str, str]:
    return {"file": one.file, "cell": one.cell, "code": one.code, "sentence": one.sentence}


def _print(found: Preview) -> None:
    merged = found.merge
    for change in merged.changes:
        print(f"{change.file} {change.cell} {change.what}\n  - {change.old or '(nothing)'}\n  + {change.new}")
    for approval in found.approvals:
        one = approval.signature
        print(f"{approval.cell} {one.item} · {one.language}: {one.kind} review by {one.who}, {one.role}, {one.date}")
    for problem in (*merged.emptied, *merged.conflicts, *found.problems):
        print(problem)
    for cell, about, note in merged.notes:
        print(f"{cell} note on {about}: {note}")
    for name, count in merged.not_returned:
        print(f"{name}: {_count(count, 'row')} of the export did not come back; nothing happens to them.")
    for sentence in found.to_declare:
        print(f"before the next release: {sentence}")


def _end(found: Preview, written: list[Path], asked: bool) -> str:
    merged = found.merge
    counts = [
        _count(len(merged.changes), "change"), _count(len(found.approvals), "signature"),
        _count(len(merged.conflicts), "conflict"), _count(len(found.problems), "fault"),
    ]  # fmt: skip
    head = ", ".join(counts)
    if written:
        return f"{head}. Written: {', '.join(shown_path(path) for path in written)}."
    if found.is_empty:
        return f"{head}. There is nothing to write."
    if not asked:
        return f"{head}. Nothing was written; add --apply."
    why = "Mend the faults first" if found.problems else "Settle the conflicts, or add --skip-conflicts"
    return f"{head}. Nothing was written. {why}."


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"
