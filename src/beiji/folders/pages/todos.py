"""What the library and the lists of clauses ask of a hospital's coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import City, Person
from beiji.records.providers import ToDo
from beiji.ui import formats

from .. import access, queries
from .clauses import list_url

#: Days before an inspection from which its folders stand among what is to be done. *Assumption*: time to have a paper signed anew.
AHEAD_DAYS = 60


def things_to_do(person: Person, city: City, today: date) -> Iterable[ToDo]:
    """Files of the own hospital that have ended or end soon, and inspections that come near; three queries."""
    hospital = access.own_library(person)
    if hospital is None:
        return
    counts = queries.counts_of(access.files_of(person, hospital), today).get(hospital.pk, {})
    where = reverse("folders:library", kwargs={"city": city.pk, "subject": hospital.code})
    for age, sentence in (
        ("ended", _ended_words(counts.get("ended", 0))),
        ("soon", _soon_words(counts.get("soon", 0))),
    ):
        if counts.get(age):
            yield ToDo(sentence, _("A paper that has ended answers no clause any more."), f"{where}?age={age}")
    for row in access.lists_before(person, hospital, today, today + timedelta(days=AHEAD_DAYS)):
        yield ToDo(
            what=_("Look through the folders of “{title}”").format(title=formats.isolate(row.title, "auto")),
            why=_("The inspection comes near; the list names what is untied, empty or ends before it."),
            url=list_url(row),
            due=row.inspection,
        )


def _ended_words(count: int) -> str:
    return ngettext("Renew {n} evidence file that has ended", "Renew {n} evidence files that have ended", count).format(
        n=count
    )


def _soon_words(count: int) -> str:
    return ngettext(
        "Renew {n} evidence file that ends within 60 days", "Renew {n} evidence files that end within 60 days", count
    ).format(n=count)
