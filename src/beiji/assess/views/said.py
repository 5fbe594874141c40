"""What a browser without script says, worded as the operation that a device would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import uuid6
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from beiji.records.operations import OperationError

from .. import access, changes
from ..models import Visit
from ..pages.steps import rate_url
from ..rules.answers import Key


def visit_to_rate(request: HttpRequest, key: UUID) -> Visit:
    """The visit, for whoever rates in it; for others these addresses do not exist."""
    person = request.person  # type: ignore[attr-defined]
    visit = access.visit_or_404(person, key)
    if not access.rates_in(person, visit):
        raise Http404("not on this team")
    return visit


def said_by(request: HttpRequest, person: Any) -> bool:
    """Was it entered by whoever is signed in now? A page that stayed open names its person; nobody else sends for him."""
    return person in (None, "", str(request.person.pk))  # type: ignore[attr-defined]


def keep(request: HttpRequest, visit: Visit, kind: str, payload: Mapping[str, Any], given: UUID | None = None) -> None:
    """Keep one operation of the signed-in person. Each form is a device of its own, so its number is always free;
    `given` is the id that was written into the form, so that a form sent twice counts once."""
    key, now = given or uuid6.uuid7(), timezone.now()
    data = {
        "id": str(key),
        "kind": kind,
        "device": f"form-{key.hex}",
        "seq": 0,
        "made_at": now.isoformat(),
        "payload": dict(payload),
    }
    person = request.person  # type: ignore[attr-defined]
    changes.take_operation(visit=visit, data=data, person=person, may_settle=access.may_settle(person, visit), now=now)


def form_id(request: HttpRequest) -> UUID | None:
    """The id written into a form, if it is one of version 7."""
    try:
        key = UUID(request.POST.get("operation_id", ""))
    except ValueError:
        return None
    return key if key.version == 7 else None


def keep_and_return(
    request: HttpRequest, visit: Visit, indicator: str, kind: str, form: forms.Form, *, on_done: str = ""
) -> HttpResponse:
    """Keep what a form says and go back to the question; a refusal is said there in one sentence."""
    back = rate_url(visit, Key(indicator, request.POST.get("part", "")))
    if not form.is_valid():
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))
        return redirect(back)
    try:
        keep(request, visit, kind, form.payload(indicator), form_id(request))  # type: ignore[attr-defined]
    except (changes.AssessError, OperationError) as error:
        messages.error(request, str(error))
        return redirect(back)
    return redirect(on_done or back)
