"""Two people with the same page open: the older page changes nothing silently, both values are shown, one is chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_scopes import scope

from beiji.documents.access import versions_of
from beiji.improve import changes
from beiji.improve.models import Action, Decision, Finding, Step
from beiji.programme.versions import Outdated
from tests import cast
from tests.filled import filled

from .conftest import draft, fails, planned
from .test_pages import at, make, make_decision, make_finding

DUE = (cast.TODAY + timedelta(days=60)).isoformat()
THEIR_DUE = (cast.TODAY + timedelta(days=90)).isoformat()


@pytest.fixture
def action(gap) -> Action:
    return make(gap, body="Two beds from each ward.", language="en", advice_level=None)


def opened(client, url: str) -> dict:
    """The page as a person opened it."""
    return filled(client.get(url), "version")


def test_an_older_page_of_an_action_restores_nothing(manager, action):
    url = at("edit", action=action.pk)
    mine, theirs = opened(manager, url), opened(manager, url)
    assert manager.post(url, theirs | {"due": THEIR_DUE, "effort": "XL"}).status_code == 302
    answer = manager.post(url, mine | {"due": DUE, "cost_source": "Quote of 3 November"})
    assert answer.status_code == 409
    with scope(city="yangzhou"):
        assert Action.objects.get().due.isoformat() == THEIR_DUE
    text = answer.content.decode()
    for shown in ("22 February 2027", "23 January 2027", "A year or more", "Quote of 3 November", "Last changed by"):
        assert shown in text, shown
    assert text.count('name="differs"') == 3
    choice = filled(answer, "differs")
    assert (choice["take-effort"], choice["take-cost_source"]) == (["theirs"], ["mine"])
    assert "take-due" not in choice, "both changed it: the person has to say"

    again = manager.post(url, choice)
    assert (again.status_code, "Choose one of the two in every line." in again.content.decode()) == (409, True)
    assert manager.post(url, choice | {"take-due": "mine"}).status_code == 302
    with scope(city="yangzhou"):
        kept = Action.objects.get()
    assert (kept.due.isoformat(), kept.effort, kept.cost_source) == (DUE, "XL", "Quote of 3 November")


def test_a_third_change_while_choosing_is_shown_too(manager, action):
    url = at("edit", action=action.pk)
    mine = opened(manager, url)
    manager.post(url, opened(manager, url) | {"due": THEIR_DUE})
    choice = filled(manager.post(url, mine | {"due": DUE}), "differs") | {"take-due": "mine"}
    manager.post(url, opened(manager, url) | {"due": cast.TODAY.isoformat()})
    answer = manager.post(url, choice)
    assert answer.status_code == 409
    assert "24 November 2026" in answer.content.decode()


def test_words_of_both_are_kept_in_full_on_the_page(manager, action):
    url = at("edit", action=action.pk)
    mine = opened(manager, url)
    manager.post(url, opened(manager, url) | {"body": "Three beds\nfrom each ward."})
    answer = manager.post(url, mine | {"body": "One bed <b>only</b>\nfrom each ward."})
    text = answer.content.decode()
    assert "Three beds\nfrom each ward." in text
    assert "One bed &lt;b&gt;only&lt;/b&gt;\nfrom each ward." in text
    manager.post(url, filled(answer, "differs") | {"take-body": "theirs"})
    with scope(city="yangzhou"):
        assert versions_of(Action.objects.get().text)[-1].body == "Three beds\nfrom each ward."


def test_a_page_that_does_not_say_what_it_showed_is_old(manager, action):
    url = at("edit", action=action.pk)
    page = opened(manager, url) | {"due": DUE}
    del page["version"]
    assert manager.post(url, page).status_code == 409


def test_nothing_changed_needs_no_choice(manager, action):
    url = at("edit", action=action.pk)
    mine = opened(manager, url)
    manager.post(url, opened(manager, url) | {"due": DUE})
    assert manager.post(url, mine | {"due": DUE}).status_code == 302, "both typed the same"


def test_an_older_page_of_a_finding_restores_nothing(manager, city):
    finding = make_finding(city, ["egret"])
    url = at("finding", finding=finding.pk)
    mine = opened(manager, url)
    ginkgo = str(city.subjects["ginkgo"].pk)
    manager.post(url, opened(manager, url) | {"subjects": [ginkgo], "order": "2"})
    answer = manager.post(url, mine | {"body": "夜间召回失败。"})
    assert answer.status_code == 409
    assert "Ginkgo" in answer.content.decode()
    assert manager.post(url, filled(answer, "differs")).status_code == 302
    with scope(city="yangzhou"):
        kept = Finding.objects.get()
        assert [s.code for s in kept.subjects.all()] == ["ginkgo"]
        assert (kept.order, versions_of(kept.text)[-1].body) == (2, "夜间召回失败。")


def test_editing_a_finding_keeps_its_capabilities(manager, city):
    """The page does not ask for them, and sent none: they were emptied."""
    from beiji.readiness.models import Capability

    finding = make_finding(city, ["egret"])
    with scope(city="yangzhou"):
        finding.capabilities.set(Capability.objects.filter(code="ed-clear-time"))
    url = at("finding", finding=finding.pk)
    manager.post(url, opened(manager, url) | {"order": "3"})
    with scope(city="yangzhou"):
        assert [c.code for c in Finding.objects.get().capabilities.all()] == ["ed-clear-time"]


def test_a_finding_taken_back_meanwhile_is_not_changed(manager, city):
    finding = make_finding(city, ["egret"])
    url = at("finding", finding=finding.pk)
    mine = opened(manager, url)
    manager.post(at("finding-end", finding=finding.pk))
    answer = manager.post(url, mine | {"body": "夜间召回失败。"})
    assert answer.status_code == 422
    assert "taken back meanwhile" in answer.content.decode()


def test_an_older_page_of_a_decision_restores_nothing(manager, city):
    decision = make_decision(city)
    url = at("decision-edit", decision=decision.pk)
    mine = opened(manager, url)
    manager.post(url, opened(manager, url) | {"due": THEIR_DUE, "cost_class": "high"})
    answer = manager.post(url, mine | {"order": "1"})
    assert answer.status_code == 409
    assert manager.post(url, filled(answer, "differs")).status_code == 302
    with scope(city="yangzhou"):
        kept = Decision.objects.get()
    assert (kept.due.isoformat(), kept.cost_class, kept.order) == (THEIR_DUE, "high", 1)


def test_the_authorities_word_stands_only_beside_the_words_they_heard(manager, city):
    decision = make_decision(city)
    page = at("decision", decision=decision.pk)
    ruling = filled(manager.get(page), "seen") | {"word": "taken", "decided_by": str(city.people["leader"].pk)}
    edit = at("decision-edit", decision=decision.pk)
    manager.post(edit, opened(manager, edit) | {"body": "批准夜间召回，并列入预算。"})
    answer = manager.post(at("rulings", decision=decision.pk), ruling)
    assert answer.status_code == 422
    assert "changed while your page was open" in answer.content.decode()
    assert "并列入预算" in answer.content.decode(), "what is asked now stands on the page"
    again = filled(answer, "seen") | {"word": "taken", "decided_by": str(city.people["leader"].pk)}
    assert manager.post(at("rulings", decision=decision.pk), again).status_code == 302


def test_an_older_board_moves_nothing_back(manager, action):
    card = {"card": str(action.pk), "from": "planned"}
    manager.post(at("moves"), card | {"to": "awaiting-proof"})
    answer = manager.post(at("moves"), card | {"to": "in-progress"}, follow=True)
    with scope(city="yangzhou"):
        assert [step.kind for step in Step.objects.all()] == ["declared"]
    text = answer.content.decode()
    on_card = text.split(f'data-card="{action.pk}"')[1].split("</li>")[0]
    assert "Somebody else moved it while your page was open" in on_card


def test_a_column_that_only_evidence_fills_carries_its_refusal(manager, action):
    text = manager.get(at("board")).content.decode()
    closed = text.split('data-column="closed"')[1].split("</section>")[0]
    assert "Only proof closes an action: declare it done" in closed


def test_the_write_path_itself_refuses_an_old_version(at_work):
    fails(at_work)
    action, who = planned(at_work), at_work.people["manager"]
    changes.change_action(action=action, draft=draft(at_work, effort="S"), by=who, now=cast.NOW, seen=1)
    with pytest.raises(Outdated):
        changes.change_action(action=action, draft=draft(at_work, effort="L"), by=who, now=cast.NOW, seen=1)
    action.refresh_from_db()
    assert (action.version, action.effort) == (2, "S")


# --- what a form cannot show is not emptied by it ------------------------------------------------------------------
def test_a_coordinator_s_edit_keeps_the_decision_that_he_cannot_see(client, gap):
    """His list of decisions is empty, so his page sent none, and the link was gone."""
    action = make(gap, "ginkgo", decision=make_decision(gap), leader=gap.people["lead"])
    client.login(username="zhao-min", password=cast.PASSWORD)
    url = at("edit", action=action.pk)
    page = opened(client, url)
    assert "decision" not in page
    assert client.post(url, page | {"due": DUE}).status_code == 302
    with scope(city="yangzhou"):
        kept = Action.objects.get()
    assert (kept.decision_id, kept.leader_id, kept.due.isoformat()) == (
        action.decision_id,
        gap.people["lead"].pk,
        DUE,
    )


def test_an_author_s_edit_keeps_hospitals_that_he_no_longer_sees(client, city):
    finding = make_finding(city, ["egret", "ginkgo"], by="lead")
    client.login(username="dana-peretz", password=cast.PASSWORD)
    url = at("finding", finding=finding.pk)
    page = opened(client, url)
    assert page["subjects"] == [str(city.subjects["ginkgo"].pk)]
    assert client.post(url, page | {"order": "4"}).status_code == 302
    with scope(city="yangzhou"):
        assert {s.code for s in Finding.objects.get().subjects.all()} == {"egret", "ginkgo"}
