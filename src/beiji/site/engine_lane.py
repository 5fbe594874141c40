"""The warm engine: answers questions of a second on a socket of the data folder, and keeps nothing of them.

It needs no database. What it needs (packs, compiled kernel) is loaded when somebody opens a page that may ask, so that an installation where
nobody does spends nothing. One question is worked on at a time, over all cores; the others wait in their order. A newer question of the
same person and page ends the older one, also in its middle; so does a reader who has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from beiji.packs import library
from beiji.records.engine_lane import NAME, address

from . import parent

log = logging.getLogger(__name__)
#: Bytes of a question; seconds in which it must have arrived; seconds that it waits for a cold engine; questions in work or waiting (assumptions).
LONGEST_QUESTION = 16_384
ARRIVED_S = 5.0
PREPARED_S = 12.0
MOST_WAITING = 32

Said = dict[str, Any]
Answering = Callable[[Said, threading.Event], Said]


@dataclass
class Asked:
    """A question under way."""

    cancel: threading.Event = field(default_factory=threading.Event)
    is_replaced: bool = False


class Engine:
    """Keeps the questions under way, one for each person and page. `prepare` makes what answers; it is called once, in a thread."""

    def __init__(self, prepare: Callable[[], Answering]) -> None:
        self._prepare = prepare
        self._one = ThreadPoolExecutor(1, thread_name_prefix="beiji-engine")
        self._warming: asyncio.Future[Answering] | None = None
        self._under_way: dict[str, Asked] = {}
        self._waiting = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: a line with a question; an empty line when it is taken, then one with the answer."""
        try:
            said = await self._answer(reader, writer)
            if said is not None:
                writer.write(json.dumps(said).encode() + b"\n")
                await writer.drain()
        except (OSError, ValueError, TimeoutError):  # gone, no question at all, or too slow
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Said | None:
        async with asyncio.timeout(ARRIVED_S):
            asked = json.loads(await reader.readline())
        writer.write(b"\n")
        warming = self._warm()
        if asked["kind"] == "wake":
            return None
        if self._waiting >= MOST_WAITING:
            return {"state": "busy"}
        mine = Asked()
        older = self._under_way.get(asked["of"])
        if older is not None:
            older.is_replaced = True
            older.cancel.set()
        self._under_way[asked["of"]] = mine
        self._waiting += 1
        try:
            return await self._work(reader, asked, mine, warming)
        finally:
            self._waiting -= 1
            if self._under_way.get(asked["of"]) is mine:
                del self._under_way[asked["of"]]

    async def _work(
        self, reader: asyncio.StreamReader, asked: Said, mine: Asked, warming: asyncio.Future[Answering]
    ) -> Said | None:
        try:
            answering = await asyncio.wait_for(asyncio.shield(warming), PREPARED_S)
        except TimeoutError:
            return {"state": "preparing"}
        if mine.is_replaced:
            return {"state": "replaced"}
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._one, _carry_out, answering, asked, mine)
        gone = asyncio.ensure_future(reader.read(1))
        either: list[asyncio.Future[Any]] = [work, gone]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            mine.cancel.set()
        gone.cancel()
        said = await work
        return {"state": "replaced"} if mine.is_replaced else said

    def _warm(self) -> asyncio.Future[Answering]:
        """Load once; where that fails, the next question tries again."""
        if self._warming is None or (self._warming.done() and self._warming.exception() is not None):
            self._warming = asyncio.ensure_future(asyncio.to_thread(self._prepare))
        return self._warming


def _carry_out(answering: Answering, asked: Said, mine: Asked) -> Said:
    if mine.cancel.is_set():
        return {"state": "replaced"}
    try:
        return answering(asked, mine.cancel)
    except Exception:  # a fault of ours ends one question, not the engine
        log.exception("the engine failed at a question of the kind %s", asked["kind"])
        return {"state": "failed"}


def prepare() -> Answering:
    """Packs and compiled kernel. Where the kernel was never compiled on this machine, another process does it first: the compiler would hold this one."""
    from beiji.packs.effect import Effects  # noqa: PLC0415 - the engine is an extra
    from beiji.packs.effect_choices import Question  # noqa: PLC0415 - the engine is an extra
    from beiji.packs.simulation_run import REFUSALS  # noqa: PLC0415 - the engine is an extra
    from beiji.science import kernel, run  # noqa: PLC0415 - the engine is an extra
    from beiji.science.errors import Cancelled  # noqa: PLC0415 - the engine is an extra
    from beiji.science.refusals import lines  # noqa: PLC0415 - the engine is an extra

    if not any(kernel.cache_folder().rglob("*.nbi")):
        run.warm()
    effects = Effects(library.scan(library.packs_root(), library.OF_RUNS))

    def answering(asked: Said, cancel: threading.Event) -> Said:
        if asked["kind"] != "effect":
            raise ValueError(f"no kind of question: {asked['kind']}")
        try:
            return {"state": "answered", "answer": effects.answer(Question(**asked["question"]), cancel).as_dict()}
        except Cancelled:
            return {"state": "replaced"}
        except REFUSALS as error:
            return {"state": "refused", "why": lines(error, asked["language"])}

    return answering


async def _serve(folder: Path, engine: Engine) -> None:
    os.umask(0o177)  # the socket is the owner's alone from the first instant
    with address(folder) as path:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # what a killed engine left; the lock of the data folder says that no other is alive
        server = await asyncio.start_unix_server(engine.serve, path, limit=LONGEST_QUESTION)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _end, folder)
        async with server:
            await server.serve_forever()


def _end(folder: Path) -> None:
    """At once: nothing is kept here, and a run under way is of no use to anybody."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink()
    os._exit(0)


def main(folder: Path) -> None:
    """Answer until SIGTERM, or until the server that started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; it ends its children itself
    parent.end_with_it()
    asyncio.run(_serve(folder, Engine(prepare)))
