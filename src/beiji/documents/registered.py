"""What this room tells the house: audit kinds, its entry in the menu, to-dos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from beiji.programme.models import City, Person
from beiji.records import audit, notices, providers
from beiji.records.providers import MenuEntry, Part, Reach, ToDo

from . import access, telling
from .models import UserText

audit.register(
    audit.Kind("documents.text-written", _("Text written")),
    audit.Kind("documents.text-edited", _("Text edited")),
    audit.Kind("documents.translation-proposed", _("Translation proposed")),
    audit.Kind("documents.translation-approved", _("Translation approved")),
    audit.Kind("documents.translation-reused", _("Translation of the same sentence taken over")),
    audit.Kind("documents.document-begun", _("Document begun")),
    audit.Kind("documents.draft-opened", _("Draft opened")),
    audit.Kind("documents.draft-changed", _("Block of a draft added, moved or taken out")),
    audit.Kind("documents.word-brought", _("Word file brought into a draft")),
    audit.Kind("documents.word-taken-back", _("Blocks of a Word file taken out again")),
    audit.Kind("documents.draft-put-away", _("Draft put away")),
    audit.Kind("documents.version-submitted", _("Version handed in for review")),
    audit.Kind("documents.version-reviewed", _("Version reviewed")),
    audit.Kind("documents.version-returned", _("Version sent back")),
    audit.Kind("documents.version-approved", _("Version approved")),
    audit.Kind("documents.comment-added", _("Comment added")),
    audit.Kind("documents.comment-resolved", _("Comment settled")),
)


@providers.menu.add("documents")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The queue of translations."""
    if access.may_use_queue(person):
        url = reverse("documents:queue", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "documents", _("Translations"), url, order=70)


@providers.reach.add("documents")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Every text, for those who may open the queue."""
    if access.may_use_queue(person):
        yield Reach(_("Texts in the queue of translations"), UserText.objects.filter(created_at__lt=until).count())


@providers.todos.add("documents")
def todos(person: Person, city: City, today: date) -> Iterable[ToDo]:
    """How many texts wait for the person."""
    count = access.queue_length(person)
    if count:
        what = ngettext(
            "{count} text waits for translation or approval", "{count} texts wait for translation or approval", count
        )
        url = reverse("documents:queue", kwargs={"city": city.pk})
        yield ToDo(what.format(count=count), _("Reports print the original, marked, until then."), url)


notices.register(*telling.KINDS)
