"""`beiji serve` over its children: web processes and the worker. One that dies is started again; all end with their parent.

The parent listens and hands the socket to every web process. Nothing else happens in it, so it hardly can die; should it be
killed all the same, each child notices (`parent.end_with_it`).
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection as waiting
from multiprocessing.context import SpawnProcess
from typing import Any

from beiji.output import CommandError

from .parent import GRACE_S

log = logging.getLogger(__name__)
_spawning = multiprocessing.get_context("spawn")
#: Seconds before a child that died is started again: the first time, and at most; it doubles while it dies early.
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
#: A child that lived so long did not die of its start.
STEADY_S = 60.0
_LOOK_S = 0.5


@dataclass
class Child:
    """A process to be kept alive: `target(*words)` in a fresh interpreter. `due`: not started before, on the monotonic clock."""

    name: str
    target: Callable[..., Any]
    words: Sequence[Any] = ()
    due: float = 0.0
    process: SpawnProcess | None = None
    began: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        """Start it; where the system gives no process now, try again later."""
        process = _spawning.Process(target=self.target, args=tuple(self.words), name=f"beiji-{self.name}")
        try:
            process.start()
        except OSError as error:
            self._put_off(f"{self.name} could not be started ({error.strerror})")
            return
        self.process, self.began = process, time.monotonic()

    def bury(self) -> None:
        """Say how it ended, and when the next one is due."""
        assert self.process is not None
        lived = time.monotonic() - self.began
        if lived >= STEADY_S:
            self.deaths = 0
        what = f"{self.name} ended after {lived:.0f} s ({self._how()})"
        self.process.close()
        self.process = None
        self._put_off(what)

    def _put_off(self, what: str) -> None:
        self.deaths += 1
        pause = min(FIRST_PAUSE_S * 2 ** min(self.deaths - 1, 10), LONGEST_PAUSE_S)
        log.error("%s; a new one in %.1f s", what, pause)
        self.due = time.monotonic() + pause

    def _how(self) -> str:
        assert self.process is not None
        code = self.process.exitcode
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def keep(children: Sequence[Child]) -> None:
    """Keep the children alive until SIGTERM or SIGINT; then end them all within seconds."""
    is_told = False

    def told(_signal: int, _frame: Any) -> None:
        nonlocal is_told
        is_told = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    try:
        while not is_told:
            for child in children:
                if child.process is None and time.monotonic() >= child.due:
                    child.start()
            waiting.wait([c.process.sentinel for c in children if c.process is not None], timeout=_LOOK_S)
            for child in children:
                if child.process is not None and child.process.exitcode is not None and not is_told:
                    child.bury()
    finally:
        _end_all([c.process for c in children if c.process is not None])


def _end_all(processes: Sequence[SpawnProcess]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + GRACE_S
    for process in processes:
        process.join(max(0.0, until - time.monotonic()))
        if process.exitcode is None:
            process.kill()
            process.join()


def listening_socket(host: str, port: int) -> socket.socket:
    """The socket that all web processes share. Raises CommandError where somebody was quicker."""
    family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    one = socket.socket(family, kind)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind(address)
    except OSError as error:
        one.close()
        raise CommandError(
            f"nobody can listen at {host}, port {port} ({error.strerror}); choose another port."
        ) from None
    return one
