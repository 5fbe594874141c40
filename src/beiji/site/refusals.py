"""What a sender reads whose request was not read to its end, in his language and form; no page's thread has seen it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from .bodies import Refused


def refusal(refused: Refused, headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Content and media type of the answer: JSON for a device's queue, else a page."""
    known = {name: value.decode("latin-1") for name, value in headers}
    with translation.override(_language(known)):
        title, mend = _words(refused)
        if known.get(b"accept", "").startswith("application/json"):
            return json.dumps({"error": f"{title} · {mend}"}, ensure_ascii=False).encode(), b"application/json"
        page = render_to_string("site/refused.html", {"title": title, "mend": mend, "status": refused.status})
    return page.encode(), b"text/html; charset=utf-8"


def _language(known: dict[bytes, str]) -> str:
    request = HttpRequest()
    request.COOKIES = parse_cookie(known.get(b"cookie", ""))
    request.META["HTTP_ACCEPT_LANGUAGE"] = known.get(b"accept-language", "")
    return translation.get_language_from_request(request)


def _words(refused: Refused) -> tuple[str, str]:
    if refused.status == 401:
        return _("You are signed out"), _("Nothing was kept on the server; sign in, then send it again.")
    if refused.status == 413:
        limit = min(refused.limit, settings.UPLOAD_LIMIT_BYTES)
        size = f"{limit >> 20} MB" if limit >> 20 else f"{limit >> 10} kB"
        return _("What was sent is too large"), _("At most {size} are taken here; nothing was kept.").format(size=size)
    if refused.status == 408:
        return _("What was sent did not arrive in time"), _("Nothing was kept; check the network and send it again.")
    return (
        _("The server has no room for what was sent just now"),
        _("Nothing was kept; send it again in some minutes."),
    )
