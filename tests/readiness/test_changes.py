"""Writing to the ledger: what stands or falls together, what only grows, what the night changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction

from beiji.programme.models import Subject
from beiji.readiness import changes, listeners, queries
from beiji.readiness.models import Capability, Evidence, PackVersion, RollUp, Standing, TargetStep
from beiji.readiness.rules.rows import Condition, Evaluator, LedgerError, Method, Notice, Source, State
from beiji.records.models import AuditLine, Event
from tests import cast

from .conftest import timed

DAY, NIGHT = Condition.DAY, Condition.NIGHT
D = date(2026, 10, 1)
Draft = changes.Draft


def state(subject: str = "egret", capability: str = "ed-clear-time") -> str:
    """The cached standing."""
    return Standing.objects.get(subject__code=subject, capability__code=capability).state


@pytest.fixture
def heard() -> Iterator[list[listeners.StandingChange]]:
    """What a listener was told."""
    told: list[listeners.StandingChange] = []
    listeners.register("tests.heard", told.extend)
    yield told
    listeners._LISTENERS.pop("tests.heard")


# ------------------------------------------------------------------ append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE readiness_evidence SET level = 2",
        "DELETE FROM readiness_evidence",
        "INSERT OR REPLACE INTO readiness_evidence SELECT * FROM readiness_evidence",
    ],
)
def test_evidence_cannot_be_changed_even_by_sql(record: Callable, statement: str) -> None:
    if "REPLACE" in statement and connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    record(timed("egret", 24, D, DAY))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Evidence.objects.get().value == "24"


def test_evidence_cannot_be_changed_by_the_models_either(record: Callable) -> None:
    (row,) = record(timed("egret", 24, D, DAY))
    for write in (
        lambda: Evidence.objects.update(value="1"),
        row.delete,
        lambda: Evidence.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    row.value = "1"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# ------------------------------------------------------------------ one transaction


def test_a_row_its_standing_its_roll_up_audit_line_and_event_stand_together(
    loaded: cast.World, record: Callable
) -> None:
    before = RollUp.objects.get(subject__code="egret", level="domain", code="TRI").values
    lines, events = AuditLine.objects.count(), Event.objects.count()
    record(timed("egret", 24, D, DAY), timed("egret", 12, D, NIGHT))
    assert state() == "below"
    after = RollUp.objects.get(subject__code="egret", level="domain", code="TRI").values
    assert (before["digit"], after["digit"]) == (None, 0)
    line = AuditLine.objects.first()
    assert (AuditLine.objects.count() - lines, line.kind) == (1, "readiness.evidence-recorded")
    assert line.details["rows"] == 2
    event = Event.objects.order_by("-id").first()
    assert Event.objects.count() - events == 1
    assert event.data == {"subject": "egret", "capabilities": ["ed-clear-time"]}


def test_a_batch_is_all_or_nothing_and_names_the_row(loaded: cast.World, record: Callable) -> None:
    with pytest.raises(LedgerError) as refused:
        record(timed("egret", 24, D, DAY), timed("ginkgo", 24, D, DAY))
    assert (refused.value.code, refused.value.position) == ("per-campus", 1)
    assert not Evidence.objects.exists()
    assert state() == "unknown"


def test_a_listener_that_fails_takes_the_evidence_with_it(loaded: cast.World, record: Callable) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("the board is on fire")

    listeners.register("tests.refuse", refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            record(timed("egret", 24, D, DAY))
    finally:
        listeners._LISTENERS.pop("tests.refuse")
    assert not Evidence.objects.exists()
    assert state() == "unknown"


def test_listeners_hear_what_was_and_what_is(loaded: cast.World, record: Callable, heard: list) -> None:
    record(timed("egret", 12, D, DAY), timed("egret", 12, D, NIGHT))
    record(timed("egret", 24, D + timedelta(days=1), NIGHT))
    told = [(c.capability.code, c.before, c.after.state, len(c.evidence)) for c in heard]
    assert told == [
        ("ed-clear-time", State.UNKNOWN, State.MET, 2),
        ("ed-clear-time", State.MET, State.BELOW, 1),
    ]


def test_unknown_codes_are_refused(loaded: cast.World, record: Callable) -> None:
    for draft, code in (
        (timed("nowhere", 1, D, DAY), "subject-unknown"),
        (timed("egret", 1, D, DAY, capability="nothing"), "capability-unknown"),
        (
            Draft("egret", "ed-clear-time", Method.SPOT_CHECK, Evaluator.CITY, D, level=1, place="attic"),
            "place-unknown",
        ),
    ):
        with pytest.raises(LedgerError) as refused:
            record(draft)
        assert refused.value.code == code


# ------------------------------------------------------------------ correcting and reopening


def test_a_correction_supersedes_and_its_withdrawal_brings_the_first_back(loaded: cast.World, record: Callable) -> None:
    (first, _) = record(timed("egret", 12, D, DAY), timed("egret", 12, D, NIGHT))
    wrong = Draft(
        "egret", "ed-clear-time", Method.TIMED_TEST, Evaluator.EXTERNAL, D, value=Fraction(21), condition=DAY,
        supersedes=first.pk, reason="wrong watch",
    )  # fmt: skip
    (second,) = record(wrong)
    assert state() == "below"
    changes.withdraw_evidence(
        evidence=second, evaluator=Evaluator.EXTERNAL, reason="right watch", by=None, office="integrator", now=cast.NOW
    )
    assert state() == "met"


def test_only_the_office_that_recorded_it_withdraws(loaded: cast.World, record: Callable) -> None:
    (row, _) = record(timed("egret", 12, D, DAY), timed("egret", 12, D, NIGHT))
    with pytest.raises(LedgerError) as refused:
        changes.withdraw_evidence(
            evidence=row, evaluator=Evaluator.SELF, reason="dislike", by=None, office="egret", now=cast.NOW
        )
    assert refused.value.code == "supersedes-right"


def test_reopening_a_visit_ends_its_rows_and_its_coverage(loaded: cast.World, record: Callable) -> None:
    visit = Source("visit", "v-1", "Visit of October")
    check = Draft("egret", "ed-clear-time", Method.SPOT_CHECK, Evaluator.EXTERNAL, D, level=2, source=visit)
    own = Draft("egret", "ed-clear-time", Method.SELF_RATING, Evaluator.SELF, D - timedelta(days=9), level=2)
    record(own, office="egret")
    record(check)
    egret = Subject.objects.get(code="egret")
    changes.record_coverage(
        city=loaded.city, subject=egret, source_id="v-1", capabilities=["ed-clear-time"], as_of=D, by=None, now=cast.NOW
    )
    assert state() == "in-place"
    ended = changes.reopen_source(
        city=loaded.city, source_id="v-1", evaluator=Evaluator.EXTERNAL, reason="one ward forgotten", by=None,
        office="integrator", now=cast.NOW,
    )  # fmt: skip
    assert ended == 1
    assert state() == "claimed"
    picture = queries.picture(city=loaded.city, subjects=[egret], now=cast.NOW)
    assert picture.covered["egret"] == frozenset()
    assert changes.reopen_source(
        city=loaded.city, source_id="v-1", evaluator=Evaluator.EXTERNAL, reason="again", by=None, office="integrator",
        now=cast.NOW,
    ) == 0  # fmt: skip


# ------------------------------------------------------------------ the night


def test_the_nightly_pass_lets_proof_lapse_once_a_day(loaded: cast.World, record: Callable, heard: list) -> None:
    record(timed("egret", 12, D, DAY), timed("egret", 12, D, NIGHT))
    heard.clear()
    later = cast.NOW + timedelta(days=365)
    assert changes.refresh_expired(city=loaded.city, now=later) == 1
    assert state() == "stale"
    assert [(c.before, c.after.state) for c in heard] == [(State.MET, State.STALE)]
    assert changes.refresh_expired(city=loaded.city, now=later) == 0


def test_a_notified_drill_that_is_not_handed_in_becomes_a_measured_miss(loaded: cast.World, record: Callable) -> None:
    record(timed("egret", 12, D, DAY), timed("egret", 12, D, NIGHT))
    drill = changes.notify_drill(
        city=loaded.city, subject="egret", capability="ed-clear-time", condition=NIGHT,
        starts_at=cast.NOW + timedelta(days=2), office="commission", evaluator=Evaluator.CITY, by=None, now=cast.NOW,
    )  # fmt: skip
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=32))
    assert state() == "met"
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=33))
    assert state() == "below"
    drill.refresh_from_db()
    row = Evidence.objects.get(pk=drill.missed_row)
    assert (row.shown, row.office, row.method) == (False, "commission", "missed-drill")
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=34))
    assert Evidence.objects.filter(method="missed-drill").count() == 1


def test_a_notified_drill_handed_in_or_called_off_is_no_miss(loaded: cast.World, record: Callable) -> None:
    notify = {
        "city": loaded.city, "subject": "egret", "capability": "ed-clear-time", "condition": NIGHT, "by": None,
        "office": "commission", "evaluator": Evaluator.CITY, "now": cast.NOW,
    }  # fmt: skip
    handed_in = changes.notify_drill(starts_at=cast.NOW + timedelta(days=2), **notify)
    called_off = changes.notify_drill(starts_at=cast.NOW + timedelta(days=3), **notify)
    changes.call_off_drill(drill=called_off, by=None, now=cast.NOW + timedelta(days=1))
    after = cast.NOW + timedelta(days=3)
    own = Draft(
        "egret", "ed-clear-time", Method.OWN_DRILL, Evaluator.SELF, cast.TODAY + timedelta(days=2), value=Fraction(24),
        condition=NIGHT, notice=Notice.UNANNOUNCED, drill=handed_in.pk,
    )  # fmt: skip
    changes.record_batch(city=loaded.city, drafts=[own], by=None, office="egret", now=after)
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=60))
    assert not Evidence.objects.filter(method="missed-drill").exists()
    with pytest.raises(LedgerError) as refused:
        changes.call_off_drill(drill=handed_in, by=None, now=after)
    assert refused.value.code == "call-off-late"
    with pytest.raises(LedgerError) as refused:
        changes.notify_drill(starts_at=cast.NOW + timedelta(hours=1), **notify)
    assert refused.value.code == "notify-late"


# ------------------------------------------------------------------ methodology


def test_loading_again_changes_nothing(loaded: cast.World, library) -> None:
    counts = [m.objects.count() for m in (PackVersion, Capability, TargetStep, Standing, RollUp)]
    assert changes.load_packs(city=loaded.city, library=library, by=None, now=cast.NOW) == []
    assert [m.objects.count() for m in (PackVersion, Capability, TargetStep, Standing, RollUp)] == counts


def test_a_new_target_judges_from_its_day_and_leaves_the_past(loaded: cast.World, record: Callable) -> None:
    record(timed("egret", 14, D, DAY), timed("egret", 14, D, NIGHT))
    changes.change_target(
        city=loaded.city, capability="ed-clear-time", size="large", values={None: Fraction(10)}, from_day=cast.TODAY,
        by=None, now=cast.NOW,
    )  # fmt: skip
    assert state() == "below"
    egret = Subject.objects.get(code="egret")
    past = queries.picture(city=loaded.city, subjects=[egret], now=cast.NOW, day=cast.TODAY - timedelta(days=1))
    assert past.standing("egret", "ed-clear-time").state is State.MET
    with pytest.raises(LedgerError) as refused:
        changes.change_target(
            city=loaded.city, capability="ed-clear-time", size="large", values={None: Fraction(10)}, from_day=D,
            by=None, now=cast.NOW,
        )  # fmt: skip
    assert refused.value.code == "backdated"


def test_a_changed_validity_holds_for_later_rows_only(loaded: cast.World, record: Callable) -> None:
    record(timed("egret", 12, D, DAY), timed("egret", 12, D, NIGHT))
    changes.change_validity(
        city=loaded.city, capability="ed-clear-time", days={"seen": 10}, from_day=cast.TODAY, by=None, now=cast.NOW
    )
    assert state() == "met"
    tomorrow = cast.NOW + timedelta(days=1)
    drafts = [timed("egret", 12, cast.TODAY, DAY), timed("egret", 12, cast.TODAY, NIGHT)]
    changes.record_batch(city=loaded.city, drafts=drafts, by=None, office="integrator", now=tomorrow)
    row = queries.ledger_of(city=loaded.city, subject=Subject.objects.get(code="egret"), capability="ed-clear-time")
    found = row.standing(cast.TODAY + timedelta(days=1), tomorrow)
    assert {p.holds_until for p in found.parts} == {D + timedelta(days=365)}


def test_not_applicable_needs_a_reason_and_somebody_outside_and_is_never_must_pass(loaded: cast.World) -> None:
    egret = Subject.objects.get(code="egret")
    asked = {
        "city": loaded.city, "subject": egret, "standard": "mci-hospital", "indicator": "TRI-4",
        "reason": {"en": "No second entrance"}, "evaluator": Evaluator.EXTERNAL, "office": "integrator",
        "by": loaded.people["lead"].pk, "from_day": cast.TODAY, "now": cast.NOW,
    }  # fmt: skip
    for change, code in (
        ({"reason": {"en": " "}}, "na-reason"),
        ({"evaluator": Evaluator.SELF}, "na-inside"),
        ({"indicator": "TRI-1"}, "na-must-pass"),
        ({"indicator": "TRI-99"}, "indicator-unknown"),
        ({"from_day": D}, "backdated"),
    ):
        with pytest.raises(LedgerError) as refused:
            changes.declare_not_applicable(**{**asked, **change})
        assert refused.value.code == code
    changes.declare_not_applicable(**asked)
    picture = queries.picture(city=loaded.city, subjects=[egret], now=cast.NOW)
    question = next(q for q in picture.questions["egret"] if q.code == "TRI-4")
    assert not picture.applies("egret", question)
