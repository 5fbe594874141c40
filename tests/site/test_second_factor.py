"""A second factor: nobody is in with the password alone, a code is good once, and a lost phone locks nobody out for ever."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from beiji.programme import changes, totp
from beiji.programme.changes import ProgrammeError
from beiji.programme.identity import SecondFactor
from beiji.programme.models import Account, Person
from beiji.records.models import AuditLine
from tests.cast import NOW, PASSWORD

NAME = "zhao-min"
SECOND = "/sign-in/second/"


@pytest.fixture
def clock(monkeypatch, world):
    """`clock(seconds)` goes on; tests begin at the cast's now."""
    state = {"now": NOW}
    monkeypatch.setattr(timezone, "now", lambda: state["now"])

    def go_on(seconds: float = 0):
        state["now"] += timedelta(seconds=seconds)
        return state["now"]

    return go_on


def account() -> Account:
    return Account.objects.get(username=NAME)


@pytest.fixture
def phone(clock):
    """The account with a second factor, switched on a minute ago: `phone.code()` is what the app shows now."""

    class Phone:
        secret = totp.new_secret()

        def code(self, seconds: float = 0) -> str:
            return code_at(self.secret, clock().timestamp() + seconds)

    made = Phone()
    made.recovery = changes.switch_on(account=account(), secret=made.secret, code=made.code(), now=clock())
    clock(60)
    return made


def code_at(secret: str, seconds: float) -> str:
    import base64

    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(seconds)).decode()


