"""The numbers of the page, computed again from evidence and methodology by another road.

Written from LEDGER.md's plain cases with SQL-like loops over the rows; it uses neither `readiness.rules` nor
`readiness.queries` nor `reports.rules`. It covers what the demo contains: rows with conditions and campuses, validity by
proof, measured misses. Where a case of the law does not occur in the data it is not handled but refused.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction

from beiji.programme.models import Subject
from beiji.readiness.models import Capability, Edition, Evidence, Indicator

RANK = {"stated": 1, "seen": 2, "exercised": 3, "performed": 3}


def proof_of(row, passed: bool, edition) -> str:
    """The table of methods, as a chain of plain questions."""
    outside = row.evaluator > 0
    measures = row.method in (
        "timed-test",
        "witnessed-drill",
        "own-drill",
        "real-event",
        "routine-series",
        "missed-drill",
    )
    if row.method in ("self-rating", "interview", "approved-plan", "drill-album"):
        return "stated"
    if row.method == "uploaded-document":
        return "seen" if outside and edition.kind == "document" else "stated"
    if row.method == "spot-check":
        return "seen"
    if not outside:
        return "stated"
    if measures and row.sample < edition.min_sample:
        return "seen"
    if row.method in ("real-event", "routine-series"):
        return "performed"
    if row.method == "timed-test" or row.method == "missed-drill":
        return "exercised"
    scripted = row.notice == "scripted"
    if row.method == "witnessed-drill":
        return "exercised" if not scripted or not passed else "seen"
    if row.method == "own-drill":
        if scripted:
            return "stated" if passed else "seen"
        return "exercised" if row.notified_on and row.notified_on < row.as_of else "seen"
    raise AssertionError(f"method {row.method} does not occur in the demo")


def passes(row, edition, targets: dict) -> bool:
    if row.level is not None:
        return row.level == 2
    if row.shown is not None:
        return row.shown
    number = Fraction(row.value)
    wanted = [Fraction(t) for minute, t in targets.items() if minute in ("", str(row.at_min))]
    return all(number <= t if edition.better == "lower" else number >= t for t in wanted)


def digit_of_miss(row, edition) -> int:
    if row.level is not None:
        return min(row.level, 1)
    if row.shown is not None:
        return 0 if edition.kind == "document" else 1
    return 1


class Recomputed:
    """State and proof of every hospital × indicator on a day, from the rows."""

    def __init__(self, day, known_at) -> None:
        self.day, self.known_at = day, known_at
        self.editions = {e.capability_id: e for e in Edition.objects.prefetch_related("targets", "validities")}
        rows = list(Evidence.objects.filter(recorded_at__lte=known_at, as_of__lte=day))
        gone = {r.supersedes_id for r in rows if r.supersedes_id}
        self.rows = [r for r in rows if r.pk not in gone and not r.withdrawal]
        self.hospitals = list(Subject.objects.filter(kind="hospital"))
        self.indicators = list(Indicator.objects.select_related("domain", "capability"))

    def asked_of(self, hospital):
        """The indicators for the hospital's class."""
        return [i for i in self.indicators if not i.classes or hospital.size in i.classes]

    def part_state(self, rows, edition, targets, condition):
        """State, proof and digit of one campus, condition and minute."""
        validity = edition.validities.all()[0].days
        alive, lapsed, misses, stated = [], [], [], []
        for row in sorted(rows, key=lambda r: self._order(r, edition, targets)):
            ok = passes(row, edition, targets)
            proof = proof_of(row, ok, edition)
            rank = RANK[proof]
            foreign = condition != "any" and row.condition not in ("any", condition)
            if foreign and not (ok and rank == 3):
                continue
            holds = row.as_of + timedelta(days=int(validity[proof])) > self.day
            if ok and not foreign and rank >= 2:
                misses = [m for m in misses if m[0] > rank]
            if ok:
                (alive if holds else lapsed).append((2, "seen") if foreign else (rank, proof))
            elif rank >= 2:
                misses.append((rank, proof, digit_of_miss(row, edition)))
                alive, lapsed = [], []
            if rank == 1:
                stated.append((ok, holds, row.level))
        checked = [p for p in alive if p[0] >= 2]
        if misses:
            return "below", max(misses)[1], min(m[2] for m in misses)
        if checked:
            rank, proof = max(checked)
            top = 2 if edition.kind == "document" else 3
            return ("met", proof, top) if rank == 3 or edition.kind == "document" else ("in-place", proof, 2)
        if any(rank >= 2 for rank, _proof in lapsed):
            return "stale", None, None
        if stated:
            ok, holds, level = stated[-1]
            return ("below", "stated", level) if not ok else ("claimed" if holds else "stale", "stated", None)
        return "unknown", None, None

    @staticmethod
    def _order(row, edition, targets):
        ok = passes(row, edition, targets)
        return row.as_of, RANK[proof_of(row, ok, edition)], not ok

    def state(self, hospital, capability: Capability):
        """The worst part: state, proof and digit."""
        order = ["below", "unknown", "stale", "claimed", "in-place", "met"]
        return min(self.parts(hospital, capability), key=lambda f: order.index(f[0]))

    def ground(self, hospital, capability: Capability) -> str:
        """How it was found to fall short, the firmest ground of all parts: measured, checked, stated; or nothing."""
        proofs = {proof for state, proof, _digit in self.parts(hospital, capability) if state == "below"}
        for ground, marks in (("measured", {"exercised", "performed"}), ("checked", {"seen"}), ("stated", {"stated"})):
            if proofs & marks:
                return ground
        return ""

    def parts(self, hospital, capability: Capability):
        edition = self.editions[capability.pk]
        steps = [t for t in edition.targets.all() if t.size == hospital.size]
        targets = steps[-1].values if steps else {}
        campuses = [hospital.pk]
        if edition.per_campus:
            campuses = (
                list(Subject.objects.filter(parent=hospital, kind="campus").values_list("pk", flat=True)) or campuses
            )
        conditions = edition.prove_in or ["any"]
        found = []
        for campus in campuses:
            for condition in conditions:
                rows = [r for r in self.rows if r.capability_id == capability.pk and r.subject_id == campus]
                for minute in [m for m in targets if m] or [None]:
                    mine = [r for r in rows if minute is None or r.at_min is None or str(r.at_min) == minute]
                    found.append(
                        self.part_state(
                            mine, edition, targets if minute is None else {minute: targets[minute]}, condition
                        )
                    )
        return found

    def numbers(self, must_pass: set[tuple[str, str]]) -> dict:
        """Counts that the page prints; `must_pass` names (hospital, indicator) pairs."""
        core = met = opened = 0
        with_open, by_indicator, stale, unknown = set(), Counter(), 0, 0
        met_by_indicator, grounds, known = Counter(), Counter(), 0
        for hospital in self.hospitals:
            for indicator in self.asked_of(hospital):
                state, _proof, _failed = self.state(hospital, indicator.capability)
                if indicator.core:
                    core += 1
                    met += state == "met"
                if (hospital.code, indicator.code) in must_pass and state not in ("met", "in-place"):
                    opened += 1
                    with_open.add(hospital.code)
                stale += state == "stale"
                unknown += state == "unknown"
                known += state != "unknown"
                by_indicator[indicator.code] += state == "below"
                grounds[indicator.code, self.ground(hospital, indicator.capability)] += state == "below"
                met_by_indicator[indicator.code] += state == "met"
        return {
            "core_items": core,
            "core_met": met,
            "open_items": opened,
            "open_hospitals": len(with_open),
            "stale": stale,
            "unknown": unknown,
            "known": known,
            "must_items": len(must_pass),
            "short": by_indicator,
            "grounds": grounds,
            "met": met_by_indicator,
        }
