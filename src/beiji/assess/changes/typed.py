"""What a browser without script sends, kept as the operation that a device would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from django.core.files.uploadedfile import UploadedFile

from beiji.programme.models import Person
from beiji.programme.writing import change
from beiji.records import files
from beiji.records.models import Attachment

from .. import access
from ..models import Visit
from .taking import take_operation


@change
def take_typed(
    *, visit: Visit, kind: str, payload: Mapping[str, Any], by: Person, now: datetime, given: UUID | None = None
) -> None:
    """Keep one operation from a form. Raises as `take_operation`.

    Each form is a device of its own, so its number is always free; `given` is the id that was written into the form, so
    that a form sent twice counts once.
    """
    key = given or uuid6.uuid7()
    data = {
        "id": str(key),
        "kind": kind,
        "device": f"form-{key.hex}",
        "seq": 0,
        "made_at": now.isoformat(),
        "payload": dict(payload),
    }
    take_operation(visit=visit, data=data, person=by, may_settle=access.may_settle(by, visit), now=now)


@change
def attach_file(*, visit: Visit, indicator: str, upload: UploadedFile[Any], by: Person, now: datetime) -> Attachment:
    """Keep a file with the item that it belongs to; a file that no item takes is not kept either."""
    with files.taken_whole():
        file = files.add_attachment(city=visit.city_id, upload=upload, by=by.pk, now=now)
        take_typed(
            visit=visit, kind="attach", payload={"indicator": indicator, "attachment": str(file.pk)}, by=by, now=now
        )
    return file
