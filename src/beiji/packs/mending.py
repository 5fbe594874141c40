"""Names what broke the syntax of a line and mends the line in memory, so that reading can go on.

Nothing is written back: the mend only lets the rest of the file be checked in the same run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from beiji.packs.problems import Problem

if TYPE_CHECKING:
    from beiji.packs.strict import Source

CODES = frozenset({"P100", "P102", "P104"})

VALUE = re.compile(r"^(\s*(?:- )*)((?:[^\s:#'\"{\[][^:#'\"]*):[ ]+|(?:- )+)(\S.*)$")
DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"\s*(?:#.*)?$')
HEBREW_WORD = re.compile(r"[\u05d0-\u05ea]+\"[\u05d0-\u05ea]+")


def mend(error: Any, lines: list[str], source: Source) -> bool:
    """Add the problem that explains `error` to `source` and mend its line in `lines`; False if it cannot be mended."""
    mark = error.problem_mark or error.context_mark
    at = min(mark.line, len(lines) - 1) if mark else 0
    candidates = [at, at - 1]
    if error.context_mark is not None:
        candidates.append(error.context_mark.line)
    for number in candidates:
        if 0 <= number < len(lines) and _mend_line(number, lines, source):
            return True
    opened = error.context_mark
    if opened is not None and "flow" in str(error.context):
        sign = lines[opened.line][opened.column : opened.column + 1] if opened.line < len(lines) else ""
        if sign in ("[", "{"):
            sentence = f"The {sign} that opens here is never closed. Close it on the same line."
            source.problems.append(Problem(source.name, opened.line + 1, opened.column + 1, "P100", sentence))
            return False
    column = mark.column + 1 if mark else 1
    source.problems.append(Problem(source.name, at + 1, column, "P100", _sentence(error, lines, at)))
    return False


def _mend_line(number: int, lines: list[str], source: Source) -> bool:
    """Mend a quote inside quotes or a colon inside text on one line."""
    match = VALUE.match(lines[number])
    if not match:
        return False
    before, value = match.group(1) + match.group(2), match.group(3).rstrip()
    column = len(before) + 1
    quote = value[0]
    if quote == '"' and value.count('"') > 1 and not DOUBLE_QUOTED.match(value):
        word = HEBREW_WORD.search(value, 1)
        shown = word.group() if word else value
        sentence = f"The quote in {shown} ends the text. Take away the outer quotes."
        source.problems.append(Problem(source.name, number + 1, column, "P102", sentence))
        inner = value[1:-1] if value.endswith('"') else value[1:]
        lines[number] = before + "'" + inner.replace("'", "''") + "'"
        return True
    if quote == "'" and value.count("'") % 2:
        sentence = "The ' inside the text ends it. Double it, or take away the outer quotes."
        source.problems.append(Problem(source.name, number + 1, column, "P102", sentence))
        inner = value[1:-1] if value.endswith("'") else value[1:]
        lines[number] = before + "'" + inner.replace("'", "''") + "'"
        return True
    if quote not in "'\"|>{[" and (": " in value or value.endswith(":")):
        at = column + value.index(":")
        sentence = (
            "A colon and a space inside text begin a new field. Put the text in single quotes, or write ：in Chinese."
        )
        source.problems.append(Problem(source.name, number + 1, at, "P104", sentence))
        lines[number] = before + "'" + value.replace("'", "''") + "'"
        return True
    return False


def _sentence(error: Any, lines: list[str], at: int) -> str:
    """The syntax error in plain words with its usual mend."""
    problem = str(error.problem or error.context or "")
    if "\t" in lines[at][: len(lines[at]) - len(lines[at].lstrip())] or "'\\t'" in problem:
        return "A tab indents this line. Use spaces, 2 for each step."
    if "too deeply" in problem:
        return "Values are nested too deeply here. A pack needs at most 30 steps."
    if "quoted scalar" in str(error.context or "") + problem:
        return "A quoted text begins here and never ends. Close the quote, or take both quotes away."
    if "anchor" in problem or "alias" in problem:
        return "& and * at the beginning of a value are reserved. Put the text in quotes."
    if "cannot start any token" in problem:
        return "This sign cannot begin a value. Put the text in single quotes."
    if "mapping values" in problem:
        return "A second colon stands here. Put the text in single quotes."
    if "undefined alias" in problem:
        return "* at the beginning of a value is reserved. Put the text in quotes."
    return (
        "The line does not fit what stands above it. Check indentation (2 spaces a step), a missing colon or bracket."
    )
