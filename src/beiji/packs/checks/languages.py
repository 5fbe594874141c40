"""Languages side by side: none missing, in one order, with the same digits and the same parameters."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from beiji.packs.library import Library
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.common import Header
from beiji.packs.strict import LANGUAGES
from beiji.packs.texts import TextAt, numbers_in, parameters_in, texts_of

SINGLE_FILES = ("scenarios", "instruments")
"""Folders in which a file is a pack by itself."""


def check_languages(library: Library) -> None:
    """P110, P111, P120, P121 and P122 for every text of every pack."""
    names: dict[str, set[str]] = {}
    for source in library.sources:
        header = header_of(library, source.path)
        of = header.id if header else ""
        if of not in names:
            names[of] = parameters_of(library, header)
        parameters = names[of]
        for text in texts_of(source):
            _complete(text, header)
            _in_order(text)
            _same_digits(text)
            _known_parameters(text, parameters)


def header_of(library: Library, path: Path) -> Header | None:
    """The header of the pack that a file belongs to: the one in the nearest folder above it."""
    best: tuple[int, Header] | None = None
    above = set(path.parents)
    for header, source in library.headers:
        folder = source.path.parent
        if source.path == path or (source.path.suffix and folder in above and folder.name not in SINGLE_FILES):
            depth = len(folder.parts) + (1 if source.path == path else 0)
            if best is None or depth > best[0]:
                best = (depth, header)
    return best[1] if best else None


def parameters_of(library: Library, header: Header | None) -> set[str]:
    """The parameters that texts of a pack may use: those of its standard, cards or template."""
    standard = library.standards.get(header.id) if header else None
    names = set(standard.parameters) if standard else set()
    for pack in (library.role_cards, library.plan_templates):
        names |= set(pack[header.id].parameters) if header and header.id in pack else set()
    if header and header.id in library.cities:
        for overlaid in library.standards.values():
            names |= set(overlaid.parameters)
    return names


def _complete(text: TextAt, header: Header | None) -> None:
    for language in LANGUAGES:
        promise = header.promises(language) if header else "full"
        needed = promise == "full" or (promise == "titles" and header is not None and is_titular(text, header))
        if needed and not text.words.get(language, "").strip():
            if language == "he" and promise == "full":
                mend = "Add it, or promise “he: titles” in pack.yaml." if not text.is_title else "Add it."
            else:
                mend = "Add it."
            text.source.add("P110", f"{text.name} has no {language}. {mend}", text.path)


def is_titular(text: TextAt, header: Header) -> bool:
    """Whether a text is among those that the promise `titles` holds for; of a list in such a field, each entry is."""
    last = [step for step in text.path if isinstance(step, str)][-1:]
    return bool(last) and last[0] in header.title_fields


def _in_order(text: TextAt) -> None:
    if text.flow and text.words:
        text.source.add("P111", f"{text.name} stands on one line. Give each language its own line.", text.path)
    wanted = tuple(language for language in LANGUAGES if language in text.order)
    if text.order != wanted:
        sentence = f"{text.name} has its languages as {', '.join(text.order)}. Write en, zh-Hans, he in this order."
        text.source.add("P111", sentence, text.path)


def _same_digits(text: TextAt) -> None:
    """P120 where both languages say a number and the numbers differ; a number said in one only is L12."""
    english = text.words.get("en")
    if english is None or text.same:
        return
    for language in LANGUAGES[1:]:
        other = text.words.get(language)
        if not other:
            continue
        only_here, only_there = difference(numbers_in(english), numbers_in(other))
        if only_here and only_there:
            mend = "Write the same digits, or one {{parameter}} in all."
            sentence = f"{text.name}: en says {', '.join(only_here)}, {language} {', '.join(only_there)}. {mend}"
            text.source.add("P120", sentence, text.at(language))
        here, there = set(parameters_in(english)), set(parameters_in(other))
        if here != there:
            names = ", ".join("{{" + name + "}}" for name in sorted(here ^ there))
            sentence = f"{text.name}: {names} stands in en or {language} but not in both. Use it in every language."
            text.source.add("P122", sentence, text.at(language))


def difference(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """What is left on each side when equal numbers are struck out, in order of appearance."""
    if one == other:
        return [], []
    left, right = Counter(one) - Counter(other), Counter(other) - Counter(one)
    return _kept(one, left), _kept(other, right)


def _kept(numbers: list[str], counts: Counter[str]) -> list[str]:
    lines = []
    remaining = Counter(counts)
    for number in numbers:
        if remaining[number] > 0:
            remaining[number] -= 1
            lines.append(number)
    return lines


def _known_parameters(text: TextAt, known: set[str]) -> None:
    for language, words in text.words.items():
        for name in sorted(set(parameters_in(words)) - known):
            mend = (
                did_you_mean(name, known) or " Add it to parameters: of the standard's pack.yaml, or write the number."
            )
            sentence = f"{text.name} uses {{{{{name}}}}}, which no parameter has as its name.{mend}"
            text.source.add("P121", sentence, text.path if text.same else text.at(language))
