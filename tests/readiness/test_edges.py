"""The ledger's edges in the write path and on the pages: notified drills, the nightly pass, parts that open, numbers,
evaluators who were struck off, items set aside. The law's own cases are in `cases_edges.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope

from beiji.programme import changes as programme
from beiji.programme.changes import ProgrammeError
from beiji.readiness import caching, changes, queries
from beiji.readiness.changes import Draft
from beiji.readiness.models import Capability, Evidence, NotifiedDrill, RollUp, Standing
from beiji.readiness.pages.todos import things_to_do
from beiji.readiness.rules.rows import Condition, Evaluator, LedgerError, Method, Notice
from beiji.site import doctor
from tests import cast
from tests.readiness.conftest import timed
from tests.work import night

D = date(2026, 10, 1)
DAY, NIGHT = Condition.DAY, Condition.NIGHT
BY = cast.NOW + timedelta(days=2)
THEN = cast.NOW + timedelta(days=40)


def state(subject: str = "egret", capability: str = "ed-clear-time") -> str:
    return str(Standing.objects.get(subject__code=subject, capability__code=capability).state)


def notified(loaded: cast.World, **facts: Any) -> NotifiedDrill:
    known = {
        "city": loaded.city, "subject": "egret", "capability": "ed-clear-time", "condition": NIGHT, "by": None,
        "office": "commission", "evaluator": Evaluator.CITY, "now": cast.NOW, "starts_at": BY,
    }  # fmt: skip
    return changes.notify_drill(**{**known, **facts})


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(LedgerError) as refused:
        call()
    return refused.value.code


def campus(loaded: cast.World, code: str, parent: str = "egret", **facts: Any) -> Any:
    return programme.add_subject(
        city=loaded.city, code=code, kind="campus", names={"en": code}, parent=loaded.subjects[parent], by=None,
        now=cast.NOW, **{"size": "large", **facts},
    )  # fmt: skip


# ------------------------------------------------------------------ notified drills


def test_what_no_drill_can_show_cannot_be_notified(loaded: cast.World) -> None:
    document = "early-discharge-legal-cover"
    assert refusal(lambda: notified(loaded, capability=document)) == "document-drill"
    assert not NotifiedDrill.objects.exists()


def test_a_drill_that_was_divided_between_notification_and_its_day_is_missed_on_each_campus(
    loaded: cast.World, record: Callable
) -> None:
    capability = "callin-wave1"  # kept per campus
    drill = notified(loaded, capability=capability)
    campus(loaded, "egret-east", since=cast.TODAY + timedelta(days=1))
    campus(loaded, "egret-annex", since=cast.TODAY + timedelta(days=1), is_new=True)
    night(THEN)
    missed = Evidence.objects.filter(method="missed-drill")
    assert [(e.subject.code, e.drill_id) for e in missed] == [("egret-east", drill.pk)]
    drill.refresh_from_db()
    assert drill.missed_row == missed[0].pk
    night(THEN + timedelta(days=1))
    assert missed.count() == 1


def test_handing_in_and_withdrawing_leaves_the_miss(loaded: cast.World) -> None:
    drill = notified(loaded)
    own = Draft(
        "egret", "ed-clear-time", Method.OWN_DRILL, Evaluator.SELF, cast.TODAY + timedelta(days=2), value=Fraction(24),
        condition=NIGHT, notice=Notice.UNANNOUNCED, drill=drill.pk,
    )  # fmt: skip
    row = changes.record_evidence(city=loaded.city, draft=own, by=None, office="egret", now=BY + timedelta(days=1))
    assert row.notified_on == cast.TODAY  # of the drill, not typed
    night(THEN)
    assert not Evidence.objects.filter(method="missed-drill").exists()
    changes.withdraw_evidence(
        evidence=row, evaluator=Evaluator.SELF, reason="better so", by=None, office="egret", now=THEN
    )
    night(THEN + timedelta(days=1))
    assert state() == "below"
    assert Evidence.objects.filter(method="missed-drill").count() == 1


def test_a_row_of_another_day_hands_nothing_in(loaded: cast.World) -> None:
    drill = notified(loaded)
    other = Draft(
        "egret", "ed-clear-time", Method.OWN_DRILL, Evaluator.SELF, cast.TODAY + timedelta(days=3), value=Fraction(9),
        condition=NIGHT, notice=Notice.UNANNOUNCED, drill=drill.pk,
    )  # fmt: skip
    later = BY + timedelta(days=3)
    assert (
        refusal(lambda: changes.record_evidence(city=loaded.city, draft=other, by=None, office="egret", now=later))
        == "drill-other"
    )


def test_a_drill_of_which_nothing_is_left_is_named_to_the_city(loaded: cast.World) -> None:
    east = campus(loaded, "egret-east")
    notified(loaded, capability="callin-wave1", subject="egret-east")
    programme.end_subject(subject=east, until=cast.TODAY + timedelta(days=1), by=uuid4(), now=cast.NOW)
    night(THEN)
    assert not Evidence.objects.filter(method="missed-drill").exists()
    drill = NotifiedDrill.objects.get()
    assert drill.missed_row is None
    from beiji.readiness.notified_drills import without_parts

    assert [d.pk for d in without_parts(loaded.city, THEN)] == [drill.pk]


# ------------------------------------------------------------------ the nightly pass


def proven_everywhere(record: Callable) -> None:
    parts = ("egret", "ginkgo-east", "ginkgo-west")
    record(*(timed(part, 9, D, condition) for part in parts for condition in (DAY, NIGHT)))


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Computing the standings of these subjects fails."""
    broken: list[str] = []
    real = caching.standings_of

    def standings_of(*, whole: Any, **more: Any) -> Any:
        if whole.code in broken:
            raise LookupError("planted")
        return real(whole=whole, **more)

    monkeypatch.setattr(caching, "standings_of", standings_of)
    return broken


