"""Documents to JSON and back, so that a snapshot keeps the very words it printed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from beiji.ui.print import document as parts
from beiji.ui.print.document import Document

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


def document_of(content: dict[str, Any], language: str) -> Document:
    """The document of one language out of a snapshot's content."""
    document: Document = from_json(content["documents"][language])
    return document


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a snapshot's content in one canonical spelling."""
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()
