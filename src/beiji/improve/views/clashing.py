"""A form that is older than what it would change: both values, side by side."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beiji.records import audit
from beiji.ui import editing

from .. import queries
from ..pages.lines import person_name


def clash_page(
    request: HttpRequest, form: editing.EditForm, current: editing.EditForm, *, of: models.Model, kind: str,
    cancel: str,
) -> HttpResponse:  # fmt: skip
    """What is kept now beside what the person typed; `kind`: the audit kind of a change of the thing."""
    last = audit.newest(kind, of=of)
    people = queries.people_by_id([last.person]) if last else {}
    context = {
        "title": str(of),
        "clash": editing.clash(form, current),
        "crumbs": [(cancel, str(of))],
        "cancel": cancel,
        "changed_by": person_name(people.get(last.person)) if last and last.person else "",
        "changed_at": last.at if last else None,
    }
    return render(request, "ui/clash.html", context, status=409)
