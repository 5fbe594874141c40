"""The first pages: what they count, what the gates say, who is led where."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django_scopes import scope

from beiji.programme.models import Subject
from beiji.readiness import queries
from beiji.records.providers import ToDo
from beiji.site import gates, home_pages
from beiji.ui.days import due_words
from tests.cast import TODAY

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (TODAY, "today"),
        (TODAY + timedelta(days=1), "in 1 day"),
        (TODAY + timedelta(days=6), "in 6 days"),
        (TODAY - timedelta(days=3), "3 days late"),
        (date(2027, 6, 1), "1 Jun 2027"),
    ],
)
def test_a_due_date_is_said_as_people_say_it(due, words):
    assert due_words(due, TODAY, far=home_pages.FAR_DAYS) == words


def test_hebrew_bends_one_and_many():
    with translation.override("he"):
        assert due_words(TODAY - timedelta(days=1), TODAY) == "באיחור של יום"
        assert due_words(TODAY - timedelta(days=5), TODAY) == "באיחור של 5 ימים"


def test_the_heading_counts_what_is_due_and_what_is_late():
    todos = [ToDo("a", "", "/", due=TODAY - timedelta(days=2)), ToDo("b", "", "/", due=TODAY), ToDo("c", "", "/")]
    lines = home_pages.lines_of(todos, TODAY)
    assert [line.what for line in lines] == ["a", "b", "c"]
    assert [line.state for line in lines] == ["late", "today", ""]
    assert home_pages.counting_sentence(lines) == "3 things to do, 1 of them late."
    assert home_pages.counting_sentence([]) == "Nothing is due today."


@pytest.fixture
def stages(demo):
    with scope(city="yangzhou"):
        picture = queries.picture(city=demo.city, subjects=Subject.objects.filter(kind="hospital"), now=NOW)
        yield {gate.number: gate for gate in gates.gates(picture, NOW)}


def test_month_twenty_stands_in_stage_two(stages):
    assert [number for number, gate in stages.items() if gate.is_current] == [2]


def test_the_gate_of_stage_one_was_passed_with_night_call_in_open(stages):
    conditions = {c.code: c for c in stages[1].conditions}
    assert "open" in stages[1].decision
    assert conditions["night-call-in"].holds is False
    assert conditions["pilots-no-must-pass-zero"].holds is True
    assert conditions["ed-cleared"].holds is True
    assert conditions["assessors-agree"].holds in (True, False)
    assert "kappa" in conditions["assessors-agree"].why


def test_what_nobody_can_compute_yet_says_so(stages):
    conditions = {c.code: c for c in stages[2].conditions}
    assert conditions["own-instructors"].holds is None
    assert conditions["own-instructors"].why == "told by the steering group"


def test_each_role_is_led_to_its_own_first_page(demo):
    titles = {}
    for role in ("manager", "coordinator", "translator", "leader"):
        page = demo.clients[role].get(reverse("site:home", kwargs={"city": "yangzhou"})).content.decode()
        titles[role] = page
    assert "Stages and gates" in titles["manager"]
    assert "My hospital" in titles["coordinator"]
    assert "texts wait for translation" in titles["translator"]
    assert "One page for heads of state" in titles["leader"]
    assert "Ginkgo" not in titles["leader"]
