"""Puts texts into the YAML of a pack: only the lines of a text are written anew, everything else stays to the letter.

What is written is read again; a file whose other content would differ by one sign is refused.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from beiji.packs.strict import LANGUAGES, LOADER, Source, read_text

Path_ = tuple[Any, ...]


class ApplyError(ValueError):
    """A text cannot be put into its file by a program; the sentence says what to do by hand."""


def with_texts(text: str, changes: Iterable[tuple[Path_, Mapping[str, str]]]) -> str:
    """`text` of a pack file with new words by language at each path. ApplyError where a hand is needed."""
    wanted = _expected(text, changes := list(changes))
    root = yaml.compose(text, Loader=LOADER)
    lines = text.split("\n")
    edits: list[tuple[int, int, list[str]]] = []
    for path, words in changes:
        edits += _edits(lines, _node(root, path), path, words)
    for first, last, new in sorted(edits, key=lambda edit: (edit[0], edit[1]), reverse=True):
        lines[first:last] = new
    result = "\n".join(lines)
    if _data(result) != wanted:
        raise ApplyError("its content would change elsewhere too. Write the text by hand.")
    return result


def _expected(text: str, changes: list[tuple[Path_, Mapping[str, str]]]) -> Any:
    """The data of the file as it must be afterwards."""
    data = copy.deepcopy(_data(text))
    for path, words in changes:
        place = data
        for step in path:
            place = place[step]
        now = dict.fromkeys(LANGUAGES, place.pop("all")) if "all" in place else {}
        place.update({**now, **words})
    return data


def _data(text: str) -> Any:
    source = Source(Path("text.yaml"), "text.yaml")
    read_text(text, source)
    if source.problems:
        raise ApplyError(f"{source.problems[0].sentence}")
    return source.data


def _node(node: Any, path: Path_) -> Any:
    """The mapping of a text."""
    for step in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[step]
        else:
            node = next(value for key, value in node.value if key.value == str(step))
    return node


def _edits(lines: list[str], node: Any, path: Path_, words: Mapping[str, str]) -> list[tuple[int, int, list[str]]]:
    """Lines to replace: (first, after the last, new lines); where first equals the other, lines are put in."""
    if node.flow_style:
        raise ApplyError("it stands on one line. Give each language its own line first.")
    pairs = {key.value: (key, value) for key, value in node.value}
    indent = " " * node.start_mark.column
    if "all" in pairs:
        key, value = pairs["all"]
        every = {**dict.fromkeys(LANGUAGES, value.value), **words}
        new = [line for language in LANGUAGES for line in _written(indent, language, every[language], block=False)]
        new[0] += _comment_after(lines, value)
        return [(*_extent(lines, key, value), _after_dash(lines, key, new))]
    edits = []
    for language in [one for one in LANGUAGES if one in words]:
        if language in pairs:
            key, value = pairs[language]
            new = _written(indent, language, words[language], block=value.style in ("|", ">"))
            new[-1] += _comment_after(lines, value)
            edits.append((*_extent(lines, key, value), _after_dash(lines, key, new)))
        else:
            before = [pairs[one] for one in LANGUAGES[: LANGUAGES.index(language)] if one in pairs]
            block = any(value.style in ("|", ">") for _, value in pairs.values())
            at = _extent(lines, *before[-1])[1] if before else node.start_mark.line
            edits.append((at, at, _written(indent, language, words[language], block=block)))
    return edits


def _after_dash(lines: list[str], key: Any, new: list[str]) -> list[str]:
    """New lines that keep the dash of a list where the text is the first of its entry."""
    start = lines[key.start_mark.line][: key.start_mark.column]
    return [start + new[0].lstrip(" "), *new[1:]] if start.strip() else new


def _extent(lines: list[str], key: Any, value: Any) -> tuple[int, int]:
    """First line of a language and the line after its last; blank lines and comments behind it are not its own."""
    first, last = key.start_mark.line, value.end_mark.line
    if value.end_mark.column > 0 and last < len(lines):
        last += 1
    last = max(last, first + 1)
    while last > first + 1 and (not lines[last - 1].strip() or _is_comment(lines[last - 1], key)):
        last -= 1
    return first, last


def _is_comment(line: str, key: Any) -> bool:
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= key.start_mark.column


def _comment_after(lines: list[str], value: Any) -> str:
    """A comment on the line on which a plain or quoted text ends; it stays."""
    if value.style in ("|", ">"):
        return ""
    rest = lines[value.end_mark.line][value.end_mark.column :]
    return rest.rstrip() if rest.strip().startswith("#") else ""


def _written(indent: str, language: str, words: str, *, block: bool) -> list[str]:
    """A language with its words: plain where that reads back alike, else in quotes; long texts as they were, in a block."""
    if block:
        return [f"{indent}{language}: >-", f"{indent}  {words}"]
    for form in (words, "'" + words.replace("'", "''") + "'"):
        line = f"{indent}{language}: {form}"
        source = Source(Path("line.yaml"), "line.yaml")
        read_text(line, source)
        if not source.problems and source.data == {language: words}:
            return [line]
    return [f"{indent}{language}: >-", f"{indent}  {words}"]
