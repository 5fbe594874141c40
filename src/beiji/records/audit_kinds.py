"""Audit kinds of this room."""

from django.utils.translation import gettext_lazy as _

from . import audit


def register() -> None:
    audit.register(
        audit.Kind("records.attachment-added", _("File attached")),
        audit.Kind("records.guards-made", _("Guards against change made by a new version")),
        audit.Kind("records.guard-restored", _("A table's guard against change was missing and was put back")),
    )
