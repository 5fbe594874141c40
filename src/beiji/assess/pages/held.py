"""Files that came in with visits and replies, as other pages list them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from beiji.programme.models import Person, Subject
from beiji.records.providers import HeldFile

from .. import access, given, replied
from .origin import title_of


def held_files(person: Person, subject: Subject) -> Iterator[HeldFile]:
    """Files of the locked visits to a hospital that the person may see, with the items to which they were attached."""
    visits = {visit.pk: visit for visit in access.locked_visits_of(person, subject)}
    about: dict[tuple[UUID, UUID], set[str]] = {}
    for visit, said in given.given_in(visits.values()).items():
        for code, keys in said.answers.attachments.items():
            for key in keys:
                about.setdefault((visit, key), set()).add(code)
    for visit, key, code in replied.files_sent(visits.values()):
        about.setdefault((visit, key), set()).update({code} - {""})
    files = access.attachments_by_id(key for _visit, key in about)
    for (visit, key), codes in about.items():
        file, row = files.get(key), visits[visit]
        if file is not None:
            url = reverse("assess:visit", kwargs={"city": row.city_id, "visit": visit})
            yield HeldFile(key, file.sha256, file.name, row.last_day, title_of(row), url, sorted(codes))
