"""The queue of a device: answered one by one, never under another's name, never twice."""

from __future__ import annotations

import json

import pytest

from beiji.assess import changes
from beiji.assess.changes import Seat
from beiji.records.models import Operation
from tests.assess.browsing import photograph, send, signed_in, url
from tests.assess.conftest import FIRST_DAY, Device
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_queue_is_answered_one_by_one(yangzhou, visit, assessor):
    good = assessor.word("rate", indicator="TRI-3", level=2)
    bad = assessor.word("rate", indicator="TRI-3", level=3)
    client = signed_in(yangzhou, "assessor")
    results = send(client, visit, good, bad, good, "nonsense").json()["results"]
    assert [r["kept"] for r in results] == [True, False, True, False]
    assert results[1]["error"] == "Level 3 is computed from a measurement; nobody can choose it."
    assert (results[2]["is_new"], Operation.objects.count()) == (False, 1)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"operations": 3}', json.dumps({"operations": [{}] * 201})])
def test_a_parcel_that_cannot_be_read_is_refused_whole(yangzhou, visit, body):
    response = signed_in(yangzhou, "lead").post(url("operations", visit), body, content_type="application/json")
    assert (response.status_code, Operation.objects.exists()) == (400, False)


def test_one_bad_operation_fails_none_of_its_neighbours(yangzhou, visit, assessor, monkeypatch):
    """A lone surrogate, a number that JSON does not know, and even a fault of ours are answered each for itself."""
    from beiji.assess.changes import taking

    words = [assessor.word("note", indicator="TRI-3", language="en", text=f"remark {n}") for n in range(4)]
    words[0]["payload"]["text"] = "half a picture \ud83d and more"
    words[1]["made_at"] = "0001-01-01T00:00:00+00:00"
    words[2]["kind"] = ["note"]
    odd = assessor.word("measure", indicator="TRI-6", value=float("nan"), method="timed-test", condition="day")
    fault = assessor.word("rate", indicator="TRI-3", level=1)
    check = taking.check_operation

    def broken(kind, payload, indicators):
        if kind == "rate":
            raise RuntimeError("ours")
        return check(kind, payload, indicators)

    monkeypatch.setattr(taking, "check_operation", broken)
    results = send(signed_in(yangzhou, "assessor"), visit, *words, odd, fault, words[3]).json()["results"]
    assert [r["kept"] for r in results] == [True, False, False, True, False, False, True]
    assert "the year 1;" in results[1]["error"]
    assert "The kind ? is unknown here." in results[2]["error"]
    assert "either a number, or shown" in results[4]["error"]
    assert (results[5]["again"], results[5]["error"]) == (True, "The server could not take this entry.")
    assert sorted(o.payload["text"] for o in Operation.objects.filter(kind="note")) == [
        "half a picture  and more", "remark 3"
    ]  # fmt: skip


def test_a_parcel_nested_without_end_is_refused_in_words(yangzhou, visit):
    body = '{"operations": ' + "[" * 100_000 + "]" * 100_000 + "}"
    response = signed_in(yangzhou, "lead").post(url("operations", visit), body, content_type="application/json")
    assert (response.status_code, "could not be read" in response.json()["error"]) == (400, True)


def test_what_was_acknowledged_is_answered_so_again_after_the_lock(yangzhou, visit, lead, assessor):
    answer_must_pass(visit, lead)
    word = assessor.word("rate", indicator="TRI-3", level=2)
    client = signed_in(yangzhou, "assessor")
    assert send(client, visit, word).json()["results"][0]["kept"]
    to_consensus(visit)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    [again] = send(client, visit, word).json()["results"]
    assert (again["kept"], again["is_new"]) == (True, False)


def test_only_the_team_sends_operations(yangzhou, visit, lead):
    for part in ("manager", "administrator", "coordinator_other", "coordinator", "stranger"):
        assert send(signed_in(yangzhou, part), visit, lead.word("rate", indicator="TRI-3", level=2)).status_code == 404
    assert not Operation.objects.exists()


def test_a_late_operation_is_told_that_the_visit_is_locked(yangzhou, visit, lead, assessor):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    late = send(signed_in(yangzhou, "assessor"), visit, assessor.word("rate", indicator="TRI-3", level=2)).json()
    assert "locked meanwhile" in late["results"][0]["error"]


def test_before_a_visit_begins_nothing_is_taken(yangzhou, visit):
    planned = changes.plan_visit(
        city=yangzhou.city, subject=yangzhou.subjects["egret"], round=2, kind="external", scope="core",
        first_day=FIRST_DAY, last_day=TODAY, team=[Seat(yangzhou.people["lead"], "lead")], by=visit.planned_by, now=NOW,
    )  # fmt: skip
    word = Device(planned, yangzhou.people["lead"]).word("rate", indicator="TRI-1", level=2)
    assert "has not begun" in send(signed_in(yangzhou, "lead"), planned, word).json()["results"][0]["error"]


def test_a_clock_that_runs_ahead_does_not_outvote_a_later_answer(visit, yangzhou):
    from datetime import timedelta

    from beiji.assess import given
    from beiji.assess.rules.answers import Key

    tablet, phone = Device(visit, yangzhou.people["lead"]), Device(visit, yangzhou.people["lead"])
    tablet.clock = NOW + timedelta(days=3)
    tablet.say("rate", indicator="TRI-3", level=0)
    phone.clock = NOW + timedelta(minutes=4)
    phone.send(phone.word("rate", indicator="TRI-3", level=2), now=NOW + timedelta(minutes=6))
    assert given.answers_of(visit).by_key[Key("TRI-3")][tablet.person.pk].said == 2


def test_what_one_person_entered_is_not_sent_under_anothers_name(yangzhou, visit, lead, assessor):
    """A page stays open while somebody else signs in in another tab of the same browser."""
    word = assessor.word("rate", indicator="TRI-3", level=2)
    parcel = {"person": str(assessor.person.pk), "operations": [word]}
    client = signed_in(yangzhou, "lead")
    response = client.post(url("operations", visit), json.dumps(parcel), content_type="application/json")
    assert (response.status_code, Operation.objects.exists()) == (409, False)
    form = {"file": photograph(), "indicator": "TRI-3", "person": str(assessor.person.pk)}
    assert client.post(url("attachments", visit), form, headers={"Accept": "application/json"}).status_code == 409
    own = signed_in(yangzhou, "assessor")
    assert own.post(url("operations", visit), json.dumps(parcel), content_type="application/json").status_code == 200
    assert Operation.objects.count() == 1
