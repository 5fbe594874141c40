"""Role cards and the night sets that merge them (`packs/role-cards/*`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from beiji.packs.schemas.common import Header, HospitalClass, Id, Part, Text, Whole, Word
from beiji.packs.schemas.standards import PackSource, Parameter, ParameterField

ActivationLevel = Literal["standby", "partial", "full", "over-capacity"]
DutyShift = Literal["day", "night"]


class RoleCardsHeader(Header):
    """`pack.yaml` of role cards: the standard whose numbers they use, and numbers of their own."""

    kind: Literal["role-cards"]
    title_fields: ClassVar[tuple[str, ...]] = ("title", "mission", "first_ten")
    standard: Word | None = None
    statement: Text
    parameters: dict[Word, ParameterField] = {}


class RoleCard(Part):
    """What one person in one post does. Reports to another card, or outside the hospital for the one at the top."""

    id: Id
    number: Whole
    title: Text
    usual: Text
    reports_to: Word | None = None
    reports_outside: Text | None = None
    where: Text
    mission: Text
    first_ten: tuple[Text, ...]
    then: tuple[Text, ...]
    hands_over: Text
    minimum: Text
    incompatible: tuple[Word, ...] = ()
    level: ActivationLevel
    shifts: tuple[DutyShift, ...] = ("day", "night")
    only_if: Text | None = None
    allow: dict[Word, Word] = {}


class MergedCard(Part):
    """One person of the night and the cards held until relief: the first is the one that is never dropped."""

    id: Id
    title: Text
    held_by: Text
    cards: tuple[Word, ...]


class NightSet(Part):
    """Who holds which cards at 02:00 in a hospital of one class.

    `on_duty`: cards that the duty person of their own department holds alone; `called_in`: those that wait for the call-in.
    """

    id: Id
    hospital_class: HospitalClass
    merged: tuple[MergedCard, ...]
    on_duty: tuple[Word, ...] = ()
    called_in: tuple[Word, ...] = ()
    note: Text | None = None


class RoleCards(Part):
    """All cards in order of number, the night set of each hospital class, and the numbers of their texts."""

    header: RoleCardsHeader
    cards: dict[str, RoleCard]
    night_sets: dict[HospitalClass, NightSet]
    parameters: dict[str, Parameter]
    sources: dict[str, PackSource] = {}
    hash: Word

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version

    def incompatible_pairs(self) -> set[frozenset[str]]:
        """Pairs of cards that one person must never hold, whichever of the two says so."""
        return {frozenset((card.id, other)) for card in self.cards.values() for other in card.incompatible}

    def chain(self, id: str) -> Iterator[str]:
        """The cards above one, nearest first; ends at the top, or where the chain is broken or runs in a circle."""
        seen = {id}
        while (card := self.cards.get(id)) is not None and card.reports_to and card.reports_to not in seen:
            id = card.reports_to
            seen.add(id)
            yield id
