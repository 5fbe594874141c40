"""One's own page: language and theme, the browsers in which one is signed in."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from beiji.programme import access, changes, queries, signing_in
from beiji.programme.rules import THEMES

from .. import own_page
from ..forms import BrowserForm
from ..welcome import keep_theme, note_choice

SIGNED_IN_FOR = timedelta(seconds=settings.SESSION_COOKIE_AGE)


@login_required
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """Who one is here, how the pages read and look, where one is signed in."""
    account, people = signing_in.account_of(request.user), list(access.people_of(request.user))
    now = timezone.now()
    rows, roles = queries.browsers_of(account, now, SIGNED_IN_FOR), queries.own_roles(people, now)
    with access.time_of(people):
        page = own_page.page_of(request, account, people, rows, roles)
    return render(request, "account/own.html", {"page": page})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages; whoever is signed in finds it again in every browser."""
    response: HttpResponse = set_language(request)
    return note_choice(request, response)


@login_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose how the pages look; whoever is signed in finds it again in every browser."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        raise Http404("theme")
    changes.choose_theme(account=signing_in.account_of(request.user), theme=chosen)
    response = redirect("own")
    keep_theme(response, chosen)
    return response


@login_required
@require_POST
def sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else, or in the one browser that is named (`only`)."""
    form = BrowserForm(request.POST)
    if not form.is_valid():
        raise Http404("browser")
    account, here = signing_in.account_of(request.user), request.session.session_key or ""
    only = form.cleaned_data["only"]
    count = changes.end_sessions(account=account, now=timezone.now(), but=here, only=only)
    if count:
        sentence = ngettext("Signed out on {count} other device.", "Signed out on {count} other devices.", count)
        messages.success(request, sentence.format(count=count))
    else:
        messages.success(request, _("There was nothing to sign out any more."))
    return redirect("own")
