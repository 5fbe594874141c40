"""One's own page: language and theme, the browsers in which one is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from beiji.programme import access, changes, queries, signing_in, totp
from beiji.programme.models import Account
from beiji.programme.posting import form_page, sent
from beiji.programme.rules import THEMES
from beiji.records.refused import ChangeRefused

from .. import own_page
from ..adapter import slowed
from ..forms import BrowserForm, SecondForm
from ..welcome import keep_theme, note_choice

#: Where the session keeps a secret until an app has shown that it has it.
NEW_FACTOR = "beiji.second-factor"
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
    has_second = signing_in.has_second_factor(account)
    return render(request, "account/own.html", {"page": page, "has_second": has_second})


@sensitive_post_parameters("code")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Switch the second factor on, with a code of the app that has read the QR code; or off, with one of its codes."""
    account, form, now = signing_in.account_of(request.user), SecondForm(sent(request)), timezone.now()
    is_on = signing_in.has_second_factor(account)
    secret = request.session.setdefault(NEW_FACTOR, totp.new_secret())
    if form.is_valid():
        try:
            if is_on:
                return _switched_off(request, account, form, now)
            codes = changes.switch_on(account=account, secret=secret, code=form.cleaned_data["code"], now=now)
        except ChangeRefused as refused:
            form.add_error("code", str(refused))
        except signing_in.TooSoon as soon:
            form.add_error(None, slowed(soon.until, now))
        else:
            del request.session[NEW_FACTOR]
            changes.end_sessions(account=account, now=now, but=request.session.session_key or "")
            return render(request, "account/recovery.html", {"codes": codes})
    link = totp.link_of(secret, account.username)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"form": form, "is_on": is_on, "picture": own_page.qr_of(link), "secret": groups}
    return form_page(request, "account/second_own.html", context, form)


def _switched_off(request: HttpRequest, account: Account, form: SecondForm, now: datetime) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    if not signing_in.without_second_factor(account=account, code=form.cleaned_data["code"], address=address, now=now):
        raise ChangeRefused(_("This code does not fit or was used already; type the newest one."))
    messages.success(request, _("The second factor is off; your password alone lets you in."))
    return redirect("own")


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
