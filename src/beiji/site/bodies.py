"""Request bodies are read whole, with limits of size and time, before a thread is taken.

A thread that waits for the rest of a body answers nobody else; eight such requests stopped the whole server. Here a body that never ends costs a
coroutine and at most a quarter of a megabyte, until its time is over.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

#: Assumptions, generous for a ward's wireless network: seconds without a byte, seconds for any body, least bytes per second beyond them.
SILENT_S = 20.0
WHOLE_S = 30.0
SLOWEST_BYTES_S = 8 * 1024
#: A body up to here stays in memory; a larger one lies in a temporary file, which vanishes with the request.
IN_MEMORY = 256 * 1024
#: What a visitor without a session may send: a user name and a password.
ANONYMOUS = 64 * 1024
PIECE = 256 * 1024


class Refused(Exception):
    """The body is not taken: status 408 (too slow), 413 (too large) or 503 (no room just now)."""

    def __init__(self, status: int, limit: int = 0) -> None:
        super().__init__(status)
        self.status, self.limit = status, limit


class Gone(Exception):
    """The browser went away before it had sent everything."""


@dataclass
class Room:
    """Bytes that all large bodies of this process together may hold at one time. What fits into memory always has room:
    whoever fills the rest with files must not keep others from signing in or answering a question."""

    most: int
    held: int = 0


class Body:
    """A body read whole; `receive` gives it to the application in pieces. Close it when the request is answered."""

    def __init__(self, room: Room) -> None:
        self.size = 0
        self._room = room
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._left = 0

    def add(self, piece: bytes) -> None:
        """Keep a piece. Raises Refused when this process holds too much already, or the disk is full."""
        if self.size + len(piece) > IN_MEMORY and self._room.held + len(piece) > self._room.most:
            raise Refused(503)
        self._room.held += len(piece)
        self.size += len(piece)
        try:
            self._file.write(piece)
        except OSError:
            raise Refused(503) from None

    def begin(self) -> Body:
        self._file.seek(0)
        self._left = self.size
        return self

    async def receive(self) -> dict[str, Any]:
        piece = self._file.read(PIECE)
        self._left -= len(piece)
        return {"type": "http.request", "body": piece, "more_body": self._left > 0}

    def close(self) -> None:
        self._room.held -= self.size
        self.size = 0
        self._file.close()


def declared(scope: Mapping[str, Any]) -> int | None:
    """Bytes that the head announces: 0 for no body, None for a body of unsaid length."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def read(scope: Mapping[str, Any], receive: Receive, *, limit: int, heard: int, room: Room) -> Body:
    """Read the body of a request.

    What goes beyond `limit` is thrown away as it comes; up to `heard` bytes the sender is let finish, since a browser reads no answer before.
    Raises Refused, or Gone.
    """
    length = declared(scope)
    if length is not None and length > heard:
        raise Refused(413, limit)
    body = Body(room)
    total = 0
    try:
        async with asyncio.timeout(WHOLE_S + (length or heard) / SLOWEST_BYTES_S):
            more = True
            while more:
                async with asyncio.timeout(SILENT_S):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                more = message.get("more_body", False)
                total += len(message.get("body", b""))
                if total > heard:
                    raise Refused(413, limit)
                if total <= limit:
                    body.add(message.get("body", b""))
        if total > limit:
            raise Refused(413, limit)
    except TimeoutError:
        body.close()
        raise Refused(408) from None
    except BaseException:
        body.close()
        raise
    return body.begin()
