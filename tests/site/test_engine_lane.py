"""The warm engine's socket: one question for each person and page, nothing kept, one sentence when it is away."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from beiji.records import engine_lane
from beiji.site.engine_lane import MOST_WAITING, Engine
from tests.site.test_push import in_a_loop

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "lane.py"


class Slow:
    """Answers when it is let go, or stops when it is told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.let_go = threading.Event()

    def __call__(self, asked, cancel):
        self.begun.append(asked["question"])
        if asked["question"] == "fault":
            raise ZeroDivisionError
        while not (cancel.is_set() or self.let_go.wait(0.01)):
            pass
        return {"state": "replaced"} if cancel.is_set() else {"state": "answered", "answer": asked["question"]}


async def put(path: str, question: str, of: str = "her page") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(json.dumps({"kind": "slow", "question": question, "of": of}).encode() + b"\n")
    assert await reader.readline() == b"\n", "taken"
    return reader, writer


async def said(reader: asyncio.StreamReader) -> dict:
    return json.loads(await reader.readline())


def on_a_socket(tmp_path, story, slow: Slow):
    async def run():
        path = str(tmp_path / engine_lane.NAME)
        server = await asyncio.start_unix_server(Engine(lambda: slow).serve, path)
        async with server:
            async with asyncio.timeout(20):
                await story(path)
            slow.let_go.set()

    in_a_loop(run)


async def until(condition) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def test_a_newer_question_replaces_the_older_of_the_same_page_and_no_other(tmp_path, caplog):
    slow = Slow()

    async def story(path):
        first, one = await put(path, "first")
        await until(lambda: slow.begun == ["first"])
        other, two = await put(path, "of a colleague", of="his page")
        second, three = await put(path, "second")
        assert await said(first) == {"state": "replaced"}
        slow.let_go.set()
        assert (await said(other))["answer"] == "of a colleague"
        assert (await said(second))["answer"] == "second"
        for writer in (one, two, three):
            writer.close()

    on_a_socket(tmp_path, story, slow)
    assert slow.begun == ["first", "of a colleague", "second"]


def test_a_reader_who_goes_frees_the_engine_and_a_fault_ends_one_question(tmp_path, caplog):
    slow = Slow()

    async def story(path):
        _first, leaving = await put(path, "first")
        await until(lambda: slow.begun == ["first"])
        leaving.close()
        fault, one = await put(path, "fault", of="a faulty page")
        assert await said(fault) == {"state": "failed"}
        slow.let_go.set()
        next_one, two = await put(path, "next")
        assert (await said(next_one))["answer"] == "next"
        one.close()
        two.close()

    on_a_socket(tmp_path, story, slow)
    assert "the engine failed at a question" in caplog.text


def test_too_many_at_once_are_told_so_and_words_that_are_no_question_end_the_line(tmp_path):
    slow = Slow()

    async def story(path):
        lines = [await put(path, "many", of=f"page {n}") for n in range(MOST_WAITING)]
        late, writer = await put(path, "late", of="one more")
        assert await said(late) == {"state": "busy"}
        reader, rude = await asyncio.open_unix_connection(path)
        rude.write(b"hello\n")
        assert await reader.read() == b""
        slow.let_go.set()
        for reader, _writer in lines:
            assert (await said(reader))["state"] == "answered"
        for one in (writer, rude, *(line for _reader, line in lines)):
            one.close()

    on_a_socket(tmp_path, story, slow)


def test_the_socket_is_found_however_deep_the_data_folder_lies(tmp_path):
    deep = tmp_path / ("deep" * 25)
    deep.mkdir()
    with engine_lane.address(deep) as path:
        assert len(path) < 100
        (deep / engine_lane.NAME).touch()
        assert Path(path).exists()


@pytest.mark.slow
@pytest.mark.one_database
def test_people_who_move_knobs_and_a_killed_engine():
    words = [sys.executable, str(SCRIPT), "--json", "--people", "2", "--moves", "2"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["socket"] == "0o600"
    assert result["questions"] == 4
    assert result["pulled through: replaced"] > 0
    assert "started again by itself" in result["said at the kill"]
    assert not result["socket left"]
