"""Files that leave, in words: what was asked for, what was decided, what was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from beiji.ui import formats

from ..models import Person
from ..people import name_in
from ..releases import Export

WAITING, READY, TAKEN, REFUSED, LAPSED = "waiting", "ready", "taken", "refused", "lapsed"
CHIPS = {WAITING: "info", READY: "good", TAKEN: "outline", REFUSED: "bad", LAPSED: "outline"}


@dataclass(frozen=True)
class Line:
    """A file. `take_url`: where its owner takes it now; `look_url`: the list behind it; `decide_url`: for whoever decides."""

    number: str
    who: str
    purpose: str
    asked: str
    state: str
    chip: str
    note: str
    take_url: str
    look_url: str
    decide_url: str


def number_words(abbreviation: str, export: Export) -> str:
    """The number that stands on the file: YZ-X-0007."""
    return f"{abbreviation}-X-{export.number:04d}"


def stamp_words(number: str, name: str, now: datetime) -> str:
    """What stands on every page of a file that leaves."""
    return _("Taken by {name}, {moment}, number {number}").format(
        name=formats.isolate(name, "auto"), moment=formats.datetime_text(now), number=formats.code_text(number)
    )


def state_of(export: Export, now: datetime) -> str:
    """Where a file stands."""
    is_open = export.good_until is not None and now < export.good_until
    if is_open:
        return READY
    if export.taken_at is not None:
        return TAKEN
    if export.decided_at is None:
        return WAITING
    return LAPSED if export.approved else REFUSED


def state_word(state: str) -> str:
    """The same in words."""
    return {
        WAITING: _("waits for the city's decision"),
        READY: _("approved"),
        TAKEN: _("taken"),
        REFUSED: _("refused"),
        LAPSED: _("approved, not taken in time"),
    }[state]


def lines(
    exports: Sequence[Export], people: Mapping[UUID, Person], abbreviation: str, reader: Person, now: datetime,
    *, decides: bool,
) -> list[Line]:  # fmt: skip
    """Files in words; `people`: who asked and who decided."""
    return [_line(export, people, abbreviation, reader, now, decides) for export in exports]


def _line(
    export: Export, people: Mapping[UUID, Person], abbreviation: str, reader: Person, now: datetime, decides: bool
) -> Line:
    state = state_of(export, now)
    is_own = export.person_id == reader.pk
    here = {"city": export.city_id, "export": export.pk}
    return Line(
        number=number_words(abbreviation, export),
        who=name_in(people, export.person_id),
        purpose=export.purpose,
        asked=formats.datetime_text(export.asked_at),
        state=state_word(state),
        chip=CHIPS[state],
        note=_note(export, state, name_in(people, export.decided_by)),
        take_url=export.address if is_own and state == READY else "",
        look_url=export.address.partition("?")[0] if decides and export.what.startswith("list:") else "",
        decide_url=reverse("programme:export-decide", kwargs=here)
        if decides and not is_own and state == WAITING
        else "",
    )


def _note(export: Export, state: str, who: str) -> str:
    if state == READY and export.good_until is not None:
        return _("Take it before {moment}.").format(moment=formats.datetime_text(export.good_until))
    if state == REFUSED:
        return export.reason
    if state == TAKEN and export.taken_at is not None:
        return formats.datetime_text(export.taken_at)
    return who
