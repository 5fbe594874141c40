"""Keep the catalogues in step with the texts: `python -m beiji.ui.messages [--check]`.

Texts are read from Python (Babel) and from Django templates (turned into calls by Django, then read by Babel's tolerant
JavaScript reader). A message that several rooms use is translated once: in `ui`, else where it already is, else in the
first of them. Existing translations are kept; what is no longer used is dropped. `--check` writes nothing and ends with 1 if a
message is missing, fuzzy, out of date or differs in its named parts.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from beiji.ui.catalogues import LOCALES

PACKAGE = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_NAMED = re.compile(r"%\((\w+)\)[sd]")
#: A part that is filled in when the text is shown: %(count)s, or {count}.
_PART = re.compile(r"%\(\w+\)[sd]|\{[^{}\s]*\}")
Key = tuple[str | None, str]


@dataclass
class Found:
    """A message of the sources: context, singular, plural and the files (never lines) of its own room that use it."""

    context: str | None
    singular: str
    plural: str | None
    files: list[str] = field(default_factory=list)

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def rooms(package: Path = PACKAGE) -> list[str]:
    """Folders that may hold texts, in order; `ui` first because its words are everybody's."""
    names = sorted(p.name for p in package.iterdir() if p.is_dir() and (p / "__init__.py").is_file())
    return sorted(names, key=lambda name: (name != "ui", name))


def read_sources(room: str, package: Path = PACKAGE) -> Iterator[tuple[str, str | None, str, str | None]]:
    """(file, context, singular, plural) of every text in one room."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    for path in sorted((package / room).rglob("*")):
        if "__pycache__" in path.parts or path.suffix not in (".py", ".html", ".txt"):
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        source, method = path.read_text(encoding="utf-8"), "python"
        if path.suffix != ".py":
            source, method = templatize(source, origin=str(path)), "javascript"
        for _line, message, _comments, context in extract(
            method, io.BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"}
        ):
            singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
            if singular:
                yield path.relative_to(package).as_posix(), context, singular, plural


def messages_by_room(package: Path = PACKAGE) -> dict[str, dict[Key, Found]]:
    """Every message once, under its home. A plural form wins over the same text without one."""
    uses: dict[Key, dict[str, Found]] = defaultdict(dict)
    for room in rooms(package):
        for file, context, singular, plural in read_sources(room, package):
            item = uses[(context, singular)].setdefault(room, Found(context, singular, None))
            item.plural = item.plural or plural
            if file not in item.files:
                item.files.append(file)
    translated = {room: _translated(room, package) for room in rooms(package)}
    messages: dict[str, dict[Key, Found]] = defaultdict(dict)
    for key, by_room in uses.items():
        home = _home(key, list(by_room), translated)
        item = by_room[home]
        item.plural = next((other.plural for other in by_room.values() if other.plural), None)
        messages[home][key] = item
    return messages


def _home(key: Key, using: list[str], translated: dict[str, set[Key]]) -> str:
    """Where a message is translated: in `ui` if that uses it, else where it already is, else in the first room."""
    if using[0] == "ui":
        return "ui"
    return next((room for room in using if key in translated[room]), using[0])


def _translated(room: str, package: Path) -> set[Key]:
    """What a room's catalogues already say in any language."""
    return {
        key_of(message)
        for locale in LOCALES
        for message in load(package / room / "locale" / f"{locale}.po", locale)
        if message.id and message.string
    }


def key_of(message: Message) -> Key:
    """What makes a message the same message: its context and its singular."""
    return message.context, message.id[0] if isinstance(message.id, tuple | list) else message.id


def load(path: Path, locale: str) -> Catalog:
    """A catalogue of the repository, or an empty one."""
    if not path.is_file():
        return Catalog(locale=locale)
    with path.open("rb") as handle:
        return read_po(handle, locale=locale)


def updated(messages: dict[Key, Found], old: Catalog, elsewhere: dict[Key, Message], locale: str) -> Catalog:
    """The catalogue that belongs to `found`: old translations kept, also those that stood in another room until now."""
    fresh = Catalog(
        locale=locale, project="Beiji", version="", copyright_holder="", header_comment="# Beiji\n", charset="utf-8"
    )
    for item in sorted(messages.values(), key=lambda it: (it.files[0], it.singular)):
        known = old.get(item.id, item.context) or elsewhere.get((item.context, item.singular))
        flags = {"python-format"} if _NAMED.search(item.singular) else set()
        string = _carried(known, bool(item.plural), fresh.num_plurals) if known is not None else ""
        if known is not None and known.fuzzy:
            flags.add("fuzzy")
        places: list[Any] = [(file, None) for file in item.files[:3]]  # no line numbers: they change with every edit
        fresh.add(item.id, string, locations=places, context=item.context, flags=flags)
    return fresh


