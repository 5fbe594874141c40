"""The nightly pass: proofs lapse by date, without anybody writing anything, so the stored standings follow by the clock."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django_scopes import scope

from beiji.programme import signing_in
from beiji.programme.models import City
from beiji.readiness import changes
from beiji.records import audit, revocations, sealing

log = logging.getLogger(__name__)


def run_once(now: datetime) -> int:
    """Refresh every city whose standings stand on an earlier date than its wall calendar, and clear what has run out.

    A city that fails stops no other, nor does what is cleared. Returns how many subjects changed.
    """
    changed = 0
    for city in City.objects.all():
        try:
            with scope(city=city.pk):
                changed += changes.refresh_expired(city=city, now=now)
        except Exception:
            log.exception("the nightly pass of %s failed; it is tried again within the hour", city.pk)
    for code in ["", *City.objects.values_list("pk", flat=True)]:
        try:
            sealing.seal(code, now)
        except Exception:
            log.exception("%s could not be sealed; it is tried again within the hour", code or "the installation")
    SessionStore.clear_expired()
    signing_in.clear_forgotten(now)
    try:
        revocations.catch_up(audit.again(), now - revocations.LOOK_BACK)
    except OSError as error:
        log.error(
            "the list of revocations could not be written (%s); it is tried again within the hour", error.strerror
        )
    return changed


def seconds_until_next(now: datetime, time_zones: list[str]) -> float:
    """Seconds until five past the next midnight of the nearest of these time zones; an hour at most, so new cities are seen."""
    waits = [3600.0]
    for name in time_zones:
        local = now.astimezone(ZoneInfo(name))
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
        waits.append((midnight - local).total_seconds())
    return max(1.0, min(waits))


def _loop() -> None:
    while True:
        now = datetime.now(UTC)
        try:
            run_once(now)
            zones = list(City.objects.values_list("time_zone", flat=True))
        except Exception:  # the pass must live on through a night in which the database was away
            log.exception("the nightly pass failed; it is tried again within the hour")
            zones = []
        finally:
            connection.close()
        time.sleep(seconds_until_next(now, zones))


def start() -> None:
    """Run the pass now and each night, beside the server."""
    threading.Thread(target=_loop, name="beiji-nightly", daemon=True).start()
