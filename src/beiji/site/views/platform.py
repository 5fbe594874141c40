"""Pages of the three who look after the installation: each opens his own, and for everybody else there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from beiji.programme import access, changes, queries
from beiji.programme.changes import ProgrammeError
from beiji.programme.identity import PlatformGrant
from beiji.records import outbox
from beiji.ui.listing import framed, rows_of_page, wish_of

from .. import messages_page
from .. import platform_page as pages
from ..forms import DutyEndForm

Duty = PlatformGrant.Duty


def _on_duty(*duties: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view answers whoever has one of these duties now; for others there is no such page."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            return view(request, access.duty_or_404(request.user, *duties))

        return never_cache(login_required(answer))

    return decorate


@require_GET
@_on_duty(*Duty.values)
def start(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """The page of one's own duty."""
    return redirect(f"platform_{duty.duty}")


@require_GET
@_on_duty(Duty.SYSTEM)
def system(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """What is installed, and how large its cities are."""
    context = {"facts": pages.facts(), "cities": pages.city_lines(queries.count_cities())}
    return render(request, "site/platform_system.html", context)


@require_GET
@_on_duty(Duty.SYSTEM)
def messages_sent(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """What went out to phones, what failed and why."""
    page = messages_page.page_of(outbox.newest(messages_page.MOST_SHOWN))
    return render(request, "site/platform_messages.html", {"page": page})


@require_POST
@_on_duty(Duty.SYSTEM)
def message_test(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """Send a message that says nothing."""
    if settings.MESSAGES == "off":
        raise Http404("nothing is sent")
    changes.send_test_message(by=duty.account, now=timezone.now())
    messages.success(request, _("The test message is on its way; load the page again in half a minute."))
    return redirect("platform_messages")


@require_GET
@_on_duty(Duty.SECURITY)
def security(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """Who has which duty, and who lets people into which city."""
    context = {"duties": pages.duty_lines(queries.duties(), duty), "doors": queries.administrators(timezone.now())}
    return render(request, "site/platform_security.html", context)


@require_POST
@_on_duty(Duty.SECURITY)
def ending(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """End another's duty."""
    form = DutyEndForm(request.POST)
    grant = queries.duty(form.cleaned_data["duty"]) if form.is_valid() else None
    if grant is None:
        raise Http404("duty")
    try:
        changes.end_duty(grant=grant, by=duty.account, now=timezone.now())
        messages.success(request, _("The duty has ended; its account is closed."))
    except ProgrammeError as refused:
        messages.error(request, str(refused))
    return redirect("platform_security")


@require_GET
@_on_duty(Duty.AUDIT)
def audit(request: HttpRequest, duty: PlatformGrant) -> HttpResponse:
    """What was done, by whom and when, in all cities: numbers, no names and no content."""
    columns: Any = pages.audit_columns()
    facets = pages.audit_facets(queries.cities_by_code())
    wish = wish_of(request.GET.dict(), columns, facets)
    rows = queries.audit_fitting(wish)
    total = rows.count()
    lines = pages.audit_lines(list(rows[rows_of_page(wish, total)]))
    shown = framed(lines, [], total, queries.audit_count(), columns, facets, wish, may_take=False)
    return render(request, "site/platform_audit.html", {"list": shown})
