"""Would the random histories notice? Each sentence of the oracle is bent once, and some history must tell.

A comparison of two hands is worth as much as its histories reach. Every patch below bends one sentence of the law in
a copy of the oracle; it must then differ from the production law on some (day, known day). What random histories hardly ever reach has a named case in
``test_oracle_cases.py``. Runs with ``BEIJI_FULL=1``.
"""

from __future__ import annotations

import functools
import itertools
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from beiji.readiness.rules import standing as production
from tests.readiness.oracle_facts import FULL, LAST_ASKED, LAST_DAY, day, end_of_day
from tests.readiness.oracle_histories import History, histories

HERE = Path(__file__).parent
HISTORIES = 1500

BENT = {
    "a withdrawn correction does not give the first back": (" and other.id not in ended}", "}"),
    "a withdrawal does not count": ("and row.id not in ended ", ""),
    "a correction does not count": (" and row.id not in superseded", ""),
    "a later day is known early": ("known = [other for other in rows if other.recorded_at <= known_at]", "known = rows"),
    "a document checked from outside is as good as its method": ("if edition.kind is Kind.DOCUMENT and", "if False and"),
    "an interview from outside is seen": ("and row.method is not Method.INTERVIEW:", "and True:"),
    "a level can be measured": ("if row.level is not None and proof.rank > SEEN:", "if False:"),
    "a sample is never too small": ("row.sample < edition.min_sample", "False"),
    "a failed drill can be too small": (" and not failed_before_outsider", ""),
    "a miss can be too small": (" and not a_miss:", ":"),
    "an announced drill is scripted": (
        "row.notice is not None and row.notice.is_unscripted",
        "row.notice is not None and row.notice.value == 'unannounced'",
    ),
    "a scripted drill that failed is only seen": ("if unscripted or not passed else Proof.SEEN", "if unscripted else Proof.SEEN"),
    "a scripted drill that passed is measured": ("if unscripted or not passed else Proof.SEEN", "if True else Proof.SEEN"),
    "an own scripted drill that passed is seen": ("return Proof.STATED if passed else Proof.SEEN", "return Proof.SEEN"),
    "an own scripted drill that failed is stated": ("return Proof.STATED if passed else Proof.SEEN", "return Proof.STATED"),
    "notified on the day is beforehand": ("row.notified_at < row.as_of", "row.notified_at <= row.as_of"),
    "every own drill is as good as notified": ("Proof.EXERCISED if notified else", "Proof.EXERCISED if True else"),
    "an event needs nobody from outside": ("Proof.PERFORMED if outside else Proof.STATED", "Proof.PERFORMED"),
    "a target is met only beyond it": ("value <= target if", "value < target if"),
    "on one day the miss comes first": ("self.rank, not self.passed)", "self.rank, self.passed)"),
    "on one day rank does not matter": ("(self.row.as_of, self.rank, not", "(self.row.as_of, 0, not"),
    "zero comes only beyond zero_at": ("self.row.value >= zero if", "self.row.value > zero if"),
    "a missed value is never 0": ("return 0 if reached else 1", "return 1"),
    "a document not shown is 1": ("return 0 if self.edition.kind is Kind.DOCUMENT else 1", "return 1"),
    "a series closes everything": ("reaches = not series or", "reaches = True or"),
    "a borrowed pass closes": ("one.passed and not one.borrowed and", "one.passed and"),
    "the oldest edition holds": ("return max(begun, key=lambda e:", "return min(begun, key=lambda e:"),
    "targets do not change": ("return max(begun, key=lambda step: (step.from_day", "return min(begun, key=lambda step: (step.from_day"),
    "targets are those of the row's day": (
        "target = target_on(edition, minute, self.day, self.known_at)",
        "target = target_on(edition, minute, row.as_of, self.known_at)",
    ),
    "the newest edition judges": ("edition = next(e for e in self.capability.editions if e.number == row.edition)", "edition = self.edition"),
    "values speak of every minute": ("if row.at_min != minute or target is None:", "if target is None:"),
    "a raised target fails as measured": ("proof = Proof.SEEN\n        valid", "pass\n        valid"),
    "validity is that of the day asked": ("and v.from_day <= row.as_of]", "and v.from_day <= self.day]"),
    "no edition raises the bar": ("if e.raises\n", "if False\n"),
    "every edition raises the bar": ("if e.raises\n", "if True\n"),
    "a divided hospital starts anew": ("row.as_of < node[part.campus].from_day)", "False)"),
    "a new place starts anew": ("(row.place is None and row.as_of < node[part.place].from_day)", "False"),
    "an ended place speaks of the whole": ("of_place = row.place is None or not self.edition.per_place", "of_place = True"),
    "a closed campus stays": ("and self.alive(n)]\n\n    def places", "]\n\n    def places"),
    "a parallel capability counts": ("if row.capability == self.capability.code\n            and row.as_of", "if row.as_of"),
    "days to come count": ("and row.as_of <= self.day\n", ""),
    "any condition is no condition": ("in (Condition.ANY, part.condition)]\n", "in (part.condition,)]\n"),
    "each condition counts everywhere": ("here = [r for r in about if", "here = [r for r in about if True or"),
    "a seen miss of a holiday counts": ("if miss.measured\n            and not miss.passed", "if not miss.passed"),
    "a measured miss of a holiday does not count": ("return here + [", "return here or ["),
    "a measured miss of a holiday never ends": ("and closes(p, miss)\n                for p in about", "and False\n                for p in about"),
    "only the condition asked ends a miss of a holiday": ("in (miss.row.condition, part.condition)", "in (part.condition,)"),
    "a seen pass ends a miss of a holiday": ("p.measured and p.row.condition in", "p.rank >= SEEN and p.row.condition in"),
    "nothing is borrowed": ("if other is not part.condition:", "if False:"),
    "borrowed is as good as measured": ("Judged(p.row, p.edition, True, Proof.SEEN,", "Judged(p.row, p.edition, True, p.proof,"),
    "a seen pass is borrowed": ("if p.measured and p.row.condition is other", "if p.row.condition is other"),
    "borrowed although lapsed or killed there": ("for p in self.alive_passes(there)", "for p in there if p.passed"),
    "a pass lives one day longer": ("if self.day < p.lives_until]", "if self.day <= p.lives_until]"),
    "a seen pass closes a measured miss": ("any(p.rank >= m.rank and closes(p, m) for p in rows)", "any(p.rank >= SEEN and closes(p, m) for p in rows)"),
    "a seen miss needs a measured pass": ("any(p.rank >= m.rank and closes(p, m) for p in rows)", "any(p.rank >= MEASURED and closes(p, m) for p in rows)"),
    "a stated pass closes a seen miss": ("any(p.rank >= m.rank and closes(p, m) for p in rows)", "any(closes(p, m) for p in rows)"),
    "a miss kills nothing": ("any(is_later(m, p) for m in killers)]", "any(False for m in killers)]"),
    "a seen miss kills nothing": ("killers = [m for m in rows if not m.passed and m.rank >= SEEN]", "killers = [m for m in rows if not m.passed and m.rank > SEEN]"),
    "seen misses are never open": ("return [\n        m for m in rows if not m.passed and m.rank >= SEEN", "return [\n        m for m in rows if not m.passed and m.rank > SEEN"),
    "a document is only in place": ("is_met = rank == MEASURED or asked.edition.kind is Kind.DOCUMENT", "is_met = rank == MEASURED"),
    "nothing goes stale": ("    if lapsed:", "    if False:"),
    "a stated miss beats a live pass": ("    if alive:", "    if alive and (newest is None or newest.passed):"),
    "the oldest stated row decides": ("return max(stated, key=", "return min(stated, key="),
    "a stated pass never lapses": ("if asked.day < newest.lives_until else State.STALE", "if True else State.STALE"),
    "the digit is that of open misses only": ("for m in counted\n        if not m.passed and m.rank >= SEEN and not any(p.rank >= deciding_rank", "for m in opened\n        if not m.passed and m.rank >= SEEN and not any(p.rank >= deciding_rank"),
    "the digit never recovers": ("not any(p.rank >= deciding_rank and closes(p, m) for p in counted)", "True"),
    "a lapsed pass can be contradicted": ("and miss.row.as_of < p.lives_until:", "and True:"),
    "a seen pass can be contradicted": ("if p.passed and p.measured and is_later(miss, p):", "if p.passed and is_later(miss, p):"),
    "a stated miss beside a better standing is silent": ("return beside or raised", "return raised"),
    "a raised bar is silent": ("return beside or raised", "return beside"),
    "a claim better than measured is silent": ("tuple(sorted(better + worse))", "tuple(sorted(worse))"),
    "a claim worse than measured is silent": ("tuple(sorted(better + worse))", "tuple(sorted(better))"),
    "another condition's check is enough": ("checked=any(r.rank >= SEEN and is_own_condition(r, part) for r in own)", "checked=any(r.rank >= SEEN for r in counted)"),
    "the best part stands": ("state = min((p.state for p in parts), key=order.index)", "state = max((p.state for p in parts), key=order.index)"),
    "stale is worse than unknown": ("State.UNKNOWN, State.STALE, State.CLAIMED", "State.STALE, State.UNKNOWN, State.CLAIMED"),
}  # fmt: skip


