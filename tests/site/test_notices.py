"""Who is told what, what the bell counts, and what disappears with the right to see it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_scopes import scope

from beiji.assess import changes as assess
from beiji.assess.models import Visit
from beiji.improve import changes as improve
from beiji.improve.models import Action
from beiji.programme import access, changes
from beiji.programme.models import Person, RoleGrant
from beiji.records import notices
from beiji.records.models import Notice
from beiji.site import nightly
from tests.cast import NOW, TODAY

DUE = TODAY + timedelta(days=30)


@pytest.fixture(scope="module")
def world_of_module(loaded_of_module):
    return loaded_of_module


@pytest.fixture(autouse=True)
def on_its_day(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def plan(world: Any, *, responsible: str | None = None, due: date = DUE) -> Action:
    """An action of Ginkgo, planned by the manager."""
    draft = improve.ActionDraft(
        subject=world.subjects["ginkgo"], capability="ed-clear-time", lead_unit=world.organisations["ginkgo"], due=due,
        body="Clear the department", language="en", responsible=world.people[responsible] if responsible else None,
    )  # fmt: skip
    return improve.plan_action(city=world.city, draft=draft, by=world.people["manager"], now=NOW)


def told(world: Any, part: str) -> list[str]:
    """The unread lines of one of the cast, as he reads them today, newest first."""
    reader = access.enter(Person.objects.get(pk=world.people[part].pk), TODAY)
    rows = list(Notice.objects.filter(person=reader.pk, read_at__isnull=True).exclude(kind="programme.role-begins"))
    lines = notices.lines_of(reader, rows)
    return [lines[row.pk].text for row in rows if row.pk in lines]


def client_of(world: Any, part: str) -> Client:
    client = Client()
    client.force_login(world.people[part].accounts.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read_all(world: Any) -> None:
    Notice.objects.update(read_at=NOW)


def test_whoever_is_given_an_action_and_the_hospitals_coordinator_are_told(yangzhou):
    action = plan(yangzhou, responsible="assessor")
    assert told(yangzhou, "assessor") == [f"Action {action.code} was given to you: {action.titles['en']}"]
    assert told(yangzhou, "coordinator") == [f"Action {action.code} was planned for Ginkgo: {action.titles['en']}"]


def test_nobody_is_told_what_he_did_himself_or_may_not_see(yangzhou):
    plan(yangzhou, responsible="coordinator_other")
    assert told(yangzhou, "manager") == []
    assert told(yangzhou, "coordinator_other") == []
    assert told(yangzhou, "translator") == []


def test_the_sentence_is_made_in_the_readers_language_when_he_reads_it(yangzhou):
    action = plan(yangzhou)
    with translation.override("zh-hans"):
        assert told(yangzhou, "coordinator") == [f"Ginkgo新立整改任务 {action.code}：{action.titles['zh-Hans']}"]
    with translation.override("he"):
        assert action.titles["he"] in told(yangzhou, "coordinator")[0]


def test_a_refused_change_tells_nobody(yangzhou):
    with pytest.raises(improve.ImproveError):
        improve.ask_decision(
            city=yangzhou.city, body="Buy", language="en", owner=yangzhou.organisations["government"], cost_class="low",
            asked_on=TODAY, due=TODAY - timedelta(days=1), by=yangzhou.people["manager"], now=NOW,
        )  # fmt: skip
    assert told(yangzhou, "leader") == []


def test_leaders_of_the_institution_that_is_asked_are_told_and_the_word_comes_back(yangzhou):
    decision = improve.ask_decision(
        city=yangzhou.city, body="Buy", language="en", owner=yangzhou.organisations["government"], cost_class="low",
        asked_on=TODAY, due=DUE, by=yangzhou.people["lead"], now=NOW,
    )  # fmt: skip
    assert told(yangzhou, "leader") == ["Your institution is asked to decide D-01 by 24 December 2026"]
    improve.record_ruling(
        decision=decision, word="deferred", decided_on=TODAY, decided_by=yangzhou.people["leader"].pk,
        by=yangzhou.people["manager"], now=NOW,
    )  # fmt: skip
    assert told(yangzhou, "lead") == ["Decision D-01 was deferred"]


def visit(world: Any) -> Visit:
    team = [assess.Seat(world.people["lead"], "lead"), assess.Seat(world.people["assessor"], "assessor")]
    return assess.plan_visit(
        city=world.city, subject=world.subjects["ginkgo"], round=1, kind="external", scope="core", first_day=TODAY,
        last_day=TODAY + timedelta(days=1), team=team, by=world.people["manager"].pk, now=NOW,
    )  # fmt: skip


def test_the_same_about_the_same_thing_is_one_line_with_a_number(yangzhou):
    seen = visit(yangzhou)
    Visit.objects.filter(pk=seen.pk).update(phase="reply")
    for _each in range(3):
        assess.reply(
            visit=seen, stance="dispute", language="en", body="Not so", by=yangzhou.people["coordinator"], now=NOW
        )
    assert told(yangzhou, "manager") == ["Ginkgo replied 3 times to the result of its visit"]
    with translation.override("zh-hans"):
        assert told(yangzhou, "manager") == ["Ginkgo对评估结果作出 3 次反馈"]
    with translation.override("he"):
        assert told(yangzhou, "manager") == ["Ginkgo השיב 3 פעמים לתוצאות הביקור"]


def test_a_visit_called_off_takes_back_what_was_told_of_it(yangzhou):
    seen = visit(yangzhou)
    assert told(yangzhou, "coordinator") == ["A visit to Ginkgo is planned; it begins on 24 November 2026"]
    assess.cancel_visit(visit=seen, by=yangzhou.people["manager"].pk, now=NOW)
    assert told(yangzhou, "coordinator") == ["The visit to Ginkgo on 24 November 2026 was called off"]


def test_whose_access_has_ended_finds_no_line_and_no_count(yangzhou):
    plan(yangzhou)
    client = client_of(yangzhou, "coordinator")
    grant = RoleGrant.objects.get(person=yangzhou.people["coordinator"])
    changes.give_role(
        person=yangzhou.people["coordinator"], role="translator", subject=None, since=TODAY, until=None,
        by=yangzhou.people["administrator"].pk, now=NOW,
    )  # fmt: skip
    changes.end_role(grant=grant, by=yangzhou.people["administrator"].pk, now=NOW)
    page = client.get(reverse("site:notices", kwargs={"city": "yangzhou"}), follow=True)
    assert "was planned for" not in page.content.decode()
    assert "Your role was taken back: Hospital emergency coordinator, Ginkgo" in page.content.decode()
    assert not Notice.objects.filter(person=yangzhou.people["coordinator"].pk, kind="improve.action-planned").exists()


def test_a_topic_that_is_switched_off_is_not_told(yangzhou):
    client = client_of(yangzhou, "coordinator")
    client.post(reverse("site:choice", kwargs={"city": "yangzhou"}), {"topics": ["visits", "roles"]})
    plan(yangzhou)
    assert told(yangzhou, "coordinator") == []
    visit(yangzhou)
    assert len(told(yangzhou, "coordinator")) == 1


def test_opening_a_line_leads_to_the_thing_and_the_bell_counts_one_less(yangzhou):
    read_all(yangzhou)
    action = plan(yangzhou)
    client = client_of(yangzhou, "coordinator")
    page = client.get(reverse("site:notices", kwargs={"city": "yangzhou"})).content.decode()
    assert 'class="bell-count" aria-hidden="true">1<' in page
    row = Notice.objects.get(person=yangzhou.people["coordinator"].pk, read_at__isnull=True)
    opened = client.get(reverse("site:notice", kwargs={"city": "yangzhou", "notice": row.pk}))
    assert opened.url == reverse("improve:action", kwargs={"city": "yangzhou", "action": action.pk})
    assert "bell-count" not in client.get(reverse("site:notices", kwargs={"city": "yangzhou"})).content.decode()


def test_all_read_leaves_what_came_after_the_page_was_opened(yangzhou):
    read_all(yangzhou)
    plan(yangzhou)
    client = client_of(yangzhou, "coordinator")
    until = client.get(reverse("site:notices", kwargs={"city": "yangzhou"})).context["page"].until
    Notice.objects.create(
        city="yangzhou", person=yangzhou.people["coordinator"].pk, kind="improve.action-planned",
        thing=Notice.objects.latest("pk").thing.replace(":", ":x"), at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    client.post(reverse("site:reading", kwargs={"city": "yangzhou"}), {"until": until})
    assert Notice.objects.filter(person=yangzhou.people["coordinator"].pk, read_at__isnull=True).count() == 1


@pytest.mark.parametrize("said", [{}, {"until": "soon"}, {"until": NOW.isoformat(), "only": "x"}, {"until": "9" * 40}])
def test_what_nobodys_button_sends_marks_nothing(yangzhou, said):
    plan(yangzhou)
    before = Notice.objects.filter(read_at__isnull=True).count()
    client = client_of(yangzhou, "coordinator")
    assert client.post(reverse("site:reading", kwargs={"city": "yangzhou"}), said).status_code == 302
    assert Notice.objects.filter(read_at__isnull=True).count() == before


def test_the_bell_answers_unchanged_until_something_is_told(yangzhou):
    client, address = client_of(yangzhou, "coordinator"), reverse("site:bell", kwargs={"city": "yangzhou"})
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    plan(yangzhou)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert f"bell:{yangzhou.people['coordinator'].pk}@" in again.content.decode()


def test_five_thousand_unread_cost_no_more_queries_than_three(yangzhou, django_assert_max_num_queries):
    client, address = client_of(yangzhou, "coordinator"), reverse("site:notices", kwargs={"city": "yangzhou"})
    action = plan(yangzhou)

    def tell(count: int) -> None:
        Notice.objects.bulk_create(
            Notice(
                city="yangzhou", person=yangzhou.people["coordinator"].pk, kind="improve.action-closed",
                thing=f"improve.action:{action.pk if n == 0 else uuid4()}", at=NOW - timedelta(minutes=n),
            )
            for n in range(count)
        )  # fmt: skip

    tell(3)
    with django_assert_max_num_queries(28):
        client.get(address)
    Notice.objects.all().delete()
    tell(5000)
    assert ">99+<" in client.get(reverse("site:bell", kwargs={"city": "yangzhou"})).content.decode()
    with django_assert_max_num_queries(28):
        page = client.get(address).content.decode()
    assert action.code in page
    assert '"bell-count" aria-hidden="true">1<' in page


def test_whoever_is_erased_leaves_nothing_that_he_was_told(yangzhou):
    plan(yangzhou)
    changes.erase_person(person=yangzhou.people["coordinator"], by=yangzhou.people["administrator"].pk, now=NOW)
    assert not Notice.objects.filter(person=yangzhou.people["coordinator"].pk).exists()
    plan(yangzhou, responsible="assessor")
    assert not Notice.objects.filter(person=yangzhou.people["coordinator"].pk).exists()


def remind(world: Any, day: date) -> int:
    with scope(city="yangzhou"):
        return changes.remind(city=world.city, dues=notices.dues.collect(world.city, day), day=day, now=NOW)


def test_what_is_due_is_told_a_week_before_on_the_day_and_every_week_after_each_once(yangzhou):
    action = plan(yangzhou)
    days = [n for n in range(-20, 30) if remind(yangzhou, action.due + timedelta(days=n))]
    assert days == [-7, 0, 7, 14, 21, 28]
    read_all(yangzhou)
    assert remind(yangzhou, action.due + timedelta(days=28)) == 0


def test_a_missed_night_is_made_good_once(yangzhou):
    action = plan(yangzhou)
    assert remind(yangzhou, action.due + timedelta(days=3)) == 1
    assert told(yangzhou, "coordinator")[0].startswith(f"Action {action.code} is overdue since 24 December 2026")
    assert remind(yangzhou, action.due + timedelta(days=4)) == 0
    assert remind(yangzhou, action.due + timedelta(days=-1)) == 1, "the clock was set back: another step, once"
    assert remind(yangzhou, action.due + timedelta(days=-1)) == 0


def test_a_reminder_of_what_is_done_has_no_line(yangzhou):
    action = plan(yangzhou)
    remind(yangzhou, action.due)
    improve.withdraw_action(action=action, reason="Not now", language="en", by=yangzhou.people["manager"], now=NOW)
    assert told(yangzhou, "coordinator") == [
        f"Action {action.code} was withdrawn: {action.titles['en']}",
        f"Action {action.code} was planned for Ginkgo: {action.titles['en']}",
    ]


def test_translators_are_told_once_until_they_look(yangzhou):
    plan(yangzhou)
    nightly._remind(yangzhou.city, NOW)
    nightly._remind(yangzhou.city, NOW + timedelta(days=1))
    assert told(yangzhou, "translator") == ["2 texts wait for translation or approval"]
    assert Notice.objects.get(kind="documents.queue").count == 1


def test_a_role_that_ends_soon_is_told_to_its_holder(yangzhou):
    changes.grant_role(
        person=yangzhou.people["leader"], role="translator", since=TODAY - timedelta(days=60), until=TODAY + timedelta(days=5),
        by=None, now=NOW,
    )  # fmt: skip
    remind(yangzhou, TODAY)
    assert told(yangzhou, "leader") == ["Your role ends after 28 November 2026: Translation approver"]


def activity(world: Any, part: str, kind: str, key: object) -> str:
    address = reverse("site:activity", kwargs={"city": "yangzhou", "kind": kind, "key": str(key)})
    answer = client_of(world, part).get(address)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_who_did_what_with_an_action_and_with_its_hospital(yangzhou):
    action = plan(yangzhou)
    improve.withdraw_action(action=action, reason="Not now", language="en", by=yangzhou.people["coordinator"], now=NOW)
    for kind, key in (("action", action.pk), ("hospital", "ginkgo")):
        page = activity(yangzhou, "coordinator", kind, key)
        assert page.index("Action withdrawn") < page.index("Action planned")
        assert "zhao-min" in page
    assert activity(yangzhou, "coordinator_other", "action", action.pk) == "404"
    assert activity(yangzhou, "coordinator_other", "hospital", "ginkgo") == "404"
    assert "Action planned" not in activity(yangzhou, "coordinator_other", "hospital", "egret")
    assert activity(yangzhou, "manager", "action", "x") == activity(yangzhou, "manager", "nothing", "ginkgo") == "404"


def test_an_answer_of_the_team_is_no_news_to_the_hospital_until_it_is_signed(yangzhou):
    seen = visit(yangzhou)
    Visit.objects.filter(pk=seen.pk).update(phase="reply")
    seen.refresh_from_db()
    reply = assess.reply(
        visit=seen, stance="dispute", language="en", body="Not so", by=yangzhou.people["coordinator"], now=NOW
    )
    assess.answer_dispute(reply=reply, language="en", body="It is", by=yangzhou.people["lead"], now=NOW)
    assert "Team answered a dispute" in activity(yangzhou, "manager", "visit", seen.pk)
    for kind, key in (("visit", seen.pk), ("hospital", "ginkgo")):
        page = activity(yangzhou, "coordinator", kind, key)
        assert "Hospital replied" in page
        assert "Team answered a dispute" not in page
