"""Who looks after the installation: three people with three duties, who read nothing of a city."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django_scopes import scope, scopes_disabled

from beiji.output import CommandError
from beiji.programme import access, changes
from beiji.programme.changes import ProgrammeError, again
from beiji.programme.identity import PlatformGrant
from beiji.programme.models import Account
from beiji.records.models import AuditLine
from beiji.records.revocations import Revocation
from beiji.site import founding
from tests.cast import NOW, PASSWORD
from tests.pages import pages

GOOD = "four quiet herons at dusk"
DUTIES = ("system", "security", "audit")


@pytest.fixture
def three(world) -> dict[str, Client]:
    """The three, each come in with the code of his sheet."""
    clients = {}
    for duty in DUTIES:
        code = changes.give_duty(username=f"the-{duty}", duty=duty, purpose="approval 2026-7", by=None, now=NOW)
        clients[duty] = Client(headers={"accept-language": "en"})
        Account.objects.filter(username=f"the-{duty}").update(code_until=None)
        account = Account.objects.get(username=f"the-{duty}")
        assert code
        account.set_password(PASSWORD)
        account.save()
        assert clients[duty].post("/sign-in/", {"login": f"the-{duty}", "password": PASSWORD}).status_code == 302
    return clients


def test_one_comes_in_with_a_code_and_lands_on_the_page_of_his_duty(world):
    from django.utils import timezone

    code = changes.give_duty(
        username="root-chen", duty="system", purpose="runs the server", by=None, now=timezone.now()
    )
    client = Client(headers={"accept-language": "en"})
    said = {"name": "root-chen", "code": code, "password": GOOD, "again": GOOD}
    assert client.post("/sign-in/code/", said).status_code == 302
    page = client.get("/", follow=True)
    assert page.request["PATH_INFO"] == "/platform/system/"
    assert "Yangzhou" in page.content.decode()
    with scopes_disabled():
        assert AuditLine.objects.filter(city="", kind="programme.code-used").exists()


@pytest.mark.parametrize("duty", DUTIES)
def test_each_opens_his_own_page_and_no_other(three, duty):
    status = {page: three[duty].get(f"/platform/{page}/").status_code for page in DUTIES}
    assert status == {page: 200 if page == duty else 404 for page in DUTIES}


@pytest.mark.parametrize("duty", DUTIES)
def test_none_of_them_opens_a_page_of_a_city(three, duty):
    opened = [
        address for address in ("", "people/", "readiness/", "reports/", "actions/", "assessments/", "texts/")
        if three[duty].get(f"/yangzhou/{address}").status_code != 404
    ]  # fmt: skip
    assert opened == []


def test_their_pages_name_no_person_and_no_hospital(three, world):
    with scope(city="yangzhou"):
        changes.end_role(grant=world.people["leader"].grants.get(), by=world.people["administrator"].pk, now=NOW)
    words = ("zhao-min", "Ginkgo", "Egret", "li-wen")
    for duty in DUTIES:
        page = three[duty].get(f"/platform/{duty}/").content.decode()
        assert [word for word in words if word in page] == [], duty
    assert "Role taken back" in three["audit"].get("/platform/audit/?kind=programme.role-ended").content.decode()
    assert "chen-wei" in three["security"].get("/platform/security/").content.decode(), (
        "who lets people in, by user name"
    )


def test_the_security_administrator_ends_anothers_duty_and_not_his_own(three):
    system, own = (PlatformGrant.objects.get(duty=duty) for duty in ("system", "security"))
    assert three["audit"].post("/platform/security/ending/", {"duty": system.pk}).status_code == 404
    three["security"].post("/platform/security/ending/", {"duty": system.pk})
    assert three["system"].get("/platform/system/").status_code == 302, "signed out at the next request"
    assert not Client().login(username="the-system", password=PASSWORD)
    answer = three["security"].post("/platform/security/ending/", {"duty": own.pk}, follow=True)
    assert "Nobody ends his own duty" in answer.content.decode()
    again_ = three["security"].post("/platform/security/ending/", {"duty": system.pk}, follow=True)
    assert "has ended already" in again_.content.decode()
    assert three["security"].post("/platform/security/ending/", {"duty": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"username": "li-wen"}, "is somebody in a city"),
        ({"username": "the-audit"}, "has a duty already"),
        ({"purpose": " "}, "Say for what"),
        ({"duty": "king"}, "no such duty"),
    ],
)
def test_a_duty_that_cannot_be_is_refused_in_one_sentence(three, said, sentence):
    right = {"username": "somebody-new", "duty": "system", "purpose": "x", "by": None, "now": NOW}
    with pytest.raises(ProgrammeError, match=sentence):
        changes.give_duty(**right | said)
    assert not Account.objects.filter(username="somebody-new").exists()


def test_somebody_with_a_duty_is_brought_into_no_city(three, world):
    with scope(city="yangzhou"), pytest.raises(ProgrammeError, match="is taken"):
        changes.open_account(
            person=changes.add_person(city=world.city, names={"en": "New"}, by=None, now=NOW), username="the-audit",
            by=None, now=NOW,
        )  # fmt: skip


def test_a_duty_is_ended_once_and_never_given_another_meaning(three):
    grant = PlatformGrant.objects.get(duty="audit")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlatformGrant.objects.filter(pk=grant.pk).update(duty="security")
    founding.end_duty("the-audit", NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlatformGrant.objects.filter(pk=grant.pk).update(ended_at=None)
    with pytest.raises(CommandError, match="has no duty"):
        founding.end_duty("the-audit", NOW)
    code = changes.give_duty(username="the-audit", duty="audit", purpose="again", by=None, now=NOW + timedelta(days=1))
    assert re.fullmatch(r"\w{5}-\w{5}", code)


def test_a_restore_ends_it_again(three):
    grant = PlatformGrant.objects.get(duty="audit")
    again.end_duty_again(Revocation(NOW, "programme.duty-ended", "", f"programme.platformgrant:{grant.pk}"))
    assert access.duty_of(Account.objects.get(username="the-audit")) is None
    assert not Client().login(username="the-audit", password=PASSWORD)


def test_for_everybody_else_there_are_no_such_pages():
    """By the table of rights, which the walk over every page holds to."""
    rows = [page for page in pages() if page.name.startswith("platform")]
    assert len(rows) == 7
    assert {status for page in rows for role, status in page.status.items() if role != "anonymous"} == {"404"}
