"""A hospital disputes, the team answers within ten working days, the city's side signs; else the lock says so."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from beiji.assess import changes, replied
from beiji.assess.changes import AssessError
from beiji.assess.models import Reply, Signature, TeamAnswer
from beiji.assess.pages.todos import todos_of
from beiji.assess.rules.disputes import Dispute, DisputeState, state_of, working_days_after
from beiji.programme.models import RoleGrant
from beiji.records.models import AuditLine
from tests.assess.browsing import signed_in, text_of, url
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW, TODAY


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 24), date(2026, 12, 8)),  # a Tuesday
        (date(2026, 11, 27), date(2026, 12, 11)),  # a Friday
        (date(2026, 11, 28), date(2026, 12, 11)),  # a Saturday
        (date(2026, 11, 29), date(2026, 12, 11)),  # a Sunday
        (date(2026, 12, 28), date(2027, 1, 11)),
    ],
)
def test_ten_working_days_are_two_weeks_of_monday_to_friday(day, due):
    assert working_days_after(day, 10) == due


@pytest.mark.parametrize(
    ("written", "signed", "today", "state"),
    [
        (None, None, date(2026, 12, 8), DisputeState.WAITING),
        (None, None, date(2026, 12, 9), DisputeState.UNANSWERED),
        (date(2026, 12, 1), None, date(2026, 12, 8), DisputeState.WRITTEN),
        (date(2026, 12, 1), None, date(2026, 12, 9), DisputeState.UNANSWERED),
        (date(2026, 12, 1), date(2026, 12, 8), date(2027, 6, 1), DisputeState.ANSWERED),
        (date(2026, 12, 1), date(2026, 12, 9), date(2027, 6, 1), DisputeState.ANSWERED_LATE),
    ],
)
def test_a_dispute_is_answered_when_the_answer_is_signed(written, signed, today, state):
    assert state_of(Dispute(date(2026, 11, 24), written, signed), today) is state


@pytest.fixture
def clock(monkeypatch):
    """`clock(days)` sets the server's clock so many days after that of the cast."""

    def set_to(days: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=days))

    set_to(0)
    return set_to


@pytest.fixture
def disputed(yangzhou, visit, lead, clock) -> Reply:
    """The hospital disputes TRI-1."""
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    return changes.reply(
        visit=visit, stance="dispute", language="zh-Hans", body="夜间有人值守。", indicator="TRI-1",
        by=yangzhou.people["coordinator_other"], now=NOW,
    )  # fmt: skip


def answer(world, visit, reply, **form):
    address = url("team-answer", visit, reply=reply.pk)
    return signed_in(world, "assessor").post(address, {"language": "he", "body": "בדקנו שוב.", **form}, follow=True)


def test_the_team_answers_the_city_signs_and_the_hospital_reads_it(yangzhou, visit, lead, disputed):
    hospital = signed_in(yangzhou, "coordinator_other")
    assert "the team answers by 8 December 2026" in text_of(hospital.get(url("reply", visit)))
    empty = answer(yangzhou, visit, disputed, body=" ")
    assert empty.status_code == 422
    assert "Answer this dispute" in text_of(empty)
    assert "Answer kept; the city's side signs it." in text_of(answer(yangzhou, visit, disputed))
    manager = signed_in(yangzhou, "manager")
    page = text_of(manager.get(url("reply", visit)))
    assert "answered, not signed yet; due by 8 December 2026" in page
    assert "Sign this answer" in page
    written = TeamAnswer.objects.get()
    signed = manager.post(url("signature", visit, reply=disputed.pk), {"answer": written.pk}, follow=True)
    assert "The answer is signed" in text_of(signed)
    page = text_of(hospital.get(url("reply", visit)))
    assert "Signed by li-wen on 24 November 2026" in page
    assert "בדקנו שוב." in page
    kinds = AuditLine.objects.filter(kind__in=("assess.dispute-answered", "assess.answer-signed"))
    assert [line.kind for line in kinds.order_by("id")] == ["assess.dispute-answered", "assess.answer-signed"]
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert "unanswered" not in text_of(hospital.get(url("visit", visit)))


def test_without_a_signed_answer_the_lock_says_dispute_unanswered(yangzhou, visit, lead, disputed, clock):
    answer(yangzhou, visit, disputed)
    leads = signed_in(yangzhou, "lead")
    assert "1 dispute has no signed answer yet; the lock will say so." in text_of(leads.get(url("visit", visit)))
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert "dispute unanswered" in text_of(leads.get(url("visit", visit)))
    assert replied.unanswered([visit], NOW) == 1
    clock(20)
    late = signed_in(yangzhou, "manager")
    assert "dispute unanswered; it was due by 8 December 2026" in text_of(late.get(url("reply", visit)))
    written = TeamAnswer.objects.get()
    late.post(url("signature", visit, reply=disputed.pk), {"answer": written.pk})
    page = text_of(late.get(url("visit", visit)))
    assert "dispute unanswered at the lock, answered since" in page
    assert "answered late; it was due by 8 December 2026" in page
    assert replied.unanswered([visit], NOW) == 1, "as known then"
    assert replied.unanswered([visit], NOW + timedelta(days=21)) == 0


