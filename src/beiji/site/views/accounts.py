"""Coming in with a password or with a code on paper, and changing one's own password."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from beiji.programme import signing_in
from beiji.programme.changes import ProgrammeError
from beiji.programme.models import Account
from beiji.programme.posting import form_page, sent

from .. import halfway
from ..adapter import slowed
from ..forms import OFFICE_COOKIE, CodeForm, OwnPasswordForm, SecondForm
from ..welcome import welcome

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):
    """The front door; the institution that was chosen is remembered on the device."""

    def form_valid(self, form: Any) -> HttpResponse:
        if signing_in.has_second_factor(form.user):
            halfway.keep(self.request, form.user, self.get_success_url() or "")
            return _remembering(redirect("account_second"), form.cleaned_data.get("office"))
        response: HttpResponse = super().form_valid(form)
        return welcome(self.request, _remembering(response, form.cleaned_data.get("office")))


def _let_in(request: HttpRequest, account: Account) -> None:
    """Sign in as the front door does: until the browser is closed, as ACCOUNT_SESSION_REMEMBER says."""
    login(request, account, backend=BACKEND)
    request.session.set_expiry(0)


def _remembering(response: HttpResponse, office: Any) -> HttpResponse:
    """Keep the institution for the next time; whoever signed in with a user name takes nothing away."""
    if office is not None:
        response.set_cookie(
            OFFICE_COOKIE, str(office.pk), max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax", httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


@sensitive_post_parameters("code", "password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take a code once, set the password that takes its place, and sign in."""
    if request.user.is_authenticated:
        return redirect("start")
    form = CodeForm(sent(request), office=request.COOKIES.get(OFFICE_COOKIE, ""))
    if form.is_valid():
        now = timezone.now()
        said = form.cleaned_data
        try:
            account = signing_in.with_code(
                name=form.user_name(), code=said["code"], password=said["password"],
                address=request.META.get("REMOTE_ADDR", ""), now=now,
            )  # fmt: skip
        except signing_in.TooSoon as soon:
            form.add_error(None, slowed(soon.until, now))
        else:
            if account is not None and signing_in.has_second_factor(account):
                halfway.keep(request, account, "")
                return _remembering(redirect("account_second"), said.get("office"))
            if account is not None:
                _let_in(request, account)
                return welcome(request, _remembering(redirect("start"), said.get("office")))
            form.add_error(
                "code",
                _(
                    "This code does not fit the name, was used before, or has expired. Ask your city's administrator for a new one."
                ),
            )
    return form_page(request, "account/code.html", {"form": form}, form)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second factor, for whoever has just given the right password; nobody is signed in before it is proved."""
    account = halfway.account_of(request)
    if account is None:
        return redirect("account_login")
    form, now = SecondForm(sent(request)), timezone.now()
    if form.is_valid():
        code, address = form.cleaned_data["code"], request.META.get("REMOTE_ADDR", "")
        try:
            is_good = signing_in.with_second_factor(account=account, code=code, address=address, now=now)
        except signing_in.TooSoon as soon:
            form.add_error(None, slowed(soon.until, now))
        else:
            if is_good:
                target = halfway.end(request)
                _let_in(request, account)
                return welcome(request, redirect(target or "start"))
            form.add_error("code", _("This code does not fit or was used already; type the newest one."))
    return form_page(request, "account/second.html", {"form": form}, form)


@sensitive_post_parameters("old", "password", "again")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; whoever else is signed in with the account is signed out."""
    account = signing_in.account_of(request.user)
    form = OwnPasswordForm(sent(request), username=account.username)
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        address = request.META.get("REMOTE_ADDR", "")
        try:
            signing_in.change_password(
                account=account, old=said["old"], new=said["password"], address=address, now=now,
                session=request.session.session_key or "",
            )  # fmt: skip
        except signing_in.TooSoon as soon:
            form.add_error(None, slowed(soon.until, now))
        except ProgrammeError as refused:
            form.add_error(refused.field, str(refused))
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("Your password is changed; other devices are signed out."))
            return redirect("own")
    return form_page(request, "account/password.html", {"form": form}, form)
