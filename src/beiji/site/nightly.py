"""What time alone changes, as work in the background: each city's night, and the house's own tidying once an hour.

Proofs lapse by date, without anybody writing anything, so the stored standings follow by the clock of each city.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.db import SessionStore
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beiji.documents import changes as documents
from beiji.programme import changes as people_changes
from beiji.programme import signing_in
from beiji.programme.access import today_in
from beiji.programme.models import City
from beiji.readiness import changes, queries
from beiji.records import audit, jobs, notices, outbox, revocations, sealing
from beiji.records.jobs import Kind, NotYet
from beiji.records.running import Run

from . import logs

log = logging.getLogger(__name__)
NIGHT, TIDYING = "site.night", "site.tidying"
#: A city's night begins so long after its midnight.
AFTER_MIDNIGHT = timedelta(minutes=5)


def night_of(time_zone: str, now: datetime) -> date:
    """The day of the newest night that has begun in a time zone."""
    return (now.astimezone(ZoneInfo(time_zone)) - AFTER_MIDNIGHT).date()


def ask(now: datetime) -> None:
    """Put into the queue whatever is due: a night once for each city and day, the house's tidying once an hour, however many
    processes ask and however often."""
    for city in City.objects.all():
        key = f"{NIGHT}:{city.pk}:{night_of(city.time_zone, now)}"
        jobs.ask_for(NIGHT, city=city.pk, by=None, now=now, key=key)
    jobs.ask_for(TIDYING, city="", by=None, now=now, key=f"{TIDYING}:{now.date()}:{now.hour}")


def _night(run: Run) -> dict[str, Any]:
    """Refresh the standings that stand on an earlier date than the city's wall calendar, and remind people of what is due.
    Tried again while a standing is left."""
    city = City.objects.get(pk=run.job.city)
    changed = changes.refresh_expired(city=city, now=run.now)
    reminded = _remind(city, run.now)
    if queries.left_behind(city):
        raise NotYet(_("Some standings could not be renewed. Whoever runs the server finds the reason in its log."))
    return {"subjects": changed, "reminded": reminded}


def _remind(city: City, now: datetime) -> int:
    """Remind people of what the rooms say is due, by the city's calendar; and translators of what waits for them."""
    day = today_in(city, now)
    count = people_changes.remind(city=city, dues=notices.dues.collect(city, day), day=day, now=now)
    documents.tell_of_queue(city=city, now=now)
    return count


def _tidying(run: Run) -> dict[str, Any]:
    """Seal whatever is due, complete the list of revocations, and clear sessions, counted tries and jobs that have run out. What
    fails stops nothing else, and is tried again in an hour."""
    for code in ["", *City.objects.values_list("pk", flat=True)]:
        try:
            sealing.seal(code, run.now)
        except Exception:
            log.exception("%s could not be sealed; it is tried again within the hour", code or "the installation")
    SessionStore.clear_expired()
    people_changes.clear_ended_sessions()
    signing_in.clear_forgotten(run.now)
    logs.clear_old(run.now.date())
    try:
        revocations.catch_up(audit.again(), run.now - revocations.LOOK_BACK)
    except OSError as error:
        log.error(
            "the list of revocations could not be written (%s); it is tried again within the hour", error.strerror
        )
    return {"jobs": jobs.clear(run.now), "notices": notices.clear(run.now) + outbox.clear(run.now)}


#: A night is tried all day: at first after seconds, then every hour.
KINDS = (
    Kind(NIGHT, gettext_lazy("Nightly pass"), _night, tries=30, is_tried_after_faults=True, can_be_stopped=False),
    Kind(
        TIDYING, gettext_lazy("Clearing what has run out"), _tidying, is_tried_after_faults=True, can_be_stopped=False
    ),
)
