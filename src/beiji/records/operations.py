"""Operations: what a client did, kept as it was said. The desk browser is one more device."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .models import Operation
from .refused import ChangeRefused
from .typed import as_uuid, clean_text


class OperationError(ChangeRefused):
    """The operation is not taken; the text is one finished, translated sentence."""


#: What a tablet's clock may say. A dead battery sets it back to 1970; outside these years no zone can be counted in.
FIRST_YEAR, LAST_YEAR = 1970, 2099
LONGEST_TEXT = 5000
MOST_FIELDS = 20
DEVICE = re.compile(r"[A-Za-z0-9._-]{1,40}")
NAME = re.compile(r"[a-z_]{1,40}")


#: A device sends its queue in parcels; a larger one is refused whole.
LARGEST_PARCEL = 200
LONGEST_ID = 40


@dataclass(frozen=True)
class Parcel:
    """A part of a device's queue as it was sent: operations that nobody has read yet, and whose they are said to be."""

    operations: Sequence[Any]
    person: Any


def parcel_of(body: bytes) -> Parcel:
    """Read a parcel. Raises OperationError when it is none or too large; the device then sends its entries one by one."""
    try:
        data = json.loads(body, parse_constant=lambda word: None)  # NaN is no number: the operation is refused by name
    except (ValueError, RecursionError):
        data = None
    entries = data.get("operations") if isinstance(data, dict) else None
    if not isinstance(entries, list) or len(entries) > LARGEST_PARCEL:
        raise OperationError(_("The operations could not be read; load the page again."))
    return Parcel(entries, data.get("person"))


def named_id(data: Any) -> str | None:
    """The id that an operation gives itself, as far as it can be said back."""
    given = data.get("id") if isinstance(data, dict) else None
    return given if isinstance(given, str) and len(given) <= LONGEST_ID else None


@dataclass(frozen=True)
class Said:
    """One operation as the client words it; its texts have passed the cleaner."""

    id: UUID
    kind: str
    device: str
    seq: int
    base: UUID | None
    made_at: datetime
    payload: Mapping[str, Any]


def parse(data: Any, kinds: frozenset[str]) -> Said:
    """Read one operation out of JSON. Raises OperationError that names the field which is wrong.

    Everything kept is bounded here: what the database, a page or a later reader cannot hold is never acknowledged.
    """
    if not isinstance(data, Mapping):
        raise OperationError(_("An operation is an object with id, kind, device, seq, made_at and payload."))
    identifier, base = as_uuid(data.get("id")), as_uuid(data.get("base"))
    if identifier is None or (data.get("base") is not None and base is None):
        raise OperationError(_("The operation's id or base is not a UUID."))
    if identifier.version != 7:
        raise OperationError(_("The operation's id is not a UUID of version 7."))
    kind, device, seq = data.get("kind"), data.get("device"), data.get("seq")
    if not isinstance(kind, str) or kind not in kinds:
        raise OperationError(_("The kind {kind} is unknown here.").format(kind=named(kind)))
    if not isinstance(device, str) or not DEVICE.fullmatch(device):
        raise OperationError(_("The operation names no device."))
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < 2**53:
        raise OperationError(_("The operation's seq is not a whole number."))
    return Said(identifier, kind, device, seq, base, _instant(data.get("made_at")), _payload(data.get("payload")))


def named(value: Any) -> str:
    """A value as a sentence may quote it: short, and nothing that a page cannot show."""
    return clean_text(str(value)[:20]) if isinstance(value, str | int | float) and not is_huge(value) else "?"


def is_huge(value: Any) -> bool:
    """Is this a whole number that is dear to write out?"""
    return isinstance(value, int) and not -(2**53) < value < 2**53


def _instant(value: Any) -> datetime:
    try:
        made_at = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        made_at = None
    if made_at is None or made_at.tzinfo is None:
        raise OperationError(_("The operation's made_at is not a time with a zone."))
    if not FIRST_YEAR <= made_at.year <= LAST_YEAR:
        raise OperationError(
            _("This device's clock says the year {year}; set it, and enter this again.").format(year=made_at.year)
        )
    return made_at.astimezone(UTC)


def _payload(value: Any) -> dict[str, Any]:
    """The payload with its texts cleaned: flat, few fields, short names, texts and whole numbers of bounded size."""
    if not isinstance(value, Mapping):
        raise OperationError(_("The operation carries no payload."))
    if len(value) > MOST_FIELDS:
        raise OperationError(_("The operation carries more than {count} fields.").format(count=MOST_FIELDS))
    payload: dict[str, Any] = {}
    for name, content in value.items():
        if not NAME.fullmatch(name):
            raise OperationError(_("The field {name} is unknown here.").format(name=named(name)))
        parts = content if isinstance(content, list) else [content]
        if len(parts) > MOST_FIELDS or not all(_is_plain(part) for part in parts):
            raise OperationError(_("The field {name} holds something that cannot be kept.").format(name=name))
        cleaned = [clean_text(part) if isinstance(part, str) else part for part in parts]
        payload[name] = cleaned if isinstance(content, list) else cleaned[0]
    return payload


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return value is None or isinstance(value, bool) or (isinstance(value, int) and not is_huge(value))


def keep_all(
    *, city: str, stream: str, entries: Sequence[tuple[Said, datetime]], person: UUID
) -> list[tuple[Operation, bool]]:
    """Append operations with the instants at which they arrived. Returns each and whether it is new: the same id again
    changes nothing and is no fault.

    Raises OperationError when an id was used for something else, or the device used its seq twice.
    """
    rows = [_row(city, stream, said, person, now) for said, now in entries]
    try:
        with transaction.atomic():
            return [(operation, True) for operation in Operation.objects.bulk_create(rows)]
    except IntegrityError:  # something of it is here already: which, is seen one by one
        return [_keep(operation) for operation in rows]


def _row(city: str, stream: str, said: Said, person: UUID, now: datetime) -> Operation:
    return Operation(
        id=said.id,
        city=city,
        stream=stream,
        kind=said.kind,
        device=said.device,
        seq=said.seq,
        base=said.base,
        payload=dict(said.payload),
        person=person,
        made_at=said.made_at,
        received_at=now,
    )


def _keep(operation: Operation) -> tuple[Operation, bool]:
    try:
        with transaction.atomic():
            operation.save(force_insert=True)
            return operation, True
    except IntegrityError:
        known = Operation.objects.filter(pk=operation.pk, stream=operation.stream, person=operation.person).first()
        if known is not None and known.payload == operation.payload:
            return known, False
        raise OperationError(_("This device has used that id or number for something else; reload the page.")) from None
