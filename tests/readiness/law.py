"""The law under test, as a namespace, so that the same named case can be put to a mutant of it.

`load()` gives the real functions; `load((file, old, new))` those of a copy in which one snippet of source is replaced.
Enums and values are shared with the real package, only decisions are loaded anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from beiji.readiness.rules import rows as plain
from beiji.readiness.rules.rows import (
    ALWAYS,
    CapabilityFacts,
    Condition,
    EditionFacts,
    Evaluator,
    Kind,
    Method,
    Notice,
    Proof,
    Row,
    Standing,
    SubjectFacts,
    TargetStep,
    ValidityStep,
)

FOLDER = Path(plain.__file__).parent
MODULES = (
    "facts", "proof", "judging", "speaking", "standing", "numbers", "where", "drills", "counts", "recording", "gaps", "aggregates",
)  # fmt: skip
SHARED = ("words", "tallies", "rows")
Mutation = tuple[str, str, str]
_numbers = count(1)


def load(mutation: Mutation | None = None) -> SimpleNamespace:
    """All public names of the rules, with one snippet replaced if a mutation is given."""
    package = ModuleType(f"mutant_{next(_numbers)}")
    package.__path__ = []
    sys.modules[package.__name__] = package
    try:
        for name in SHARED:
            sys.modules[f"{package.__name__}.{name}"] = sys.modules[f"beiji.readiness.rules.{name}"]
        law = SimpleNamespace()
        for name in MODULES:
            source = (FOLDER / f"{name}.py").read_text()
            if mutation is not None and mutation[0] == name:
                assert source.count(mutation[1]) == 1, (
                    f"{name}.py holds {mutation[1]!r} {source.count(mutation[1])} times"
                )
                source = source.replace(mutation[1], mutation[2])
            module = ModuleType(f"{package.__name__}.{name}")
            module.__package__ = package.__name__
            sys.modules[module.__name__] = module
            exec(compile(source, f"{name}.py", "exec"), module.__dict__)
            for key, value in module.__dict__.items():
                if not key.startswith("__"):
                    setattr(law, key, value)
    finally:
        for key in [k for k in sys.modules if k.split(".")[0] == package.__name__]:
            del sys.modules[key]
    return law


CASES: dict[str, Callable[[Any], None]] = {}


def case(function: Callable[[Any], None]) -> Callable[[Any], None]:
    """Collect a named case: a function of the law that asserts what one sentence says."""
    assert function.__name__ not in CASES, function.__name__
    CASES[function.__name__] = function
    return function


# ------------------------------------------------------------------ a small world to speak about

HOSPITAL = SubjectFacts("ginkgo")
VALID = {Proof.STATED: 365, Proof.SEEN: 365, Proof.EXERCISED: 365, Proof.PERFORMED: 730}


def day(number: int) -> date:
    """Day 0 is 1 January 2026."""
    return date(2026, 1, 1) + timedelta(days=number)


def at(number: int) -> datetime:
    """Noon of a day."""
    return datetime.combine(day(number), time(12), UTC)


def end(number: int) -> datetime:
    """As known on a day."""
    return plain.end_of(day(number))


def edition(number: int = 1, start: int | None = None, **facts: Any) -> EditionFacts:
    """ "Clear the emergency department in 15 min", lower is better; 60 min is as good as not at all."""
    known: dict[str, Any] = {
        "number": number,
        "from_day": date.min if start is None else day(start),
        "recorded_at": ALWAYS if start is None else at(start),
        "kind": Kind.QUANTITY,
        "better": plain.Better.LOWER,
        "validity": (ValidityStep(date.min, ALWAYS, VALID),),
        "targets": (target(15),),
        "zero_at": Fraction(60),
    }
    return EditionFacts(**{**known, **facts})


def target(value: int | Fraction | dict[int | None, int], start: int | None = None) -> TargetStep:
    """A target that always held, or one that begins on a day (recorded that noon)."""
    values = value if isinstance(value, dict) else {None: value}
    exact = {minute: Fraction(number) for minute, number in values.items()}
    return TargetStep(date.min if start is None else day(start), ALWAYS if start is None else at(start), exact)


def clear(*editions: EditionFacts, **facts: Any) -> CapabilityFacts:
    """The capability with these editions, or one edition with these facts."""
    return CapabilityFacts("clear", editions or (edition(**facts),))


def observed(**facts: Any) -> CapabilityFacts:
    """Something that either happens or not."""
    return clear(**{"kind": Kind.OBSERVED, "targets": (), "better": None, "zero_at": None, **facts})


def document(**facts: Any) -> CapabilityFacts:
    """A document."""
    return clear(**{"kind": Kind.DOCUMENT, "targets": (), "better": None, "zero_at": None, **facts})


def row(number: int, on: int, method: Method, evaluator: Evaluator | None = None, **facts: Any) -> Row:
    """A row about ginkgo, recorded on the noon of its day by the evaluator's office."""
    own = method not in plain.ONLY_FROM_OUTSIDE
    who = evaluator if evaluator is not None else (Evaluator.SELF if own else Evaluator.EXTERNAL)
    known: dict[str, Any] = {
        "id": number,
        "subject": "ginkgo",
        "capability": "clear",
        "edition": 1,
        "as_of": day(on),
        "recorded_at": at(on),
        "method": method,
        "evaluator": who,
        "office": ("ginkgo", "egret", "commission", "delegation")[who],
        "reason": "mended" if "supersedes" in facts else "",
    }
    exact = {"value": Fraction(facts.pop("value"))} if "value" in facts else {}
    return Row(**{**known, **exact, **facts})


