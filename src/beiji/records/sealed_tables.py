"""Which rows seals hold, and what a row's digest is made of: the same on both databases."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from .append_only import Once, guarded_models
from .models import Seal, SealedPart

#: Fields of a row's digest; a group that is filled at once, or not yet, stands in a list of its own.
Columns = list[str | list[str]]
#: Bytes of a row's digest that are kept beside its key, to name a row that was changed.
FINGERPRINT = 8
#: Rows asked for by their keys in one query.
BATCH = 500


@dataclass(frozen=True)
class Table:
    """A table whose rows are sealed. `city` is the look-up that finds a city's rows."""

    model: type[models.Model]
    once: Once
    city: str

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def has_numbers(self) -> bool:
        """Whether keys are numbers that grow; the others are UUIDs."""
        return not isinstance(self.model._meta.pk, models.UUIDField)

    @property
    def key_size(self) -> int:
        return 8 if self.has_numbers else 16

    @property
    def columns(self) -> Columns:
        grouped = {name for group in self.once for name in group}
        fixed = [f.attname for f in self.model._meta.concrete_fields if f.name not in grouped]
        attname = {f.name: f.attname for f in self.model._meta.concrete_fields}
        return [*fixed, *([attname[name] for name in group] for group in self.once)]

    def rows(self, city: str) -> models.QuerySet[Any]:
        """All rows of a city, whatever scope is open."""
        return self.model._base_manager.filter(**{self.city: city})

    def packed(self, key: Any) -> bytes:
        return int(key).to_bytes(8, "big", signed=True) if self.has_numbers else UUID(str(key)).bytes

    def unpacked(self, key: bytes) -> Any:
        return int.from_bytes(key, "big", signed=True) if self.has_numbers else UUID(bytes=key)

    def parsed(self, rows: bytes) -> Iterator[tuple[Any, bytes]]:
        """Keys and fingerprints of a part."""
        step = self.key_size + FINGERPRINT
        for at in range(0, len(rows), step):
            yield self.unpacked(rows[at : at + self.key_size]), rows[at + self.key_size : at + step]


def tables() -> list[Table]:
    """Every append-only table that belongs to cities, but the seals themselves."""
    found = []
    for model, once in guarded_models():
        if model in (Seal, SealedPart):
            continue
        names = {f.name for f in model._meta.concrete_fields}
        if "city" in names:
            found.append(Table(model, once, "city"))
        elif (
            model._meta.auto_created
        ):  # the links of a many-to-many field belong to the city of the row that has the field
            source = next(f for f in model._meta.concrete_fields if f.is_relation)
            found.append(Table(model, once, f"{source.name}__city"))
    return sorted(found, key=lambda table: table.name)


class Digester:
    """Digests of rows of a table under the columns of a part."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self._table = table
        self._fixed = [name for name in columns if isinstance(name, str)]
        self._groups = [list(group) for group in columns if not isinstance(group, str)]
        self._flat = [*self._fixed, *itertools.chain.from_iterable(self._groups)]

    def read(self, rows: models.QuerySet[Any]) -> Iterator[tuple[Any, Sequence[Any]]]:
        """Key and values of rows."""
        for key, *values in rows.values_list("pk", *self._flat).iterator(chunk_size=2000):
            yield key, values

    def by_keys(self, city: str, keys: Sequence[Any]) -> Iterator[tuple[Any, Sequence[Any]]]:
        """The same of rows with these keys, in the order of the keys; missing ones are left out."""
        for at in range(0, len(keys), BATCH):
            some = keys[at : at + BATCH]
            present = dict(self.read(self._table.rows(city).filter(pk__in=some)))
            yield from ((key, present[key]) for key in some if key in present)

    def digest(self, values: Sequence[Any]) -> bytes:
        """SHA-256 of a row as it stands: a group that is not filled counts as nothing."""
        return _digest([*values[: len(self._fixed)], *self._of_groups(values)])

    def earlier(self, values: Sequence[Any]) -> Iterator[bytes]:
        """Digests that the row may have had before fields were filled; the present one first."""
        yield self.digest(values)
        if not self._groups:
            return
        fixed, groups = list(values[: len(self._fixed)]), self._of_groups(values)
        choices = [(group,) if group is None else (group, None) for group in groups]
        for chosen in itertools.product(*choices):
            yield _digest([*fixed, *chosen])

    def _of_groups(self, values: Sequence[Any]) -> list[list[Any] | None]:
        groups, at = [], len(self._fixed)
        for group in self._groups:
            filled = list(values[at : at + len(group)])
            groups.append(filled if filled[0] is not None else None)
            at += len(group)
        return groups


def _digest(values: Iterable[Any]) -> bytes:
    return hashlib.sha256(_spelled(list(values)).encode()).digest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


#: The one spelling; `json.dumps` would make this anew for each row.
_spelled = json.JSONEncoder(default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
