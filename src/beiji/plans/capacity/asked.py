"""What a page or a script sends of a sheet, read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http.request import RawPostDataException
from django.utils.translation import gettext as _

from beiji.programme.requests import CityRequest
from beiji.records.typed import as_uuid, clean_text

from .grid import PLACES, Known, Place, place_of
from .reading import Typed, TypedError, read

#: Longest text of a cell that is looked at.
LONGEST = 200


def known_in(word: Any) -> Known:
    """How the numbers are known that are sent now; what is no such word claims the least."""
    return Known(word) if word in list(Known) else Known.ASSUMED


def whole_in(word: Any) -> int:
    """The number of an entry that a page showed; -1 where it names none."""
    text = str(word)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def cells_in(sent: Mapping[str, str]) -> dict[Place, str]:
    """The cells that a form carries, as typed."""
    return {place: sent[place.name][:LONGEST] for place in PLACES if place.name in sent}


def cell_in(request: CityRequest) -> Typed:
    """One cell that a script sends while somebody types. Raises TypedError."""
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):
        said = None
    said = said if isinstance(said, dict) else {}
    place, operation = place_of(str(said.get("place", ""))), as_uuid(said.get("operation"))
    if place is None or operation is None:
        raise TypedError(_("The cell could not be read; load the page again."))
    value = read(place, clean_text(str(said.get("typed", ""))[:LONGEST]))
    return Typed(place, value, known_in(said.get("known")), whole_in(said.get("base")), operation)


def start_in(sent: Mapping[str, str]) -> Place:
    """Where a pasted block begins; the first cell where nothing is said."""
    return place_of(sent.get("start", "")) or PLACES[0]
