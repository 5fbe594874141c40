"""What this room adds to the registries: audit kinds, pages, menu entry, to-dos."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from beiji.records import audit


def register() -> None:
    audit.register(
        audit.Kind("assess.visit-planned", _("Assessment planned")),
        audit.Kind("assess.visit-moved", _("Assessment moved to its next phase")),
        audit.Kind("assess.visit-locked", _("Assessment locked")),
        audit.Kind("assess.visit-reopened", _("Assessment reopened")),
        audit.Kind("assess.hospital-replied", _("Hospital replied")),
    )
