"""Messages to phones: what leaves the house, when, once; and receivers that fail, hang, lie or lead inside."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from beiji.programme import changes
from beiji.programme.changes import choose_notices
from beiji.programme.quiet import message_time
from beiji.records import channels, jobs, notices, outbox, posting_out, running
from beiji.records.channels import Note
from beiji.records.models import Job, Message, Notice
from beiji.records.posting_out import NotSent
from beiji.site import messages_page, sending, upkeep_checks
from tests.cast import NOW, TODAY

NOTE = Note(
    "key-1", "zhao.min", "Beiji: 3 new notifications", "Actions: 3", "https://beiji.example/yangzhou/notifications/"
)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.parametrize(
    ("wall", "daily", "expected"),
    [
        ("10:00", False, "10:15"),
        ("21:50", False, "07:00"),
        ("03:00", False, "07:00"),
        ("06:50", False, "07:05"),
        ("10:00", True, "08:00"),
        ("06:00", True, "08:00"),
    ],
)
def test_no_phone_sounds_in_the_quiet_hours_of_the_citys_wall_clock(wall, daily, expected):
    hour, minute = map(int, wall.split(":"))
    now = datetime(2026, 11, 24, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    at = message_time(now, "Asia/Shanghai", timedelta(minutes=15), time(22), time(7), daily=daily)
    assert f"{at + timedelta(hours=8):%H:%M}" == expected
    assert now < at <= now + timedelta(hours=26)


def test_the_same_hour_twice_is_never_quiet():
    at = message_time(NOW, "Asia/Shanghai", timedelta(0), time(0), time(0), daily=False)
    assert at == NOW


@pytest.fixture
def by_file(settings, tmp_path):
    settings.MESSAGES, settings.DATA, settings.LINK = "file", tmp_path, "https://beiji.example"


def tell(world: Any, now: datetime = NOW, part: str = "leader") -> None:
    changes.grant_role(
        person=world.people[part], role="translator", since=TODAY, until=TODAY + timedelta(days=9),
        by=world.people["administrator"].pk, now=now,
    )  # fmt: skip


def work_off(now: datetime) -> list[Job]:
    """What the worker does at an instant."""
    sending.ask(now)
    done = []
    while job := running.run_one(clock=lambda: now):
        done.append(job)
    return done


def lines() -> list[dict[str, str]]:
    file = channels.file_of_messages()
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def states() -> list[str]:
    with scopes_disabled():
        return list(Message.objects.order_by("made_at").values_list("state", flat=True))


@pytest.fixture
def quiet_world(yangzhou):
    """Nothing was told before."""
    Notice.objects.all().delete()
    return yangzhou


def test_nothing_is_asked_for_while_messages_are_off(quiet_world):
    tell(quiet_world)
    assert states() == []


def test_a_message_is_a_title_a_number_and_a_link_in_the_persons_language_once(quiet_world, by_file):
    tell(quiet_world)
    tell(quiet_world)
    type(quiet_world.people["leader"]).objects.filter(pk=quiet_world.people["leader"].pk).update(language="zh-hans")
    assert work_off(NOW) == []
    work_off(NOW + timedelta(minutes=20))
    work_off(NOW + timedelta(minutes=21))
    (line,) = lines()
    assert line["title"] == "备急：2 条新通知"
    assert line["text"] == "我的角色 2"
    assert line["link"] == "https://beiji.example/yangzhou/notifications/"
    assert not {"Ginkgo", "gao-yuan", "Gao"} & set(json.dumps(line).split())
    assert states() == ["sent"]


def test_what_was_read_in_the_browser_is_not_sent(quiet_world, by_file):
    tell(quiet_world)
    changes.mark_read(person=quiet_world.people["leader"], now=NOW, until=NOW)
    work_off(NOW + timedelta(minutes=20))
    assert lines() == []
    assert states() == ["read"]


def test_whoever_left_or_was_erased_gets_nothing(quiet_world, by_file):
    tell(quiet_world)
    changes.leave(person=quiet_world.people["leader"], by=quiet_world.people["administrator"].pk, now=NOW)
    work_off(NOW + timedelta(days=1))
    assert lines() == []
    tell(quiet_world, part="lead")
    changes.erase_person(person=quiet_world.people["lead"], by=quiet_world.people["administrator"].pk, now=NOW)
    assert "waiting" not in states()


def test_whoever_wants_none_gets_none(quiet_world, by_file):
    choose_notices(
        person=quiet_world.people["leader"], topics=[t.value for t in notices.Topic], pace="never", quiet_from=time(22),
        quiet_until=time(7), address="",
    )  # fmt: skip
    tell(quiet_world)
    assert states() == []


def test_a_clock_that_was_set_back_does_not_hold_messages_for_weeks(quiet_world, by_file):
    tell(quiet_world, now=NOW + timedelta(days=10))
    work_off(NOW)
    assert states() == ["sent"]


def test_a_worker_killed_while_sending_sends_nothing_twice(quiet_world, by_file, monkeypatch):
    class Killed(BaseException):
        pass

    def send_and_die(channel: str, note: Note) -> None:
        channels._file(note)
        raise Killed

    tell(quiet_world)
    later = NOW + timedelta(minutes=20)
    with monkeypatch.context() as patched:
        patched.setattr(channels, "send", send_and_die)
        with pytest.raises(Killed):
            work_off(later)
    work_off(later + timedelta(minutes=5))
    assert len(lines()) == 1
    assert states() == ["unclear"]


def test_what_is_not_taken_is_tried_again_with_growing_pauses_then_fails_and_says_why(quiet_world, by_file, settings):
    settings.DATA = settings.DATA / "away"
    tell(quiet_world)
    now = NOW + timedelta(minutes=20)
    for _each in range(sending.TRIES + 3):
        work_off(now)
        now += timedelta(hours=1, seconds=1)
    assert states() == ["failed"]
    with scopes_disabled():
        message = Message.objects.get()
    assert message.attempts == sending.TRIES
    assert messages_page.why_words(message.reason).startswith("The file could not be written")
    assert [f.check for f in upkeep_checks.messages()] in ([], ["messages"])


class Receiver(BaseHTTPRequestHandler):
    """A receiver that does what its address says."""

    protocol_version = "HTTP/1.1"
    heard: list[tuple[str, dict[str, Any], str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Receiver.heard.append((self.path, body, self.headers["Idempotency-Key"] or ""))
        what = self.path.split("?")[0].strip("/")
        if what == "hang":
            self.server.released.wait(20)  # type: ignore[attr-defined]
            return
        status = int(what) if what.isdigit() else 200
        said = {"refuse": b'{"errcode": 93000}', "busy": b'{"errcode": 45009}'}.get(
            what, b'{"errcode": 0, "errmsg": "ok"}'
        )
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "https://127.0.0.1/inside")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Any:
    """A key and a certificate for this machine, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate of these tests, and is not here")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    named = ["-addext", "subjectAltName=DNS:localhost", "-keyout", f"{file}.key", "-out", f"{file}.crt"]
    subprocess.run(["openssl", *words.split(), *named], check=True, capture_output=True)
    file.write_text(Path(f"{file}.key").read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def receiver(certificate, monkeypatch) -> Iterator[str]:
    """The address of a receiver that this machine trusts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads, server.released = True, threading.Event()  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Receiver.heard.clear()
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(posting_out.ssl, "create_default_context", lambda: trusting)
    monkeypatch.setenv("BEIJI_WEBHOOK_HOSTS", "localhost")
    monkeypatch.setenv("BEIJI_WEBHOOK_INSIDE", "yes")
    yield f"https://localhost:{server.server_address[1]}"
    server.released.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def send(url: str, monkeypatch) -> None:
    monkeypatch.setenv("BEIJI_WEBHOOK_URL", url)
    channels.send("webhook", NOTE)


def test_the_robot_of_a_group_gets_its_shape_and_a_key(receiver, monkeypatch):
    send(f"{receiver}/send?key=1", monkeypatch)
    ((path, body, key),) = Receiver.heard
    assert (path, key) == ("/send?key=1", "key-1")
    assert body == {
        "msgtype": "text",
        "text": {"content": f"{NOTE.title}\n{NOTE.text}\n{NOTE.link}", "mentioned_list": ["zhao.min"]},
    }
    assert channels.body_of(NOTE, "oapi.dingtalk.com")["at"] == {"atUserIds": ["zhao.min"]}


@pytest.mark.parametrize(
    ("path", "code", "again"),
    [("500", "answer", True), ("404", "answer", False), ("302", "redirect", False), ("refuse", "refused", False), ("busy", "refused", True)],
)  # fmt: skip
def test_a_receiver_that_does_not_take_it(receiver, monkeypatch, path, code, again):
    with pytest.raises(NotSent) as refused:
        send(f"{receiver}/{path}", monkeypatch)
    assert (refused.value.code, refused.value.may_try_again) == (code, again)
    assert len(Receiver.heard) == 1, "a redirect is not followed"


def test_a_receiver_that_hangs_is_left(receiver, monkeypatch):
    monkeypatch.setattr(posting_out, "LONGEST_S", 0.5)
    with pytest.raises(NotSent) as refused:
        send(f"{receiver}/hang", monkeypatch)
    assert (refused.value.code, refused.value.may_try_again) == ("no-answer", True)


def test_an_address_inside_is_not_spoken_to_unless_it_is_allowed(receiver, monkeypatch):
    monkeypatch.setenv("BEIJI_WEBHOOK_INSIDE", "no")
    with pytest.raises(NotSent, match="inside"):
        send(f"{receiver}/send", monkeypatch)
    assert Receiver.heard == []


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/send", "https://localhost.elsewhere.example/", "https://127.0.0.1/"]
)
def test_a_name_that_is_not_allowed_is_not_even_looked_up(receiver, monkeypatch, url):
    monkeypatch.setattr(posting_out.socket, "getaddrinfo", lambda *a, **k: pytest.fail("looked up"))
    with pytest.raises(NotSent, match="not-allowed"):
        send(url, monkeypatch)


def test_a_certificate_of_nobody_is_not_trusted(receiver, monkeypatch, certificate):
    monkeypatch.undo()
    monkeypatch.setenv("BEIJI_WEBHOOK_HOSTS", "localhost")
    monkeypatch.setenv("BEIJI_WEBHOOK_INSIDE", "yes")
    with pytest.raises(NotSent, match="no-trust"):
        send(f"{receiver}/send", monkeypatch)


def test_every_reason_has_words():
    codes = ["gone", "no-setting X", "no-address", "not-allowed h", "inside h", "unknown-host h", "no-line h", "no-answer h", "no-trust h", "redirect 302", "answer 500", "refused 93000", "file full"]  # fmt: skip
    sentences = [messages_page.why_words(code) for code in codes]
    assert len(set(sentences)) == len(codes)
    assert not [s for s in sentences if s.startswith("Not sent") or "{" in s]


def test_the_system_administrator_sees_what_went_out_and_sends_a_test(quiet_world, by_file):
    changes.give_duty(username="systems", duty="system", purpose="care", by=None, now=NOW)
    from beiji.programme.models import Account

    client = Client()
    client.force_login(Account.objects.get(username="systems"), backend=BACKEND)
    tell(quiet_world)
    page = client.get(reverse("platform_messages")).content.decode()
    assert "waiting" in page
    assert "gao-yuan" not in page.lower()
    client.post(reverse("platform_message_test"))
    with scopes_disabled():
        test = Message.objects.get(person=None)
        assert jobs.kind_of(Job(kind=sending.SEND)) is not None
    work_off(test.due_at + timedelta(seconds=1))
    assert lines()[-1]["title"] == "Beiji: test message"
    assert outbox.health(NOW).failed == 0
