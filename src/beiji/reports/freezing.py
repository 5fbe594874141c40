"""Documents to JSON and back, so that a snapshot keeps the very words it printed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.records.kept import NotAsKept
from beiji.ui.print import document as parts
from beiji.ui.print.document import Document

from .models import Snapshot

_TYPES = {
    cls.__name__: cls
    for cls in vars(parts).values()
    if isinstance(cls, type) and dataclasses.is_dataclass(cls) and cls.__module__ == parts.__name__
}


def as_json(value: Any) -> Any:
    """A document, block or entry as JSON values; a dataclass carries its name as `is`."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__} | {
            f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)
        }
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value


def from_json(value: Any) -> Any:
    """The inverse of `as_json`; lists become tuples. Raises KeyError for a name that no block has."""
    if isinstance(value, dict):
        fields = {name: from_json(entry) for name, entry in value.items() if name != "is"}
        return _TYPES[value["is"]](**fields)
    if isinstance(value, list):
        return tuple(from_json(item) for item in value)
    return value


#: Where a person's name stands in a frozen text. The name itself is never frozen: erasing a person must reach old reports.
PERSON = re.compile(r"\u27e6person:([0-9a-f-]{36})\u27e7")


def person_mark(key: UUID) -> str:
    """What is frozen in place of a person's name."""
    return f"\u27e6person:{key}\u27e7"


def people_in(content: dict[str, Any], language: str) -> set[UUID]:
    """Keys of the people whose names stand in the document of one language."""
    return {UUID(key) for key in PERSON.findall(json.dumps(content["documents"][language], ensure_ascii=False))}


def document_of(content: dict[str, Any], language: str, names: Mapping[UUID, str] | None = None) -> Document:
    """The document of one language out of a snapshot's content, with people's names as they are now."""
    known = names or {}
    document: Document = from_json(_named(content["documents"][language], known))
    return document


def _named(value: Any, names: Mapping[UUID, str]) -> Any:
    if isinstance(value, str):
        return PERSON.sub(lambda mark: names.get(UUID(mark[1]), "–"), value)
    if isinstance(value, dict):
        return {key: _named(entry, names) for key, entry in value.items()}
    return [_named(item, names) for item in value] if isinstance(value, list) else value


def frame_of(
    *, city: str, number: str, audience: str, subject: str | None, as_of: date, known_at: datetime,
    packs: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """What the row says beside the content: whose report it is, of when, and on what it rests."""
    return {
        "city": city, "number": number, "audience": audience, "subject": subject, "as_of": as_of.isoformat(),
        "known_at": known_at.astimezone(UTC).isoformat(), "packs": dict(packs),
    }  # fmt: skip


def content_of(snapshot: Snapshot) -> dict[str, Any]:
    """What the report says, as it was frozen. Raises NotAsKept when the row was changed past the program."""
    content: dict[str, Any] = snapshot.content
    frame = frame_of(
        city=snapshot.city_id, number=snapshot.number, audience=snapshot.audience,
        subject=snapshot.subject.code if snapshot.subject else None, as_of=snapshot.as_of, known_at=snapshot.known_at,
        packs=snapshot.packs,
    )  # fmt: skip
    # Reports of the first landing carry no frame; their digest covers their words and numbers only.
    if digest_of(content) != snapshot.digest or content.get("frame", frame) != frame:
        raise NotAsKept(
            _(
                "Report {number} does not say any more what it said when it was made, so it is not given out; ask the administrator to restore it from a backup."
            ).format(number=snapshot.number)
        )
    return content


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a snapshot's content in one canonical spelling."""
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()
