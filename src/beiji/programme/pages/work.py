"""Work in the background, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from beiji.records import jobs, live
from beiji.records.models import Job
from beiji.records.running import progress_of
from beiji.ui import formats

from ..models import Person
from ..people import name_in

State = Job.State
CHIPS = {
    State.WAITING: "outline",
    State.RUNNING: "info",
    State.DONE: "good",
    State.FAILED: "bad",
    State.STOPPED: "warn",
}
#: What waits longer than this waits for a worker that is not there.
PATIENCE = timedelta(seconds=60)
#: Pieces of work that the list shows.
MOST_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One piece of work in the list."""

    href: str
    title: str
    who: str
    began: datetime
    chip: str
    state: str
    note: str


@dataclass(frozen=True)
class JobPage:
    """One piece of work."""

    title: str
    facts: Sequence[tuple[str, str]]
    state: str
    chip: str
    is_live: bool
    note: str
    note_kind: str
    heard: str
    done: int
    total: int
    onward: str
    onward_word: str
    stop_url: str


def title_of(job: Job) -> str:
    """What kind of work it is."""
    kind = jobs.kind_of(job)
    return str(kind.title) if kind else _("Work of another version of the program")


def lines(rows: Sequence[Job], people: Mapping[UUID, Person], now: datetime) -> list[Line]:
    """The list in words."""
    return [
        Line(
            href=reverse("programme:job", kwargs={"city": job.city, "job": job.pk}),
            title=title_of(job),
            who=_who(job, people),
            began=job.made_at,
            chip=CHIPS[State(job.state)],
            state=state_word(job),
            note=_note(job, now)[0],
        )
        for job in rows
    ]


def work_states(keys: Sequence[str]) -> dict[str, str]:
    """The state of each piece of work that there is, for open pages: it differs whenever what they show does."""
    return {str(job.pk): _state_of(job) for job in Job.objects.filter(pk__in=live.uuids(keys))}


def heard(rows: Sequence[Job]) -> str:
    """What a page that shows this work listens to, with the states that it shows; what has ended is silent."""
    return live.written({f"job:{job.pk}": _state_of(job) for job in rows if not job.has_ended})


def _state_of(job: Job) -> str:
    done, total = progress_of(job)
    return f"{job.state}.{job.attempts}.{done}.{total}.{'stop' if job.stop_asked_at else ''}"


def page_of(job: Job, people: Mapping[UUID, Person], now: datetime) -> JobPage:
    """One piece of work in words."""
    kind = jobs.kind_of(job)
    done, total = progress_of(job)
    note, note_kind = _note(job, now)
    onward, word = kind.page(job) if kind and job.state == State.DONE else ("", "")
    stopping = reverse("programme:job-stopping", kwargs={"city": job.city, "job": job.pk})
    return JobPage(
        title=title_of(job),
        facts=[
            (_("Asked for by"), _who(job, people)),
            (_("Asked for at"), formats.datetime_text(job.made_at)),
            *([(_("Ended at"), formats.datetime_text(job.ended_at))] if job.ended_at else []),
        ],
        state=state_word(job),
        chip=CHIPS[State(job.state)],
        is_live=not job.has_ended,
        note=note,
        note_kind=note_kind,
        heard=heard([job]),
        done=done,
        total=total if job.state == State.RUNNING else 0,
        onward=onward,
        onward_word=word,
        stop_url=stopping if jobs.can_be_stopped(job) else "",
    )


def state_word(job: Job) -> str:
    """What has become of it."""
    if job.state == State.RUNNING and job.stop_asked_at:
        return _("being stopped")
    return str(State(job.state).label)


def _who(job: Job, people: Mapping[UUID, Person]) -> str:
    return name_in(people, job.person) or _("the programme itself")


def _note(job: Job, now: datetime) -> tuple[str, str]:
    """What is to be said of it, and how it sounds."""
    kind = jobs.kind_of(job)
    if job.state == State.DONE:
        return (kind.said(job) if kind else ""), "good"
    if job.state == State.FAILED:
        return job.sentence, "bad"
    if job.state == State.STOPPED:
        return _("Stopped before it was done. Nothing of it has been kept."), "warn"
    if job.state == State.WAITING and job.attempts:
        return _("It was broken off and is tried again."), "warn"
    if job.state == State.WAITING and now - job.due_at > PATIENCE:
        return _("Nobody has begun this work yet. Ask whoever runs the server whether its worker runs."), "warn"
    return "", "info"
