"""What people read and can do on the pages of an assessment."""

from __future__ import annotations

import re
from datetime import date

import pytest

from beiji.assess import changes, messages
from beiji.assess.changes import Seat
from beiji.assess.models import Reply, Visit
from beiji.assess.pages.todos import todos_of
from beiji.assess.rules import measuring, operations
from beiji.programme.access import roles_on
from tests.assess.browsing import item, signed_in, text_of, url
from tests.assess.conftest import FIRST_DAY, Device
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW, TODAY
from tests.filled import filled

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_list_shows_what_runs_with_ones_own_progress(yangzhou, visit, lead):
    lead.say("rate", indicator="TRI-3", level=1)
    text = text_of(signed_in(yangzhou, "lead").get("/yangzhou/assessments/"))
    assert f"1 of {len(visit.indicators)}" in text
    assert "On site" in text
    assert "Plan a visit" not in text


def test_a_visit_that_goes_on_stands_before_one_that_is_planned(yangzhou, visit):
    later = changes.plan_visit(
        city=yangzhou.city, subject=yangzhou.subjects["ginkgo"], round=2, kind="external", scope="core",
        first_day=TODAY, last_day=TODAY, team=[Seat(yangzhou.people["lead"], "lead")], by=visit.planned_by, now=NOW,
    )  # fmt: skip
    page = signed_in(yangzhou, "manager").get("/yangzhou/assessments/").content.decode()
    assert page.index(str(visit.pk)) < page.index(str(later.pk))


def test_the_list_costs_the_same_queries_with_one_and_with_three_visits(yangzhou, visit, django_assert_num_queries):
    client = signed_in(yangzhou, "manager")
    client.get("/yangzhou/assessments/")
    with django_assert_num_queries(10):
        client.get("/yangzhou/assessments/")
    for number in (2, 3):
        changes.plan_visit(
            city=yangzhou.city, subject=yangzhou.subjects["ginkgo"], round=number, kind="external", scope="core",
            first_day=FIRST_DAY, last_day=TODAY, team=[Seat(yangzhou.people["lead"], "lead")], by=visit.planned_by, now=NOW,
        )  # fmt: skip
    with django_assert_num_queries(10):
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


def test_the_question_stands_in_two_languages_and_level_three_cannot_be_chosen(yangzhou, visit, lead):
    response = signed_in(yangzhou, "lead").get(item(visit) + "?second=he")
    body = re.sub(r"\s+", " ", response.content.decode())
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
    assert "The visit cannot be locked yet: 1 point is open." in text_of(refused)
    page = client.get(url("differences", visit))
    assert "must be talked about" in text_of(page)
    form = {"level": "1", "settles": f"{one} {two}"}
    without = client.post(item(visit, name="settlement"), form)
    assert without.status_code == 422
    assert "Give the reason for the team's word; the hospital will ask." in text_of(without)
    assert re.search(r'value="1"\s+checked', without.content.decode()), "what was chosen stays chosen"
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
    assert "הצוות בדק שוב. (original in Hebrew, not translated)" in text_of(page)
    assert "not translated" not in text_of(signed_in(yangzhou, "lead", "he").get(item(visit)))


def test_agreement_is_shown_once_the_ward_is_left(yangzhou, visit, lead, assessor):
    for level, other in ((0, 0), (1, 2), (2, 2)):
        code = ("TRI-3", "TRI-4", "ACT-1")[level]
        lead.say("rate", indicator=code, level=level)
        assessor.say("rate", indicator=code, level=other)
    client = signed_in(yangzhou, "lead")
    assert "Agreement beyond chance" not in text_of(client.get(url("visit", visit)))
    to_consensus(visit)
    text = text_of(client.get(url("visit", visit)))
    assert re.search(
        r"Questions answered by two 3 Same level 67.% .*Agreement beyond chance \(weighted kappa, at most 1\) 0.80",
        text,
    )


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
    assert "original in Chinese, not translated" in text
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
    administrator = form | {"last_day": "2026-12-04", "seat-0-person": people["administrator"].pk}
    refused = client.post("/yangzhou/assessments/plan/", administrator)
    assert refused.status_code == 422
    assert "chen-wei would let people in and read what they write" in text_of(refused), "says who of the team"
    assert not Visit.objects.filter(subject=subject).exists()
    right = client.post("/yangzhou/assessments/plan/", form | {"last_day": "2026-12-04"}, follow=True)
    assert "Visit planned; the standard is frozen for it." in text_of(right)
    made = Visit.objects.get(subject=subject)
    assert [m.post for m in made.members.all()] == ["lead", "assessor"]
    assert signed_in(yangzhou, "lead").get("/yangzhou/assessments/plan/").status_code == 404