def _carried(known: Message, plural: bool, forms: int) -> str | tuple[str, ...]:
    """An old translation in the shape that the text asks for now; forms that nobody has written yet stay empty."""
    strings = (known.string,) if isinstance(known.string, str) else tuple(known.string or ())
    if not plural:
        return strings[0] if strings else ""
    return (*strings, *[""] * forms)[:forms]


def written(catalogue: Catalog) -> str:
    """A catalogue as text without dates, so that it changes only when a text does."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, omit_header=True, include_lineno=False, sort_output=False)
    language = str(catalogue.locale)
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return head + out.getvalue().decode("utf-8").lstrip("\n")


def problems_of(catalogue: Catalog, where: str) -> list[str]:
    """What a reader would notice: missing, fuzzy, or other named parts than the English text."""
    out = []
    for message in catalogue:
        if not message.id:
            continue
        singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
        if not all(strings):
            out.append(f"{where}: no translation of {singular!r}")
        elif message.fuzzy:
            out.append(f"{where}: translation of {singular!r} is marked fuzzy")
        else:
            out += [f"{where}: translation of {singular!r} {fault}" for fault in _faults_of_parts(message, strings)]
    return out


def _faults_of_parts(message: Message, strings: list[str]) -> Iterator[str]:
    """Parts of the text that a translation lacks or invents. A plural form may leave its number out: "one hospital"."""
    texts = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    wanted = set(_PART.findall(" ".join(texts)))
    for string in strings:
        parts = set(_PART.findall(string))
        if unknown := parts - wanted:
            yield f"names {', '.join(sorted(unknown))}, which the text does not"
        if len(texts) == 1 and (missing := wanted - parts):
            yield f"leaves out {', '.join(sorted(missing))}"


def texts_of(catalogue: Catalog) -> set[tuple[str | None, object]]:
    """The English texts of a catalogue; how it is laid out does not matter."""
    return {(m.context, tuple(m.id) if isinstance(m.id, tuple | list) else m.id) for m in catalogue if m.id}


def conflicts(catalogues: dict[str, Catalog], locale: str) -> list[str]:
    """Messages that two rooms translate differently."""
    seen: dict[tuple[str | None, str], tuple[str, object]] = {}
    out = []
    for room, catalogue in catalogues.items():
        for message in catalogue:
            if not message.id or not message.string:
                continue
            singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
            first = seen.setdefault((message.context, singular), (room, message.string))
            if first[1] != message.string:
                out.append(f"{locale}: {first[0]} and {room} translate {singular!r} differently")
    return out


def run(check: bool, package: Path = PACKAGE, only: tuple[str, ...] = ()) -> list[str]:
    """Update (or with `check` only compare) all catalogues and list the problems that remain."""
    messages = messages_by_room(package)
    problems: list[str] = []
    for locale in LOCALES:
        old = {room: load(package / room / "locale" / f"{locale}.po", locale) for room in rooms(package)}
        problems += conflicts(old, locale)
        elsewhere = {key_of(m): m for catalogue in old.values() for m in catalogue if m.id and m.string}
        for room in rooms(package):
            path = package / room / "locale" / f"{locale}.po"
            if only and room not in only:
                continue
            if not messages.get(room):
                if path.is_file() and not check:
                    path.unlink()
                continue
            fresh = updated(messages[room], old[room], elsewhere, locale)
            problems += problems_of(fresh, f"{room}/locale/{locale}.po")
            if check and texts_of(fresh) != texts_of(old[room]):
                problems.append(f"{room}/locale/{locale}.po is out of date: run python -m beiji.ui.messages {room}")
            elif not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(written(fresh), encoding="utf-8")
    return problems


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m beiji.ui.messages", description="Extract texts and update the catalogues of the rooms."
    )
    parser.add_argument("rooms", nargs="*", help="rooms to update; all without")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; end with 1 if anything is missing, fuzzy or out of date"
    )
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.rooms) - set(rooms()):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    problems = run(chosen.check, only=tuple(chosen.rooms))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} to mend" if problems else "every text has its translations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
