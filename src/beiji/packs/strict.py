"""The strict reader: the small part of YAML that a tired editor cannot get wrong unnoticed.

Plain PyYAML turns `12:30` into 750, `no` into False, `010` into 8 and lets the last of two equal keys win. Here only
integers, decimals and true/false are typed, everything else stays the text that was written; a repeated key, an anchor,
an alias, a tag or a second document is refused; every value keeps its line and column. A file with several faults
yields several problems, never a traceback.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from beiji.packs import mending
from beiji.packs.problems import Place, Problem, shown_path

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 2_000_000
MAX_DEPTH = 30
LANGUAGES = ("en", "zh-Hans", "he")

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\Z")
CUT_BY_HASH = re.compile(r"[ \t]+#[^\s#]")


@dataclass(slots=True)
class Node:
    """A value with its place. `children` maps a key or position to (place of the key, node)."""

    place: Place
    value: Any = None
    children: dict[Any, tuple[Place, Node]] | None = None
    flow: bool = False
    plain: bool = False


@dataclass(slots=True)
class Source:
    """One file as read: plain data, the same as nodes with places, and what the reader found wrong."""

    path: Path
    name: str
    data: Any = None
    node: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    texts: tuple[Any, ...] | None = None
    """Every text of the file once `texts.texts_of` has looked for them; many rules ask."""

    def walk(self, path: tuple[Any, ...]) -> Iterator[tuple[Any, Place, Node]]:
        """Key, place of the key and node for each step of `path` that exists; steps that do not are left out."""
        node = self.node
        for step in path:
            if node is None or node.children is None or step not in node.children:
                continue
            key_place, node = node.children[step]
            yield step, key_place, node

    def place(self, path: tuple[Any, ...] = (), *, of_key: bool = False) -> Place:
        """Where the value at `path` (or its key) stands; the nearest enclosing one if it does not exist."""
        place = self.node.place if self.node else Place(1, 1)
        for _, key_place, node in self.walk(path):
            place = key_place if of_key else node.place
        return place

    def item(self, path: tuple[Any, ...]) -> str:
        """The `id` of the nearest enclosing thing that has one, for use in sentences."""
        key = ""
        nodes = [self.node] if self.node else []
        nodes += [node for _, _, node in self.walk(path)]
        for node in nodes:
            if node.children and "id" in node.children:
                value = node.children["id"][1].value
                key = str(value) if value is not None else key
        return key

    def add(
        self, code: str, sentence: str, path: tuple[Any, ...] = (), *, of_key: bool = False, warning: bool = False
    ) -> Problem:
        """Note a problem at `path` and return it."""
        line, column = self.place(path, of_key=of_key)
        problem = Problem(self.name, line, column, code, sentence, self.item(path), warning)
        self.problems.append(problem)
        return problem


def not_plain(path: Path) -> str:
    """Why `path` is neither a file nor a folder of its own, as a sentence; empty when it is one, or is not there.

    A pipe would be waited for, a device read without end, and a link leads out of the pack, past its hash.
    """
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return ""
    if stat.S_ISLNK(mode):
        return "This is a link to somewhere else. Put the file or folder itself here."
    word = "pipe" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"
    return f"This is a {word}, not a file. Take it away."


def read(path: Path, root: Path | None = None) -> Source:
    """Read one pack file. Faults are in `.problems`; `.data` is None only when nothing could be made of the file."""
    source = Source(path, shown_path(path, root))
    sentence = not_plain(path)
    if sentence:
        source.problems.append(Problem(source.name, 1, 1, "P119", sentence))
        return source
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        source.problems.append(
            Problem(source.name, 1, 1, "P119", f"The file cannot be read: {reason}. Check path and rights.")
        )
        return source
    if len(raw) > MAX_BYTES:
        sentence = f"The file has {len(raw)} bytes; a pack file has at most {MAX_BYTES}. Split it by domain."
        source.problems.append(Problem(source.name, 1, 1, "P119", sentence))
        return source
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        source.problems.append(
            Problem(source.name, line, column, "P119", "This byte is not UTF-8. Save the file as UTF-8.")
        )
        return source
    read_text(text.replace("\r\n", "\n"), source)
    return source


def read_text(text: str, source: Source) -> None:
    """Fill `source` from `text`. A line that breaks the syntax is named, mended in memory and read on, so that one
    forgotten quote does not hide the other faults."""
    lines = text.split("\n")
    for _ in range(200):
        try:
            _Builder(source, lines).build("\n".join(lines))
            break
        except yaml.MarkedYAMLError as error:
            source.problems = [p for p in source.problems if p.code in mending.CODES]
            if not mending.mend(error, lines, source):
                break
        except yaml.YAMLError as error:
            at = getattr(error, "position", 0) or 0
            line = text.count("\n", 0, at) + 1
            sentence = "A control character stands here that no text may hold. Delete it."
            source.problems.append(Problem(source.name, line, 1, "P119", sentence))
            break
    source.problems.sort()


def typed(text: str) -> Any:
    """The value of an unquoted scalar: int, Decimal, bool, None when empty, else the text itself."""
    if text == "true":
        return True
    if text == "false":
        return False
    if text == "":
        return None
    first = text[0]
    if first in "-0123456789":
        if INTEGER.match(text):
            return int(text)
        if DECIMAL.match(text):
            return Decimal(text)
    return text


class _Builder:
    """Turns parser events into data and nodes, one pass."""

    def __init__(self, source: Source, lines: list[str]) -> None:
        self.source = source
        self.lines = lines
        self.events: Iterator[Any] = iter(())

    def build(self, text: str) -> None:
        self.events = yaml.parse(text, Loader=LOADER)
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note(event.start_mark, "P112", "A second document begins here. Give each its own file.")
                    break
                first = next(self.events)
                self.source.data, self.source.node = self._value(first, 0)
        if self.source.data is None and not self.source.problems:
            self.source.problems.append(
                Problem(self.source.name, 1, 1, "P115", "The file is empty. Write it or delete it.")
            )

    def _note(self, mark: Any, code: str, sentence: str) -> None:
        problem = Problem(self.source.name, mark.line + 1, mark.column + 1, code, sentence)
        self.source.problems.append(problem)

    def _value(self, event: Any, depth: int) -> tuple[Any, Node]:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            self._note(mark, "P112", f"*{event.anchor} repeats another place of the file. Write the value out here.")
            return None, Node(Place(mark.line + 1, mark.column + 1))
        if event.anchor:
            self._note(mark, "P112", f"&{event.anchor} is an anchor. Write the value out where it is needed.")
        if event.tag and event.tag != "!":
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._note(mark, "P112", f"{shown} is a tag. Take it away; the schema knows the type.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth >= MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, "nested too deeply", mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _scalar(self, event: Any) -> tuple[Any, Node]:
        mark = event.start_mark
        plain = bool(event.implicit[0]) and event.style in (None, "")
        value: Any = event.value
        if plain:
            value = typed(value)
            if isinstance(value, str):
                self._look_at_plain(event)
        return value, Node(Place(mark.line + 1, mark.column + 1), value, plain=plain)

    def _look_at_plain(self, event: Any) -> None:
        if CLOCK.match(event.value):
            sentence = f'{event.value} without quotes is a number elsewhere. Write "{event.value}".'
            self._note(event.start_mark, "P109", sentence)
        end = event.end_mark
        if end.line < len(self.lines) and CUT_BY_HASH.match(self.lines[end.line], end.column):
            sentence = (
                "The text is cut here: a space and # begin a comment. Put the text in quotes, or write # and a space."
            )
            self._note(end, "P105", sentence)

    def _sequence(self, start: Any, depth: int) -> tuple[Any, Node]:
        data: list[Any] = []
        place = Place(start.start_mark.line + 1, start.start_mark.column + 1)
        node = Node(place, children={}, flow=bool(start.flow_style))
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            value, child = self._value(event, depth + 1)
            assert node.children is not None
            node.children[len(data)] = (child.place, child)
            data.append(value)
        return data, node

    def _mapping(self, start: Any, depth: int) -> tuple[Any, Node]:
        data: dict[Any, Any] = {}
        children: dict[Any, tuple[Place, Node]] = {}
        place = Place(start.start_mark.line + 1, start.start_mark.column + 1)
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key, key_node = self._value(event, depth + 1)
            value, child = self._value(next(self.events), depth + 1)
            if key_node.children is not None or key is None or isinstance(key, bool | Decimal):
                self._note(event.start_mark, "P116", "A field name must be a word or a whole number. Put it in quotes.")
                continue
            if key in children:
                first = children[key][0].line
                item = data.get("id")
                of = f" of {item}" if isinstance(item, str) else ""
                sentence = f'"{key}"{of} is given twice (first on line {first}). Keep one.'
                self._note(event.start_mark, "P101", sentence)
                continue
            children[key] = (key_node.place, child)
            data[key] = value
        return data, Node(place, children=children, flow=bool(start.flow_style))
