"""Asking the warm engine: a process beside the server that answers questions of a second over a socket of the data folder.

Nothing of a question is kept. Whoever asks again from the same page replaces what he asked before.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

NAME = "engine.sock"
#: Seconds for the whole answer, and for finding an engine that is just being started again (assumptions).
ANSWER_S = 15.0
FIND_S = 6.0
#: Seconds that opening a page may spend on waking the engine.
WAKE_S = 0.2
_PAUSE_S = 0.1
#: What the system takes as the path of a socket.
_LONGEST_PATH = 100


class EngineError(Exception):
    """There is no answer; the text is one finished, translated sentence."""


class EngineReplaced(EngineError):
    """The person asked something newer from the same page."""


def can_run() -> bool:
    """Has this machine such sockets, and is the engine (an extra) installed?"""
    return hasattr(socket, "AF_UNIX") and importlib.util.find_spec("numba") is not None


@contextlib.contextmanager
def address(folder: Path) -> Iterator[str]:
    """The path of the socket, also where the data folder lies deeper than the system lets a socket be named."""
    path = str(folder / NAME)
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield path
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)


def ask(kind: str, question: Any, *, of: str, language: str = "en") -> dict[str, Any]:
    """The answer to a question, a dataclass of plain values. `of`: person and page, so that a newer question replaces an older one; `language`: of what
    the engine refuses.

    Raises EngineReplaced when that happened, EngineError when the engine is away, busy, being prepared, or refuses.
    """
    if not can_run():
        raise EngineError(_("The engine is not installed on this server. Whoever runs it can add it: beiji[sim]."))
    asked = {"kind": kind, "question": asdict(question), "of": of, "language": language}
    until, found = time.monotonic() + ANSWER_S, time.monotonic() + FIND_S
    try:
        while True:
            with _connected(found) as line:
                said = _spoken(line, json.dumps(asked).encode() + b"\n", until)
            if said is not None:
                return _understood(said)
            time.sleep(_PAUSE_S)  # an engine that was about to end
    except TimeoutError:
        raise EngineError(
            _("The engine has not answered within %(seconds)d seconds. Ask again.") % {"seconds": ANSWER_S}
        ) from None
    except OSError:
        raise EngineError(
            _("The engine stopped while it worked on your question. It is started again by itself; ask again.")
        ) from None


def wake() -> None:
    """Let the engine load what it needs, since somebody may ask soon. Says nothing when there is none."""
    if not can_run():
        return
    with contextlib.suppress(OSError, EngineError), _connected(time.monotonic()) as line:
        line.settimeout(WAKE_S)
        line.sendall(b'{"kind": "wake"}\n')


@contextlib.contextmanager
def _connected(until: float) -> Iterator[socket.socket]:
    while True:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(max(WAKE_S, until - time.monotonic()))
        try:
            with address(settings.DATA) as path:
                line.connect(path)
            break
        except OSError:  # not there yet, or the file that a killed engine left
            line.close()
            if time.monotonic() + _PAUSE_S >= until:
                raise EngineError(_("The engine is not running. Ask again in a few seconds.")) from None
            time.sleep(_PAUSE_S)
    with line:
        yield line


def _spoken(line: socket.socket, question: bytes, until: float) -> dict[str, Any] | None:
    """The answer; None where the line broke before the engine took the question (it says so with an empty line)."""
    said = b""
    try:
        line.sendall(question)
        while said.count(b"\n") < 2:
            line.settimeout(max(0.001, until - time.monotonic()))
            part = line.recv(1 << 16)
            if not part:
                raise ConnectionResetError
            said += part
    except ConnectionError:
        if said:
            raise
        return None
    answer: dict[str, Any] = json.loads(said)
    return answer


def _understood(said: Mapping[str, Any]) -> dict[str, Any]:
    state = said.get("state")
    if state == "answered":
        answer: dict[str, Any] = said["answer"]
        return answer
    if state == "replaced":
        raise EngineReplaced(_("Replaced by your newer question."))
    if state == "preparing":
        raise EngineError(
            _("The engine is being prepared for this machine, once after each update; it takes a minute or two. Ask again then.")
        )  # fmt: skip
    if state == "busy":
        raise EngineError(_("Too many people are asking the engine just now. Ask again in a few seconds."))
    if state == "refused":
        raise EngineError(_("The engine cannot answer this: %(why)s") % {"why": " ".join(said["why"])})
    raise EngineError(_("The engine could not answer; the fault is in the server's log."))
