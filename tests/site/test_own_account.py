"""One's own page: language and theme go along to every browser, and every browser can be signed out from it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from beiji.programme import changes
from beiji.programme.identity import SignedIn
from beiji.programme.models import Account, Person, RoleGrant
from beiji.programme.rules import device_of
from beiji.records.models import AuditLine
from beiji.site.middleware import SignedInMiddleware
from tests.cast import NOW, PASSWORD

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0 Mobile Safari/537.36 MicroMessenger/8"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
HERE = "/account/"


def sign_in(name: str = "zhao-min", agent: str = DESK, client: Client | None = None) -> Client:
    client = client or Client()
    client.defaults["HTTP_USER_AGENT"] = agent
    assert client.post("/sign-in/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def language_of(client: Client) -> str:
    return re.search(r'<html[^>]* lang="([^"]+)"', client.get(HERE).content.decode())[1]


def kept_language() -> str:
    with scope(city="yangzhou"):
        return Person.objects.get(code="zhao-min").language


def test_the_language_goes_along_to_every_browser(world):
    here = sign_in()
    here.post("/language/", {"language": "he", "next": HERE})
    assert kept_language() == "he"
    ward = Client()
    ward.cookies["beiji_language"] = "zh-hans"  # of whoever had the tablet before
    assert language_of(sign_in(client=ward)) == "he"


def test_a_language_chosen_on_the_sign_in_page_becomes_ones_own(world):
    tablet = Client()
    tablet.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    assert language_of(sign_in(client=tablet)) == "zh-Hans"
    assert kept_language() == "zh-hans"
    assert language_of(sign_in()) == "zh-Hans"


@pytest.mark.parametrize("said", ["xx", "", "zh-hans'"])
def test_a_language_that_there_is_not_changes_nothing(world, said):
    before = kept_language()
    sign_in().post("/language/", {"language": said, "next": HERE})
    assert kept_language() == before


def test_the_theme_goes_along_and_as_the_device_is_a_choice_too(world):
    here = sign_in()
    here.post("/account/theme/", {"theme": "dark"})
    there = sign_in()
    assert 'data-theme="dark"' in there.get(HERE).content.decode()
    there.post("/account/theme/", {"theme": "auto"})
    assert "data-theme=" not in there.get(HERE).content.decode().split(">", 2)[1]
    assert "data-theme=" not in sign_in().get(HERE).content.decode().split(">", 2)[1]
    assert here.post("/account/theme/", {"theme": "neon"}).status_code == 404


def test_the_page_names_this_browser_and_the_others_with_their_last_contact(world):
    sign_in(agent=PHONE).get(HERE)
    page = sign_in().get(HERE, headers={"accept-language": "en"}).content.decode()
    assert re.search(r"Firefox · Windows.*this device.*WeChat · Android.*last contact", page, re.DOTALL)
    assert page.count("Sign out there") == 1


def test_the_page_names_the_roles_that_one_has_and_until_when(world):
    """A notification of a role leads there."""
    here = sign_in().get(HERE).content.decode()
    with scope(city="yangzhou"):
        hospital = world.subjects["ginkgo"].names["en"]
        RoleGrant.objects.filter(person=world.people["coordinator"]).update(until=NOW.date() + timedelta(days=3650))
    assert f"Hospital emergency coordinator · {hospital} · from " in here
    assert "2036" not in here
    assert "2036" in sign_in().get(HERE).content.decode()


def test_signing_out_everywhere_else_leaves_only_this_browser(world):
    here, phone, tablet, other = sign_in(), sign_in(agent=PHONE), sign_in(), sign_in("wu-lan")
    here.post("/account/sessions/")
    assert here.get(HERE).status_code == 200
    assert (phone.get(HERE).status_code, tablet.get(HERE).status_code) == (302, 302)
    assert other.get(HERE).status_code == 200, "somebody else's"
    with scope(city="yangzhou"):
        line = AuditLine.objects.get(kind="programme.sessions-ended")
    assert line.details["count"] == 2


def test_one_browser_is_signed_out_and_nobody_elses(world):
    here, phone, other = sign_in(), sign_in(agent=PHONE), sign_in("wu-lan")
    own, strange = (SignedIn.objects.filter(account__username=name).latest("id").pk for name in ("zhao-min", "wu-lan"))
    here.post("/account/sessions/", {"only": strange})
    assert other.get(HERE).status_code == 200
    here.post("/account/sessions/", {"only": own})
    assert phone.get(HERE).status_code == 302


def test_signing_out_oneself_takes_the_browser_from_the_list(world):
    here, phone = sign_in(), sign_in(agent=PHONE)
    phone.post("/sign-out/")
    assert "WeChat" not in here.get(HERE).content.decode()


def test_a_new_password_a_new_code_and_a_closed_account_empty_the_list(world):
    here, good = sign_in(), "four quiet herons at dusk"
    sign_in(agent=PHONE)
    here.post("/sign-in/password/", {"old": PASSWORD, "password": good, "again": good})
    assert "WeChat" not in here.get(HERE).content.decode()
    account = Account.objects.get(username="zhao-min")
    with scope(city="yangzhou"):
        changes.renew_code(person=world.people["coordinator"], by=None, now=NOW)
    assert not SignedIn.objects.filter(account=account).exists()


def test_contact_is_written_every_few_minutes_and_not_at_every_page(world, monkeypatch):
    here, at = sign_in(), timezone.now()
    row = SignedIn.objects.get(account__username="zhao-min")
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=2))
    here.get(HERE)
    assert SignedIn.objects.get(pk=row.pk).seen_at == row.seen_at
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=6))
    here.get(HERE)
    assert SignedIn.objects.get(pk=row.pk).seen_at == at + timedelta(minutes=6)


def test_the_key_of_a_session_stands_nowhere_and_the_night_forgets_what_has_ended(world):
    client = sign_in()
    row = SignedIn.objects.get()
    assert client.session.session_key not in (row.session_digest, row.device)
    Session.objects.all().delete()
    SignedInMiddleware._noted.clear()
    changes.clear_ended_sessions()
    assert not SignedIn.objects.exists()


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "wechat/android"),
        (DESK, "firefox/windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit Version/17.0 Safari/604.1", "safari/iphone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "edge/windows"),
        ("curl/8", "/"),
    ],
)  # fmt: skip
def test_a_device_is_named_by_what_people_call_it(agent, device):
    assert device_of(agent) == device
