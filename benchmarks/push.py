"""From a change to the message: many open pages, one server, changes by the ordinary write path.

    python3 benchmarks/push.py [--listeners 1000] [--changes 40] [--readers 50]

Every listener keeps a line for the visit that is under way; `--readers` of them ask for the visit's page again when they are
told, as a browser does. A change is an assessor's note, taken as the tablet sends it. Uses DATABASE_URL when it is set (an
empty database), else SQLite. The limit of lines of one person is lifted in the measured server: here one person is all.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any

from web import Person, wait_for

SERVER = """
import sys, uvicorn
config = uvicorn.Config("beiji.site.asgi:application", http="beiji.site.protocol:BoundedProtocol", port=int(sys.argv[1]),
                        log_level="warning", access_log=False, backlog=4096)
config.load()
from beiji.site import push
push.MOST_OF_ONE = 10_000
server = uvicorn.Server(config)
push.push.is_ending = lambda: server.should_exit
server.run()
"""


@dataclass
class Found:
    """Instants on one clock: of each change once it was committed, and of what the listeners got."""

    committed: list[float] = field(default_factory=list)
    arrived: list[list[float]] = field(default_factory=list)
    read: list[float] = field(default_factory=list)


async def listen(
    port: int,
    path: str,
    cookie: str,
    mine: list[float],
    ready: asyncio.Event,
    on_told: Callable[[], Awaitable[None]] | None,
) -> None:
    """Keep one line and note the instant of each message."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        sys.exit(head.decode())
    waiting: list[asyncio.Task[None]] = []
    while line := await reader.readline():
        if line.startswith(b"event: listening"):
            ready.set()
        elif line.startswith(b"data: visit:"):
            mine.append(time.monotonic())
            if on_told is not None:
                waiting.append(asyncio.create_task(on_told()))


async def read_page(port: int, path: str, cookie: str, told_at: float, read: list[float]) -> None:
    """Ask for the page again, as the browser does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    )
    content = await reader.read()
    if b" 200 " not in content.split(b"\r\n")[0]:
        sys.exit(content[:300].decode(errors="replace"))
    read.append(time.monotonic() - told_at)
    writer.close()


async def measure(port: int, cookie: str, visit: Any, asked: argparse.Namespace, write: Callable[[int], None]) -> Found:
    found, ready = Found(), []
    path = f"/yangzhou/live/{visit.heard}/"
    page = f"/yangzhou/assessments/{visit.pk}/"
    tasks = []
    for number in range(asked.listeners):
        mine: list[float] = []
        found.arrived.append(mine)
        told = (lambda: read_page(port, page, cookie, time.monotonic(), found.read)) if number < asked.readers else None
        ready.append(asyncio.Event())
        tasks.append(asyncio.create_task(listen(port, path, cookie, mine, ready[-1], told)))
        if number % 50 == 49:
            await asyncio.gather(*(one.wait() for one in ready))
    await asyncio.gather(*(one.wait() for one in ready))
    await asyncio.sleep(1)
    for number in range(asked.changes):
        await asyncio.to_thread(write, number)
        found.committed.append(time.monotonic())
        await asyncio.sleep(asked.pause)
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    return found


def writing() -> tuple[Any, Callable[[int], None]]:
    """The visit that is under way, and how its lead writes the n-th note."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    import django

    django.setup()
    import uuid6
    from django_scopes import scope

    from beiji.assess import changes
    from beiji.assess.models import Member, Visit

    with scope(city="yangzhou"):
        visit = (
            Visit.objects.filter(subject__code="ginkgo").exclude(phase=Visit.Phase.LOCKED).select_related("city").get()
        )
        lead = Member.objects.select_related("person__city").get(visit=visit, post=Member.Post.LEAD).person

    def write(number: int) -> None:
        now = datetime.now(UTC)
        said = {
            "id": str(uuid6.uuid7()), "kind": "note", "device": "benchmark", "seq": int(time.time() * 1000), "base": None,
            "made_at": now.isoformat(), "payload": {"indicator": "TRI-2", "text": f"note {number}", "language": "en"},
        }  # fmt: skip
        with scope(city="yangzhou"):
            changes.take_operation(visit=visit, data=said, person=lead, may_settle=True, now=now)

    return visit, write


def percentile(values: list[float], hundredth: int) -> float:
    return quantiles(values, n=100)[hundredth - 1]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--listeners", type=int, default=1000)
    words.add_argument("--readers", type=int, default=50)
    words.add_argument("--changes", type=int, default=40)
    words.add_argument("--pause", type=float, default=1.0, help="seconds from change to change")
    asked = words.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BEIJI_DATA"] = folder
        os.environ.setdefault("DATABASE_URL", "")
        subprocess.run([sys.executable, "-m", "beiji.cli", "init", "--demo"], check=True)
        server = subprocess.Popen([sys.executable, "-c", SERVER, str(port)])
        try:
            wait_for(f"http://127.0.0.1:{port}")
            person = Person(f"http://127.0.0.1:{port}", "manager")
            cookie = "; ".join(f"{one.name}={one.value}" for one in person.jar)
            visit, write = writing()
            report(asyncio.run(measure(port, cookie, visit, asked, write)), asked)
        finally:
            server.terminate()
            server.wait(60)


def report(found: Found, asked: argparse.Namespace) -> None:
    """Delays of the first message after each change, per listener; a change whose message another one's carried counts."""
    delays, lost = [], 0
    for mine in found.arrived:
        for change in found.committed:
            # the server may see a change, and tell it, before the writer here has noted that it is committed
            after = next((at for at in mine if at >= change - 0.15), None)
            if after is None:
                lost += 1
            else:
                delays.append(max(0.0, after - change))
    print(
        f"\n{asked.listeners} lines, {asked.changes} changes {asked.pause:g} s apart: {len(delays)} messages, {lost} lost"
    )
    print(
        f"change to message: median {median(delays) * 1000:.0f} ms, p99 {percentile(delays, 99) * 1000:.0f} ms, longest {max(delays) * 1000:.0f} ms"
    )
    if found.read:
        print(
            f"message to page read again, {asked.readers} readers, {len(found.read)} pages: median {median(found.read) * 1000:.0f} ms, p99 {percentile(found.read, 99) * 1000:.0f} ms"
        )


if __name__ == "__main__":
    main()
