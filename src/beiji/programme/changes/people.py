"""Who takes part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.records import audit, notices, outbox

from ..identity import NoticeChoice
from ..models import City, Organisation, Person
from ..people import search_text_of
from ..versions import next_version
from ..writing import change, hold_city
from .errors import Names, ProgrammeError


@change
def add_person(
    *,
    city: City,
    names: Names,
    by: UUID | None,
    now: datetime,
    code: str = "",
    post: Names | None = None,
    organisation: Organisation | None = None,
    language: str = "en",
    staff_number: str = "",
) -> Person:
    """Add somebody to a city's programme; the audit line keeps the id only.

    Raises ProgrammeError when somebody of the institution has the staff number.
    """
    now = hold_city(city, now)
    _refuse_taken_number(organisation, staff_number)
    person = Person.objects.create(
        city=city, code=code, names=dict(names), post=dict(post or {}), organisation=organisation, language=language,
        staff_number=staff_number, search_text=search_text_of(names, post or {}),
    )  # fmt: skip
    audit.write("programme.person-added", city=city.pk, by=by, of=person, now=now)
    return person


def _refuse_taken_number(organisation: Organisation | None, number: str, *, but: Person | None = None) -> None:
    if not number:
        return
    others = Person.objects.filter(organisation=organisation, staff_number=number)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        sentence = _("Somebody of this institution has the staff number {number}; look for the person in the list.")
        raise ProgrammeError(sentence.format(number=number), field="staff_number")


@change
def change_person(
    *,
    person: Person,
    names: Names,
    post: Names,
    organisation: Organisation,
    staff_number: str,
    language: str,
    by: UUID,
    now: datetime,
    seen: int,
) -> None:
    """Correct what is kept of somebody. `seen`: the version that the page showed.

    Raises Outdated when somebody else changed it meanwhile, ProgrammeError when the staff number is another's.
    """
    now = hold_city(person.city_id, now)
    next_version(person, seen)
    _refuse_taken_number(organisation, staff_number, but=person)
    Person.objects.filter(pk=person.pk).update(
        names=dict(names), post=dict(post), organisation=organisation, staff_number=staff_number, language=language,
        search_text=search_text_of(names, post),
    )  # fmt: skip
    audit.write("programme.person-changed", city=person.city_id, by=by, of=person, now=now)


@change
def erase_person(*, person: Person, by: UUID, now: datetime) -> None:
    """Blank everything personal; rows elsewhere keep an id that no longer leads to anybody. Accounts are closed."""
    now = hold_city(person.city_id, now)
    for record in (person, *person.joined.all()):  # a record that is joined to him is he, too
        blank(record, now)
        audit.write("programme.person-erased", city=person.city_id, by=by, of=record, now=now)


def blank(person: Person, now: datetime) -> None:
    """What erasing does to the rows of a person; a restore does it again."""
    person.accounts.update(is_active=False)
    Person.objects.filter(pk=person.pk).update(
        names={}, post={}, code="", staff_number="", search_text="", erased_at=now
    )
    NoticeChoice.objects.filter(person=person).delete()
    notices.forget_person(person.pk)
    outbox.forget_person(person.pk)
