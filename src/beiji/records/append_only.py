"""Which tables only ever grow. The database itself holds to it; the guards are made in `records.guards`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

Columns = tuple[str, ...]
#: Groups of fields that one update may fill, once: the first of a group goes from null to a value.
Once = tuple[Columns, ...]


@dataclass(frozen=True)
class Guarded:
    """A table that only grows. `once` holds groups of columns; `unique` sets of columns that no two rows share, each with
    the columns that must be null for it to hold."""

    table: str
    key: str
    columns: Columns
    once: Once
    unique: tuple[tuple[Columns, Columns], ...]


_GUARDED: dict[str, Once] = {}


def append_only(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: rows of this model, and what its many-to-many fields link, are never changed or deleted, not even
    by SQL."""
    _GUARDED[model._meta.label] = ()
    return model


def append_only_but(*once: tuple[str, ...]) -> Callable[[type[models.Model]], type[models.Model]]:
    """As `append_only`, but each group of fields may be filled once: its first from null to a value, the others with it.

    So a lock can be ended, by whom and why, and never again be another lock.
    """

    def decorate(model: type[models.Model]) -> type[models.Model]:
        _GUARDED[model._meta.label] = once
        return model

    return decorate


def guarded_models() -> Iterator[tuple[type[models.Model], Once]]:
    """All guarded models, and what their many-to-many fields link, with the groups of fields that may be filled once."""
    for label, once in _GUARDED.items():
        model = apps.get_model(label)
        yield model, once
        for field in model._meta.local_many_to_many:
            yield field.remote_field.through, ()


def guarded() -> list[Guarded]:
    """All guarded tables, in alphabetical order."""
    return sorted((_guarded(model, once) for model, once in guarded_models()), key=lambda guard: guard.table)


def _guarded(model: type[models.Model], once: Once) -> Guarded:
    meta = model._meta
    column_of = {field.name: str(field.column) for field in meta.concrete_fields}
    unique: list[tuple[Columns, Columns]] = [((str(f.column),), ()) for f in meta.concrete_fields if f.unique]
    unique += [(tuple(column_of[name] for name in names), ()) for names in meta.unique_together]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            columns = tuple(column_of[name] for name in constraint.fields)
            unique.append((columns, _null_in(constraint, column_of)))
    return Guarded(
        table=meta.db_table,
        key=str(meta.pk.column),
        columns=tuple(column_of.values()),
        once=tuple(tuple(column_of[name] for name in group) for group in once),
        unique=tuple(unique),
    )


def _null_in(constraint: models.UniqueConstraint, column_of: dict[str, str]) -> tuple[str, ...]:
    """Columns that are null in every row that the constraint is about. Raises ValueError for any other condition."""
    if constraint.condition is None:
        return ()
    names = []
    for child in constraint.condition.children:
        look_up, value = child if isinstance(child, tuple) else ("", None)
        name, _, kind = str(look_up).partition("__")
        if kind != "isnull" or value is not True or constraint.condition.negated:
            raise ValueError(f"the guard of {constraint.name} understands conditions of null columns only")
        names.append(column_of[name])
    return tuple(names)
