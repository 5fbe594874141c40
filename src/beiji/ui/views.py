"""The catalogue of components: documentation, subject of the accessibility checks and picture at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from beiji.ui import sheets
from beiji.ui.fixtures import Part, State, parts
from beiji.ui.languages import language_of
from beiji.ui.templatetags.beiji import render_component

SMALL = frozenset({"cell", "proof", "chip", "sync", "trend", "button"})


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every component in every state; `?part=heatmap` shows one, `?mode=exercise` and `?density=touch` set the frame."""
    wanted = request.GET.get("part", "")
    every = drawn_parts(language_of().code)
    context = {
        "parts": [entry for entry in every if not wanted or entry["part"].name == wanted],
        "mode": "exercise" if request.GET.get("mode") == "exercise" else "",
        "density": request.GET.get("density") if request.GET.get("density") in ("desk", "touch") else "",
        "illustrative": True,
    }
    return render(request, "ui/catalogue.html", context)


@cache
def drawn_parts(language: str) -> list[dict[str, Any]]:
    """Every part with its states as markup in the current language, which is `language`; it changes with the program only."""
    return [
        {
            "part": part,
            "small": part.name in SMALL,
            "states": [(state.title, drawn(part, state)) for state in part.states],
        }
        for part in parts()
    ]


def drawn(part: Part, state: State) -> str:
    """One state as markup."""
    if not state.markup:
        return render_component(part.name, state.values)
    template = engines["django"].from_string(state.markup)
    return mark_safe(template.render(dict(state.values)))  # noqa: S308 - our own fixtures


@require_safe
def sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The style sheet of every page. An address of an earlier program gets today's sheet, which is kept for no longer than an hour."""
    today = sheets.whole()
    may_pack = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(today.packed if may_pack else today.plain, content_type="text/css; charset=utf-8")
    if may_pack:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == today.digest else "public, max-age=3600"
    )
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that answers from what a device has taken along. It may speak for the whole site, so it stands at an
    address of its own, and every browser asks for it anew."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> str:
    path = finders.find("ui/js/offline/worker.js")
    assert isinstance(path, str)
    return Path(path).read_text(encoding="utf-8")
