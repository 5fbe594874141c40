"""Work in the background, as people change it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.records import audit, jobs
from beiji.records.models import Job

from ..writing import change
from .errors import ProgrammeError


@change
def stop_work(*, job: Job, by: UUID, now: datetime) -> None:
    """Stop what waits at once, and what runs as soon as it can be. Raises ProgrammeError when it had ended before, or is no work to
    be stopped, as the nightly pass."""
    if not jobs.can_be_stopped(job) or not jobs.ask_to_stop(job, by, now):
        raise ProgrammeError(_("This work had ended before it could be stopped, or is none that can be."))
    audit.write("programme.work-stopped", city=job.city, by=by, of=job, now=now)
