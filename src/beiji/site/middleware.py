"""What every view may raise, answered in one place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone

from beiji.programme import changes, signing_in
from beiji.programme.rules import SEEN_EVERY, device_of
from beiji.programme.writing import is_busy
from beiji.records.kept import NotAsKept

from .views import errors

log = logging.getLogger(__name__)
SAFE = ("GET", "HEAD", "OPTIONS")
#: What changes nothing of the city.
STILL_TAKEN = frozenset({"account_login", "account_logout", "set_language"})


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages and lists travel compressed, a tenth of their size, with a random length against guessing (BREACH); pictures and
    papers are compressed in themselves. Why it is safe: docs/decisions/0025-kept-page-parts.md."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").startswith("text/")
        return super().process_response(request, response) if is_text and not response.streaming else response


class SignedInMiddleware:
    """Notes when each browser in which somebody is signed in was last in contact, to a few minutes, for his own page."""

    #: Sessions of which this process has written the contact, and when.
    _noted: ClassVar[dict[str, datetime]] = {}
    MOST = 10_000

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.session.session_key if request.user.is_authenticated else None
        response = self.get_response(request)
        key = request.session.session_key if request.user.is_authenticated else None
        try:
            if before is not None and key != before:
                changes.note_signed_out(session=before)
            if key is not None:
                self._note(request, key)
        except OperationalError as error:  # whoever reads a page is not kept from it by those who write
            log.warning("contact not noted: %s", error)
        return response

    def _note(self, request: HttpRequest, key: str) -> None:
        now = timezone.now()
        if settings.READ_ONLY or now - self._noted.get(key, now - SEEN_EVERY) < SEEN_EVERY:
            return
        if len(self._noted) >= self.MOST:
            self._noted.clear()
        account = signing_in.account_of(request.user)
        device = device_of(request.headers.get("User-Agent", ""))
        changes.note_seen(account=account, session=key, device=device, now=now)
        self._noted[key] = now


class FaultsMiddleware:
    """A report or file that was changed past the program is not given out; the page says so and the log names it. Whoever
    could not write because others did is told that nothing was kept and to send it again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Where people only read, nothing but signing in and out and the language is taken from them."""
        match = request.resolver_match
        is_taken = not settings.READ_ONLY or request.method in SAFE or (match and match.view_name in STILL_TAKEN)
        return None if is_taken else errors.read_only(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAsKept):
            log.error("not as kept: %s", request.path)
            return errors.not_as_kept(request, str(exception))
        if is_busy(exception):
            log.warning("busy: %s", request.path)
            return errors.busy(request)
        return None
