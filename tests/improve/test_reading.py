"""What home pages, menus and reports read of this room."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from beiji.improve import changes, queries
from beiji.improve.pages.lines import line_of
from beiji.records import providers
from beiji.reports.improving import action_lines
from tests import cast

from .conftest import fails, planned


@pytest.fixture
def gap(at_work):
    fails(at_work)
    fails(at_work, "ginkgo-east")
    return at_work


def test_figures_count_what_the_person_may_see(gap):
    planned(gap, due=cast.TODAY - timedelta(days=1))
    planned(gap, due=cast.TODAY + timedelta(days=3))
    own = planned(gap, "ginkgo")
    changes.declare_done(action=own, by=gap.people["coordinator"], now=cast.NOW)
    every = queries.counts(gap.people["manager"], cast.TODAY)
    assert (every.live, every.overdue, every.due_soon, every.awaiting_proof, every.closed) == (3, 1, 1, 1, 0)
    mine = queries.counts(gap.people["coordinator"], cast.TODAY)
    assert (mine.live, mine.overdue, mine.awaiting_proof) == (1, 0, 1)
    assert queries.counts(gap.people["leader"], cast.TODAY).live == 0


def test_declaring_done_stops_no_clock_anywhere(gap):
    """A coordinator's word once took an action out of every count of what is late."""
    action = planned(gap, "ginkgo", due=cast.TODAY - timedelta(days=3))
    changes.declare_done(action=action, by=gap.people["coordinator"], now=cast.NOW)
    assert queries.counts(gap.people["manager"], cast.TODAY).overdue == 1
    late = queries.filtered(gap.people["manager"], queries.Filters(only="overdue"), cast.TODAY)
    assert [a.pk for a in late] == [action.pk]
    line = line_of(late[0], cast.TODAY)
    assert (line.is_late, line.due_words, line.state_word) == (True, "3 days late", "Awaiting proof")
    (todo,) = todos(gap, "coordinator")
    assert (todo.due, str(todo.what)[:18]) == (cast.TODAY - timedelta(days=3), "Arrange the proof:")
    (printed,) = action_lines(gap.subjects["ginkgo"], cast.TODAY, cast.NOW)
    assert printed.is_overdue


def todos(world, part):
    found = providers.todos.collect(world.people[part], world.city, cast.TODAY)
    return [t for t in found if "/actions/" in t.url or "/decisions/" in t.url]


def test_reminders_name_what_is_late_due_and_waiting_for_those_who_plan(gap):
    planned(gap, "ginkgo", due=cast.TODAY - timedelta(days=2))
    planned(gap, "ginkgo", due=cast.TODAY + timedelta(days=90))
    waiting = planned(gap, "ginkgo", due=cast.TODAY)
    changes.declare_done(action=waiting, by=gap.people["coordinator"], now=cast.NOW)
    found = todos(gap, "coordinator")
    assert [t.due for t in found] == [cast.TODAY - timedelta(days=2), None]
    assert str(found[1].what).startswith("Arrange the proof: ")
    assert todos(gap, "coordinator_other") == []
    assert todos(gap, "assessor") == []


def test_many_reminders_of_a_kind_become_one_line(gap):
    for days in range(1, 6):
        planned(gap, due=cast.TODAY - timedelta(days=days))
    (line,) = todos(gap, "manager")
    assert str(line.what) == "5 actions are overdue"
    assert line.due == cast.TODAY - timedelta(days=5)
    assert line.url.endswith("/actions/?only=overdue")


def test_a_decision_not_taken_in_time_is_on_the_managers_list(at_work):
    decision = changes.ask_decision(
        city=at_work.city, body="批准。", language="zh-Hans", owner=at_work.organisations["government"], cost_class="none",
        asked_on=date(2026, 9, 1), due=date(2026, 10, 1), by=at_work.people["manager"], now=cast.NOW,
    )  # fmt: skip
    assert "1 decision is not taken in time" in [str(t.what) for t in todos(at_work, "manager")]
    changes.record_ruling(
        decision=decision, word="taken", decided_on=date(2026, 11, 1), decided_by=at_work.people["leader"].pk,
        by=at_work.people["manager"], now=cast.NOW,
    )  # fmt: skip
    assert todos(at_work, "manager") == []


def test_the_menu_counts_what_is_live(gap):
    planned(gap)
    entries = {e.key: e for e in providers.menu.collect(gap.people["manager"], gap.city)}
    assert entries["improve"].count == 1
    [leaders] = [e for e in providers.menu.collect(gap.people["leader"], gap.city) if e.key == "improve"]
    assert (leaders.url, leaders.count) == ("/yangzhou/decisions/", None), "what he is asked, not the register"


def test_typed_words_know_the_page_on_which_they_stand(gap):
    action = planned(gap, body="Two beds from each ward.", language="en", advice_level=None)
    assert action.text.where == f"/yangzhou/actions/{action.pk}/"
