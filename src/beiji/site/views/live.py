"""Who may listen to what. The answer is read by `site.push`, which then keeps the line open without a thread."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from beiji.programme.requests import CityRequest
from beiji.records import live

from ..push import LETS_LISTEN

#: What a browser sends when it takes a line up again: the states that it has been told.
TAKEN_UP = "Last-Event-ID"


@never_cache
@require_GET
def listening(request: CityRequest, city: str, topics: str) -> HttpResponse:
    """The topics that the person may hear, with the states that his page shows; none is the same as no such page."""
    asked = live.read((request.headers.get(TAKEN_UP) or topics).split())
    allowed = live.heard_by(request.person, asked)
    heard = {topic: state for topic, state in asked.items() if topic in allowed}
    if not heard:
        raise Http404("nothing to hear")
    return HttpResponse(headers={LETS_LISTEN: f"{request.person.pk} {live.written(heard)}"})
