"""Tells the browser that a form was taken, so that what was typed into it is forgotten there (`keeping.js`)."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import ERROR, get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

FIELD, COOKIE = "kept_token", "beiji_taken"
TOKEN = re.compile(r"[0-9a-f]{24}")
AN_HOUR = 3600


class KeptTextMiddleware:
    """A form that carries a token is answered with it once it was taken: when the answer leads on, not to the sign-in
    page, and no error waits to be read. Whatever else happens, the words stay on the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in (302, 303):
            token = request.POST.get(FIELD, "")
            if TOKEN.fullmatch(token) and not _leads_to_sign_in(response) and not _error_waits(request):
                response.set_cookie(
                    COOKIE, token, max_age=AN_HOUR, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
                )
        return response


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))


def _error_waits(request: HttpRequest) -> bool:
    """Looks at the messages of this request and leaves them to be shown."""
    storage = get_messages(request)
    waits = any(message.level >= ERROR for message in storage)
    if isinstance(storage, BaseStorage):
        storage.used = False
    return waits
