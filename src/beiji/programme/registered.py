"""What this room tells the house: its audit kinds, its entry in the menu."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from beiji.records import audit, jobs, live, notices, providers
from beiji.records.providers import MenuEntry, Part, Reach, ToDo
from beiji.ui.languages import pick

from . import access, queries, told
from .changes import again
from .jobs import KINDS
from .models import City, Person
from .pages.work import work_states
from .rules import EXPIRED, NONE

audit.register(
    audit.Kind("programme.city-created", _("City set up")),
    audit.Kind("programme.subject-added", _("Subject added")),
    audit.Kind("programme.subject-ended", _("Subject ended")),
    audit.Kind("programme.organisation-added", _("Organisation added")),
    audit.Kind("programme.person-added", _("Person added")),
    audit.Kind("programme.person-changed", _("Personal data corrected")),
    audit.Kind("programme.people-joined", _("Two records of one person joined"), again=again.join_again),
    audit.Kind("programme.people-separated", _("Joined records separated again")),
    audit.Kind("programme.person-left", _("Person left the programme"), again=again.leave_again),
    audit.Kind("programme.code-renewed", _("New code for signing in"), again=again.open_account_again),
    audit.Kind(
        "programme.code-used", _("Signed in with a code and chose a password"), again=again.forget_password_again
    ),
    audit.Kind("programme.password-changed", _("Password changed"), again=again.forget_password_again),
    audit.Kind("programme.second-factor-on", _("Second factor switched on")),
    audit.Kind("programme.second-factor-off", _("Second factor switched off")),
    audit.Kind("programme.recovery-code-used", _("Signed in with a recovery code")),
    audit.Kind("programme.sessions-ended", _("Signed out on other devices")),
    audit.Kind("programme.duty-given", _("Duty of looking after the installation given")),
    audit.Kind("programme.duty-ended", _("Duty of looking after the installation ended"), again=again.end_duty_again),
    audit.Kind("programme.account-closed", _("Account closed"), again=again.close_account_again),
    audit.Kind("programme.role-ended", _("Role taken back"), again=again.end_role_again),
    audit.Kind("programme.person-erased", _("Personal data erased"), again=again.erase_again),
    audit.Kind("programme.account-created", _("Account created")),
    audit.Kind("programme.signed-in", _("Signed in")),
    audit.Kind("programme.sign-in-failed", _("Sign-in refused: wrong password")),
    audit.Kind("programme.role-granted", _("Role granted")),
    audit.Kind("programme.from-abroad-switched", _("Access from abroad switched on or off")),
    audit.Kind("programme.roles-ended", _("Roles ended"), again=again.end_roles_again),
    audit.Kind("programme.stage-planned", _("Stage planned")),
    audit.Kind("programme.gate-decided", _("Stage gate decided")),
    audit.Kind("programme.work-stopped", _("Work in the background stopped")),
    audit.Kind("programme.test-message", _("Test message to phones asked for")),
    audit.Kind("programme.export-asked", _("File asked for by a guest")),
    audit.Kind("programme.export-decided", _("Decision on a guest's file")),
    audit.Kind("programme.watermarks-switched", _("Watermark on pages switched on or off")),
    audit.Kind("programme.list-taken", _("List taken as a file"), erasable=("asked",)),
)
jobs.register(*KINDS)
live.register(live.Kind("job", access.heard_work, work_states))
jobs.when_ended("programme", told.work_ended)
notices.register(*told.KINDS)
notices.dues.register("programme", told.dues)


@providers.todos.add("programme")
def todos(person: Person, city: City, today: date) -> Iterable[ToDo]:
    """Files that guests ask for, for the city's manager; sheets whose code was not used in time, and people who cannot sign in yet, for
    those who let people in."""
    if access.may_give_grants(person) and (count := queries.exports_waiting()):
        what = ngettext(
            "{count} guest's file waits for your decision", "{count} guests' files wait for your decision", count
        )
        url = reverse("programme:exports", kwargs={"city": city.pk})
        yield ToDo(what.format(count=count), _("Without it nothing leaves with a guest."), url)
    if not access.may_let_people_in(person):
        return
    url = reverse("programme:people", kwargs={"city": city.pk})
    counts = queries.ways_in(access.people_or_404(person), timezone.now())
    if expired := counts.get(EXPIRED, 0):
        what = ngettext(
            "{count} code on paper was not used in time", "{count} codes on paper were not used in time", expired
        )
        yield ToDo(what.format(count=expired), _("Give a new code and hand over its sheet."), f"{url}?access={EXPIRED}")
    if none := counts.get(NONE, 0):
        what = ngettext("{count} person has no account", "{count} people have no account", none)
        yield ToDo(what.format(count=none), _("Without one nobody signs in."), f"{url}?access={NONE}")


@providers.reach.add("programme")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Hospitals and bodies by name, and the people of the city for those who let them in."""
    names = [pick(subject.names) for subject in queries.wholes_seen_by(person, until)]
    yield Reach(_("Hospitals and bodies, with their campuses and places"), len(names), names)
    if access.may_let_people_in(person):
        yield Reach(_("People and their access"), access.people_or_404(person).count())


@providers.menu.add("programme")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """People and their access, for those who keep them."""
    if access.may_let_people_in(person):
        url = reverse("programme:people", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "programme", _("People"), url, order=80)
    if access.may_see_grants(person):
        key = "access" if access.may_let_people_in(person) else "programme"  # of the room's pages one entry is marked
        yield MenuEntry(Part.PREPARE, key, _("Access"), reverse("programme:grants", kwargs={"city": city.pk}), order=85)
