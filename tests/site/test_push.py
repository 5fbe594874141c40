"""Lines of open pages: what they are told, when they end, and that nothing of a change is missed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beiji.records import live
from beiji.site import push as module
from beiji.site.push import Push


class States:
    """What the database would say; counts the looks."""

    def __init__(self, **states: str) -> None:
        self.now = {f"visit:{key}": state for key, state in states.items()}
        self.looks = 0
        self.fails = 0

    def __call__(self, topics: Iterable[str]) -> dict[str, str]:
        self.looks += 1
        if self.fails:
            self.fails -= 1
            raise OSError("the database is away")
        return {topic: self.now[topic] for topic in topics if topic in self.now}


class Browser:
    """One end of a line: what arrived, and a way to leave."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.status = 0
        self.left = asyncio.Event()
        self.takes = True

    async def send(self, message: dict) -> None:
        if not self.takes:
            await asyncio.sleep(3600)
        self.status = message.get("status", self.status)
        self.arrived.append(message.get("body", b""))

    async def receive(self) -> dict:
        await self.left.wait()
        return {"type": "http.disconnect"}

    def told(self) -> list[str]:
        """The topics of each message, in its order."""
        text = b"".join(self.arrived).decode()
        return [part.rpartition("data: ")[2] for part in text.split("\n\n") if "data: " in part]

    def taken_up_from(self) -> dict[str, str]:
        """What it would name as the states that it was told."""
        text = b"".join(self.arrived).decode()
        ids = [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")]
        return live.read(ids[-1].split()) if ids else {}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "LOOK_S", 0.01)
    monkeypatch.setattr(module, "REST_S", 0.02)


def in_a_loop(work) -> None:
    """Run a coroutine in a thread of its own: the browser of a whole run keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work()).result()


async def until(holds) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


def listening(push: Push, browser: Browser, person: str = "dana", **heard: str) -> asyncio.Task:
    topics = {f"visit:{key}": state for key, state in heard.items()}
    return asyncio.create_task(push.keep(person, topics, browser.receive, browser.send))


def test_a_line_is_told_what_changed_and_nothing_else():
    async def story() -> None:
        states, browser, other = States(a="1", b="1"), Browser(), Browser()
        push = Push(states)
        lines = listening(push, browser, a="1"), listening(push, other, b="1")
        await until(lambda: states.looks > 3)
        assert browser.status == 200
        assert browser.told() == []
        states.now["visit:a"] = "2"
        await until(browser.told)
        assert browser.told() == ["visit:a"]
        assert browser.taken_up_from() == {"visit:a": "2"}
        assert other.told() == []
        browser.left.set(), other.left.set()
        await asyncio.gather(*lines)
        assert len(push) == 0
        seen = states.looks
        await asyncio.sleep(0.1)
        assert states.looks <= seen + 1, "nobody listens, nobody looks"

    in_a_loop(story)


def test_what_changed_before_the_line_was_taken_up_is_told_at_once():
    async def story() -> None:
        states, browser = States(a="9"), Browser()
        line = listening(Push(states), browser, a="7")
        await until(browser.told)
        assert browser.told() == ["visit:a"]
        browser.left.set()
        await line

    in_a_loop(story)


def test_a_topic_that_is_gone_is_told_once_and_the_line_ends():
    async def story() -> None:
        states, browser = States(a="1"), Browser()
        line = listening(Push(states), browser, a="1")
        await until(lambda: states.looks > 2)
        del states.now["visit:a"]
        await asyncio.wait_for(line, 5)
        assert browser.told() == ["visit:a"]

    in_a_loop(story)


def test_a_database_that_fails_costs_a_pause_and_no_message():
    async def story() -> None:
        states, browser = States(a="1"), Browser()
        line = listening(Push(states), browser, a="1")
        await until(lambda: states.looks > 1)
        states.fails, states.now["visit:a"] = 3, "2"
        await until(browser.told)
        assert states.fails == 0
        browser.left.set()
        await line

    in_a_loop(story)


def test_who_takes_nothing_is_dropped_and_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(module, "UNREAD_S", 0.05)

    async def story() -> None:
        states, deaf, browser = States(a="1"), Browser(), Browser()
        push = Push(states)
        gone, line = listening(push, deaf, a="1"), listening(push, browser, a="1")
        await until(lambda: states.looks > 2)
        deaf.takes = False
        states.now["visit:a"] = "2"
        await until(browser.told)
        await asyncio.wait_for(gone, 5)
        assert len(push) == 1
        browser.left.set()
        await line

    in_a_loop(story)


def test_a_line_has_to_be_asked_for_anew_after_a_while(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_S", 0.1)

    async def story() -> None:
        browser = Browser()
        await asyncio.wait_for(listening(Push(States(a="1")), browser, a="1"), 5)
        assert browser.told() == []
        assert browser.arrived[-1] == b"", "ended in good order, so that the browser takes it up again"

    in_a_loop(story)


def test_all_lines_end_with_the_server():
    async def story() -> None:
        push = Push(States(a="1"))
        lines = [listening(push, Browser(), f"person {n}", a="1") for n in range(50)]
        await until(lambda: len(push) == 50)
        push.is_ending = lambda: True
        await asyncio.wait_for(asyncio.gather(*lines), 5)
        assert len(push) == 0

    in_a_loop(story)


def test_one_person_keeps_so_many_lines_and_no_more(monkeypatch):
    monkeypatch.setattr(module, "MOST_OF_ONE", 2)

    async def story() -> None:
        push, browsers = Push(States(a="1")), [Browser(), Browser()]
        lines = [listening(push, browser, a="1") for browser in browsers]
        await until(lambda: len(push) == 2)
        assert not push.has_room("dana")
        assert push.has_room("omer")
        browsers[0].left.set()
        await until(lambda: len(push) == 1)
        assert push.has_room("dana")
        browsers[1].left.set()
        await asyncio.gather(*lines)

    in_a_loop(story)


@given(st.text(alphabet="vist:ab19@-. \n\x00é", max_size=100))
def test_whatever_is_asked_for_reads_as_topics_that_travel(words):
    heard = live.read(words.split())
    assert live.read(live.written(heard).split()) == heard
    assert all(letter.isascii() and letter.isprintable() for letter in live.written(heard))


def test_a_page_listens_to_sixty_topics_at_most():
    assert len(live.read(f"visit:{n}@1" for n in range(1000))) == live.MOST_TOPICS
