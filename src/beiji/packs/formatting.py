"""`beiji pack fmt`: one order of fields and languages, one blank line between entries; words, numbers and comments stay.

Works on lines, since a YAML writer would lose comments and fold texts anew. What is written is read again: a file whose
content would differ by one sign is left as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.standards import Indicator
from beiji.packs.strict import LANGUAGES, read

ENTRY = re.compile(r"- (?=\S)")
FIELD = re.compile(r"  (?P<name>[A-Za-z_][\w-]*):")
LANGUAGE = re.compile(r"(?P<indent> +)(?P<name>en|zh-Hans|he):(?: |$)")
ORDER: dict[str, tuple[str, ...]] = {
    "domains": (
        "id", "edition", "pillar", "fours", "crit", "must_pass_if", "core", "reads", "classes", "not_applicable", "title",
        "failure", "look_at", "anchors", "proven_by", "evidence", "advice", "effort", "hazards", "xref", "allow", "note",
    ),
    "capabilities": (
        "id", "edition", "effective", "raises", "kind", "unit", "better", "percentile", "target", "target_src", "zero_at",
        "validity_days", "min_sample", "prove_in", "per_campus", "per_place", "by_records", "asked_of", "feeds", "because",
        "not_asked", "title", "measure", "allow",
    ),
}  # fmt: skip
assert set(ORDER["domains"]) == set(Indicator.model_fields)
assert set(ORDER["capabilities"]) == set(Capability.model_fields)


def order_of(path: Path) -> tuple[str, ...] | None:
    """The order of fields of a file's entries; None for files that are kept as they are."""
    if path.name in ("pack.yaml", "changes.yaml"):
        return None
    if path.parent.name == "domains":
        return ORDER["domains"]
    return ORDER["capabilities"] if path.parent.parent.name == "capabilities" else None


def formatted(text: str, order: tuple[str, ...]) -> str:
    """A list file with its entries' fields in `order` and languages side by side in their order."""
    head, entries = _entries([line.rstrip() for line in text.splitlines()])
    blocks = ["\n".join(head).strip("\n")] if any(head) else []
    blocks += ["\n".join(_entry(lines, order)) for lines in entries]
    return "\n\n".join(blocks) + "\n"


def _entries(lines: list[str]) -> tuple[list[str], list[list[str]]]:
    """What stands before the first entry, and the lines of each; comments right above an entry belong to it."""
    starts = [number for number, line in enumerate(lines) if ENTRY.match(line)]
    bounds = []
    for start in starts:
        while start > 0 and lines[start - 1].startswith("#"):
            start -= 1
        bounds.append(start)
    return lines[: bounds[0]] if bounds else lines, [
        lines[start:end] for start, end in zip(bounds, [*bounds[1:], len(lines)], strict=True)
    ]


def _entry(lines: list[str], order: tuple[str, ...]) -> list[str]:
    """One entry with its fields sorted; a comment inside goes with the field below it."""
    first = next(number for number, line in enumerate(lines) if ENTRY.match(line))
    body = ["  " + lines[first][2:], *lines[first + 1 :]]
    fields: list[tuple[str, list[str]]] = []
    waiting: list[str] = []
    for line in body:
        match = FIELD.match(line)
        if match:
            fields.append((match["name"], [*waiting, line]))
            waiting = []
        elif re.match(r"  #", line):
            waiting.append(line)
        elif fields and (line or _in_block(fields[-1][1])):
            fields[-1][1].append(line)
    rank = {name: at for at, name in enumerate(order)}
    fields.sort(key=lambda field: rank.get(field[0], len(order)))
    sorted_lines = [line for _, own in fields for line in _languages(_trimmed(own))] + waiting
    at = next((number for number, line in enumerate(sorted_lines) if FIELD.match(line)), 0)
    sorted_lines[at] = "- " + sorted_lines[at][2:]
    return [*lines[:first], *(line[2:] if number < at else line for number, line in enumerate(sorted_lines))]


def _in_block(lines: list[str]) -> bool:
    return bool(lines) and lines[-1].lstrip() != ""


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _languages(lines: list[str]) -> list[str]:
    """Runs of sibling languages in the order en, zh-Hans, he."""
    out: list[str] = []
    number = 0
    while number < len(lines):
        match = LANGUAGE.match(lines[number])
        if not match:
            out.append(lines[number])
            number += 1
            continue
        run: list[tuple[str, list[str]]] = []
        while number < len(lines) and (same := LANGUAGE.match(lines[number])) and same["indent"] == match["indent"]:
            own = [lines[number]]
            number += 1
            while number < len(lines) and _deeper(lines[number], len(match["indent"])):
                own.append(lines[number])
                number += 1
            run.append((same["name"], own))
        out += [line for _, own in sorted(run, key=lambda pair: LANGUAGES.index(pair[0])) for line in own]
    return out


def _deeper(line: str, indent: int) -> bool:
    return not line or len(line) - len(line.lstrip()) > indent


def format_file(path: Path, *, check: bool) -> str | None:
    """None when the file stands as it should, else the sentence of what was (or, checking, would be) done.

    A file with faults is named and left alone, and so is one whose content would change.
    """
    order = order_of(path)
    if order is None:
        return None
    before = read(path)
    if before.problems:
        return f"{before.problems[0]} Mend it first; the file was left as it is."
    text = path.read_text(encoding="utf-8")
    try:
        new = formatted(text, order)
    except (StopIteration, IndexError):
        return f"{path}: it is not a list of entries; it was left as it is."
    if new == text:
        return None
    if check:
        return f"{path}: fields or languages are out of order. Run beiji pack fmt."
    spare = path.with_suffix(".yaml.new")
    spare.write_text(new, encoding="utf-8", newline="\n")
    after = read(spare)
    if after.problems or after.data != before.data:
        spare.unlink()
        return f"{path}: its content would change; it was left as it is. Put its fields in order by hand."
    spare.replace(path)
    return f"{path}: put in order."
