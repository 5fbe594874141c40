"""What lies on a tablet in a ward: one's own words, and nobody else's."""

from __future__ import annotations

import pytest

from beiji.assess import changes
from tests.assess.browsing import item, signed_in, text_of, url

pytestmark = pytest.mark.usefixtures("frozen")


def test_what_is_taken_along_tells_nothing_of_others_even_once_ones_own_answer_is_in(yangzhou, visit, lead, assessor):
    lead.say("rate", indicator="TRI-3", level=0)
    lead.say("note", indicator="TRI-3", language="en", text="Nobody wears the vest")
    assessor.say("rate", indicator="TRI-3", level=2)
    assessor.say("note", indicator="TRI-3", language="en", text="Asked two nurses")
    client, name = signed_in(yangzhou, "assessor"), yangzhou.people["lead"].names["en"]
    in_network = text_of(client.get(item(visit)))
    assert name in in_network
    assert "Nobody wears the vest" in in_network
    page = client.get(item(visit) + "?along=1")
    assert "Asked two nurses" in text_of(page)
    for word in (name, "Nobody wears the vest", str(yangzhou.people["lead"].pk)):
        assert word not in page.content.decode()


def test_the_teams_settled_word_stays_behind(yangzhou, visit, lead, assessor):
    words = [lead.say("rate", indicator="TRI-3", level=0), assessor.say("rate", indicator="TRI-3", level=2)]
    changes.move_visit(visit=visit, to="consensus", by=yangzhou.people["lead"].pk, now=visit.planned_at)
    lead.may_settle = True
    lead.say("settle", indicator="TRI-3", level=1, reason="Seen together", settles=[str(word) for word in words])
    client = signed_in(yangzhou, "assessor")
    assert "Seen together" in text_of(client.get(item(visit)))
    assert "Seen together" not in text_of(client.get(item(visit) + "?along=1"))


def test_the_list_of_what_is_taken_along_shows_ones_own_answers(yangzhou, visit, lead, assessor):
    lead.say("rate", indicator="TRI-3", level=0)
    assessor.say("rate", indicator="TRI-4", level=2)
    body = signed_in(yangzhou, "assessor").get(url("along", visit)).content.decode()
    assert body.count('data-level="') == 1, "the lead's answer is not on it"
    assert body.count("data-take") >= len(visit.indicators)


def test_whoever_does_not_rate_takes_nothing_along(yangzhou, visit):
    for part in ("manager", "coordinator", "leader"):
        assert signed_in(yangzhou, part).get(url("along", visit)).status_code == 404


def test_the_worker_may_speak_for_the_whole_site_and_is_asked_for_anew(client):
    answer = client.get("/ui/worker.js")
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert answer["Content-Type"].startswith("text/javascript")
