"""`beiji pack score` and `beiji pack template`: answer an instrument, and prepare a new one."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from beiji.output import OutputError, check_target, write_whole
from beiji.packs.instruments.answers import read_answers
from beiji.packs.instruments.plans import VALUES, plan_of
from beiji.packs.instruments.template import answer_sheet, empty_instrument
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import did_you_mean, shown_path
from beiji.packs.schemas.instruments import Instrument
from beiji.packs.scorers import Part, Result, score
from beiji.packs.strict import LANGUAGES


def add_commands(commands: Any) -> None:
    """Add both commands to `beiji pack`."""
    scoring = commands.add_parser("score", help="score answers to an instrument by its own rule")
    scoring.add_argument("instrument", metavar="INSTRUMENT", help="id of an instrument")
    scoring.add_argument("answers", type=Path, metavar="FILE", help="table of answers, CSV or XLSX")
    scoring.add_argument("--language", choices=LANGUAGES, default="en", help="language of the titles")
    scoring.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    scoring.add_argument("--json", action="store_true", help="print an object with exact fractions")
    making = commands.add_parser("template", help="a workbook for a new instrument, or for answers to one")
    making.add_argument("instrument", metavar="INSTRUMENT", nargs="?", default="", help="with one: a sheet of answers")
    making.add_argument(
        "--rule", choices=sorted(VALUES), default="weighted-levels", help="scorer of the new instrument"
    )
    making.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help="where to write it (.xlsx)")
    making.add_argument("--language", choices=LANGUAGES, default="en", help="language of the titles")
    making.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")


def run_score(arguments: argparse.Namespace) -> int:
    """Print what the instrument's scorer makes of the answers; 1 when a cell cannot be taken, 2 for an unknown instrument."""
    instrument = _named(scan(arguments.root or packs_root()), arguments.instrument)
    if instrument is None:
        return 2
    answers, problems = read_answers(arguments.answers, instrument)
    for problem in problems:
        print(problem)
    if problems:
        print("Nothing was scored. Mend the cells first.", file=sys.stderr)
        return 1
    result = score(plan_of(instrument), answers)
    if arguments.json:
        print(json.dumps(as_dict(instrument, result), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines_of(instrument, result, arguments.language)))
    return 0


def run_template(arguments: argparse.Namespace) -> int:
    """Write a workbook; 2 when instrument or file are wrong."""
    try:
        check_target(arguments.out)
        if arguments.instrument:
            instrument = _named(scan(arguments.root or packs_root()), arguments.instrument)
            if instrument is None:
                return 2
            write_whole(arguments.out, answer_sheet(instrument, arguments.language))
        else:
            write_whole(arguments.out, empty_instrument(arguments.rule))
    except OutputError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The workbook is {shown_path(arguments.out)}.")
    return 0


def _named(library: Library, name: str) -> Instrument | None:
    found = library.instruments.get(name)
    if found is None:
        known = library.instruments
        hint = did_you_mean(name, known) or f" Instruments are: {', '.join(known) or 'none'}."
        print(f"There is no instrument {name}.{hint}", file=sys.stderr)
    return found


def lines_of(instrument: Instrument, result: Result, language: str) -> Iterator[str]:
    """The result as a person reads it: never one bare number, and exact fractions beside per cents."""
    title = instrument.title[language] if instrument.title else instrument.id
    yield f"{title} ({instrument.id} {instrument.version}, {instrument.scorer.rule})"
    yield _line("whole", result.whole, instrument, language)
    titles = {group.id: group.title[language] for group in instrument.groups}
    for heading, parts in (("groups", result.groups), ("pillars", result.pillars), ("4S", result.fours)):
        if parts:
            yield heading
        for code, part in parts.items():
            yield "  " + _line(f"{code} {titles.get(code, '')}".strip(), part, instrument, language)
    if result.ranked:
        names = {item.id: item.title[language] for item in instrument.items}
        yield "risk, the greatest first"
        for code, risk in result.ranked:
            yield f"  {code} {names[code]}: {_percent(risk)} ({risk})"


def _line(what: str, part: Part, instrument: Instrument, language: str) -> str:
    if part.score is None:
        how = "nothing assessed" if part.completeness is not None else "nothing applies"
        items = f"{part.items} item{'' if part.items == 1 else 's'}"
        return f"{what}: {how}, {items}, {part.not_applicable} not applicable"
    words = [f"{what}: {_percent(part.score)} ({part.score})"]
    if part.floor is not None and part.floor != part.score:
        words.append(f"at least {_percent(part.floor)} ({part.floor}) with what was not assessed")
    title = next((g.title[language] for g in instrument.grades if g.code == part.grade), "")
    if part.grade is not None:
        words.append(f"{'at least ' if part.provisional else ''}{part.grade} {title}")
    elif part.provisional:
        words.append("no grade, not complete")
    if part.caps:
        words.append(f"capped: {', '.join(part.caps)}")
    words.append(
        f"{part.assessed} of {part.items - part.not_applicable} assessed, {part.not_applicable} not applicable"
    )
    return "; ".join(words)


def _percent(number: Fraction) -> str:
    return f"{float(number * 100):.1f} %"


def as_dict(instrument: Instrument, result: Result) -> dict[str, Any]:
    """The machine-readable form: exact fractions as text."""

    def part(one: Part) -> dict[str, Any]:
        return {k: str(v) if isinstance(v, Fraction) else v for k, v in dataclasses.asdict(one).items()}

    def parts(many: Mapping[str, Part]) -> dict[str, Any]:
        return {code: part(one) for code, one in many.items()}

    return {
        "instrument": instrument.id, "version": instrument.version, "hash": instrument.hash, "rule": instrument.scorer.rule,
        "whole": part(result.whole), "groups": parts(result.groups), "pillars": parts(result.pillars),
        "fours": parts(result.fours), "ranked": [[code, str(risk)] for code, risk in result.ranked],
    }  # fmt: skip
