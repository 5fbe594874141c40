"""Is this server able to work? Asked by supervisors and load balancers at /health/, and answered without a page's thread."""

from __future__ import annotations

import asyncio
import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from beiji import __version__

from .starting import disk

#: Assumptions: an answer is good for a second; a database that says nothing for three is named so.
FRESH_S = 1.0
PATIENCE_S = 3.0


def database() -> str:
    """`ok` when the database answers and holds the schema, else `down`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        with contextlib.suppress(DatabaseError):
            connection.close()
        return "down"
    return "ok"


def look() -> dict[str, str]:
    """Both, now. The disk must take two more attachments of the largest kind."""
    return {"database": database(), "disk": disk(settings.DATA, 2 * settings.UPLOAD_LIMIT_BYTES)}


class Health:
    """Looks at most once a second, on a thread of its own, however many ask."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "beiji-health")
        self._running: asyncio.Future[dict[str, str]] | None = None
        self._found: dict[str, str] = {}
        self._at = float("-inf")

    async def report(self) -> tuple[int, dict[str, Any]]:
        """Status code and JSON: 200 when everything is well, else 503."""
        if time.monotonic() - self._at > FRESH_S:
            if self._running is None or self._running.done():
                self._running = asyncio.get_running_loop().run_in_executor(self._thread, look)
            try:
                self._found = await asyncio.wait_for(asyncio.shield(self._running), PATIENCE_S)
            except TimeoutError:
                self._found = {"database": "silent", "disk": "unknown"}
            self._at = time.monotonic()
        well = all(word == "ok" for word in self._found.values())
        return (200 if well else 503), {"status": "ok" if well else "failing", "version": __version__, **self._found}
