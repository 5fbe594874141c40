"""Pictures from the caches and from the evidence are the same."""

from __future__ import annotations

from datetime import UTC, date, datetime

from beiji.programme.models import Subject
from beiji.readiness import changes, queries
from beiji.readiness.rules.rows import Condition
from tests import cast

from .conftest import timed


def test_todays_picture_from_the_caches_equals_the_one_from_the_evidence(loaded: cast.World) -> None:
    drafts = [
        timed("ginkgo-east", 14, date(2026, 10, 1), Condition.DAY),
        timed("ginkgo-east", 14, date(2026, 10, 2), Condition.NIGHT),
        timed("ginkgo-west", 24, date(2026, 10, 3), Condition.NIGHT),
        timed("egret", 12, date(2025, 3, 1), Condition.DAY),
    ]
    changes.record_batch(city=loaded.city, drafts=drafts, by=None, office="integrator", now=cast.NOW)
    hospitals = list(Subject.objects.hospitals())
    fast = queries.picture(city=loaded.city, subjects=hospitals, now=cast.NOW)
    slow = queries.picture(city=loaded.city, subjects=hospitals, now=cast.NOW, day=cast.TODAY, known_at=cast.NOW)
    assert fast.standings == slow.standings
    assert fast.roll_ups == slow.roll_ups
    assert (fast.pillars, fast.fours) == (slow.pillars, slow.fours)
    assert fast.standing("ginkgo", "ed-clear-time").state == "below"
    assert [p.campus for p in fast.standing("ginkgo", "ed-clear-time").worst] == ["ginkgo-west"]
    assert fast.standing("egret", "ed-clear-time").state == "stale"  # shown by day only, and that has lapsed


def test_a_gap_closes_only_when_every_campus_meets_it(loaded: cast.World) -> None:
    both = [Condition.DAY, Condition.NIGHT]
    east = [timed("ginkgo-east", 14, date(2026, 10, 1), c) for c in both]
    west = [timed("ginkgo-west", 15, date(2026, 10, 1), c) for c in both]
    ginkgo = Subject.objects.get(code="ginkgo")

    def gaps() -> set[str]:
        found = queries.picture(city=loaded.city, subjects=[ginkgo], now=cast.NOW)
        return {g.question.capability for g in found.gaps("ginkgo")}

    record = {"city": loaded.city, "by": None, "office": "integrator", "now": cast.NOW}
    assert "ed-clear-time" not in gaps()  # unknown is no gap before a locked assessment covered it
    changes.record_coverage(
        city=loaded.city, subject=ginkgo, source_id="visit-1", capabilities=["ed-clear-time"], as_of=date(2026, 10, 1),
        by=None, now=cast.NOW,
    )  # fmt: skip
    assert "ed-clear-time" in gaps()
    changes.record_batch(drafts=east, **record)
    assert "ed-clear-time" in gaps()
    changes.record_batch(drafts=west, **record)
    assert "ed-clear-time" not in gaps()


def test_a_kept_picture_is_drawn_again_after_any_change(monkeypatch):
    """The key holds the number of changes, so a change of the city never shows an older picture."""
    from types import SimpleNamespace

    from beiji.readiness import queries
    from beiji.records.recent import Recent

    drawn = []
    monkeypatch.setattr(queries, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(queries, "_drawn", lambda *words: drawn.append(words) or SimpleNamespace(number=len(drawn)))
    newest = iter((7, 7, 8))
    monkeypatch.setattr(queries, "_changes_written", lambda city: next(newest))
    monkeypatch.setattr(queries, "_KEPT", Recent(2))
    monkeypatch.setattr(queries, "today_in", lambda city, now: now.date())
    city, now = SimpleNamespace(pk="x"), datetime(2026, 11, 24, tzinfo=UTC)
    numbers = [queries.picture(city=city, subjects=[], now=now).number for _ in range(3)]
    assert numbers == [1, 1, 2]