def test_one_subjects_fault_stops_no_other_and_is_said(
    loaded: cast.World, record: Callable, fault: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    proven_everywhere(record)
    year = cast.NOW + timedelta(days=365)
    fault.append("ginkgo")
    night(year)
    assert (state("egret"), state("ginkgo")) == ("stale", "met")
    assert "left ginkgo of yangzhou as it was" in caplog.text
    assert [(s.code, day) for s, day in queries.left_behind(loaded.city)] == [("ginkgo", cast.TODAY)]
    (finding,) = doctor.nightly()
    assert "ginkgo in yangzhou" in finding.what
    fault.clear()
    night(year + timedelta(hours=1))  # tried again on the same day
    assert state("ginkgo") == "stale"
    assert queries.left_behind(loaded.city) == []
    assert doctor.nightly() == []


def test_the_city_is_told_which_hospital_was_left_behind(
    loaded: cast.World, record: Callable, fault: list[str]
) -> None:
    fault.append("ginkgo")
    night(cast.NOW + timedelta(days=1))
    with translation.override("en"):
        said = [t.what for t in things_to_do(loaded.people["manager"], loaded.city, cast.TODAY)]
    assert any("Ginkgo have not been renewed since 24 November 2026" in what for what in said), said


def test_one_citys_fault_stops_no_other(
    loaded: cast.World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    passed: list[str] = []

    def refresh(*, city: Any, now: Any) -> int:
        passed.append(city.pk)
        if len(passed) == 1:
            raise LookupError("planted")
        return 0

    monkeypatch.setattr(changes, "refresh_expired", refresh)
    night(cast.NOW)
    assert sorted(passed) == ["nanjing", "yangzhou"]
    assert "failed" in caplog.text


def test_a_missed_drill_that_cannot_be_written_stops_no_other_subject(
    loaded: cast.World, record: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the first landing one such drill stopped the whole city's pass."""
    proven_everywhere(record)
    document = Capability.objects.get(code="early-discharge-legal-cover")
    egret = loaded.subjects["egret"]
    NotifiedDrill.objects.create(  # as the first landing took it
        city=loaded.city, whole=egret, subject=egret, capability=document, condition="night", starts_at=BY,
        notified_on=cast.TODAY, office="commission", evaluator=2, recorded_at=cast.NOW,
    )  # fmt: skip
    night(cast.NOW + timedelta(days=365))
    assert state("ginkgo") == "stale"


# ------------------------------------------------------------------ parts that open


def opening(call: Callable[[], object]) -> str:
    with translation.override("en"), pytest.raises(ProgrammeError) as refused:
        call()
    return str(refused.value)


def test_the_first_campus_is_what_stood_before(loaded: cast.World) -> None:
    assert "The first campus" in opening(lambda: campus(loaded, "egret-annex", is_new=True))
    campus(loaded, "egret-main")
    campus(loaded, "egret-annex", is_new=True)


def test_an_ended_campus_is_continued_or_the_next_one_is_new(loaded: cast.World, record: Callable) -> None:
    tomorrow = cast.TODAY + timedelta(days=1)
    old = campus(loaded, "egret-old")
    campus(loaded, "egret-main")
    miss = timed("egret-old", 0, D, NIGHT, capability="callin-wave1")
    record(miss)
    programme.end_subject(subject=old, until=tomorrow, by=uuid4(), now=cast.NOW)
    assert "nothing continues it" in opening(lambda: campus(loaded, "egret-x", since=tomorrow))
    assert "End that first" in opening(lambda: campus(loaded, "egret-x", since=tomorrow, continues=["egret-main"]))
    assert "one of the two" in opening(
        lambda: campus(loaded, "egret-x", since=tomorrow, continues=["egret-old"], is_new=True)
    )
    campus(loaded, "egret-x", since=tomorrow, continues=["egret-old"])
    night(cast.NOW + timedelta(days=1))
    found = queries.ledger_of(city=loaded.city, subject=loaded.subjects["egret"], capability="callin-wave1")
    parts = found.standing(tomorrow, cast.NOW + timedelta(days=1)).parts
    assert {p.part.campus: p.state.value for p in parts if p.part.condition is NIGHT} == {
        "egret-x": "below",
        "egret-main": "unknown",
    }


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize("value", [Fraction(1, 10**3000), Fraction(10**3000), Fraction(1, 3), Fraction(1_000_000)])
def test_a_number_that_is_dear_to_read_is_refused_when_kept(loaded: cast.World, record: Callable, value: Any) -> None:
    draft = Draft(
        "egret", "ed-clear-time", Method.TIMED_TEST, Evaluator.EXTERNAL, D, value=value, condition=NIGHT
    )  # fmt: skip
    assert refusal(lambda: record(draft)) in ("number", "value-most")


def test_a_share_above_the_whole_is_refused(loaded: cast.World, record: Callable) -> None:
    """Typed 45 for a share became 4,500 % and "Proven"."""
    draft = Draft(
        "egret", "warning-log-share", Method.TIMED_TEST, Evaluator.EXTERNAL, D, value=Fraction(45), condition=NIGHT
    )  # fmt: skip
    assert refusal(lambda: record(draft)) == "value-most"


# ------------------------------------------------------------------ struck off


def strike(loaded: cast.World, **facts: Any) -> Any:
    known = {
        "city": loaded.city, "office": "integrator", "evaluator": Evaluator.CITY, "reason": "Watches were not read",
        "reason_language": "en", "by": None, "by_office": "commission", "now": cast.NOW,
    }  # fmt: skip
    return changes.strike_off(**{**known, **facts})


def test_the_city_strikes_off_and_ends_a_pass_with_a_reason_that_shows(
    loaded: cast.World, record: Callable, client: Client
) -> None:
    (row, _) = record(timed("egret", 9, D, DAY), timed("egret", 9, D, NIGHT))
    ending = {
        "evidence": row, "evaluator": Evaluator.CITY, "by": None, "office": "commission", "now": cast.NOW,
        "reason": "Evaluator struck off: watches were not read",
    }  # fmt: skip
    assert refusal(lambda: changes.withdraw_evidence(**ending)) == "supersedes-right"
    strike(loaded)
    assert refusal(lambda: record(timed("egret", 9, D, NIGHT))) == "struck-off"
    changes.withdraw_evidence(**ending)
    assert state() != "met"
    client.force_login(loaded.people["manager"].accounts.get())
    with scope(city="yangzhou"):
        page = client.get("/yangzhou/readiness/egret/ed-clear-time/", headers={"accept-language": "en"})
    text = page.content.decode()
    assert "Evaluator struck off: watches were not read" in text


def test_striking_off_is_refused_without_reason_or_right(loaded: cast.World) -> None:
    assert refusal(lambda: strike(loaded, evaluator=Evaluator.EXTERNAL)) == "strike-city"
    assert refusal(lambda: strike(loaded, reason=" ")) == "strike-reason"
    assert refusal(lambda: strike(loaded, office="nobody")) == "office-unknown"
    assert refusal(lambda: strike(loaded, by_office="integrator")) == "strike-self"
    strike(loaded)
    assert refusal(lambda: strike(loaded)) == "struck-already"


def test_the_city_strikes_off_from_the_rows_page_and_takes_it_back(
    loaded: cast.World, record: Callable, client: Client
) -> None:
    (row, _) = record(timed("egret", 9, D, DAY), timed("egret", 9, D, NIGHT))
    client.force_login(loaded.people["manager"].accounts.get())
    address = f"/yangzhou/readiness/rows/{row.pk}/"
    english = {"headers": {"accept-language": "en"}}
    before = client.get(address, **english).content.decode()
    assert "Strike off the whole office" in before
    assert "Withdraw this row for good" not in before
    typed = {"reason": "Watches were not read", "language": "en", "whom": "office"}
    assert client.post(address + "striking/", {**typed, "reason": ""}).status_code == 422
    for whom in ("", "person"):  # who recorded this row is not known: that is no word against a whole office
        assert client.post(address + "striking/", {**typed, "whom": whom}).status_code == 422
    assert client.post(address + "striking/", typed).status_code == 302
    struck = client.get(address, **english).content.decode()
    assert "Struck off the list of evaluators on" in struck
    assert "Watches were not read" in struck
    assert "Withdraw this row for good" in struck
    again = {"city": loaded.city, "draft": timed("egret", 9, D, NIGHT), "by": None, "office": "integrator"}
    assert refusal(lambda: changes.record_evidence(now=timezone.now(), **again)) == "struck-off"
    assert client.post(address + "striking-back/").status_code == 302
    assert "Struck off the list" not in client.get(address, **english).content.decode()
    assert client.post(address + "striking-back/").status_code == 404
    changes.record_evidence(now=timezone.now(), **again)


def test_who_is_not_the_city_finds_no_striking(loaded: cast.World, record: Callable, client: Client) -> None:
    (row,) = record(timed("egret", 9, D, DAY))
    client.force_login(loaded.people["lead"].accounts.get())
    typed = {"reason": "Watches were not read", "language": "en", "whom": "office"}
    assert client.post(f"/yangzhou/readiness/rows/{row.pk}/striking/", typed).status_code == 404


# ------------------------------------------------------------------ not applicable


def aside(loaded: cast.World, evaluator: Evaluator, indicator: str) -> Any:
    return changes.declare_not_applicable(
        city=loaded.city, subject=loaded.subjects["egret"], standard="mci-hospital", indicator=indicator,
        reason={"en": "It is not asked here."}, evaluator=evaluator, office="commission", by=uuid4(),
        from_day=cast.TODAY, now=cast.NOW,
    )  # fmt: skip


def test_a_failed_item_is_set_aside_only_by_who_is_not_lower_and_is_named_in_the_roll_up(
    loaded: cast.World, record: Callable, client: Client
) -> None:
    asked = "reverse-triage-share"
    indicator = next(
        q.code
        for q in queries.picture(city=loaded.city, subjects=[loaded.subjects["egret"]], now=cast.NOW).questions["egret"]
        if q.capability == asked
    )
    record(timed("egret", 0, D, NIGHT, capability=asked))
    assert refusal(lambda: aside(loaded, Evaluator.CITY, indicator)) == "na-failed"
    aside(loaded, Evaluator.EXTERNAL, indicator)
    total = RollUp.objects.get(subject__code="egret", level="hospital")
    assert total.values["set_aside"] == [indicator]
    client.force_login(loaded.people["manager"].accounts.get())
    page = client.get("/yangzhou/readiness/egret/", headers={"accept-language": "en"})
    assert "Below, but set aside as not applicable" in page.content.decode()
