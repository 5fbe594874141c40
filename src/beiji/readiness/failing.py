"""What a measured miss is called: the standard's own failure title, with the target in force and the numbers measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from beiji.packs.overlay import TARGET, range_words
from beiji.programme.models import City
from beiji.ui.languages import LANGUAGES

from .book import Book, size_class
from .methodology import Question
from .models import Evidence, Indicator
from .queries import Gap, Picture, texts_of
from .rules.counting import Lack, SharedGap
from .rules.facts import edition_in_force, targets_on
from .rules.rows import Proof, State

MEASURED = (Proof.EXERCISED, Proof.PERFORMED)


@dataclass(frozen=True)
class Failure:
    """`titles`: language (pack code) → words with the target. `values`: the numbers that missed it, sorted; none for
    what has no number."""

    titles: Mapping[str, str]
    values: tuple[Fraction, ...]
    unit: str


def failures_of(picture: Picture, gaps: Collection[SharedGap]) -> dict[str, Failure]:
    """Indicator → failure, of those gaps that were measured somewhere."""
    return failures(picture, {g.indicator: g.lacking[Lack.MEASURED] for g in gaps})


def failures_at(picture: Picture, gaps: Collection[Gap]) -> dict[str, Failure]:
    """Indicator → failure, of those gaps of one hospital that were measured."""
    return failures(picture, {g.question.code: (g.subject.code,) for g in gaps if g.lack is Lack.MEASURED})


def failures(picture: Picture, measured: Mapping[str, Collection[str]]) -> dict[str, Failure]:
    """Indicator → its failure in these hospitals (codes), where it was measured and missed.

    An indicator without hospitals, or of a standard that gives it no failure title, is left out: what nobody measured is
    not told as if somebody had. Hospitals of several classes give the range of their targets. At most six queries.
    """
    wanted = {code: set(hospitals) for code, hospitals in measured.items() if hospitals}
    if not wanted or picture.method is None:
        return {}
    titles = {code: texts.get("failure") for code, texts in texts_of(picture.method, wanted).items()}
    questions = {q.code: q for asked in picture.questions.values() for q in asked if q.code in wanted}
    book = Book(picture.city, {q.indicator.capability_id for q in questions.values()})
    values = _values(picture, wanted, questions)
    found = {}
    for code, question in questions.items():
        words, edition = titles.get(code), book.edition_on(question.capability, picture.day, picture.known_at)
        if words and edition is not None:
            targets = _targets(picture, book, question, wanted[code], edition.unit)
            found[code] = Failure(_filled(words, targets), tuple(sorted(values.get(code, ()))), edition.unit)
    return found


def _filled(words: Mapping[str, str], targets: Collection[Fraction]) -> dict[str, str]:
    """A failure title in every language with the range of these targets."""
    return {
        language.pack: words[language.pack].replace(TARGET, range_words(targets, language.pack) if targets else "")
        for language in LANGUAGES
    }


def title_for_every_class(indicator: Indicator, city: City) -> dict[str, str]:
    """The failure title with the range of the newest targets of all classes, as a reviewer reads it; nothing without one."""
    words = indicator.texts.get("failure")
    if not words:
        return {}
    newest = Book(city, [indicator.capability_id]).entries[indicator.capability.code][-1]
    latest = {step.size: step.values for step in newest.targets}
    scale = 100 if newest.edition.unit == "share" else 1
    return _filled(words, {Fraction(number) * scale for values in latest.values() for number in values.values()})


def _targets(picture: Picture, book: Book, question: Question, hospitals: Collection[str], unit: str) -> set[Fraction]:
    """The targets of these hospitals, shares in per cent."""
    numbers = set()
    for subject in picture.subjects:
        if subject.code in hospitals:
            facts = book.facts(question.capability, size_class(subject))
            edition = edition_in_force(facts, picture.day, picture.known_at)
            numbers |= (
                set(targets_on(edition, picture.day, picture.known_at).values()) if edition is not None else set()
            )
    return {n * 100 if unit == "share" else n for n in numbers}


def _values(
    picture: Picture, wanted: Mapping[str, Collection[str]], questions: Mapping[str, Question]
) -> dict[str, set[Fraction]]:
    """Indicator → the numbers of the rows that decide its measured misses."""
    indicator_of = {
        row: code
        for code, hospitals in wanted.items()
        if code in questions
        for hospital in hospitals
        for part in picture.standing(hospital, questions[code].capability).parts
        if part.state is State.BELOW and part.proof in MEASURED
        for row in part.deciding
    }
    found: dict[str, set[Fraction]] = {}
    for key, value in Evidence.objects.filter(pk__in=list(indicator_of)).values_list("pk", "value"):
        if value is None:  # shown or not: there is no number
            continue
        found.setdefault(indicator_of[key], set()).add(Fraction(value))
    return found
