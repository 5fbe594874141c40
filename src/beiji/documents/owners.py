"""Which rooms own documents, and what each says of its own: who may do what, what it is called, what a step needs.

A room adds its kind in `registered.py`. This package knows no kind of document by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from beiji.programme.models import Person

from .models import Document
from .rules import Act


@dataclass(frozen=True)
class Head:
    """What a document is called for a reader, whose it is, and the page of which it is a part."""

    title: str
    sub: str
    up: str
    up_word: str


@dataclass(frozen=True)
class Past:
    """What has happened to a version, for the rule of a step: who wrote in it, who handed it in, who reviewed it."""

    writers: Collection[UUID]
    submitted_by: UUID | None
    reviewed_by: UUID | None


@dataclass(frozen=True)
class Owner:
    """A kind of document.

    `visible`: those of this kind whose approved version a person reads; `may`: whether he may do an act at all (else it does not
    exist for him); `refusal`: why he cannot do it with this version, one finished sentence, "" where he can; `heads`: titles.
    `menu`: the entry of the menu under which its pages stand.
    """

    kind: str
    menu: str
    visible: Callable[[Any, Person], Any]
    may: Callable[[Person, Document, Act], bool]
    refusal: Callable[[Person, Act, Past], str]
    heads: Callable[[Sequence[Document]], Mapping[UUID, Head]]


OWNERS: dict[str, Owner] = {}


def register(owner: Owner) -> None:
    """Add a kind. Raises ValueError when another one has its name."""
    if OWNERS.get(owner.kind, owner) != owner:
        raise ValueError(f"documents of kind {owner.kind} have two owners")
    OWNERS[owner.kind] = owner


def owner_of(document: Document) -> Owner:
    """Who owns a document. Raises KeyError for a kind that no room has added."""
    return OWNERS[document.owner]


def head_of(document: Document) -> Head:
    """What one document is called."""
    return owner_of(document).heads([document])[document.pk]
