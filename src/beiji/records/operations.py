"""Operations: what a client did, kept as it was said. The desk browser is one more device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .models import Operation


class OperationError(Exception):
    """The operation is not taken; the text is one finished, translated sentence."""


@dataclass(frozen=True)
class Said:
    """One operation as the client words it."""

    id: UUID
    kind: str
    device: str
    seq: int
    base: UUID | None
    made_at: datetime
    payload: Mapping[str, Any]


def parse(data: Any, kinds: frozenset[str]) -> Said:
    """Read one operation out of JSON. Raises OperationError that names the field which is wrong."""
    if not isinstance(data, Mapping):
        raise OperationError(_("An operation is an object with id, kind, device, seq, made_at and payload."))
    try:
        identifier = UUID(str(data["id"]))
        base = UUID(str(data["base"])) if data.get("base") else None
    except (KeyError, ValueError):
        raise OperationError(_("The operation's id or base is not a UUID.")) from None
    if identifier.version != 7:
        raise OperationError(_("The operation's id is not a UUID of version 7."))
    kind, device, seq, payload = data.get("kind"), data.get("device"), data.get("seq"), data.get("payload")
    if kind not in kinds:
        raise OperationError(_("The kind {kind} is unknown here.").format(kind=kind))
    if not isinstance(device, str) or not 1 <= len(device) <= 40:
        raise OperationError(_("The operation names no device."))
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < 2**53:
        raise OperationError(_("The operation's seq is not a whole number."))
    if not isinstance(payload, Mapping):
        raise OperationError(_("The operation carries no payload."))
    try:
        made_at = datetime.fromisoformat(str(data["made_at"]))
    except (KeyError, ValueError):
        raise OperationError(_("The operation's made_at is not a time with a zone.")) from None
    if made_at.tzinfo is None:
        raise OperationError(_("The operation's made_at is not a time with a zone."))
    return Said(identifier, str(kind), device, seq, base, made_at, payload)


def keep(*, city: str, stream: str, said: Said, person: UUID, now: datetime) -> tuple[Operation, bool]:
    """Append an operation. Returns it and whether it is new: the same id again changes nothing and is no fault.

    Raises OperationError when the id was used for something else, or the device used its seq twice.
    """
    try:
        with transaction.atomic():
            return Operation.objects.create(
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
            ), True
    except IntegrityError:
        known = Operation.objects.filter(pk=said.id, stream=stream, person=person).first()
        if known is not None and known.payload == dict(said.payload):
            return known, False
        raise OperationError(_("This device has used that id or number for something else; reload the page.")) from None
