"""What this package tells the house: audit kinds, its entry in the menu, what it asks people to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme import parts
from beiji.programme.models import City, Person
from beiji.records import audit, providers
from beiji.records.providers import MenuEntry, Part, Reach, ToDo

from . import access
from .models import ClauseList, LibraryFile
from .pages.todos import things_to_do

audit.register(
    audit.Kind("folders.file-added", _("File added to an evidence library")),
    audit.Kind("folders.file-changed", _("What is said of an evidence file changed")),
    audit.Kind("folders.file-tied", _("Evidence file tied to items or untied")),
    audit.Kind("folders.file-marked", _("Mark put on an evidence file")),
    audit.Kind("folders.file-ended", _("File taken out of an evidence library")),
    audit.Kind("folders.list-added", _("List of clauses begun")),
    audit.Kind("folders.list-changed", _("Title or day of a list of clauses changed")),
    audit.Kind("folders.list-ended", _("List of clauses put away")),
    audit.Kind("folders.clauses-brought", _("Clauses brought in by a table")),
    audit.Kind("folders.clause-tied", _("Clause tied to items or files, or untied")),
)


@providers.reach.add("folders")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Files of the libraries that the person may open, and the lists of clauses that he keeps."""
    files = LibraryFile.objects.visible_to(person).filter(added_at__lt=until).count()
    yield Reach(_("Evidence files"), files)
    lists = ClauseList.objects.visible_to(person).filter(added_at__lt=until)
    yield Reach(_("Lists of clauses"), lists.count())


@providers.menu.add("folders")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The libraries, for whoever may open one."""
    if access.reads_libraries(person):
        url = reverse("folders:libraries", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "folders", _("Evidence files"), url, order=40)


@providers.todos.add("folders")
def todos(person: Person, city: City, today: date) -> Iterable[ToDo]:
    """What the library asks for; all that it rests on is written while the city is held."""
    lines: list[ToDo] = parts.kept_for(person, city, today, "folders", lambda: list(things_to_do(person, city, today)))
    return lines
