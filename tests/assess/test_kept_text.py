"""A form's token comes back exactly when the form was taken; whoever signs in again returns to the page he filled in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from beiji.assess import changes
from beiji.ui.kept import COOKIE
from tests.assess.browsing import item, signed_in, url
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW

TOKEN = "0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def taken(response) -> str:
    morsel = response.cookies.get(COOKIE)
    return morsel.value if morsel else ""


def test_a_reply_that_was_kept_names_its_token_and_a_refused_one_does_not(yangzhou, visit, lead):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    client = signed_in(yangzhou, "coordinator_other")
    form = {"stance": "dispute", "language": "zh-Hans", "kept_token": TOKEN}
    assert taken(client.post(url("reply", visit), form)) == ""
    assert taken(client.post(url("reply", visit), form | {"body": "夜间有人值守。"})) == TOKEN
    odd = form | {"body": "x", "kept_token": "<script>"}
    assert taken(client.post(url("reply", visit), odd)) == ""


def test_a_refusal_keeps_the_words_and_is_still_said(yangzhou, visit, lead, assessor):
    one, two = lead.say("rate", indicator="TRI-4", level=0), assessor.say("rate", indicator="TRI-4", level=2)
    client = signed_in(yangzhou, "lead")
    form = {"settles": f"{one} {two}", "reason": "We looked again.", "kept_token": TOKEN}
    refused = client.post(item(visit, "TRI-4", "settlement"), form)
    assert taken(refused) == ""
    assert "Choose the team" in refused.content.decode()
    assert "We looked again." in refused.content.decode()
    assert taken(client.post(item(visit, "TRI-4", "settlement"), form | {"level": "1"})) == TOKEN


def test_a_session_that_ended_leads_back_to_the_page_with_the_form(yangzhou, visit):
    page, address = url("differences", visit), item(visit, "TRI-4", "settlement")
    form = {"reason": "We looked again.", "kept_token": TOKEN}
    response = Client().post(address, form, headers={"Referer": f"http://testserver{page}"})
    assert (response.status_code, response.url) == (302, f"/sign-in/?next={page}")
    assert taken(response) == ""
    elsewhere = Client().post(address, form, headers={"Referer": "https://example.org/x/"})
    assert elsewhere.url == f"/sign-in/?next={address}"
