"""allauth's behaviour where it differs from its defaults."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from beiji.programme import signing_in
from beiji.programme.rules import read_username


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts are made by an administrator. Guesses are slowed in the database, for all processes together."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The account, or None for a wrong password. Raises ValidationError while guesses from here are slowed."""
        name, now = str(credentials.get("username", "")), timezone.now()
        try:
            tried = signing_in.begin(name=name, address=request.META.get("REMOTE_ADDR", ""), now=now)
        except signing_in.TooSoon as soon:
            raise ValidationError(slowed(soon.until, now)) from None
        account = super().authenticate(request, **{**credentials, "username": read_username(name)})
        if account is not None and account.is_active:
            if signing_in.has_second_factor(account):
                signing_in.halfway(tried=tried)
                return account
            signing_in.succeeded(tried=tried, account=account, now=timezone.now())
            return account
        signing_in.failed(tried=tried, name=name, now=timezone.now())
        return None  # also for the right password of a closed account: nobody learns that there is one


def slowed(until: datetime, now: datetime) -> str:
    """Until when, by the clock on the reader's wall where it is known, and how long that is."""
    zone = signing_in.zone_of_all_cities()
    clock = f"{until.astimezone(ZoneInfo(zone)):%H:%M:%S}" if zone else f"{until.astimezone(UTC):%H:%M:%S} UTC"
    minutes = math.ceil((until - now).total_seconds() / 60)
    return ngettext(
        "Too many wrong passwords from here. What was typed now was not checked; try again at {time}, in {count} minute.",
        "Too many wrong passwords from here. What was typed now was not checked; try again at {time}, in {count} minutes.",
        minutes,
    ).format(time=clock, count=minutes)
