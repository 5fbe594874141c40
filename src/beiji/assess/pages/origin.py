"""The visit that a row of evidence came from, with what was said and attached about its item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from beiji.documents.pages.typed import typed_text
from beiji.programme.people import name_in, people_by_id
from beiji.records.providers import Origin, Remark
from beiji.ui.languages import pick

from .. import access, asked
from ..models import Visit
from . import words


def origins(person: Any, kind: str, key: str, capability: str) -> Iterable[Origin]:
    """The visit, if the row came from one and the person may see it; remarks and files only to whom its answers are open."""
    if kind != "visit":
        return
    visit = Visit.objects.visible_to(person).select_related("subject", "city").filter(pk=_uuid(key)).first()
    if visit is None:
        return
    where = {"city": visit.city_id, "visit": visit.pk}
    remarks: list[Remark] = []
    files: list[tuple[str, str]] = []
    if access.may_read_answers(person, visit):
        answers, codes = access.shown_answers(person, visit), asked.codes_reading(visit, capability)
        noted = access.notes_of(visit, [o for code in codes for o in answers.notes.get(code, ())])
        people = people_by_id([note.by for note, _text in noted])
        for note, typed in noted:
            text = typed_text(typed)
            remarks.append(Remark(name_in(people, note.by), text.body, text.language, text.direction))
        attached = access.attachments_by_id(k for code in codes for k in answers.attachments.get(code, ()))
        files = [
            (a.name, reverse("assess:attachment", kwargs={**where, "attachment": a.pk})) for a in attached.values()
        ]
    yield Origin(title_of(visit), reverse("assess:visit", kwargs=where), remarks, files)


def title_of(visit: Visit) -> str:
    """Which visit it is, for somebody who reads of it elsewhere."""
    return gettext("Assessment of %(hospital)s, %(days)s") % {
        "hospital": pick(visit.subject.short_names or visit.subject.names),
        "days": words.dates(visit.first_day, visit.last_day),
    }


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
