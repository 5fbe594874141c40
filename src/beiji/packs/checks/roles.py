"""Role cards: who reports to whom, and what one person may hold at night."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any, get_args

from beiji.packs.checks.references import unknown
from beiji.packs.library import Item, Library
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.common import HOSPITAL_CLASSES, Header
from beiji.packs.schemas.roles import ActivationLevel, NightSet, RoleCards
from beiji.packs.strict import Source

LEVELS = get_args(ActivationLevel)


def check_role_cards(library: Library) -> None:
    """P133, P134, P152 and P170 to P172 of every pack of role cards."""
    for pack in library.role_cards.values():
        source = next(source for header, source in library.headers if header.id == pack.id)
        check_own_parameters(library, pack.header, source)
        items = [item for item in library.of_kind("role card") if item.pack == pack.id]
        for item in items:
            _check_card(pack, item, library.known("role card"))
        _check_numbers(items)
        for item in library.of_kind("night set"):
            if item.pack == pack.id:
                _check_night(pack, item, library.known("role card"))
        for name in HOSPITAL_CLASSES:
            if pack.night_sets and name not in pack.night_sets:
                source.add("P172", f"{pack.id} has no night set for {name}. Add one to night-sets.yaml.")


def check_own_parameters(library: Library, header: Header, source: Source) -> None:
    """P134, P152 and P175 of a pack that speaks with its standard's numbers: its own have a source and a new name."""
    standard = library.standards.get(getattr(header, "standard", None) or "")
    if standard is None and getattr(header, "standard", None):
        name = getattr(header, "standard", "")
        unknown(source, "P134", "Standard", name, library.standards, ("standard",), "Take it away.")
    cards = library.role_cards.get(getattr(header, "cards", None) or "")
    taken = {**(standard.parameters if standard else {}), **(cards.header.parameters if cards else {})}
    for name, parameter in getattr(header, "parameters", {}).items():
        path = ("parameters", name)
        if name in taken:
            sentence = (
                f"Parameter {name} is there already, in the standard or the cards. Use that one: a number has one home."
            )
            source.add("P152", sentence, path, of_key=True)
        if not parameter.src or parameter.title is None:
            lacking = "src" if not parameter.src else "title"
            sentence = (
                f"Parameter {name} has no {lacking}. Say where the number comes from, or that it is an assumption."
            )
            source.add("P175", sentence, path, of_key=True)
        elif parameter.src.removeprefix("assumption/") not in library.known("source"):
            hint = did_you_mean(parameter.src.removeprefix("assumption/"), library.known("source"))
            source.add(
                "P133", f'Source "{parameter.src}" is unknown.{hint or " Add it to sources.yaml."}', (*path, "src")
            )


def _check_card(pack: RoleCards, item: Item, known: set[str]) -> None:
    card, source, path = item.thing, item.source, item.path
    mend = "Add its card, or take it away."
    for position, other in enumerate(card.incompatible):
        unknown(source, "P170", "Role", other, known, (*path, "incompatible", position), mend)
        if other == card.id:
            source.add(
                "P172", f"{card.id} is incompatible with itself. Take it away.", (*path, "incompatible", position)
            )
    if not card.reports_to and card.reports_outside is None:
        sentence = (
            f"{card.id} reports to nobody. Add reports_to: with a card, or reports_outside: for the one at the top."
        )
        source.add("P171", sentence, path)
    if card.reports_to:
        unknown(source, "P170", "Role", card.reports_to, known, (*path, "reports_to"), mend)
        above = [card.id, *pack.chain(card.id)]
        last = pack.cards.get(above[-1])
        if last is not None and last.reports_to == card.id:
            circle = " → ".join([*above, card.id])
            source.add("P171", f"{card.id} reports in a circle: {circle}. Correct one of them.", (*path, "reports_to"))
        chief = pack.cards.get(card.reports_to)
        if chief is not None and LEVELS.index(chief.level) > LEVELS.index(card.level):
            sentence = (
                f"{card.id} is held from {card.level}, {chief.id} above it only from {chief.level}. "
                "Hold the upper one earlier, or report to another."
            )
            source.add("P171", sentence, (*path, "level"))


def _check_numbers(items: list[Item]) -> None:
    seen: dict[int, str] = {}
    for item in items:
        if item.thing.number in seen:
            sentence = f"{item.thing.id} has the number of {seen[item.thing.number]}. Give it the next free one."
            item.source.add("P152", sentence, (*item.path, "number"))
        seen.setdefault(item.thing.number, item.thing.id)


def _check_night(pack: RoleCards, item: Item, known: set[str]) -> None:
    """P170 and P172: a night set holds each card of the night once, in 5 to 7 hands, and no pair that must not meet."""
    night: NightSet = item.thing
    pairs = pack.incompatible_pairs()
    held: list[tuple[tuple[Any, ...], str]] = [
        (("merged", at, "cards", n), id) for at, one in enumerate(night.merged) for n, id in enumerate(one.cards)
    ]
    held += [(("on_duty", n), id) for n, id in enumerate(night.on_duty)]
    held += [(("called_in", n), id) for n, id in enumerate(night.called_in)]
    counts = Counter(id for _, id in held)

    def note(sentence: str, *path: Any) -> None:
        item.source.add("P172", f"{sentence}", (*item.path, *path))

    if not 5 <= len(night.merged) <= 7:
        note(f"{night.id} has {len(night.merged)} merged cards. A night has 5 to 7.", "merged")
    for path, id in held:
        unknown(item.source, "P170", "Role", id, known, (*item.path, *path), "Add its card, or take it away.")
    for id in sorted(id for id, count in counts.items() if count > 1):
        note(f"{id} stands in {counts[id]} places of {night.id}. One person holds it.")
    for card in pack.cards.values():
        if card.only_if is None and "night" in card.shifts and card.id not in counts:
            note(
                f"{night.id} says nothing of {card.id}. Give it to a merged card, or list it under on_duty or called_in."
            )
    for at, one in enumerate(night.merged):
        for first, second in combinations(one.cards, 2):
            if frozenset((first, second)) in pairs:
                sentence = (
                    f"{one.id} merges {first} and {second}, which one person must not hold. Give one to another hand."
                )
                note(sentence, "merged", at, "cards")
