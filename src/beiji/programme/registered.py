"""What this package tells the house: its audit kinds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from beiji.records import audit

audit.register(
    audit.Kind("programme.city-created", _("City set up")),
    audit.Kind("programme.subject-added", _("Subject added")),
    audit.Kind("programme.subject-ended", _("Subject ended")),
    audit.Kind("programme.organisation-added", _("Organisation added")),
    audit.Kind("programme.person-added", _("Person added")),
    audit.Kind("programme.person-erased", _("Personal data erased")),
    audit.Kind("programme.account-created", _("Account created")),
    audit.Kind("programme.signed-in", _("Signed in")),
    audit.Kind("programme.sign-in-failed", _("Sign-in refused: wrong password")),
    audit.Kind("programme.role-granted", _("Role granted")),
    audit.Kind("programme.roles-ended", _("Roles ended")),
    audit.Kind("programme.stage-planned", _("Stage planned")),
    audit.Kind("programme.gate-decided", _("Stage gate decided")),
    audit.Kind("programme.list-taken", _("List taken as a file"), erasable=("asked",)),
)
