"""Linters across languages: lengths, digits and approved terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from beiji.packs.checks.languages import difference
from beiji.packs.library import Library
from beiji.packs.lint.base import Finding, Rule
from beiji.packs.schemas.glossary import Term
from beiji.packs.texts import TextAt, numbers_in, texts_of

SHORTEST = 60
RATIOS = {"zh-Hans": (0.17, 0.60), "he": (0.45, 1.15)}


def all_texts(library: Library) -> Iterator[TextAt]:
    """Every text of every source."""
    for source in library.sources:
        yield from texts_of(source)


class LengthOutOfRange(Rule):
    """A translation is much shorter or longer than its English.

    Why: in real interface catalogues the characters of Chinese are 0.17 to 0.60 and of Hebrew 0.45 to 1.15 of the
    English ones (texts of 60 characters and more). Outside that range a clause was lost or added.

    Bad:

        - id: X-1
          title:
            en: The triage officer of each shift is named on the roster that hangs beside the entrance of the department.
            zh-Hans: 有名单。

    Good:

        - id: X-1
          title:
            en: The triage officer of each shift is named on the roster that hangs beside the entrance of the department.
            zh-Hans: 急诊科入口旁张贴的排班表上写明每班的检伤组长姓名。

    Exceptions: texts that quote a fixed form of words.
    """

    code = "L11"
    warning = True

    def look(self, library: Library) -> Iterator[Finding]:
        for text in all_texts(library):
            english = text.words.get("en", "")
            if len(english) < SHORTEST or text.same:
                continue
            for language, (low, high) in RATIOS.items():
                other = text.words.get(language)
                if other and not low <= len(other) / len(english) <= high:
                    ratio = len(other) / len(english)
                    sentence = (
                        f"{text.name}: {language} has {ratio:.2f} of the characters of en; {low:.2f} to {high:.2f} is usual. "
                        "Look whether something was lost or added."
                    )
                    yield Finding(text.source, text.at(language), sentence)


class NumberMissing(Rule):
    """A number stands in digits in one language and not in another.

    Why: numbers are what the reader acts on, and digits are what can be compared. Digits stay digits in every
    language; a number word hides a difference. (Two different numbers are P120.)

    Bad:

        - id: X-1
          title:
            en: 3 staff stand at the door.
            zh-Hans: 三名人员在门口。

    Good:

        - id: X-1
          title:
            en: 3 staff stand at the door.
            zh-Hans: 3名人员在门口。

    Exceptions: a name that holds a number in one language only (120急救中心 is "ambulance centre").
    """

    code = "L12"

    def look(self, library: Library) -> Iterator[Finding]:
        for text in all_texts(library):
            english = text.words.get("en")
            if english is None or text.same:
                continue
            for language in RATIOS:
                other = text.words.get(language)
                if not other:
                    continue
                here, there = difference(numbers_in(english), numbers_in(other))
                if bool(here) == bool(there):
                    continue
                where, numbers, lacking = ("en", here, language) if here else (language, there, "en")
                sentence = (
                    f"{text.name}: {where} says {', '.join(numbers)} in digits, {lacking} does not. "
                    "Write the digits in every language."
                )
                yield Finding(text.source, text.at(language), sentence)


class TermMissing(Rule):
    """A glossary term stands in English and its approved word is absent, or a forbidden one is used.

    Why: one thing has one word; a second word makes the reader look for a second thing. Some words mislead: דחוף is
    the first class at an Israeli scene and never yellow.

    Bad:

        - id: X-1
          title:
            en: The triage officer stands at the door.
            zh-Hans: 检伤官站在门口。

    Good:

        - id: X-1
          title:
            en: The triage officer stands at the door.
            zh-Hans: 检伤组长站在门口。

    Exceptions: the English word in its everyday sense; better, put the other rendering under `also:` of the term.
    """

    code = "L13"
    warning = True

    def look(self, library: Library) -> Iterator[Finding]:
        terms = [term for glossary in library.glossaries.values() for term in glossary.terms.values()]
        if not terms:
            return
        spotter = _Spotter(terms)
        for text in all_texts(library):
            english = text.words.get("en")
            if english is None or text.same or "glossary" in text.source.path.parts:
                continue
            for word in spotter.words_in(english):
                yield from self._approved(text, spotter.terms[word])

    def _approved(self, text: TextAt, terms: list[Term]) -> Iterator[Finding]:
        for language in RATIOS:
            words = text.words.get(language)
            if not words:
                continue
            for term in terms:
                for wrong in term.forbidden.get(language, ()):
                    if wrong in words and not any(
                        wrong in good and good in words for good in renderings(term, language)
                    ):
                        sentence = f"{text.name}: {language} says {wrong} for “{term.en}”. Write {term.as_dict().get(language)}."
                        yield Finding(text.source, text.at(language), sentence)
            approved = [word for term in terms for word in renderings(term, language)]
            if approved and not any(_stands_in(word, words) for word in approved):
                sentence = (
                    f"{text.name}: en says “{terms[0].en}”, {language} has none of {', '.join(dict.fromkeys(approved))}. "
                    "Use the approved word, or add this one to also: of the term."
                )
                yield Finding(text.source, text.at(language), sentence)


FINAL_LETTERS = str.maketrans("ךםןףץ", "כמנפצ")


ARTICLE = re.compile(r"(?<![א-ת])([ובלכמש]{0,2})ה(?=[א-ת]{2})")


def _stem(words: str) -> str:
    """Hebrew without final letter forms and articles, so that an inflected term is still found; else unchanged."""
    return ARTICLE.sub(r"\1", words.translate(FINAL_LETTERS))


def _stands_in(word: str, words: str) -> bool:
    """Whether an approved word stands in a text, in Hebrew also with article, ending or construct state."""
    if word in words:
        return True
    stem = _stem(words)
    return _root(word) in stem or word.translate(FINAL_LETTERS) in stem


@lru_cache(maxsize=1 << 12)  # approved words, each asked of many texts
def _root(word: str) -> str:
    """The stem of an approved word, a last ה or ת open, since both begin a construct state."""
    stem = _stem(word)
    return stem[:-1] if len(stem) > 3 and stem[-1] in "הת" else stem


def renderings(term: Term, language: str) -> list[str]:
    """The approved words of a term: those separated by / or ; and those in `also`, without bracketed notes."""
    main = term.as_dict().get(language, "")
    words = [*re.split(r"[/;；]", re.sub(r"[(（][^)）]*[)）]", "", main)), *term.also.get(language, ())]
    return [word.strip() for word in words if word.strip()]


WORD = re.compile(r"[\w-]+")
PLURAL = r"(?:s|es)?(?![\w-])"


class _Spotter:
    """Finds approved English terms, the longest first. Few terms begin with a given word, so few are tried at each."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms: dict[str, list[Term]] = {}
        for term in terms:
            if "(" in term.en:
                continue  # a word that is a term in one sense only, such as "standard (of assessment)"
            for word in renderings(term, "en"):
                self.terms.setdefault(word.casefold().lstrip('"“'), []).append(term)
        beginning: dict[str, list[str]] = {}
        for word in sorted(self.terms, key=len, reverse=True):
            match = WORD.match(word)
            first = match.group() if match else word
            for form in (first, first + "s", first + "es"):
                beginning.setdefault(form, []).append(re.escape(word))
        self.beginning = {form: re.compile(rf"({'|'.join(words)}){PLURAL}") for form, words in beginning.items()}

    def words_in(self, english: str) -> list[str]:
        """The terms of a text, each once, in order of appearance; a term inside a longer one is not counted."""
        text = english.casefold()
        found: dict[str, None] = {}
        reached = 0
        for start in WORD.finditer(text):
            candidates = self.beginning.get(start.group())
            match = candidates.match(text, start.start()) if candidates and start.start() >= reached else None
            if match:
                found[match.group(1)] = None
                reached = match.end()
        return list(found)
