"""The sign-in page: what a person reads whose guesses are slowed, which address counts, what TLS adds, what the night clears."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from beiji.programme.models import SignInCount
from beiji.site import adapter
from tests.cast import NOW, PASSWORD
from tests.serving import ROOT, Server, environment, serving
from tests.work import night


@pytest.fixture
def clock(monkeypatch):
    """Stands still at 10:00:00 on the city's wall; `clock.now` may be moved."""

    class Clock:
        now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    monkeypatch.setattr(adapter.timezone, "now", lambda: Clock.now)
    return Clock


def sign_in(client: Client, password: str, address: str = "203.0.113.7", **more):
    return client.post("/sign-in/", {"login": "gao-yuan", "password": password}, REMOTE_ADDR=address, **more)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "try again at 10:00:30, in 1 minute."),
        ("zh-hans", "请于10:00:30（约1分钟后）再试"),
        ("he", "10:00:30"),
    ],
)
def test_the_sixth_try_says_until_when_by_the_clock_on_the_citys_wall(world, clock, language, sentence):
    client = Client()
    client.cookies["beiji_language"] = language
    for _ in range(5):
        sign_in(client, "wrong password")
    page = sign_in(client, PASSWORD)
    assert sentence in page.content.decode()
    assert sign_in(Client(), PASSWORD, "198.51.100.20").status_code == 302, "the leader himself, from his own desk"
    clock.now += timedelta(seconds=30)
    assert sign_in(client, PASSWORD).status_code == 302


def test_where_cities_have_different_clocks_the_hour_names_its_zone(world, clock):
    world.other_city.time_zone = "Asia/Jerusalem"
    world.other_city.save()
    client = Client()
    for _ in range(5):
        sign_in(client, "wrong password")
    assert "at 02:00:30 UTC" in sign_in(client, PASSWORD).content.decode()


def test_an_address_that_the_browser_claims_is_not_believed(world, clock):
    client = Client()
    for n in range(5):
        sign_in(client, "wrong password", headers={"x-forwarded-for": f"192.0.2.{n}"})
    assert (
        "Too many wrong passwords"
        in sign_in(client, PASSWORD, headers={"x-forwarded-for": "192.0.2.9"}).content.decode()
    )


def test_the_night_clears_sessions_that_have_run_out(world):
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=datetime.now(UTC) + timedelta(days=1))
    SignInCount.objects.create(key="old", last_at=NOW - timedelta(days=2))
    night(NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert not SignInCount.objects.exists()


# ---- over real sockets, several processes ---------------------------------------------------------------------------
def post(server: Server, forwarded: str) -> str:
    """A wrong password from behind the proxy, on a connection of its own."""
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', server.ask("/sign-in/")[1].decode()).group(1)
    body = f"csrfmiddlewaretoken={token}&login=gao-yuan&password=wrong".encode()
    return server.ask(
        "/sign-in/", "POST", body=body, Cookie=f"csrftoken={token}", X_Forwarded_For=forwarded,
        Content_Type="application/x-www-form-urlencoded",
    )[1].decode()  # fmt: skip


@pytest.mark.slow
def test_two_processes_count_together_and_only_a_named_proxy_is_believed(ready, tmp_path):
    with serving(ready(tmp_path / "data"), "--processes", "2") as running:
        pages = [post(running, f"192.0.2.{n}") for n in range(8)]
    assert ["Too many wrong" in page for page in pages] == [False] * 5 + [True] * 3
    with serving(tmp_path / "data", "--processes", "1", BEIJI_PROXIES="127.0.0.1") as running:
        assert "Too many wrong" not in post(running, "192.0.2.50")


# ---- TLS ------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_with_tls_browsers_are_told_to_stay_there_and_cookies_are_secure(ready, tmp_path):
    with serving(ready(tmp_path / "data"), "--processes", "1", BEIJI_HTTPS="yes") as running:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
        connection.request("GET", "/sign-in/", headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookies = answer.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


def test_every_cookie_of_the_house_is_secure_with_tls(tmp_path):
    code = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.LANGUAGE_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.CSRF_TRUSTED_ORIGINS)"
    )
    place = environment(
        tmp_path,
        BEIJI_HTTPS="yes",
        BEIJI_HOSTS="beiji.example,.example.org",
        DJANGO_SETTINGS_MODULE="beiji.site.settings",
    )
    done = subprocess.run([sys.executable, "-c", code], env=place, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=4) == [
        "True", "True", "True", "31536000", "['https://beiji.example', 'https://*.example.org']\n",
    ]  # fmt: skip