def test_a_planned_visit_is_planned_anew_or_called_off_until_it_begins(yangzhou, visit):
    client, people, subject = signed_in(yangzhou, "manager"), yangzhou.people, yangzhou.subjects["egret"]
    planned = changes.plan_visit(
        city=yangzhou.city, subject=subject, round=2, kind="external", scope="core", first_day=date(2026, 12, 3),
        last_day=date(2026, 12, 4), team=[Seat(people["lead"], "lead")], by=people["manager"].pk, now=NOW,
    )  # fmt: skip
    page = client.get(url("replan", planned))
    form = filled(page, "first_day") | {"seat-0-person": people["assessor"].pk, "last_day": "2026-12-05"}
    assert client.post(url("replan", planned), form | {"last_day": "2026-12-01"}).status_code == 422
    assert "Plan kept" in text_of(client.post(url("replan", planned), form, follow=True))
    older = form | {"seen": "2026-11-20T02:00:00+00:00"}
    assert "changed while your page was open" in text_of(client.post(url("replan", planned), older))
    planned = Visit.objects.get(pk=planned.pk)
    assert (planned.last_day, planned.members.count()) == (date(2026, 12, 5), 2)
    held = roles_on(people["assessor"], date(2026, 12, 5))
    assert (subject.pk, "assessor") in {(role.subject_id, role.role) for role in held}
    assert "called off" in text_of(client.post(url("cancellation", planned), follow=True))
    assert not Visit.objects.filter(pk=planned.pk).exists()
    held = roles_on(people["assessor"], date(2026, 12, 5))
    assert (subject.pk, "assessor") not in {(role.subject_id, role.role) for role in held}
    begun = client.post(url("cancellation", visit), follow=True)
    assert "The visit has begun; its plan stays as it is." in text_of(begun)


def test_the_round_before_is_shown_once_ones_own_answer_is_in(yangzhou, visit, lead, assessor):
    answer_must_pass(visit, lead, assessor)
    lead.say("rate", indicator="TRI-3", level=2)
    to_consensus(visit)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    Visit.objects.filter(pk=visit.pk).update(first_day=date(2026, 9, 1), last_day=date(2026, 9, 3))
    again = changes.plan_visit(
        city=yangzhou.city, subject=visit.subject, round=2, kind="external", scope="full", first_day=TODAY,
        last_day=TODAY, team=[Seat(lead.person, "lead")], by=visit.planned_by, now=NOW,
    )  # fmt: skip
    changes.move_visit(visit=again, to="on-site", by=visit.planned_by, now=NOW)
    client = signed_in(yangzhou, "lead")
    code = "TRI-3"
    assert "Round before" not in text_of(client.get(item(again, code)))
    Device(again, lead.person).say("rate", indicator=code, level=1)
    assert "Round before" in text_of(client.get(item(again, code)))


def test_people_are_told_what_is_left_for_them(yangzhou, visit, lead, assessor):
    lead.say("rate", indicator="TRI-3", level=0)
    [todo] = todos_of(lead.person, TODAY)
    assert todo.what == f"Rate Egret: {len(visit.indicators) - 1} questions left"
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


def test_only_the_domain_to_go_on_with_is_unfolded(yangzhou, visit, lead):
    def opened(part: str) -> list[str]:
        html = signed_in(yangzhou, part).get(url("visit", visit)).content.decode()
        return re.findall(r'<details class="panel" open(?:(?!</details>).)*?<div id="(\w+)"', html, re.S)

    first = visit.indicators[0].split("-")[0]
    assert opened("lead") == [first]
    assert opened("manager") == [], "nobody differs, and he does not rate"
    for code in [code for code in visit.indicators if code.startswith(first)]:
        lead.say("rate", indicator=code, level=1)
    assert first not in opened("lead")
