"""Between password and second factor: the browser holds a session in which nobody is signed in, and which says for five minutes who may be."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from beiji.programme.models import Account

#: Time to fetch the phone (assumption).
LASTS = timedelta(minutes=5)
_KEY = "beiji.halfway"


def keep(request: HttpRequest, account: Account, target: str) -> None:
    """Remember who gave the right password, and which page he wanted."""
    is_here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    request.session.cycle_key()
    request.session[_KEY] = {
        "account": str(account.pk), "password": account.get_session_auth_hash(),
        "until": (timezone.now() + LASTS).isoformat(), "target": target if is_here else "",
    }  # fmt: skip


def account_of(request: HttpRequest) -> Account | None:
    """Whose second factor is asked for; None where nobody gave a password here lately, or it was changed meanwhile."""
    said = request.session.get(_KEY)
    if request.user.is_authenticated or not said or datetime.fromisoformat(said["until"]) < timezone.now():
        return None
    account = Account.objects.filter(pk=said["account"], is_active=True).first()
    if account is None or not constant_time_compare(account.get_session_auth_hash(), said["password"]):
        return None
    return account


def end(request: HttpRequest) -> str:
    """Forget it; answers the page that was wanted."""
    return str(request.session.pop(_KEY, {}).get("target", ""))
