"""What this room tells the house: its audit kinds, its entry in the menu."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.records import audit, jobs, providers
from beiji.records.providers import MenuEntry, Part

from . import access
from .changes import again
from .jobs import KINDS
from .models import City, Person

audit.register(
    audit.Kind("programme.city-created", _("City set up")),
    audit.Kind("programme.subject-added", _("Subject added")),
    audit.Kind("programme.subject-ended", _("Subject ended")),
    audit.Kind("programme.organisation-added", _("Organisation added")),
    audit.Kind("programme.person-added", _("Person added")),
    audit.Kind("programme.person-changed", _("Personal data corrected")),
    audit.Kind("programme.person-left", _("Person left the programme"), again=again.leave_again),
    audit.Kind("programme.code-renewed", _("New code for signing in"), again=again.open_account_again),
    audit.Kind(
        "programme.code-used", _("Signed in with a code and chose a password"), again=again.forget_password_again
    ),
    audit.Kind("programme.password-changed", _("Password changed"), again=again.forget_password_again),
    audit.Kind("programme.sessions-ended", _("Signed out on other devices")),
    audit.Kind("programme.account-closed", _("Account closed"), again=again.close_account_again),
    audit.Kind("programme.role-ended", _("Role taken back"), again=again.end_role_again),
    audit.Kind("programme.person-erased", _("Personal data erased"), again=again.erase_again),
    audit.Kind("programme.account-created", _("Account created")),
    audit.Kind("programme.signed-in", _("Signed in")),
    audit.Kind("programme.sign-in-failed", _("Sign-in refused: wrong password")),
    audit.Kind("programme.role-granted", _("Role granted")),
    audit.Kind("programme.roles-ended", _("Roles ended"), again=again.end_roles_again),
    audit.Kind("programme.stage-planned", _("Stage planned")),
    audit.Kind("programme.gate-decided", _("Stage gate decided")),
    audit.Kind("programme.work-stopped", _("Work in the background stopped")),
    audit.Kind("programme.list-taken", _("List taken as a file"), erasable=("asked",)),
)
jobs.register(*KINDS)


@providers.menu.add("programme")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """People and their access, for those who keep them."""
    if access.may_let_people_in(person):
        url = reverse("programme:people", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "programme", _("People"), url, order=80)
