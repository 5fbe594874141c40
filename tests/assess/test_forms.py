"""Answers, measurements and remarks without script: kept, refused with a sentence, taken back."""

from __future__ import annotations

import re

import pytest

from beiji.records.models import Operation
from tests.assess.browsing import item, signed_in, text_of

pytestmark = pytest.mark.usefixtures("frozen")


def test_an_answer_without_script_is_kept_and_leads_on(yangzhou, visit):
    client = signed_in(yangzhou, "assessor")
    after = item(visit, "TRI-4")
    response = client.post(item(visit, name="answers"), {"level": "1", "how": "document", "then": after})
    assert response.url == after
    assert re.search(r'value="1"\s+checked', client.get(item(visit)).content.decode())
    elsewhere = client.post(item(visit, name="answers"), {"level": "1", "then": "https://example.org/"})
    assert elsewhere.url == item(visit)


def test_a_refused_answer_is_said_on_the_question(yangzhou, visit):
    client = signed_in(yangzhou, "assessor")
    response = client.post(item(visit, name="answers"), {"level": "na"}, follow=True)
    assert "Give the reason why it does not apply." in text_of(response)
    assert not Operation.objects.exists()


def test_a_measurement_form_sent_twice_counts_once_and_can_be_taken_back(yangzhou, visit):
    client = signed_in(yangzhou, "assessor")
    page = client.get(item(visit, "TRI-6")).content.decode()
    given = re.search(r'name="operation_id" value="([^"]+)"', page)[1]
    form = {"value": "17.5", "condition": "night", "method": "timed-test", "operation_id": given}
    for _twice in range(2):
        client.post(item(visit, "TRI-6", "measurements"), form)
    assert Operation.objects.filter(kind="measure").count() == 1
    assert "17.5 min · timed test · at night" in text_of(client.get(item(visit, "TRI-6")))
    client.post(item(visit, "TRI-6", "withdrawals"), {"operation": given})
    assert "17.5 min" not in text_of(client.get(item(visit, "TRI-6")))


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"value": "seventeen", "condition": "day", "method": "timed-test"}, "“seventeen” is not a number."),
        ({"value": "0,350", "condition": "day", "method": "timed-test"}, "can be read in two ways"),
        ({"value": "1e3", "condition": "day", "method": "timed-test"}, "“1e3” is not a number."),
        ({"value": "10081", "condition": "day", "method": "timed-test"}, "is too large; the most that can be entered"),
        ({"shown": "yes", "condition": "day", "method": "timed-test"}, "TRI-6 is a number; enter what was measured."),
        (
            {"value": "9", "at_min": "30", "condition": "day", "method": "timed-test"},
            "TRI-6 has no timetable; leave the minute out.",
        ),
        (
            {"value": "9", "condition": "day", "method": "own-drill", "notice": "scripted"},
            "cannot measure TRI-6 in that way",
        ),
        ({"value": "9", "condition": "day", "method": "witnessed-drill"}, "scripted, announced or unannounced"),
    ],
)
def test_what_the_ledger_would_refuse_at_the_lock_is_refused_when_it_is_entered(yangzhou, visit, form, sentence):
    response = signed_in(yangzhou, "assessor").post(item(visit, "TRI-6", "measurements"), form, follow=True)
    assert sentence in text_of(response)
    assert not Operation.objects.filter(kind="measure").exists()


def test_a_percentage_is_kept_as_a_share(yangzhou, visit):
    form = {"value": "８７．５ ％", "condition": "day", "method": "timed-test"}
    client = signed_in(yangzhou, "assessor")
    client.post(item(visit, "TRI-7", "measurements"), form)
    assert Operation.objects.get(kind="measure").payload["value"] == "0.875"
    assert re.search(r"87\.5\s?% · timed test", text_of(client.get(item(visit, "TRI-7"))))