def password(client: Client | None = None, next_page: str = "") -> Client:
    client = client or Client()
    address = "/sign-in/" + (f"?next={next_page}" if next_page else "")
    answer = client.post(address, {"login": NAME, "password": PASSWORD, "next": next_page})
    assert answer.status_code == 302, answer.content.decode()[:300]
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def audit_lines(kind: str) -> int:
    with scope(city="yangzhou"):
        return AuditLine.objects.filter(kind=f"programme.{kind}").count()


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, SHA-1; its eight digits end with our six."""
    import base64
    from datetime import UTC, datetime

    secret = base64.b32encode(b"12345678901234567890").decode()
    vectors = {
        59: "94287082",
        1111111109: "07081804",
        1111111111: "14050471",
        1234567890: "89005924",
        20000000000: "65353130",
    }
    for seconds, code in vectors.items():
        now = datetime.fromtimestamp(seconds, UTC)
        assert totp.step_of(secret, code[2:], now) == seconds // 30
        assert totp.step_of(secret, code[2:], now, after=seconds // 30) is None
        assert totp.step_of(secret, code[2:], now + timedelta(seconds=29)) is not None, "a phone may be slow"
        assert totp.step_of(secret, code[2:], now + timedelta(seconds=90)) is None
    assert totp.step_of(secret, " ９4287 082 "[-8:].replace(" ", ""), datetime.fromtimestamp(59, UTC)) is not None
    for nonsense in ("", "12345", "1234567", "abcdef", "٢٨٧٠٨٢x", "９" * 400):
        assert totp.step_of(secret, nonsense, NOW) is None


def test_nobody_is_in_with_the_password_alone(phone):
    client = password(next_page="/yangzhou/plans/")
    before = audit_lines("signed-in")
    for address in (
        "/",
        "/account/",
        "/yangzhou/",
        "/yangzhou/live/bell/",
        "/yangzhou/notifications/bell/",
        "/platform/",
    ):
        answer = client.get(address)
        assert answer.status_code in (302, 401, 404), address
        assert answer.status_code != 302 or "/sign-in/" in answer.url or "/yangzhou/" not in answer.url, address
    assert client.post("/account/theme/", {"theme": "dark"}).status_code == 302
    assert account().theme == ""
    assert audit_lines("signed-in") == before, "the audit does not say that somebody is in who is not"
    answer = client.post(SECOND, {"code": phone.code()})
    assert (answer.status_code, answer.url) == (302, "/yangzhou/plans/")
    assert answer.cookies["beiji_session"]["max-age"] == "", "until the browser is closed, as by the front door"
    assert is_in(client)
    assert audit_lines("signed-in") == before + 1


def test_a_code_is_good_once_and_for_one_browser(phone):
    code = phone.code()
    first, second = password(), password()
    assert first.post(SECOND, {"code": code}).status_code == 302
    again = second.post(SECOND, {"code": code})
    assert again.status_code == 422
    assert "This code does not fit or was used already" in again.content.decode()
    assert not is_in(second)
    assert Client().get(SECOND).url == "/sign-in/", "without a password there is nothing to prove"
    assert Client().post(SECOND, {"code": phone.code(60)}).url == "/sign-in/"


def test_wrong_codes_are_slowed_like_wrong_passwords_and_a_right_password_forgives_none(phone, clock):
    client = password()
    for _number in range(8):
        answer = client.post(SECOND, {"code": "000000"})
        password(Client()) if _number < 2 else None
    assert "Too many wrong passwords from here" in answer.content.decode()
    assert "Too many wrong passwords from here" in client.post(SECOND, {"code": phone.code()}).content.decode()
    assert not is_in(client)
    assert audit_lines("sign-in-failed") >= 5


def test_five_minutes_later_or_after_a_new_password_one_begins_again(phone, clock):
    late, changed = password(), password()
    mine = account()
    mine.set_password("another one that is long")
    mine.save()
    assert changed.post(SECOND, {"code": phone.code()}).url == "/sign-in/"
    mine.set_password(PASSWORD)
    mine.save()
    clock(301)
    assert late.post(SECOND, {"code": phone.code()}).url == "/sign-in/"
    assert not is_in(late)


def test_a_recovery_code_lets_in_once_and_a_new_code_on_paper_ends_it_all(phone, clock):
    client = password()
    assert client.post(SECOND, {"code": phone.recovery[0].lower().replace("-", " ")}).status_code == 302
    assert is_in(client)
    assert password().post(SECOND, {"code": phone.recovery[0]}).status_code == 422
    with scope(city="yangzhou"):
        person = Person.objects.get(code="zhao-min")
        code = changes.renew_code(person=person, by=None, now=clock())
    assert not SecondFactor.objects.exists()
    assert not is_in(client)
    back = Client()
    values = {"name": NAME, "code": code, "password": "a short sentence of mine", "again": "a short sentence of mine"}
    assert back.post(reverse("account_code"), values).status_code == 302
    assert is_in(back)


def test_it_is_switched_on_with_the_app_and_off_with_a_code_and_the_secret_stands_nowhere(clock):
    here, other = password(), password()
    page = here.get("/account/second/").content.decode()
    secret = re.search(r'class="code">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert "data:image/svg+xml" in page
    wrong = here.post("/account/second/", {"code": "123"})
    assert "Look whether the phone&#x27;s clock is right" in wrong.content.decode()
    assert secret in wrong.content.decode().replace(" ", ""), "the same secret is still on the page"
    shown = here.post("/account/second/", {"code": code_at(secret, clock().timestamp())}).content.decode()
    assert len(re.findall(r'class="code">([A-Z0-9]{5}-[A-Z0-9]{5})<', shown)) == 10
    assert is_in(here)
    assert not is_in(other), "who is signed in elsewhere has to prove it too"
    row = SecondFactor.objects.get()
    assert secret not in row.secret
    with scope(city="yangzhou"):
        assert all(secret not in str(vars(line)) for line in AuditLine.objects.all())
    with pytest.raises(ProgrammeError, match="is on already"):
        changes.switch_on(account=account(), secret=secret, code=code_at(secret, clock().timestamp()), now=clock())

    assert here.post("/account/second/", {"code": "123456"}).status_code == 422
    assert SecondFactor.objects.exists()
    clock(60)
    assert here.post("/account/second/", {"code": code_at(secret, clock().timestamp())}).url == "/account/"
    assert not SecondFactor.objects.exists()
    assert is_in(password())


def test_with_another_key_of_the_installation_only_paper_helps(phone, settings):
    settings.SECRET_KEY = "another key that is long enough to be one"
    row = SecondFactor.objects.get()
    assert totp.unlocked(row.secret) is None
    assert not changes.prove(account=account(), code=phone.code(), now=timezone.now())
