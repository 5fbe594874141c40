"""Linters of signs and skeletons: what looks right on the screen and is wrong in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from beiji.packs.library import Library
from beiji.packs.lint.base import Finding, Rule
from beiji.packs.lint.words import all_texts
from beiji.packs.problems import Place, shown_path
from beiji.packs.strict import LANGUAGES, Node, Source

SIGNS = {
    "\u00a0": "a no-break space", "\u202f": "a narrow no-break space", "\u2007": "a figure space",
    "\u200b": "a zero-width space", "\ufeff": "a byte-order mark", "\u200e": "a left-to-right mark",
    "\u200f": "a right-to-left mark", "\u202a": "a bidi control", "\u202b": "a bidi control",
    "\u202c": "a bidi control", "\u202d": "a bidi control", "\u202e": "a bidi control", "\u2066": "a bidi control",
    "\u2067": "a bidi control", "\u2068": "a bidi control", "\u2069": "a bidi control",
}  # fmt: skip
INVISIBLE = re.compile("[" + "".join(SIGNS) + "０-９]")
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
SKELETON = re.compile(r"^(?:(#{1,6}) .*?(\{#[\w-]+\})?\s*$|(\s*)(?:[-*+]|\d+[.)]) |(\|)|(!\[)|(```)|(> ))")


class EqualOrTraditional(Rule):
    """A translation equals the English, or Chinese holds traditional characters.

    Why: nobody can tell an untranslated line from one that is meant to be equal; `all:` says that it is meant.
    The packs promise simplified characters (zh-Hans).

    Bad:

        - id: X-1
          title:
            en: METHANE
            zh-Hans: METHANE
            he: METHANE

    Good:

        - id: X-1
          title:
            all: METHANE

    Exceptions: a rare simplified character that the older national set lacks.
    """

    code = "L14"

    def look(self, library: Library) -> Iterator[Finding]:
        for text in all_texts(library):
            english = text.words.get("en", "").strip()
            for language in LANGUAGES[1:]:
                words = text.words.get(language, "").strip()
                if words and words == english and not text.same:
                    sentence = f"{text.name}: {language} equals en. Translate it, or write all: where it is meant."
                    yield Finding(text.source, text.at(language), sentence)
            chinese = "" if text.same else text.words.get("zh-Hans", "")
            traditional = sorted({sign for sign in IDEOGRAPH.findall(chinese) if is_traditional(sign)})
            if traditional:
                sentence = f"{text.name}: zh-Hans holds traditional characters ({'、'.join(traditional)}). Write simplified ones."
                yield Finding(text.source, text.at("zh-Hans"), sentence)


@cache
def is_traditional(sign: str) -> bool:
    """Whether an ideograph is in the traditional standard set (Big5) and not in the simplified one (GB 2312)."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        try:
            sign.encode("big5")
        except UnicodeEncodeError:
            return False
        return True
    return False


class InvisibleSigns(Rule):
    """A text holds an invisible control, a no-break space or full-width digits.

    Why: direction marks pasted from a word processor turn numbers round in print; the page isolates names and codes
    itself. Full-width digits escape search and the digit rule.

    Bad:

        - id: X-1
          title:
            en: 15 beds
            zh-Hans: １５张床

    Good:

        - id: X-1
          title:
            en: 15 beds
            zh-Hans: 15张床

    Exceptions: none are known.
    """

    code = "L15"

    def look(self, library: Library) -> Iterator[Finding]:
        for text in all_texts(library):
            for language, words in text.words.items():
                found = INVISIBLE.search(words)
                if found:
                    sign = SIGNS.get(found.group(), f"the full-width digit {found.group()}")
                    around = words[max(0, found.start() - 8) : found.end() + 8].replace(found.group(), "·")
                    path = text.path if text.same else text.at(language)
                    sentence = f"{text.name}: {language} holds {sign} near “{around}”. Delete it and type it plainly."
                    yield Finding(text.source, path, sentence)


class SkeletonsDiffer(Rule):
    """The Markdown files of one text differ in skeleton: headings, section ids, lists, tables, pictures.

    Why: a reader who changes the language must find the same sections and steps; a missing list item is a missing
    order. Section ids `{#clear}` are also what links and search results point to.

    Bad: `text.en.md` has `## Clear {#clear}` with 3 list items, `text.zh-Hans.md` the heading with 2.

    Good: the same headings with the same ids, and as many items, rows and pictures, in the same order.

    Exceptions: none are known.
    """

    code = "L16"

    def look(self, library: Library) -> Iterator[Finding]:
        for english in sorted(library.root.rglob("*.en.md")):
            stem = english.name.removesuffix(".en.md")
            wanted = skeleton(english.read_text(encoding="utf-8"))
            for language in LANGUAGES[1:]:
                path = english.with_name(f"{stem}.{language}.md")
                if path.is_file():
                    yield from self._compare(library, english, wanted, path)

    def _compare(self, library: Library, english: Path, wanted: list[tuple[str, int]], path: Path) -> Iterator[Finding]:
        folded = skeleton(path.read_text(encoding="utf-8"))
        one, other = [mark for mark, _ in wanted], [mark for mark, _ in folded]
        if one == other:
            return
        for tag, first, _, second, _ in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            if tag != "equal":
                there = folded[second][1] if second < len(folded) else (folded[-1][1] if folded else 1)
                here = f"line {wanted[first][1]} ({one[first]})" if first < len(one) else "the end"
                source = _markdown_source(library, path, there)
                sentence = f"The skeleton differs from {english.name} at its {here}. Give both the same headings, lists and tables."
                yield Finding(source, (), sentence)
                return


def skeleton(text: str) -> list[tuple[str, int]]:
    """Marks of the structure of a Markdown text with their lines: headings with level and id, items, tables, pictures."""
    marks = []
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        match = SKELETON.match(line)
        if not match:
            continue
        heading, anchor, indent, table, picture, fence, quote = match.groups()
        if fence:
            fenced = not fenced
        if fenced and not fence:
            continue
        if heading:
            marks.append((f"{heading} {anchor or ''}".strip(), number))
        elif indent is not None:
            marks.append((f"item at depth {len(indent) // 2}", number))
        else:
            marks.append((next(sign for sign in (table, picture, fence, quote) if sign), number))
    return marks


def _markdown_source(library: Library, path: Path, line: int) -> Source:
    """A source for a Markdown file, so that its findings are printed with the others."""
    source = Source(path, shown_path(path, library.root.parent), node=Node(Place(line, 1)))
    library.sources.append(source)
    return source
