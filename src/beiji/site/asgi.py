"""One process: uvicorn outside, Django's pages on threads that keep their database connection.

Measured three to four times quicker for writes than Django's own ASGI handler with synchronous views. A thread works only on
a request that has arrived whole, and is free when its answer is written, however slowly either travels. Whoever listens for
changes holds none: the pages say that he may, and the line is kept beside them (`site.push`).
"""

import asyncio
import json
import os
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")

from django.conf import settings

from beiji.records import live, options
from beiji.site import bodies, health, parent, warming
from beiji.site.push import LETS_LISTEN, push
from beiji.site.refusals import refusal
from beiji.site.wsgi import application as pages

#: Assumption: a browser that takes nothing of its answer for so many seconds is gone.
UNREAD_S = 30.0

_pages: Any = WSGIMiddleware(pages, workers=options.read("BEIJI_THREADS"))  # type: ignore[arg-type]
_health = health.Health()
_room = bodies.Room(most=12 * settings.UPLOAD_LIMIT_BYTES)
_LETS_LISTEN = LETS_LISTEN.lower().encode()
_SESSION = settings.SESSION_COOKIE_NAME.encode() + b"="
#: A file of the largest kind with its envelope of form data.
_LARGEST = settings.UPLOAD_LIMIT_BYTES + 1024 * 1024
#: Whoever is signed in may send so many times what is taken and still reads why it was not.
_HEARD_OUT = 10


async def application(scope: Any, receive: Any, send: Any) -> None:
    """ASGI entry: lifespan and health are answered here, everything else by the pages."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/health/":
        status, report = await _health.report()
        await _answer(send, status, json.dumps(report).encode(), b"application/json")
    elif scope["type"] == "http":
        await _page(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    parent.end_with_it()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            warming.warm()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _page(scope: Any, receive: Any, send: Any) -> None:
    if settings.SESSION_COOKIE_SECURE:  # BEIJI_HTTPS: whatever arrives has come over TLS to the proxy
        scope = {**scope, "scheme": "https"}
    if bodies.declared(scope) == 0:
        if scope["path"].split("/")[2:3] == ["live"]:  # /<city>/live/…
            await _listen(scope, receive, send)
        else:
            await _pass_on(scope, receive, send)
        return
    limit, is_known = _limit_of(scope)
    try:
        body = await bodies.read(scope, receive, limit=limit, heard=_heard_of(limit, is_known), room=_room)
    except bodies.Gone:
        return
    except bodies.Refused as refused:
        if refused.status == 413 and not is_known and (bodies.declared(scope) or 0) <= _LARGEST:
            refused.status = 401  # perhaps a photograph that waited longer than the session: its device must keep it
        text, kind = refusal(refused, scope["headers"])
        await _answer(send, refused.status, text, kind)
        return
    try:
        await _pass_on(scope, body.receive, send)
    finally:
        body.close()


async def _listen(scope: Any, receive: Any, send: Any) -> None:
    """Let the pages say whether somebody may listen and to what; whatever else they answer is passed on as it is."""
    answer: list[Any] = []

    async def keep(message: Any) -> None:
        answer.append(message)

    await _pages(scope, receive, keep)
    person, *topics = dict(answer[0].get("headers", ())).get(_LETS_LISTEN, b"").decode().split() or [""]
    if not person:
        for message in answer:
            await send(message)
    elif not push.has_room(person):
        await _answer(send, 503, b"", b"text/plain")
    else:
        await push.keep(person, live.read(topics), receive, send)


def _limit_of(scope: Any) -> tuple[int, bool]:
    """How much this request may carry, and whether it shows a session (which the page itself checks)."""
    headers = dict(scope["headers"])
    if _SESSION not in headers.get(b"cookie", b""):
        return bodies.ANONYMOUS, False
    if headers.get(b"content-type", b"").startswith(b"multipart/form-data"):
        return _LARGEST, True
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE, True


def _heard_of(limit: int, is_known: bool) -> int:
    return limit * _HEARD_OUT if is_known else _LARGEST


async def _pass_on(scope: Any, receive: Any, send: Any) -> None:
    """Let a thread answer. It writes into a queue without end, so that a slow reader does not hold it."""
    written: asyncio.Queue[Any] = asyncio.Queue()
    writer = asyncio.create_task(_write(written, send))
    try:
        await _pages(scope, receive, written.put)
    finally:
        written.put_nowait(None)
        await writer


async def _write(written: asyncio.Queue[Any], send: Any) -> None:
    while (message := await written.get()) is not None:
        try:
            async with asyncio.timeout(UNREAD_S):
                await send(message)
        except TimeoutError:
            return


async def _answer(send: Any, status: int, content: bytes, kind: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status in (401, 408, 413, 503):  # what is left of the request is not read
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
