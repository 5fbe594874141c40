"""The demo as it stands in the database: what is closed is proven, what is planted is found, strangers stay strangers."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django_scopes import scope

from beiji.packs import packs_root, scan
from beiji.records import options
from beiji.site import demo
from tests.site.conftest import seeded_with

TODAY = date(2026, 11, 24)
WEIGHTS = {"must-pass": 3, "high": 2, "normal": 1}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[1, 2, 3] if options.read("BEIJI_FULL") else [1])
def seeded(request: pytest.FixtureRequest, shelf, library, django_db_blocker) -> Iterator[int]:
    """The demo under one seed."""
    state = seeded_with(request.param, library)
    with django_db_blocker.unblock(), shelf.started_from(*state), scope(city="yangzhou"):
        yield request.param


@pytest.fixture(autouse=True)
def _use(seeded: int, db: None) -> None:
    """Every test reads the seeded city."""


def test_the_planted_faults_are_what_the_city_lacks_most() -> None:
    from beiji.programme.models import Subject
    from beiji.readiness.methodology import standard_in_force
    from beiji.readiness.models import Standing

    city = Subject.objects.first().city
    from datetime import UTC, datetime

    method = standard_in_force(city, TODAY, datetime(2026, 11, 24, 4, tzinfo=UTC))
    below = {
        (s.subject_id, s.capability.code) for s in Standing.objects.select_related("capability") if s.state == "below"
    }
    gravity: Counter[str] = Counter()
    for hospital in Subject.objects.filter(kind="hospital"):
        for question in method.questions_for(hospital):
            if (hospital.pk, question.capability) in below:
                gravity[question.code] += question.crit_weight
    story = scan(packs_root()).cities["yangzhou"].story
    planted = {fault.indicator for fault in story.faults if fault.finding}
    assert {code for code, _ in gravity.most_common(5)} == planted


def test_without_any_experts_words_the_report_would_find_the_planted_faults() -> None:
    from datetime import UTC, datetime

    from beiji.programme.models import Subject
    from beiji.reports import gathering
    from beiji.reports.rules.facts import choose_findings

    hospitals = list(Subject.objects.filter(kind="hospital"))
    known_at = datetime(2026, 11, 24, 4, tzinfo=UTC)
    basis = gathering.gather(city=hospitals[0].city, hospitals=hospitals, as_of=TODAY, known_at=known_at)
    chosen = choose_findings(basis.now.held, [])
    assert {finding.gap.indicator for finding in chosen} == {"STF-1", "TRI-6", "SUR-1", "TRI-3", "SUR-9"}


def test_the_page_for_leaders_says_the_planted_faults_in_the_experts_order() -> None:
    from beiji.improve.models import Finding
    from beiji.reports.models import Snapshot

    orders = list(Finding.objects.order_by("order").values_list("order", "indicators"))
    assert [order for order, _ in orders] == [1, 2, 3, 4, 5]
    assert [indicators for _, indicators in orders] == [["STF-1"], ["TRI-6"], ["SUR-1"], ["TRI-3"], ["SUR-9"]]
    assert Snapshot.objects.filter(audience="ministers").count() == 2


def test_every_closed_action_has_a_later_row_that_proves_it() -> None:
    from beiji.improve.models import Action

    closed = 0
    for action in Action.objects.with_state().prefetch_related("steps__evidence"):
        steps = {step.kind: step for step in action.steps.all()}
        if "closed" in steps:
            closed += 1
            assert steps["closed"].evidence is not None
            assert steps["closed"].at > steps["declared"].at
            assert steps["closed"].evidence.recorded_at == steps["closed"].at
    assert closed >= 12


def test_a_failed_drill_has_reopened_one_action_and_one_waits_for_proof() -> None:
    from beiji.improve.models import Action

    states = {
        (a.subject.code, a.indicator): a.state.value for a in Action.objects.with_state().select_related("subject")
    }
    assert states["egret", "TRI-7"] == "reopened"
    assert states["orchid", "TRI-3"] == "awaiting-proof"


def test_night_call_in_is_open_in_every_pilot_and_the_gate_says_so() -> None:
    from beiji.programme.models import GateDecision
    from beiji.readiness.models import Standing

    decision = GateDecision.objects.get(stage__number=1)
    assert decision.passed
    assert [condition.code for condition in decision.open_conditions.all()] == ["night-call-in"]
    standings = Standing.objects.filter(
        capability__code="callin-wave1", subject__code__in=["ginkgo", "reedflower", "lotus"]
    )
    assert [standing.state for standing in standings] == ["below"] * 3


def test_the_pilots_have_cleared_the_department_by_day_and_at_night() -> None:
    from beiji.readiness.models import Standing

    standings = Standing.objects.filter(
        capability__code="ed-clear-time", subject__code__in=["ginkgo", "reedflower", "lotus"]
    )
    assert [standing.state for standing in standings] == ["met"] * 3


def test_the_bodies_of_the_city_are_asked_their_own_standard_and_lack_what_was_planted() -> None:
    from datetime import UTC, datetime

    from beiji.programme.models import Subject
    from beiji.readiness import queries

    bodies = list(Subject.objects.filter(kind__in=["city", "commission", "ambulance", "blood"]))
    city = bodies[0].city
    picture = queries.picture(city=city, subjects=bodies, now=datetime(2026, 11, 24, 4, tzinfo=UTC))
    assert picture.method is not None
    assert picture.method.pack.code == "mci-city"
    assert {code: len(asked) for code, asked in picture.questions.items()} == {
        "commission": 12, "ambulance-centre": 10, "yangzhou": 9, "blood-station": 4,
    }  # fmt: skip
    story = scan(packs_root()).cities["yangzhou"].story
    for body in story.bodies:
        below = {held.indicator for held in picture.held_by_subject[body.subject] if held.state.value == "below"}
        missed = {test.indicator for test in body.tests if not test.passes}
        assert below == set(body.weak) | missed, body.subject
        whole = picture.roll_ups[body.subject]
        assert whole.present == whole.expected
    assert picture.standing("yangzhou", "city-drill-held").state.value == "met"
    assert picture.standing("blood-station", "station-red-cells").state.value == "met"


def test_every_log_in_opens_and_the_running_visit_lets_lead_and_assessor_in() -> None:
    from beiji.assess.models import Visit
    from beiji.programme.models import RoleGrant

    for name in demo.LOG_INS.values():
        assert authenticate(username=name, password=demo.PASSWORD) is not None, name
    visit = Visit.objects.get(phase="on-site")
    assert visit.subject.code == "ginkgo"
    assert visit.first_day <= TODAY <= visit.last_day
    grants = RoleGrant.objects.filter(source=visit.stream, since__lte=TODAY)
    assert sorted(grants.values_list("role", flat=True)) == ["assessor", "lead"]


def test_nothing_of_the_strangers_city_is_in_this_one() -> None:
    from beiji.documents.models import TextVersion
    from beiji.programme.models import Organisation, Person, Subject

    for model in (Subject, Organisation, Person):
        assert not any("CANARY" in str(thing.names) for thing in model.objects.all())
    assert not TextVersion.objects.filter(body__contains="CANARY").exists()


def test_some_texts_wait_for_translation_and_some_for_approval() -> None:
    from beiji.documents.models import Translation

    translations = Translation.objects.all()
    assert translations.filter(approval__isnull=True).exists()
    assert translations.filter(approval__isnull=False).count() > 20
