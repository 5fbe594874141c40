"""Files that leave the system: asked for by guests, approved or refused by the city, taken in time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from beiji.records import audit

from ..access import is_guest
from ..models import Person
from ..releases import Export
from ..rules import TAKEN_WITHIN
from ..writing import change, hold_city, hold_row
from .errors import ProgrammeError


@change
def ask_for_file(*, person: Person, address: str, what: str, purpose: str, now: datetime) -> Export:
    """A guest asks the city for a file. Raises ProgrammeError without a purpose, and while the same file is asked for or ready."""
    now = hold_city(person.city_id, now)
    if not purpose.strip():
        raise ProgrammeError(_("Say for what you need the file; the city decides by it."), field="purpose")
    same = Export.objects.filter(person=person, address=address)
    if same.filter(decided_at__isnull=True, taken_at__isnull=True).exists() or _ready(person, address, now) is not None:
        raise ProgrammeError(_("You have asked for this file already; its state stands in the list."))
    export = _numbered(person, address, what, now, purpose=purpose.strip())
    audit.write("programme.export-asked", city=person.city_id, by=person.pk, of=export, now=now, what=what)
    return export


@change
def decide_on_file(*, export: Export, approved: bool, reason: str, by: Person, now: datetime) -> None:
    """Approve a file, which is then taken within a day, or refuse it with a reason.

    Raises ProgrammeError when it was decided already, is one's own, or is refused without a reason.
    """
    now = hold_city(export.city_id, now)
    if export.person_id == by.pk:
        raise ProgrammeError(_("Nobody decides on his own file; another manager does."))
    if not approved and not reason.strip():
        raise ProgrammeError(_("Write why the file is refused; whoever asked reads it."), field="reason")
    hit = Export.objects.filter(pk=export.pk, decided_at__isnull=True, taken_at__isnull=True).update(
        decided_at=now, decided_by=by.pk, approved=approved, good_until=now + TAKEN_WITHIN if approved else None,
        reason=reason.strip(),
    )  # fmt: skip
    if not hit:
        raise ProgrammeError(_("Somebody has decided on this file already."))
    audit.write("programme.export-decided", city=export.city_id, by=by.pk, of=export, now=now, approved=approved)


@change
def take_file(*, person: Person, address: str, what: str, now: datetime) -> Export | None:
    """The number under which a file leaves: one of the city's own takes it at once, a guest only what was approved, and in time. None where
    a guest has to ask first. Whoever hands it out writes the line for the audit."""
    if not is_guest(person):
        hold_row(person.city)  # the numbers are counted one after the other, and what is kept of the city's pages stays
        return _numbered(person, address, what, now, taken_at=now)
    export = _ready(person, address, now)
    if export is not None:
        Export.objects.filter(pk=export.pk, taken_at__isnull=True).update(taken_at=now)
    return export


def _ready(person: Person, address: str, now: datetime) -> Export | None:
    """A file that was approved for somebody and can still be taken."""
    rows = Export.objects.filter(person=person, address=address, approved=True, good_until__gt=now)
    export: Export | None = rows.order_by("number").first()
    return export


def _numbered(
    person: Person, address: str, what: str, now: datetime, *, purpose: str = "", taken_at: datetime | None = None
) -> Export:
    """The next number of the city, whose row is held. The end of an address that is longer than its column is left out; guests are
    told so when they ask (`forms.AskingForm`), and whoever takes at once is handed the file whatever its row holds."""
    room = Export._meta.get_field("address").max_length
    last = Export.objects.filter(city=person.city_id).aggregate(last=Max("number"))["last"] or 0
    return Export.objects.create(
        city_id=person.city_id, number=last + 1, person=person, address=address[:room], what=what, purpose=purpose,
        asked_at=now, taken_at=taken_at,
    )  # fmt: skip
