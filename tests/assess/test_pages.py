"""What people read and can do on the pages of an assessment."""

from __future__ import annotations

import io
import json
import re
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from beiji.assess import changes, messages
from beiji.assess.changes import Seat
from beiji.assess.models import Reply, Visit
from beiji.assess.pages.todos import todos_of
from beiji.assess.rules import measuring, operations
from beiji.records.models import Attachment, Operation
from tests.assess.conftest import FIRST_DAY, Device
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW, TODAY


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def signed_in(world, part: str, language: str = "en") -> Client:
    """A browser of one of the cast."""
    client = Client()
    client.force_login(world.people[part].accounts.get())
    client.cookies["beiji_language"] = language
    return client


def text_of(response) -> str:
    """What a reader sees, without marks."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    body = re.sub("[\u2066-\u2069]", "", body)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&#x27;", "'")


def url(name: str, visit: Visit, **more: object) -> str:
    return reverse(f"assess:{name}", kwargs={"city": "yangzhou", "visit": visit.pk, **more})


def item(visit: Visit, code: str = "TRI-3", name: str = "rate") -> str:
    return url(name, visit, indicator=code)


def photograph(name: str = "roster.png") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (20, 10)).save(picture, "PNG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/png")


# --- the list -----------------------------------------------------------------------------------------------------------
def test_the_list_shows_what_runs_with_ones_own_progress(yangzhou, visit, lead):
    lead.say("rate", indicator="TRI-3", level=1)
    text = text_of(signed_in(yangzhou, "lead").get("/yangzhou/assessments/"))
    assert f"1 of {len(visit.indicators)}" in text
    assert "On site" in text
    assert "Plan a visit" not in text


def test_the_list_costs_the_same_queries_with_one_and_with_three_visits(yangzhou, visit, django_assert_num_queries):
    client = signed_in(yangzhou, "manager")
    client.get("/yangzhou/assessments/")
    with django_assert_num_queries(9):
        client.get("/yangzhou/assessments/")
    for number in (2, 3):
        changes.plan_visit(
            city=yangzhou.city, subject=yangzhou.subjects["ginkgo"], round=number, kind="external", scope="core",
            first_day=FIRST_DAY, last_day=TODAY, team=[Seat(yangzhou.people["lead"], "lead")], by=visit.planned_by, now=NOW,
        )  # fmt: skip
    with django_assert_num_queries(9):
        assert client.get("/yangzhou/assessments/").content.count(b"/assessments/0") == 3


@pytest.mark.parametrize("part", ["translator", "leader", "stranger"])
def test_others_have_no_assessments(yangzhou, visit, part):
    client = signed_in(yangzhou, part)
    for address in ("/yangzhou/assessments/", url("visit", visit), item(visit), url("differences", visit)):
        assert client.get(address).status_code == 404


def test_a_visit_of_another_hospital_is_not_there(yangzhou, visit):
    client = signed_in(yangzhou, "coordinator")
    for address in (url("visit", visit), item(visit), url("reply", visit), url("differences", visit)):
        assert client.get(address).status_code == 404
    for name in ("phase", "lock", "operations", "attachments"):
        assert client.post(url(name, visit)).status_code == 404


# --- the question -------------------------------------------------------------------------------------------------------
def test_the_question_stands_in_two_languages_and_level_three_cannot_be_chosen(yangzhou, visit, lead):
    response = signed_in(yangzhou, "lead").get(item(visit) + "?second=he")
    body = response.content.decode()
    assert 'lang="he" dir="rtl"' in body
    assert re.findall(r'type="radio" name="level" value="(\w+)"', body)[:3] == ["0", "1", "2"]
    assert 'value="3"' not in body
    assert "Not chosen by hand" in body
    assert response.cookies["beiji_second"].value == "he"


def test_the_others_word_is_not_in_the_page_before_ones_own(yangzhou, visit, lead, assessor):
    lead.say("rate", indicator="TRI-3", level=0, how="interview")
    lead.say("note", indicator="TRI-3", language="en", text="Nobody could name the colours.")
    client = signed_in(yangzhou, "assessor")
    text = text_of(client.get(item(visit)))
    assert "dana-peretz has answered; the answer is shown once yours is in." in text
    assert "Heard in an interview · " not in text
    assert "Nobody could name" not in text
    assessor.say("rate", indicator="TRI-3", level=2)
    text = text_of(client.get(item(visit)))
    assert "dana-peretz: 0 Not in place · Heard in an interview" in text
    assert "Nobody could name the colours." in text


def test_what_keeps_the_lock_open_does_not_tell_the_others_answer_before_ones_own(yangzhou, visit, lead, assessor):
    assessor.say("rate", indicator="TRI-1", level="na", reason="No entrance.")
    client = signed_in(yangzhou, "lead")
    assert "not applicable” cannot stand" not in text_of(client.get(url("visit", visit)))
    assert "not applicable” cannot stand" in text_of(signed_in(yangzhou, "manager").get(url("visit", visit)))
    lead.say("rate", indicator="TRI-1", level=1)
    assert "TRI-1: the assessors differ; settle it." in text_of(client.get(url("visit", visit)))


def test_the_hospital_reads_no_answer_while_the_team_is_on_site(yangzhou, visit, lead):
    lead.say("rate", indicator="TRI-3", level=0)
    client = signed_in(yangzhou, "coordinator_other")
    assert "The team's answers are shown once the hospital is asked to reply." in text_of(
        client.get(url("visit", visit))
    )
    assert client.get(item(visit)).status_code == 404
    changes.move_visit(visit=visit, to="consensus", by=visit.planned_by, now=NOW)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    assert "dana-peretz: 0 Not in place" in text_of(client.get(item(visit)))
    assert b'name="level"' not in client.get(item(visit)).content


def test_an_answer_without_script_is_kept_and_leads_on(yangzhou, visit):
    client = signed_in(yangzhou, "assessor")
    after = item(visit, "TRI-4")
    response = client.post(item(visit, name="answers"), {"level": "1", "how": "document", "then": after})
    assert response.url == after
    assert 'value="1" checked' in client.get(item(visit)).content.decode()
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


# --- what devices send --------------------------------------------------------------------------------------------------
def send(client: Client, visit: Visit, *parcel: object):
    return client.post(url("operations", visit), json.dumps({"operations": parcel}), content_type="application/json")


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

    from beiji.assess import access
    from beiji.assess.rules.answers import Key

    tablet, phone = Device(visit, yangzhou.people["lead"]), Device(visit, yangzhou.people["lead"])
    tablet.clock = NOW + timedelta(days=3)
    tablet.say("rate", indicator="TRI-3", level=0)
    phone.clock = NOW + timedelta(minutes=4)
    phone.send(phone.word("rate", indicator="TRI-3", level=2), now=NOW + timedelta(minutes=6))
    assert access.answers_of(visit).by_key[Key("TRI-3")][tablet.person.pk].said == 2


# --- files --------------------------------------------------------------------------------------------------------------
def attached(client: Client, visit: Visit) -> str:
    client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-3"})
    page = client.get(item(visit)).content.decode()
    return re.search(r'<img src="([^"]+)"', page)[1]


def test_a_photograph_is_shown_to_the_team_and_to_nobody_else_yet(yangzhou, visit):
    address = attached(signed_in(yangzhou, "assessor"), visit)
    response = signed_in(yangzhou, "lead").get(address)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == 'inline; filename="roster.png"'
    assert "sandbox" in response.headers["Content-Security-Policy"]
    for part in ("coordinator_other", "coordinator", "stranger", "leader"):
        assert signed_in(yangzhou, part).get(address).status_code == 404


def test_what_is_no_picture_is_refused_in_one_sentence(yangzhou, visit):
    upload = SimpleUploadedFile("roster.jpg", b"MZ\x90 no picture", "image/jpeg")
    client = signed_in(yangzhou, "lead")
    response = client.post(url("attachments", visit), {"file": upload}, headers={"Accept": "application/json"})
    assert (response.status_code, "holds something else" in response.json()["error"]) == (422, True)
    empty = client.post(url("attachments", visit), {"indicator": "TRI-3"}, follow=True)
    assert "No file was sent; choose a photograph or a PDF." in text_of(empty)


def files_on_disk(settings) -> list[str]:
    from pathlib import Path

    return [path.name for path in Path(settings.FILES).rglob("*") if path.is_file() and path.name != ".lock"]


def test_a_photograph_that_is_refused_leaves_no_file_behind(yangzhou, visit, settings, monkeypatch):
    client = signed_in(yangzhou, "assessor")
    client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-99"})
    assert (Attachment.objects.count(), files_on_disk(settings)) == (0, [])
    with monkeypatch.context() as broken:
        broken.setattr("beiji.records.files.audit.write", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-3"})
    assert files_on_disk(settings) == []
    attached(client, visit)
    client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-99"})
    assert len(files_on_disk(settings)) == 1, "the same picture, kept before by somebody else, stays"


def exotic(kind: str) -> bytes:
    """Pictures that readers of pictures trip over: text where a number belongs, and a megabyte of text."""
    from PIL import PngImagePlugin

    out, picture = io.BytesIO(), Image.new("RGB", (20, 10))
    if kind == "jpeg":
        entries = ((0x0112, 3, 1, b"\0\6\0\0"), (0x011A, 2, 4, b"abc\0"))  # turned on its side; XResolution as text
        rows = b"".join(struct.pack(">HHI", *row[:3]) + row[3] for row in entries)
        tiff = b"MM\0*" + struct.pack(">IH", 8, len(entries)) + rows + b"\0" * 4
        picture.save(out, "JPEG", exif=b"Exif\0\0" + tiff)
    else:
        words = PngImagePlugin.PngInfo()
        words.add_text("remark", "x" * 2_000_000, zip=True)
        picture.save(out, "PNG", pnginfo=words)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_an_exotic_photograph_is_answered_in_words_and_blocks_no_other(yangzhou, visit, kind):
    client = signed_in(yangzhou, "assessor")
    upload = SimpleUploadedFile(f"photo.{kind}", exotic(kind), f"image/{kind}")
    headers = {"Accept": "application/json"}
    response = client.post(url("attachments", visit), {"file": upload, "indicator": "TRI-3"}, headers=headers)
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert f"photo.{kind}" in response.json()["error"]
    assert client.post(url("attachments", visit), {"file": photograph()}, headers=headers).status_code == 200


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


def test_the_list_of_differences_shows_the_answer_that_was_changed_after_seeing(yangzhou, visit, lead, assessor):
    from datetime import timedelta

    lead.say("rate", indicator="TRI-4", level=2)
    first = assessor.send(assessor.word("rate", indicator="TRI-4", level=0), NOW + timedelta(minutes=1))[0]
    client = signed_in(yangzhou, "assessor")
    assert "If you change yours now, your first answer stays" in text_of(client.get(item(visit, "TRI-4")))
    assessor.send(assessor.word("undo", operation=str(first)), NOW + timedelta(minutes=2))
    assessor.send(assessor.word("rate", indicator="TRI-4", level=2), NOW + timedelta(minutes=3))
    assert "Your first answer, “0 Not in place”, stays" in text_of(client.get(item(visit, "TRI-4")))
    page = signed_in(yangzhou, "lead").get(url("differences", visit))
    assert "noam-levi first answer, changed once another’s could be seen Not in place" in text_of(page)
    settles = re.search(r'name="settles" value="([^"]+)"', page.content.decode())[1]
    assert len(settles.split()) == 3
    form = {"level": "1", "settles": settles, "reason": "We looked again together."}
    signed_in(yangzhou, "lead").post(item(visit, "TRI-4", "settlement"), form)
    after = text_of(signed_in(yangzhou, "lead").get(url("differences", visit)))
    assert "1 settled" in after
    assert "noam-levi : Not in place (first answer, changed once another’s could be seen)" in after


def test_nobody_attaches_a_file_that_somebody_else_sent(yangzhou, visit, assessor):
    lead = signed_in(yangzhou, "lead")
    sent = lead.post(url("attachments", visit), {"file": photograph()}, headers={"Accept": "application/json"}).json()
    word = assessor.word("attach", indicator="TRI-3", attachment=sent["id"])
    result = send(signed_in(yangzhou, "assessor"), visit, word).json()["results"][0]
    assert result["error"] == "The attachment is not known here; attach it again."


# --- the visit, differences, lock, reply --------------------------------------------------------------------------------
def test_the_visit_says_what_keeps_it_from_its_lock(yangzhou, visit, lead, assessor):
    answer_must_pass(visit, lead, assessor, but=("TRI-1",))
    lead.say("rate", indicator="TRI-3", level=0)
    assessor.say("rate", indicator="TRI-3", level=2)
    text = text_of(signed_in(yangzhou, "lead").get(url("visit", visit)))
    assert "TRI-1 must be passed, and nobody has answered it." in text
    assert "TRI-3: the assessors differ; settle it." in text
    assert "The assessors differ on 1 question." in text


def test_the_lead_settles_locks_and_reopens_in_the_browser(yangzhou, visit, lead, assessor):
    answer_must_pass(visit, lead, assessor)
    one, two = lead.say("rate", indicator="TRI-3", level=0), assessor.say("rate", indicator="TRI-3", level=2)
    client = signed_in(yangzhou, "lead")
    client.post(url("phase", visit), {"phase": "consensus"})
    refused = client.post(url("lock", visit), follow=True)
    assert "The visit cannot be locked yet: 1 points are open." in text_of(refused)
    page = client.get(url("differences", visit))
    assert "must be talked about" in text_of(page)
    form = {"level": "1", "settles": f"{one} {two}"}
    without = client.post(item(visit, name="settlement"), form, follow=True)
    assert "Give the reason for the team's word; the hospital will ask." in text_of(without)
    client.post(item(visit, name="settlement"), form | {"reason": "Tags differ on one ward.", "how": "check"})
    assert "1 settled" in text_of(client.get(url("differences", visit)))
    locked = client.post(url("lock", visit), follow=True)
    assert re.search(r"The visit is locked; \d+ rows of evidence were written.", text_of(locked))
    assert "Give the reason for reopening" in text_of(client.post(url("reopening", visit), {"reason": ""}, follow=True))
    opened = client.post(url("reopening", visit), {"reason": "A ward was missed."}, follow=True)
    assert "The visit is open again" in text_of(opened)
    assert "A ward was missed." in text_of(opened)


def test_a_reason_is_read_in_its_own_language_with_a_mark(yangzhou, visit, lead, assessor):
    one, two = lead.say("rate", indicator="TRI-3", level=0), assessor.say("rate", indicator="TRI-3", level=2)
    form = {"level": "1", "settles": f"{one} {two}", "reason": "הצוות בדק שוב.", "language": "he"}
    signed_in(yangzhou, "lead", "he").post(item(visit, name="settlement"), form)
    page = signed_in(yangzhou, "lead").get(url("differences", visit))
    assert "הצוות בדק שוב. (original in עברית, not translated)" in text_of(page)
    assert "not translated" not in text_of(signed_in(yangzhou, "lead", "he").get(item(visit)))


def test_agreement_is_shown_once_the_ward_is_left(yangzhou, visit, lead, assessor):
    for level, other in ((0, 0), (1, 2), (2, 2)):
        code = ("TRI-3", "TRI-4", "ACT-1")[level]
        lead.say("rate", indicator=code, level=level)
        assessor.say("rate", indicator=code, level=other)
    client = signed_in(yangzhou, "lead")
    assert "Quadratic-weighted kappa" not in text_of(client.get(url("visit", visit)))
    to_consensus(visit)
    text = text_of(client.get(url("visit", visit)))
    assert re.search(r"Questions answered by two 3 Same level 67.% .*Quadratic-weighted kappa 0.80", text)


def test_nobody_but_lead_and_manager_moves_a_visit(yangzhou, visit):
    for part in ("assessor", "coordinator_other", "administrator"):
        assert signed_in(yangzhou, part).post(url("phase", visit), {"phase": "consensus"}).status_code == 404
    for part in ("assessor", "manager", "coordinator_other"):
        assert signed_in(yangzhou, part).post(url("lock", visit)).status_code == 404
    wrong = signed_in(yangzhou, "manager").post(url("phase", visit), {"phase": "locked"}, follow=True)
    assert "not in a phase from which it could go there" in text_of(wrong)


def test_the_hospital_replies_in_its_own_language(yangzhou, visit, lead):
    answer_must_pass(visit, lead)
    client = signed_in(yangzhou, "coordinator_other")
    assert client.get(url("reply", visit)).status_code == 404
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    empty = client.post(url("reply", visit), {"stance": "dispute", "language": "zh-Hans"})
    assert empty.status_code == 422
    assert "Say what you dispute and why; the team answers to that." in text_of(empty)
    client.post(
        url("reply", visit), {"stance": "dispute", "language": "zh-Hans", "body": "夜间有值班。", "indicator": "TRI-1"}
    )
    assert Reply.objects.get().indicator == "TRI-1"
    text = text_of(signed_in(yangzhou, "lead").get(url("visit", visit)))
    assert "夜间有值班。" in text
    assert "original in 简体中文, not translated" in text
    assert signed_in(yangzhou, "lead").post(url("reply", visit), {"stance": "agree"}).status_code == 404


def test_the_manager_plans_a_visit(yangzhou, visit):
    client = signed_in(yangzhou, "manager")
    people, subject = yangzhou.people, yangzhou.subjects["ginkgo"]
    form = {
        "subject": subject.pk, "kind": "external", "round": 2, "scope": "core", "first_day": "2026-12-03",
        "last_day": "2026-12-01", "lead": people["lead"].pk, "seat-0-person": people["assessor"].pk,
        **{f"seat-{n}-post": "assessor" for n in range(6)},
    }  # fmt: skip
    wrong = client.post("/yangzhou/assessments/plan/", form)
    assert wrong.status_code == 422
    assert "put the dates in order" in text_of(wrong)
    right = client.post("/yangzhou/assessments/plan/", form | {"last_day": "2026-12-04"}, follow=True)
    assert "Visit planned; the standard is frozen for it." in text_of(right)
    made = Visit.objects.get(subject=subject)
    assert [m.post for m in made.members.all()] == ["lead", "assessor"]
    assert signed_in(yangzhou, "lead").get("/yangzhou/assessments/plan/").status_code == 404


def test_people_are_told_what_is_left_for_them(yangzhou, visit, lead, assessor):
    lead.say("rate", indicator="TRI-3", level=0)
    [todo] = todos_of(lead.person, TODAY)
    assert todo.what == f"Rate Egret: {len(visit.indicators) - 1} items left"
    assert todo.due == visit.last_day
    assessor.say("rate", indicator="TRI-3", level=2)
    to_consensus(visit)
    assert [t.what for t in todos_of(lead.person, TODAY)] == ["Settle 1 difference at Egret"]
    assert [t.what for t in todos_of(assessor.person, TODAY)] == []
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    assert [t.what for t in todos_of(yangzhou.people["coordinator_other"], TODAY)] == [
        "Reply to the result of the assessment"
    ]


@pytest.mark.parametrize("language", ["zh-hans", "he"])
def test_pages_speak_the_readers_language(yangzhou, visit, lead, assessor, language):
    lead.say("rate", indicator="TRI-3", level=0)
    assessor.say("rate", indicator="TRI-3", level=2)
    lead.say("measure", indicator="TRI-6", value="13.5", method="timed-test", condition="day")
    client = signed_in(yangzhou, "lead", language)
    for address in (
        "/yangzhou/assessments/",
        url("visit", visit),
        item(visit),
        item(visit, "TRI-6"),
        url("differences", visit),
    ):
        text = text_of(client.get(address))
        for english in ("Assessment", "answered", "Evidence", "must", "Item", "differ", "Team", "measure", "Round"):
            assert english not in text, (address, english)


def test_every_sentence_of_the_rules_can_be_translated():
    import inspect

    for module in (operations, measuring):
        said = re.findall(r'Problem\(\s*"((?:[^"\\]|\\.)*)"', inspect.getsource(module))
        assert said
        assert set(said) <= set(messages.SENTENCES)


@pytest.mark.parametrize("name", ["visit", "differences"])
def test_pages_of_a_visit_cost_the_same_queries_with_one_and_with_three_answers(
    yangzhou, visit, lead, assessor, name, django_assert_max_num_queries
):
    client, counts = signed_in(yangzhou, "lead"), []
    for codes in (("TRI-3",), ("TRI-4", "ACT-1")):
        for code in codes:
            lead.say("rate", indicator=code, level=0)
            assessor.say("rate", indicator=code, level=2)
            lead.say("note", indicator=code, language="en", text=f"Seen at {code}.")
        with django_assert_max_num_queries(32) as counted:
            assert client.get(url(name, visit)).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
