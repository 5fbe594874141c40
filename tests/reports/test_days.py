"""A report shows its own day: what was found, asked, decided and done later is not on it; over nothing there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from beiji.assess.models import Reply, Visit
from beiji.improve.models import Decision, Finding, Ruling
from beiji.programme.models import Subject
from beiji.reports import improving
from beiji.reports.changes import ReportError, make_snapshot
from beiji.reports.models import Snapshot
from tests.cast import TODAY

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)


@pytest.fixture
def city(demo):
    with scope(city="yangzhou"):
        yield demo.city


def test_findings_and_requests_of_a_later_day_are_not_on_an_earlier_report(city):
    found_on = min(Finding.objects.values_list("found_on", flat=True))
    asked_on = max(Decision.objects.filter(order__gt=0).values_list("asked_on", flat=True))
    assert improving.finding_lines(found_on, NOW)
    assert improving.finding_lines(found_on - timedelta(days=1), NOW) == []
    asked = improving.decision_lines(asked_on, NOW)
    assert len(improving.decision_lines(asked_on - timedelta(days=1), NOW)) < len(asked)


def test_what_was_decided_later_is_still_asked_on_an_earlier_report(city):
    ruling = Ruling.objects.filter(word="taken", decision__order__gt=0).order_by("decided_on").first()
    states = {
        day: [line.state for line in improving.decision_lines(day, NOW)]
        for day in (ruling.decided_on, ruling.decided_on - timedelta(days=1))
    }
    assert "taken" in states[ruling.decided_on]
    assert "taken" not in states[ruling.decided_on - timedelta(days=1)]


def test_an_action_stands_on_an_earlier_list_as_it_stood_then(city):
    from beiji.improve.models import Step

    step = Step.objects.filter(kind="closed").order_by("at").first()
    hospital = step.action.concerns.first()
    day = step.at.astimezone(UTC).date()
    code = step.action.indicator

    def state(asked):
        lines = improving.action_lines(hospital, asked, NOW)
        return [line.state["en"] for line in lines if line.indicator == code]

    assert "closed by evidence" in state(day)
    assert "closed by evidence" not in state(day - timedelta(days=1))
    assert improving.action_lines(hospital, day - timedelta(days=900), NOW) == []


def test_a_report_over_nothing_is_refused_in_one_sentence_and_leaves_nothing(city):
    before = Snapshot.objects.count()
    early = datetime(TODAY.year - 3, 1, 1, tzinfo=UTC)
    for asked in ({"audience": "ministers"}, {"audience": "ward", "subject": Subject.objects.get(code="gull")}):
        with pytest.raises(ReportError, match=r"^Nothing is known about .*, so there is nothing to report; lock an"):
            make_snapshot(city=city, by=None, now=NOW, known_at=early, as_of=TODAY - timedelta(days=1), **asked)
    assert Snapshot.objects.count() == before


def test_the_report_says_how_many_visits_had_no_reply(city):
    """Counted here visit by visit, over the visits that are locked."""
    agreed = disputed = silent = 0
    for visit in Visit.objects.filter(phase=Visit.Phase.LOCKED, subject__kind="hospital").exclude(kind=Visit.Kind.SELF):
        stances = {reply.stance for reply in Reply.objects.filter(visit=visit)}
        disputed += "dispute" in stances
        agreed += stances == {"agree"}
        silent += not stances
    assert silent > 0
    page = make_snapshot(city=city, audience="ministers", by=None, now=NOW)
    limits = page.content["documents"]["en"]["blocks"][-1]["text"]
    assert f"in {agreed + disputed + silent} visits from" in limits
    assert f"agreed with {agreed} of their results, disputed {disputed} and did not reply to {silent}." in limits
    assert "1 dispute has no signed answer of the team." in limits


def test_an_action_in_another_language_makes_the_list_a_draft(city):
    from beiji.improve.models import Action

    action = Action.objects.filter(text__isnull=False, concerns__kind="hospital").first()
    assert action is not None
    hospital = action.concerns.first()
    ward = make_snapshot(city=city, audience="ward", subject=hospital, by=None, now=NOW)
    raw = {
        language: any(line.words[language].untranslated for line in improving.action_lines(hospital, TODAY, NOW))
        for language in ("en", "zh-Hans", "he")
    }
    marks = {"en": "Draft: ", "zh-Hans": "草稿：", "he": "טיוטה: "}
    for language, is_raw in raw.items():
        assert ward.content["documents"][language]["title"].startswith(marks[language]) is is_raw, language