def timed(number: int, on: int, value: int | Fraction, **facts: Any) -> Row:
    """A timed test during a visit: measured."""
    return row(number, on, Method.TIMED_TEST, value=value, **facts)


def checked(number: int, on: int, level: int, **facts: Any) -> Row:
    """Checked on the spot from outside: seen."""
    return row(number, on, Method.SPOT_CHECK, level=level, **facts)


def rated(number: int, on: int, level: int, **facts: Any) -> Row:
    """The hospital's own level: stated."""
    return row(number, on, Method.SELF_RATING, level=level, **facts)


def series(number: int, first: int, last: int, value: int, **facts: Any) -> Row:
    """The whole series of routine times, confirmed: measured."""
    return row(number, last, Method.ROUTINE_SERIES, Evaluator.EXTERNAL, value=value, first_day=day(first), **facts)


def counted(number: int, on: int, current: int, listed: int, **facts: Any) -> Row:
    """The hospital's count from its records: stated."""
    return row(number, on, Method.RECORDS, value=Fraction(current, listed), sample=listed, **facts)


def sampled(number: int, on: int, old: Row, drawn: int, held: int, **facts: Any) -> Row:
    """A sampling of a count from outside: seen."""
    known: dict[str, Any] = {"supersedes": old.id, "reason": "records drawn", "as_of": old.as_of, "recorded_at": at(on)}
    share = (old.value or Fraction(0)) * Fraction(held, drawn)
    who = facts.pop("evaluator", Evaluator.CITY)
    return row(number, on, Method.RECORDS, who, **{"value": share, "sample": drawn, **known, **facts})


def current_share(**facts: Any) -> CapabilityFacts:
    """ "Share of a shift that is current", at least 80 %, counted from records."""
    known = {"better": plain.Better.HIGHER, "targets": (target(Fraction(4, 5)),), "zero_at": None, "by_records": True}
    return clear(**{**known, **facts})


def drill(number: int, on: int, notice: Notice, passed: bool, evaluator: Evaluator, own: bool, **facts: Any) -> Row:
    """A drill of an observed thing."""
    method = Method.OWN_DRILL if own else Method.WITNESSED_DRILL
    return row(number, on, method, evaluator, notice=notice, shown=passed, **facts)


def ended(number: int, on: int, old: Row, **facts: Any) -> Row:
    """A withdrawal of an earlier row."""
    known: dict[str, Any] = {
        "as_of": old.as_of, "withdrawal": True, "supersedes": old.id, "reason": "a mistake", "recorded_at": at(on)
    }  # fmt: skip
    return row(number, on, old.method, **{"evaluator": old.evaluator, **known, **facts})


def stand(
    law: Any, rows: Iterable[Row], on: int, known: int | None = None, capability: CapabilityFacts | None = None,
    subject: SubjectFacts = HOSPITAL,
) -> Standing:  # fmt: skip
    """The whole standing on a day as known on it, or on another."""
    found: Standing = law.standing(
        list(rows), capability or clear(), subject, day(on), end(on if known is None else known)
    )
    return found


def said(standing: Standing) -> str:
    """ "below 1 exercised", "unknown": state, digit, mark in words."""
    words = [standing.state.value]
    if standing.digit is not None:
        words.append(str(standing.digit))
    if standing.proof is not None:
        words.append(standing.proof.value)
    return " ".join(words)


DAY_AND_NIGHT = (Condition.DAY, Condition.NIGHT)
BY_DAY = {"condition": Condition.DAY}
BY_NIGHT = {"condition": Condition.NIGHT}
ON_HOLIDAY = {"condition": Condition.HOLIDAY}

__all__ = [name for name in dir() if not name.startswith("_")] + ["replace"]
