"""What a web process does before its first request, so that no reader waits for it."""

from __future__ import annotations

import gc
from pathlib import Path

from django.apps import apps
from django.template import engines
from django.urls import get_resolver
from django.utils import translation

from beiji.ui import sheets
from beiji.ui.languages import LANGUAGES


def warm() -> None:
    """Read addresses, templates, catalogues and the style sheet; then take what was made so far out of the collector's sight.

    A full collection looks through everything that a process holds; over the program alone, which stays for good, it
    stops a request for a tenth of a second.
    """
    _addresses = get_resolver().url_patterns
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if app.name.startswith("beiji."):
            for template in sorted(folder.rglob("*.html")):
                engine.get_template(template.relative_to(folder).as_posix())
    for language in LANGUAGES:
        with translation.override(language.code):
            translation.gettext("Beiji")
    sheets.whole()
    gc.collect()
    gc.freeze()
