"""Work in the background: what runs, how far it is, what came out; and stopping it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .. import access, changes
from ..pages import work as pages
from ..people import people_by_id
from ..posting import pressed
from ..requests import CityRequest


@never_cache
@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """The newest work; asked for again by the page itself while something of it runs."""
    rows = list(access.work_of(request.person)[: pages.MOST_SHOWN])
    people = people_by_id(job.person for job in rows)
    context = {"lines": pages.lines(rows, people, request.now), "heard": pages.heard(rows)}
    return render(request, "programme/work_list.html" if request.htmx else "programme/work.html", context)


@never_cache
@require_GET
def job(request: CityRequest, city: str, job: UUID) -> HttpResponse:
    """One piece of work; asked for again by the page itself until it has ended."""
    row = access.work_or_404(request.person, job)
    context = {"page": pages.page_of(row, people_by_id([row.person]), request.now)}
    return render(request, "programme/job_state.html" if request.htmx else "programme/job.html", context)


@require_POST
def stopping(request: CityRequest, city: str, job: UUID) -> HttpResponse:
    """Stop it."""
    row = access.work_or_404(request.person, job)

    def change() -> str:
        changes.stop_work(job=row, by=request.person.pk, now=request.now)
        return _("The work is being stopped.")

    return pressed(request, change, "programme:job", job=row.pk)