def test_only_the_answer_that_was_read_is_signed_and_once(yangzhou, visit, disputed):
    answer(yangzhou, visit, disputed)
    first = TeamAnswer.objects.get()
    answer(yangzhou, visit, disputed, body="בדקנו פעם נוספת.")
    manager = yangzhou.people["manager"]
    with pytest.raises(AssessError, match="rewritten since you read it"):
        changes.sign_answer(answer=first, by=manager, now=NOW)
    newest = TeamAnswer.objects.exclude(pk=first.pk).get()
    changes.sign_answer(answer=newest, by=manager, now=NOW)
    with pytest.raises(AssessError, match="signed already"):
        changes.sign_answer(answer=newest, by=manager, now=NOW)
    with pytest.raises(AssessError, match="signed already"):
        changes.answer_dispute(reply=disputed, language="he", body="עוד", by=yangzhou.people["lead"], now=NOW)
    assert Signature.objects.count() == 1


def test_an_agreement_needs_no_answer(yangzhou, visit, lead, clock):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    agreed = changes.reply(
        visit=visit, stance="agree", language="en", body="", by=yangzhou.people["coordinator_other"], now=NOW
    )
    assert "The hospital agreed; there is nothing to answer." in text_of(answer(yangzhou, visit, agreed))
    assert "unanswered" not in text_of(signed_in(yangzhou, "manager").get(url("reply", visit)))


def test_a_dispute_on_the_last_day_of_the_write_up_can_still_be_answered(yangzhou, visit, lead, clock):
    RoleGrant.objects.filter(source="").exclude(person=yangzhou.people["manager"]).update(until=TODAY)
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    late = changes.reply(
        visit=visit, stance="dispute", language="en", body="Somebody was there.",
        by=yangzhou.people["coordinator_other"], now=NOW + timedelta(days=21),
    )  # fmt: skip
    clock(35)
    assert "Answer kept" in text_of(answer(yangzhou, visit, late)), "29 December is the tenth working day"
    clock(36)
    assert answer(yangzhou, visit, late).status_code == 404


def test_whoever_answers_and_whoever_signs_is_told(yangzhou, visit, disputed):
    due = date(2026, 12, 8)
    lead, manager = yangzhou.people["lead"], yangzhou.people["manager"]
    [todo] = [t for t in todos_of(lead, TODAY) if "disputes" in t.what]
    assert (todo.what, todo.due) == ("Answer what Egret disputes", due)
    assert [t for t in todos_of(manager, TODAY) if "Sign" in t.what] == []
    answer(yangzhou, visit, disputed)
    assert [t for t in todos_of(lead, TODAY) if "disputes" in t.what] == []
    [todo] = [t for t in todos_of(manager, TODAY) if "Sign" in t.what]
    assert (todo.what, todo.due) == ("Sign the team's answer to Egret", due)


def test_a_lead_of_the_citys_own_may_sign_and_a_visiting_one_may_not(yangzhou, visit, disputed):
    from beiji.assess import access

    lead = yangzhou.people["lead"]
    assert not access.may_sign(lead, visit)
    lead.organisation.side = "city"
    assert access.may_sign(lead, visit)
    for part in ("coordinator_other", "assessor", "administrator"):
        assert not access.may_sign(yangzhou.people[part], visit)
    lead.organisation.side = "guest"


def test_the_hospital_replies_item_by_item_where_the_item_stands(yangzhou, visit, lead):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    hospital = signed_in(yangzhou, "coordinator_other")
    before = hospital.get(url("reply", visit)).content.decode()
    assert before.count("Reply to this item") == before.count("?item=") > 10
    assert 'href="?item=TRI-1#reply"' in before
    assert '<details class="panel" open' not in before, "nothing was said yet: every domain is folded"
    chosen = hospital.get(url("reply", visit) + "?item=TRI-1").content.decode()
    assert '<option value="TRI-1" selected>' in chosen
    said = {"indicator": "TRI-1", "stance": "dispute", "language": "en", "body": "Somebody was there."}
    after = hospital.post(url("reply", visit), said, follow=True).content.decode()
    (opened,) = re.findall(r'<details class="panel" open.*?</details>', after, re.S)
    assert "TRI-1" in opened
    assert "1 reply" in re.sub(r"\s+", " ", opened)
    manager = signed_in(yangzhou, "manager").get(url("reply", visit)).content.decode()
    assert "Reply to this item" not in manager, "the hospital alone replies"
