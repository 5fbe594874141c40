"""What this room adds to the registries: audit kinds, listener of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from beiji.readiness import listeners
from beiji.records import audit


def register() -> None:
    from .changes import following

    audit.register(
        audit.Kind("improve.action-planned", _("Action planned")),
        audit.Kind("improve.action-changed", _("Action changed")),
        audit.Kind("improve.action-started", _("Action started")),
        audit.Kind("improve.action-put-back", _("Action put back into the plan")),
        audit.Kind("improve.action-declared", _("Action declared done")),
        audit.Kind("improve.action-closed", _("Action closed by evidence")),
        audit.Kind("improve.action-reopened", _("Action reopened by evidence")),
        audit.Kind("improve.action-withdrawn", _("Action withdrawn")),
        audit.Kind("improve.finding-written", _("Finding written")),
        audit.Kind("improve.finding-changed", _("Finding changed")),
        audit.Kind("improve.finding-ended", _("Finding taken back")),
        audit.Kind("improve.decision-asked", _("Decision asked for")),
        audit.Kind("improve.decision-changed", _("Decision changed")),
        audit.Kind("improve.decision-ruled", _("Decision of the authorities recorded")),
    )
    listeners.register("improve.actions", following.follow)
