"""Work in the background, done at once by the test itself."""

from __future__ import annotations

from datetime import datetime

from beiji.records import jobs, running
from beiji.records.models import Job
from beiji.site import nightly


def work_off(now: datetime) -> list[Job]:
    """Do whatever is due at an instant, one after the other; gives the jobs as they stand afterwards."""
    done = []
    while (job := running.run_one(lambda: now)) is not None:
        done.append(job)
    return done


def night(now: datetime) -> list[Job]:
    """The nights and the tidying that have begun by an instant."""
    nightly.ask(now)
    return work_off(now)


def run_of(job: Job, now: datetime) -> running.Run:
    """A job in the hands of a worker."""
    claimed = jobs.claim("worker", now)
    assert claimed is not None
    assert claimed.pk == job.pk
    return running.Run(claimed, now, lambda: now)
