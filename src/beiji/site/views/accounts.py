"""Coming in with a code on paper."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from beiji.programme import signing_in
from beiji.programme.posting import form_page

from ..adapter import slowed
from ..forms import CodeForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("code", "password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take a code once, set the password that takes its place, and sign in."""
    if request.user.is_authenticated:
        return redirect("start")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        said = form.cleaned_data
        try:
            account = signing_in.with_code(
                name=said["username"], code=said["code"], password=said["password"],
                address=request.META.get("REMOTE_ADDR", ""), now=now,
            )  # fmt: skip
        except signing_in.TooSoon as soon:
            form.add_error(None, slowed(soon.until, now))
        else:
            if account is not None:
                login(request, account, backend=BACKEND)
                return redirect("start")
            form.add_error(
                "code",
                _(
                    "This code does not fit the name, was used before, or has expired. Ask your city's administrator for a new one."
                ),
            )
    return form_page(request, "account/code.html", {"form": form}, form)
