"""What this package tells the house: its audit kinds; and that guards are looked at after every migration."""

from __future__ import annotations

from django.apps import apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from . import audit, guards

audit.register(
    audit.Kind("records.attachment-added", _("File attached")),
    audit.Kind("records.guards-made", _("Guards against change made by a new version")),
    audit.Kind("records.guard-restored", _("A table's guard against change was missing and was put back")),
)
post_migrate.connect(guards.after_migrate, sender=apps.get_app_config("records"), dispatch_uid="beiji-append-only")
