"""What this room tells the house: audit kinds, its entry in the menu, what it asks people to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme import parts
from beiji.programme.models import City, Person, Subject
from beiji.records import audit, providers
from beiji.records.providers import MenuEntry, Part, Reach
from beiji.ui.languages import pick

from . import access
from .models import Evidence
from .pages.cells import hospital_url
from .pages.sheets import sheets_of
from .pages.todos import drills_to_look_at, things_to_do

audit.register(
    audit.Kind("readiness.packs-loaded", _("Methodology loaded")),
    audit.Kind("readiness.evidence-recorded", _("Evidence recorded")),
    audit.Kind("readiness.evidence-withdrawn", _("Evidence withdrawn")),
    audit.Kind("readiness.source-reopened", _("Evidence of a source ended because it was reopened")),
    audit.Kind("readiness.covered", _("Locked assessment covered these capabilities")),
    audit.Kind("readiness.drill-notified", _("Drill notified")),
    audit.Kind("readiness.drill-called-off", _("Notified drill called off")),
    audit.Kind("readiness.drill-missed", _("Notified drill missed")),
    audit.Kind("readiness.struck-off", _("Evaluator struck off")),
    audit.Kind("readiness.striking-lifted", _("Striking-off of an evaluator taken back")),
    audit.Kind("readiness.target-changed", _("Target changed")),
    audit.Kind("readiness.validity-changed", _("Validity changed")),
    audit.Kind("readiness.not-applicable", _("Indicator declared not applicable")),
    audit.Kind("readiness.applies-again", _("Indicator applies again")),
    audit.Kind("readiness.review-signed", _("Text of the standard signed")),
    audit.Kind("readiness.review-taken-back", _("Signature under a text of the standard taken back")),
    audit.Kind("readiness.reviews-taken", _("Signatures under the standard taken as a file")),
    audit.Kind("readiness.self-checked", _("Answers checked by night")),
    audit.Kind("readiness.expiry-passed", _("Standings refreshed for the day")),
)


@providers.menu.add("readiness")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The map for whoever may see several hospitals, his own hospital for whoever sees one."""
    if access.reads_the_ledger(person):
        codes = list(access.subjects_visible_to(person).hospitals().values_list("code", flat=True)[:2])
        url = hospital_url(city.pk, codes[0]) if len(codes) == 1 else reverse("readiness:map", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "readiness", _("Readiness"), url, order=20)
    elif access.reads_the_standard(person) and access.reads_the_standard_alone(person):
        url = reverse("readiness:standard", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "readiness", _("Standard"), url, order=20)


@providers.reach.add("readiness")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """The method, and rows of ledgers."""
    if access.reads_the_standard(person):
        yield Reach(_("Standard with its texts"), 1)
    rows = Evidence.objects.visible_to(person).filter(recorded_at__lt=until).count()
    yield Reach(_("Rows of evidence"), rows)


@providers.todos.add("readiness")
def todos(person: Person, city: City, today: date) -> Iterable[providers.ToDo]:
    """What the ledger asks for; all that it rests on is written while the city is held."""
    lines: list[providers.ToDo] = parts.kept_for(
        person, city, today, "readiness", lambda: list(things_to_do(person, city, today))
    )
    return lines


providers.todos.register("readiness.drills", drills_to_look_at)


@providers.held_files.add("readiness")
def held_files(person: Person, subject: Subject) -> Iterable[providers.HeldFile]:
    """Raw sheets and papers behind the rows of a hospital."""
    yield from sheets_of(person, subject)


@providers.trails.add("readiness")
def trails(person: Person, kind: str, key: str) -> Iterable[providers.Trail]:
    """The life of a hospital, to which the rooms add that of its actions and visits."""
    if kind == "hospital":
        for subject in Subject.objects.visible_to(person).filter(code=key, kind=Subject.Kind.HOSPITAL):
            yield providers.Trail(
                pick(subject.names), hospital_url(subject.city_id, subject.code), [audit.thing(subject)]
            )
