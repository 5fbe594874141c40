"""Server-sent events: one line for each open page, one look at the database for all of them (decision 39).

The pages decide who may listen (`views.live`); here the line is only kept. It says which topics have changed, and the
browser asks for those parts of its page again, where everything is checked as always. A line ends after some minutes and is
taken up again by the browser, so whoever lost a right is soon not told any more that there is something to ask for.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from beiji.records import live

#: By this header the pages say who may listen, and to what; it goes to no browser.
LETS_LISTEN = "Beiji-Listen"
log = logging.getLogger(__name__)
#: Seconds between two looks. *Assumption*: quick enough that nobody feels it as waiting.
LOOK_S = 0.2
#: Seconds until a database that failed is asked again.
REST_S = 2.0
#: A line that says nothing for so long says that it is there: proxies cut after a minute.
QUIET_S = 15.0
#: After so many seconds, a fifth more or less, the browser has to ask anew whether it may listen.
LONGEST_S = 300.0
#: A browser that takes nothing for so long is gone.
UNREAD_S = 30.0
#: Lines that a process keeps, and that one person keeps in it (windows that are looked at; hidden ones close theirs).
MOST = 2000
MOST_OF_ONE = 20

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Listener:
    """One line: the states that its page was told, and what it has still to be told."""

    def __init__(self, heard: Mapping[str, str]) -> None:
        self.heard = dict(heard)
        self.changed: set[str] = set()
        self.woken = asyncio.Event()

    def compare(self, states: Mapping[str, str]) -> None:
        """Note what differs from what the page shows; a topic that is gone differs for the last time."""
        for topic, shown in list(self.heard.items()):
            state = states.get(topic)
            if state == shown:
                continue
            self.changed.add(topic)
            if state is None:
                del self.heard[topic]
            else:
                self.heard[topic] = state
        if self.changed:
            self.woken.set()

    def told(self) -> bytes:
        """What it is told now, with the states from which it is taken up again."""
        changed, self.changed = sorted(self.changed), set()
        self.woken.clear()
        return f"id: {live.written(self.heard)}\ndata: {' '.join(changed)}\n\n".encode()


class Push:
    """All lines of a process. `look` answers the states of topics, on a thread of its own."""

    def __init__(self, look: Callable[[Iterable[str]], Mapping[str, str]]) -> None:
        self._look = look
        self._thread = ThreadPoolExecutor(1, "beiji-push")
        self._lines: set[Listener] = set()
        self._of: Counter[str] = Counter()
        self._looking: asyncio.Task[None] | None = None
        #: Asked at every look; once it says yes, every line ends, so that a server that shall stop need not wait for them.
        self.is_ending: Callable[[], bool] = lambda: False

    def __len__(self) -> int:
        return len(self._lines)

    def has_room(self, person: str) -> bool:
        """Can one more line of this person be kept?"""
        return len(self._lines) < MOST and self._of[person] < MOST_OF_ONE

    async def keep(self, person: str, heard: Mapping[str, str], receive: Any, send: Any) -> None:
        """Keep one line until the browser leaves, takes nothing, or has to ask anew."""
        line = Listener(heard)
        self._lines.add(line)
        self._of[person] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await self._speak(line, gone, send)
        finally:
            gone.cancel()
            self._lines.discard(line)
            self._of[person] -= 1
            if not self._of[person]:
                del self._of[person]

    async def _speak(self, line: Listener, gone: asyncio.Task[None], send: Any) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_S * random.uniform(0.8, 1.2)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        words = b"retry: 3000\nevent: listening\ndata:\n\n"
        while await _sent(send, words):
            if self.is_ending() or gone.done() or not line.heard or loop.time() >= end:
                break
            woken = asyncio.create_task(line.woken.wait())
            await asyncio.wait({woken, gone}, timeout=min(QUIET_S, end - loop.time()), return_when="FIRST_COMPLETED")
            woken.cancel()
            words = line.told() if line.changed else b": still here\n\n"
        if not gone.done():
            await _sent(send, b"", more=False)

    async def _look_on(self) -> None:
        """Look at the states of all that is listened to, while anybody listens."""
        loop = asyncio.get_running_loop()
        while self._lines:
            pause = LOOK_S
            topics = {topic for line in self._lines for topic in line.heard}
            try:
                states = await loop.run_in_executor(self._thread, self._look, topics)
            except Exception:
                log.warning("the state of what is listened to could not be read", exc_info=True)
                pause = REST_S
            else:
                for line in list(self._lines):
                    line.compare(_of_line(line, states, topics))
            if self.is_ending():
                for line in self._lines:
                    line.woken.set()
            await asyncio.sleep(pause)


def _of_line(line: Listener, states: Mapping[str, str], looked_at: set[str]) -> Mapping[str, str]:
    """The states for a line; one that came while the look was under way keeps what it has."""
    return states if looked_at.issuperset(line.heard) else {**line.heard, **states}


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _sent(send: Any, words: bytes, *, more: bool = True) -> bool:
    try:
        async with asyncio.timeout(UNREAD_S):
            await send({"type": "http.response.body", "body": words, "more_body": more})
    except (TimeoutError, OSError):
        return False
    return True


def look(topics: Iterable[str]) -> dict[str, str]:
    """The states as the database has them now, on a connection that an error does not outlive."""
    try:
        return live.states(topics)
    except Exception:
        connection.close()
        raise


push = Push(look)
