"""Instruments: fields that fit their scorer, weights that add up, and worked examples that come out as written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from beiji.packs.checks.references import unknown
from beiji.packs.instruments.plans import VALUES, WEIGHED, plan_of, values_of
from beiji.packs.library import Library
from beiji.packs.overlay import number_words
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.instruments import Expected, Instrument
from beiji.packs.scorers import HAZARD_COLUMNS, NA, Part, score
from beiji.packs.strict import Source

COLUMNS = len(HAZARD_COLUMNS)


def check_instruments(library: Library) -> None:
    """P131, P133, P134, P148, P152, P167 and P168 of every instrument."""
    for item in library.of_kind("instrument"):
        check_instrument(library, item.thing, item.source)


def check_instrument(library: Library, instrument: Instrument, source: Source) -> None:
    """The same for one; its worked examples are counted only when nothing else is wrong with it."""
    before = len(source.problems)
    _check_scorer(instrument, source)
    _check_grades(instrument, source)
    _check_groups(instrument, source)
    _check_items(library, instrument, source)
    _check_answers(instrument, source)
    if len(source.problems) == before:
        _check_worked(instrument, source)


def _misfit(source: Source, sentence: str, path: tuple[Any, ...]) -> None:
    source.add("P167", sentence, path)


def _check_scorer(instrument: Instrument, source: Source) -> None:
    """Parameters that the rule would not look at are refused: a number that is written and does nothing misleads."""
    scorer, rule = instrument.scorer, instrument.scorer.rule
    if scorer.values and rule not in WEIGHED:
        _misfit(source, f"{rule} has fixed values. Take values: away.", ("scorer", "values"))
    if scorer.values and not len(set(scorer.values.values())) >= 2:
        _misfit(source, "values: needs two answers of different worth.", ("scorer", "values"))
    for word, value in scorer.values.items():
        if not 0 <= value <= 1 or word == NA:
            sentence = (
                f"The answer {word} is worth {number_words(value)}. Write a number from 0 to 1 for each answer but na."
            )
            _misfit(source, sentence, ("scorer", "values", word))
    if scorer.rescale and rule != "safety-index":
        _misfit(source, f"rescale: belongs to safety-index; {rule} has nothing to stretch.", ("scorer", "rescale"))
    if scorer.round_to is not None and not 0 < scorer.round_to <= 1:
        _misfit(source, "round_to: is a step such as 0.01. Write a number above 0, up to 1.", ("scorer", "round_to"))
    if not 0 <= scorer.complete <= 1:
        _misfit(source, "complete: is a share. Write a number from 0 to 1.", ("scorer", "complete"))
    grades = [grade.code for grade in instrument.grades]
    for at, cap in enumerate(scorer.caps):
        path = ("scorer", "caps", at)
        if rule != "weighted-levels":
            _misfit(source, f"caps: belongs to weighted-levels; {rule} has none.", path)
        needed = "value" if cap.code == "must-pass-open" else "share"
        if getattr(cap, needed) is None:
            _misfit(source, f"The cap {cap.code} has no {needed}. Add it.", path)
        unknown(source, "P134", "Grade", cap.at_most, grades, (*path, "at_most"), "Add it to grades.")


def _check_grades(instrument: Instrument, source: Source) -> None:
    """Grades run from the highest bar to the lowest, and the lowest begins at 0, so that no score is without one."""
    for at, (one, other) in enumerate(pairwise(instrument.grades)):
        if one.at_least <= other.at_least:
            sentence = (
                f"Grade {other.code} does not begin below {one.code}. List grades from the highest at_least down."
            )
            _misfit(source, sentence, ("grades", at + 1, "at_least"))
    if instrument.grades and instrument.grades[-1].at_least != 0:
        sentence = f"The last grade {instrument.grades[-1].code} begins at {number_words(instrument.grades[-1].at_least)}. Let it begin at 0."
        _misfit(source, sentence, ("grades", len(instrument.grades) - 1, "at_least"))


def _check_groups(instrument: Instrument, source: Source) -> None:
    rule = instrument.scorer.rule
    for at, group in enumerate(instrument.groups):
        if rule in WEIGHED and (group.weight is None or group.weight <= 0):
            _misfit(source, f"{group.id} has no weight. Add weight: above 0, together 100.", ("groups", at))
        elif rule not in WEIGHED and group.weight is not None:
            _misfit(source, f"{rule} weighs no groups. Take the weight of {group.id} away.", ("groups", at, "weight"))
        if not any(item.group == group.id for item in instrument.items):
            _misfit(source, f"{group.id} has no item. Write one, or take the group away.", ("groups", at))
    total = sum((group.weight or Fraction(0) for group in instrument.groups), Fraction(0))
    if rule in WEIGHED and total != 100:
        sentence = f"The weights of the groups add up to {number_words(total)}. Make them 100."
        source.add("P148", sentence, ("groups",))
    if rule == "safety-index":
        for group in instrument.groups:
            inside = [(at, item) for at, item in enumerate(instrument.items) if item.group == group.id]
            total = sum((item.weight for _, item in inside), Fraction(0))
            if inside and total != 100:
                sentence = f"The weights of the items of {group.id} add up to {number_words(total)}. Make them 100."
                source.add("P148", sentence, ("items", inside[0][0]))


def _check_items(library: Library, instrument: Instrument, source: Source) -> None:
    rule = instrument.scorer.rule
    words = values_of(instrument)
    groups = [group.id for group in instrument.groups]
    for kind, codes in (("groups", groups), ("items", [item.id for item in instrument.items])):
        for code, times in Counter(codes).items():
            if times > 1:
                at = len(codes) - 1 - codes[::-1].index(code)
                sentence = f"{code} is used twice among the {kind}. Give this one its own id."
                source.add("P152", sentence, (kind, at, "id"))
    cited = {one.id for one in instrument.sources}
    for at, item in enumerate(instrument.items):
        path = ("items", at)
        unknown(source, "P134", "Group", item.group, groups, (*path, "group"), "Add it to groups.")
        if item.weight <= 0:
            _misfit(source, f"{item.id} weighs nothing. Write a weight above 0.", (*path, "weight"))
        if item.reads is not None:
            unknown(
                source,
                "P131",
                "Capability",
                item.reads,
                library.known("capability"),
                (*path, "reads"),
                "Add it to packs/capabilities.",
            )
        if item.must_pass and rule != "weighted-levels":
            _misfit(source, f"must_pass: belongs to weighted-levels; {rule} knows none.", (*path, "must_pass"))
        if rule == "hazard-vulnerability" and (item.pillar or item.fours or item.weight != 1):
            _misfit(source, f"{item.id} is a hazard: it has no weight, pillar or fours.", path)
        for word in item.answers:
            if word not in words:
                hint = did_you_mean(word, words) or f" Answers are: {', '.join(words) or 'seven columns'}."
                source.add(
                    "P103", f'{item.id} describes "{word}", which is no answer of {rule}.{hint}', (*path, "answers")
                )
        for number, xref in enumerate(item.xref):
            unknown(source, "P133", "Source", xref.src, cited, (*path, "xref", number, "src"), "Add it to sources.")


def answer_fault(instrument: Instrument, code: str, given: Any) -> str:
    """Why `given` is no answer to an item, as the end of a sentence with its mend; empty when it is one."""
    words = values_of(instrument)
    item = next(i for i in instrument.items if i.id == code)
    if given == NA:
        return "" if item.not_applicable != "never" else "always applies. Answer it, or leave it out."
    if instrument.scorer.rule == "hazard-vulnerability":
        fits = isinstance(given, tuple) and len(given) == COLUMNS and all(0 <= one <= 3 for one in given)
        return "" if fits else f"needs {COLUMNS} whole numbers from 0 to 3: {', '.join(HAZARD_COLUMNS)}."
    if isinstance(given, str) and given in words:
        return ""
    hint = did_you_mean(str(given), words) or f" Write {', '.join(words)} or {NA}."
    return f'has no answer "{given}".{hint}'


def _check_answers(instrument: Instrument, source: Source) -> None:
    codes = [item.id for item in instrument.items]
    for at, worked in enumerate(instrument.worked):
        for code, given in worked.answers.items():
            path = ("worked", at, "answers", code)
            if code not in codes:
                unknown(source, "P134", "Item", code, codes, path, "Add it to items.")
            elif fault := answer_fault(instrument, code, given):
                source.add("P103", f"{code} {fault}", path)


def _check_worked(instrument: Instrument, source: Source) -> None:
    """P168: what was worked out by hand is what the scorer finds."""
    plan = plan_of(instrument)
    for at, worked in enumerate(instrument.worked):
        result = score(plan, worked.answers)
        _compare(source, "the whole", worked.whole, result.whole, ("worked", at, "whole"))
        for name in ("groups", "pillars", "fours"):
            found: Mapping[str, Part] = getattr(result, name)
            for code, expected in getattr(worked, name).items():
                path = ("worked", at, name, code)
                if code not in found:
                    unknown(source, "P134", "Part", code, found, path, "Take it away.")
                else:
                    _compare(source, code, expected, found[code], path)
        risks = dict(result.ranked)
        for code, expected in worked.ranked.items():
            if risks.get(code) != expected:
                sentence = f"The risk of {code} is {_said(risks.get(code))}; the example says {number_words(expected)}. Correct one."
                source.add("P168", sentence, ("worked", at, "ranked", code))


def _compare(source: Source, what: str, expected: Expected, found: Part, path: tuple[Any, ...]) -> None:
    for name in Expected.model_fields:
        wanted, got = getattr(expected, name), getattr(found, name)
        if wanted is not None and wanted != got:
            sentence = f"The {name} of {what} is {_said(got)}; the example says {_said(wanted)}. Correct one."
            source.add("P168", sentence, (*path, name))


def _said(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)


assert set(VALUES) >= WEIGHED
