"""Signing of texts: a person stands for what was read; the line in `reviews.csv` lapses by itself when a text changes."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import did_you_mean, shown_path
from beiji.packs.reviews import COLUMNS, KINDS, SOURCE, Signature, hashes_of, path_of, signatures_of
from beiji.packs.strict import LANGUAGES

NAMED = re.compile(r"(?P<id>[^@]+)(?:@(?P<read>[0-9a-f]{4,16}))?\Z")


class SigningError(ValueError):
    """A signature that cannot be given; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who stands for the texts: name, post, day, and what kind of review it was."""

    who: str
    role: str
    date: dt.date
    kind: str = "clinical"


def signatures_for(
    library: Library, standard: str, names: Sequence[str], languages: Iterable[str], signer: Signer
) -> list[Signature]:
    """Signatures of whole items (`TRI-6`), whole domains (`TRI`) or items as read (`TRI-6@3f9a…`, with the hash that a
    sheet prints). SigningError names the first that cannot be signed; then none is."""
    if not signer.who.strip() or not signer.role.strip():
        raise SigningError("Nobody stands for the signature. Give --who and --role.")
    now = hashes_of(library.standards[standard])
    found: dict[tuple[str, str], Signature] = {}
    for name in names:
        for item, read in _named(name, now):
            for language in languages:
                hashes = now[item][SOURCE], now[item][language]
                if read and not hashes[1].startswith(read):
                    raise SigningError(
                        f"{item} in {language} is {hashes[1]} now, not {read}: it is no longer what was read. Read it anew."
                    )
                key = item, language
                found[key] = Signature(*key, signer.kind, *hashes, signer.who.strip(), signer.role.strip(), signer.date)
    return list(found.values())


def _named(name: str, items: Collection[str]) -> list[tuple[str, str]]:
    match = NAMED.match(name)
    id, read = (match["id"], match["read"] or "") if match else (name, "")
    if id in items:
        return [(id, read)]
    of_domain = [item for item in items if item.rpartition("-")[0] == id]
    if of_domain and not read:
        return [(item, "") for item in of_domain]
    hint = did_you_mean(id, items) or " Name an item such as TRI-6, or a domain such as TRI."
    raise SigningError(f'There is no item "{name}" to sign.{hint}')


def signatures_in(library: Library, standard: str, path: Path) -> tuple[list[Signature], list[str]]:
    """Signatures of a city's file whose texts are still what was read, and a sentence for each line that is not taken.

    SigningError when the file is none of ours.
    """
    now = hashes_of(library.standards[standard])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *lines = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SigningError(
            f"{path.name} cannot be read as a list of signatures ({error}). Take the city's file."
        ) from error
    if tuple(heading) != COLUMNS:
        raise SigningError(f"The first line of {path.name} is not {','.join(COLUMNS)}. Take the city's file.")
    found, left = [], []
    for number, line in enumerate(lines, 2):
        row = dict(zip(COLUMNS, line, strict=False))
        try:
            item, language, kind, source, text, who, role = (row[name].strip() for name in COLUMNS[:-1])
            one = Signature(item, language, kind, source, text, who, role, dt.date.fromisoformat(row["date"]))
        except (KeyError, ValueError):
            left.append(f"{path.name}:{number} The line is not complete, or its day is none. It is left out.")
            continue
        hashes = now.get(one.item, {})
        if one.kind not in KINDS or not one.who or not one.role:
            left.append(f"{path.name}:{number} {one.item}: kind, who or role is missing. It is left out.")
        elif (one.source_hash, one.text_hash) != (hashes.get(SOURCE), hashes.get(one.language)):
            sentence = "the city read another version, or other numbers, than stand here. It is left out."
            left.append(f"{path.name}:{number} {one.item} in {one.language}: {sentence}")
        else:
            found.append(one)
    return found, left


def append_signatures(library: Library, standard: str, signatures: Iterable[Signature]) -> Path:
    """Add lines to a standard's `reviews.csv`, each once; the file is written whole."""
    path = path_of(library, standard)
    known = {signature for _, signature in signatures_of(library, standard)}
    text = path.read_text(encoding="utf-8") if path.is_file() else ",".join(COLUMNS) + "\n"
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for one in signatures:
        if one not in known:
            known.add(one)
            writer.writerow([*(getattr(one, name) for name in COLUMNS[:-1]), one.date.isoformat()])
    spare = path.with_suffix(".csv.new")
    spare.write_text(text + ("" if text.endswith("\n") else "\n") + lines.getvalue(), encoding="utf-8", newline="\n")
    spare.replace(path)
    return path


def add_command(commands: Any) -> None:
    """Add `sign` to `beiji pack`."""
    parser = commands.add_parser("sign", help="stand for texts that you have read; lapses when they change")
    parser.add_argument("standard", metavar="STANDARD", help="id of a standard")
    parser.add_argument("items", nargs="*", metavar="ITEM", help="TRI-6, a whole domain TRI, or as read: TRI-6@HASH")
    parser.add_argument("--lang", action="append", choices=LANGUAGES, default=[], help="the language that was read")
    parser.add_argument("--kind", choices=KINDS, default="clinical", help="what was reviewed (default: clinical)")
    parser.add_argument("--who", default="", help="name of the person who read it")
    parser.add_argument("--role", default="", help="the person's profession and post")
    parser.add_argument("--date", type=_day, default=None, metavar="D", help="day of the reading (default: today)")
    parser.add_argument(
        "--from", dest="file", type=Path, metavar="FILE", help="signatures that a city gave, as exported there"
    )
    parser.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    parser.add_argument("--dry-run", action="store_true", help="only print what would be signed, with its hash")


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a date; write year-month-day, as 2026-10-01') from None
    if day > dt.date.today():
        raise argparse.ArgumentTypeError(f"{text} is after today; nobody has read it yet")
    return day


def sign(arguments: argparse.Namespace) -> int:
    """Write signatures, or print what would be signed; 2 when one cannot be given, and then none is."""
    library = scan(arguments.root or packs_root())
    if arguments.standard not in library.standards:
        hint = did_you_mean(arguments.standard, library.standards) or f" Standards are: {', '.join(library.standards)}."
        print(f"There is no standard {arguments.standard}.{hint}", file=sys.stderr)
        return 2
    try:
        found, left = _asked(library, arguments)
    except SigningError as error:
        print(f"{error} Nothing was signed.", file=sys.stderr)
        return 2
    for one in found:
        print(f"{one.item}@{one.text_hash} {one.language}: {one.kind} review by {one.who}, {one.role}, {one.date}")
    for sentence in left:
        print(sentence, file=sys.stderr)
    if not arguments.dry_run:
        path = append_signatures(library, arguments.standard, found)
        print(f"{len(found)} signed in {shown_path(path)}.", file=sys.stderr)
    return 1 if left else 0


def _asked(library: Library, arguments: argparse.Namespace) -> tuple[list[Signature], list[str]]:
    if arguments.file is not None:
        if arguments.items or arguments.who:
            raise SigningError("--from stands alone: the file says who signed what.")
        return signatures_in(library, arguments.standard, arguments.file)
    if not arguments.items or not arguments.lang:
        raise SigningError("Say which items and, with --lang, in which language, or give a file with --from.")
    signer = Signer(arguments.who, arguments.role, arguments.date or dt.date.today(), arguments.kind)
    languages = dict.fromkeys(arguments.lang)
    return signatures_for(library, arguments.standard, arguments.items, languages, signer), []
