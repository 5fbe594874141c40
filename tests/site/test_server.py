"""What a server stands: requests that never end, bodies without measure, a parent that is killed, a full disk."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest

from beiji.site import bodies, commands, health
from beiji.site.bodies import Room
from tests.serving import Server, serving

T = TypeVar("T")
UNFINISHED = "POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin="


@pytest.fixture(scope="module")
def server(ready, tmp_path_factory) -> Iterator[Server]:
    with serving(ready(tmp_path_factory.mktemp("server") / "data"), "--processes", "1") as running:
        yield running


def in_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: the browser of a whole run keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


# ---- bodies ---------------------------------------------------------------------------------------------------------
def test_health_and_pages_answer_at_once_beside_forty_requests_that_never_end(server):
    server.ask("/sign-in/")  # the first page compiles its templates
    with ExitStack() as open_ones:
        for _ in range(40):
            open_ones.enter_context(server.half_said(UNFINISHED))
        seconds = [server.ask("/health/")[2] for _ in range(10)]
        status, _content, page_seconds = server.ask("/sign-in/")
    assert status == 200
    assert sorted(seconds)[5] < 0.1, seconds
    assert page_seconds < 1


def test_three_hundred_megabytes_to_the_sign_in_page_are_refused_before_they_are_read(server):
    with server.half_said(UNFINISHED.replace("1000", "300000000")) as sender:
        assert b" 413 " in sender.recv(200)


def test_who_is_refused_reads_why_in_his_language(server):
    page = server.ask("/sign-in/", "POST", body=b"x" * 5_000_000, Cookie="beiji_session=none", Accept_Language="zh-CN")
    assert page[0] == 413
    assert "发送的内容过大" in page[1].decode()
    assert "4 MB" in page[1].decode()
    status, content, _ = server.ask(
        "/yangzhou/", "POST", body=b"x" * 100_000, Accept="application/json", Accept_Language="he"
    )
    assert status == 401, "a photograph that waited longer than its session is kept by its device"
    assert "נותקת" in json.loads(content)["error"]


def scope(*headers: tuple[bytes, bytes]) -> dict:
    return {"type": "http", "headers": list(headers)}


def sender(*messages: dict, then: float | None = None):
    """`receive` that gives these messages, and then nothing, or a byte each so many seconds."""
    left = list(messages)

    async def receive():
        if left:
            return left.pop(0)
        await asyncio.sleep(3600 if then is None else then)
        return {"type": "http.request", "body": b".", "more_body": True}

    receive.left = left
    return receive


def read(receive, *, length: int, limit: int = 1000, heard: int = 1000, room: Room | None = None):
    head = scope((b"content-length", str(length).encode()))
    return in_a_loop(bodies.read(head, receive, limit=limit, heard=heard, room=room or Room(10**6)))


def piece(content: bytes, more: bool = True) -> dict:
    return {"type": "http.request", "body": content, "more_body": more}


@pytest.mark.parametrize("then", [None, 0.01], ids=["silence", "a byte now and then"])
def test_a_body_that_comes_too_slowly_is_given_up_and_leaves_nothing(monkeypatch, then):
    monkeypatch.setattr(bodies, "SILENT_S", 0.05)
    monkeypatch.setattr(bodies, "WHOLE_S", 0.2)
    monkeypatch.setattr(bodies, "SLOWEST_BYTES_S", 1e9)
    room = Room(10**6)
    with pytest.raises(bodies.Refused) as refused:
        read(sender(piece(b"login="), then=then), length=900, room=room)
    assert refused.value.status == 408
    assert room.held == 0


def test_a_sender_of_too_much_is_heard_out_before_he_is_refused():
    given = sender(*[piece(b"x" * 1000) for _ in range(4)], piece(b"", more=False))
    with pytest.raises(bodies.Refused) as refused:
        read(given, length=4000, heard=10_000)
    assert refused.value.status == 413
    assert given.left == [], "everything had been read"


def test_all_bodies_together_hold_no_more_than_their_room(monkeypatch):
    monkeypatch.setattr(bodies, "IN_MEMORY", 100)
    room = Room(1500)
    first = read(sender(piece(b"x" * 1000, more=False)), length=1000, room=room)
    with pytest.raises(bodies.Refused) as refused:
        read(sender(piece(b"x" * 1000, more=False)), length=1000, room=room)
    assert refused.value.status == 503
    first.close()
    third = read(sender(piece(b"x" * 1000, more=False)), length=1000, room=room)
    assert third.size == 1000
    third.close()


def test_whoever_fills_the_room_with_files_keeps_nobody_from_signing_in():
    room = Room(bodies.IN_MEMORY + 1000)
    file = read(
        sender(piece(b"x" * room.most, more=False)), length=room.most, limit=room.most, heard=room.most, room=room
    )
    form = read(sender(piece(b"login=chen&password=", more=False)), length=20, room=room)
    assert form.size == 20
    form.close()
    file.close()
    assert room.held == 0


def test_a_body_longer_than_it_says_is_refused():
    with pytest.raises(bodies.Refused) as refused:
        read(sender(piece(b"x" * 1001, more=False)), length=0, limit=1000)
    assert refused.value.status == 413


def test_a_whole_body_reaches_the_page_as_it_was_sent(monkeypatch):
    monkeypatch.setattr(bodies, "PIECE", 7)
    body = read(sender(piece(b"hello "), piece(b"there, "), piece(b"world", more=False)), length=18)

    async def all_of_it() -> bytes:
        found, more = b"", True
        while more:
            message = await body.receive()
            found, more = found + message["body"], message["more_body"]
        return found

    assert in_a_loop(all_of_it()) == b"hello there, world"
    body.close()


def test_a_browser_that_takes_nothing_of_its_answer_holds_no_thread(monkeypatch):
    from beiji.site import asgi

    monkeypatch.setattr(asgi, "UNREAD_S", 0.05)
    written: list[bool] = []

    async def pages(scope, receive, send) -> None:
        for _ in range(200):
            await send({"type": "http.response.body", "body": b"x" * 4096, "more_body": True})
        written.append(True)

    async def deaf(message) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(asgi, "_pages", pages)
    in_a_loop(asyncio.wait_for(asgi.application(scope() | {"path": "/", "method": "GET"}, None, deaf), 5))
    assert written, "the page was done, though nobody read it"


# ---- heads ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("before", ["", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"], ids=["first", "second request"])
def test_a_half_sent_head_is_not_waited_for(monkeypatch, before):
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from beiji.site import protocol

    monkeypatch.setattr(protocol, "HEAD_S", 0.2)

    async def hello(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def speak() -> tuple[bytes, float]:
        config = Config(hello, log_level="error", timeout_keep_alive=60)
        config.load()
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(
            lambda: protocol.BoundedProtocol(config, ServerState(), {}), "127.0.0.1", 0
        )
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
        began = time.perf_counter()
        writer.write(before.encode())
        answer = await reader.readuntil(b"\r\n\r\n") if before else b""
        writer.write(b"GET / HTTP/1.1\r\nHost: loc")
        answer += await asyncio.wait_for(reader.read(), 5)
        writer.close()
        listening.close()
        return answer, time.perf_counter() - began

    answer, seconds = in_a_loop(speak())
    assert answer.count(b"HTTP/1.1 204") == bool(before)
    assert seconds < 2


# ---- health ---------------------------------------------------------------------------------------------------------
def test_a_full_and_a_read_only_disk_are_told(tmp_path, monkeypatch):
    assert health.disk(tmp_path, 1) == "ok"
    assert health.disk(tmp_path, 10**18) == "full"
    monkeypatch.setattr(health, "disk", lambda *_: "full")
    monkeypatch.setattr(health, "database", lambda: "ok")
    status, found = in_a_loop(health.Health().report())
    assert (status, found["status"], found["disk"]) == (503, "failing", "full")


def test_a_hundred_questions_are_one_look(monkeypatch):
    looks = []
    monkeypatch.setattr(health, "look", lambda: looks.append(1) or {"database": "ok", "disk": "ok"})

    async def ask() -> None:
        asked = health.Health()
        await asyncio.gather(*(asked.report() for _ in range(100)))

    in_a_loop(ask())
    assert len(looks) == 1


def test_a_database_that_is_silent_is_said_so(monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_S", 0.05)
    monkeypatch.setattr(health, "look", lambda: time.sleep(0.3) or {"database": "ok", "disk": "ok"})
    status, found = in_a_loop(health.Health().report())
    assert (status, found["database"]) == (503, "silent")


# ---- processes ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cores", "free_mb", "processes"), [(1, 8000, 1), (4, 8000, 4), (8, 700, 2), (4, 50, 1)])
def test_there_are_as_many_web_processes_as_cores_and_memory_allow(cores, free_mb, processes):
    assert commands.processes_for(cores, free_mb) == processes


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_serve_starts_so_many_by_itself_and_takes_them_along(ready, tmp_path):
    """Stopped in the orderly way, too, none of them is left."""
    wanted = commands._processes()
    with serving(ready(tmp_path / "data")) as running:
        children = children_of(running.process.pid) if wanted > 1 else []
        assert len(children) >= wanted or wanted == 1
    until = time.monotonic() + 10  # the last to go is the one that counts what they shared
    while any(lives(child) for child in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [child for child in children if lives(child)]


def children_of(process: int) -> list[int]:
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(line) for line in done.stdout.split()]


def lives(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_web_processes_end_with_a_parent_that_is_killed(ready, tmp_path):
    with serving(ready(tmp_path / "data"), "--processes", "2") as running:
        children = children_of(running.process.pid)
        assert len(children) >= 2
        running.process.send_signal(signal.SIGKILL)
        until = time.monotonic() + 10
        while any(lives(child) for child in children) and time.monotonic() < until:
            time.sleep(0.1)
        left = [child for child in children if lives(child)]
        for child in left:
            os.kill(child, signal.SIGKILL)
        assert not left
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", running.port), timeout=2):
            pass
