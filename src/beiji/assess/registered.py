"""What this room tells the house: audit kinds, its entry in the menu, to-dos, and what evidence came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import City, Person
from beiji.records import audit, live, notices, providers
from beiji.records.providers import MenuEntry, Part, Reach, ToDo
from beiji.ui import formats
from beiji.ui.languages import pick

from . import access, telling
from .models import Visit
from .pages.held import held_files
from .pages.origin import origins
from .pages.todos import todos_of

audit.register(
    audit.Kind("assess.visit-planned", _("Assessment planned")),
    audit.Kind("assess.visit-replanned", _("Assessment planned anew")),
    audit.Kind("assess.visit-cancelled", _("Assessment called off")),
    audit.Kind("assess.visit-moved", _("Assessment moved to its next phase")),
    audit.Kind("assess.visit-locked", _("Assessment locked")),
    audit.Kind("assess.visit-reopened", _("Assessment reopened")),
    audit.Kind("assess.hospital-replied", _("Hospital replied")),
    audit.Kind("assess.dispute-answered", _("Team answered a dispute")),
    audit.Kind("assess.answer-signed", _("Answer to a dispute signed")),
)


@providers.menu.add("assess")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The list of assessments."""
    if access.may_use_room(person):
        url = reverse("assess:visits", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "assess", _("Assessments"), url, order=30)


@providers.todos.add("assess")
def todos(person: Person, city: City, today: date) -> Iterable[ToDo]:
    """What the person's visits ask for."""
    return todos_of(person, today)


@providers.reach.add("assess")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Assessments with all that the team wrote in them, as far as each lets the person read it."""
    visits = Visit.objects.visible_to(person).filter(planned_at__lt=until).select_related("subject")
    names = [f"{pick(visit.subject.names)} · {formats.date_short(visit.first_day)}" for visit in visits]
    yield Reach(_("Assessments"), len(names), names)


providers.origins.register("assess", origins)


def _heard_by(person: Person, keys: Sequence[str]) -> Iterable[str]:
    return map(str, Visit.objects.visible_to(person).filter(pk__in=live.uuids(keys)).values_list("pk", flat=True))


def _states(keys: Sequence[str]) -> Mapping[str, str]:
    rows = Visit.objects.filter(pk__in=live.uuids(keys)).values_list("pk", "written")
    return {str(key): str(written) for key, written in rows}


live.register(live.Kind("visit", _heard_by, _states))
providers.held_files.register("assess", held_files)
notices.register(*telling.KINDS)
notices.dues.register("assess", telling.dues)


@providers.trails.add("assess")
def trails(person: Person, kind: str, key: str) -> Iterable[providers.Trail]:
    """The life of a visit, and of a hospital's visits; that the team has written an answer is the team's until it is signed."""
    seen = Visit.objects.visible_to(person).select_related("subject").prefetch_related("members")
    hidden = ["assess.dispute-answered"]
    if kind == "visit":
        for visit in seen.filter(pk__in=live.uuids([key])):
            url = reverse("assess:visit", kwargs={"city": visit.city_id, "visit": visit.pk})
            is_team = access.may_answer(person, visit) or access.may_sign(person, visit)
            title = f"{pick(visit.subject.names)}, {formats.date_text(visit.first_day)}"
            yield providers.Trail(title, url, [audit.thing(visit)], [] if is_team else hidden)
    if kind == "hospital":
        own = [audit.thing(visit) for visit in seen.filter(subject__code=key)]
        yield providers.Trail("", "", own, [] if access.may_plan(person) else hidden)