def bent(before: str, after: str) -> ModuleType:
    """The oracle with one sentence bent."""
    sources = [(HERE / name).read_text(encoding="utf-8") for name in ("oracle_rows.py", "oracle.py")]
    assert sum(source.count(before) for source in sources) == 1, f"{before!r} must stand once in the oracle"
    rows, law = ModuleType("bent_oracle_rows"), ModuleType("bent_oracle")
    sources = [source.replace(before, after) for source in sources]
    sources[1] = sources[1].replace("tests.readiness.oracle_rows", "bent_oracle_rows")
    for module, source in zip((rows, law), sources, strict=True):
        sys.modules[module.__name__] = module  # dataclasses look their module up
        exec(compile(source, module.__name__, "exec"), module.__dict__)
    return law


@functools.cache
def pool() -> tuple[History, ...]:
    found: list[History] = []

    @settings(
        max_examples=HISTORIES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(histories())
    def gather(history: History) -> None:
        found.append(history)

    gather()
    return tuple(sorted(found, key=lambda h: -len(h.rows)))


def differs(law: ModuleType, asked: tuple[object, ...]) -> bool:
    theirs = production.standing(*asked)
    try:
        ours = law.standing(*asked)
    except (KeyError, ValueError):  # a bent law may have no answer at all
        return True
    return (ours, ours.parts) != (theirs, theirs.parts)


@pytest.mark.slow
@pytest.mark.parametrize("sentence", BENT if FULL else [])
def test_some_history_tells_a_bent_law(sentence: str) -> None:
    law = bent(*BENT[sentence])
    for history in pool():
        for d, k in itertools.product(range(LAST_ASKED + 1), range(LAST_DAY + 1)):
            asked = (history.rows, history.capability, history.subject, day(d), end_of_day(k))
            if differs(law, asked):
                return
    pytest.fail(f"no history tells: {sentence}")
