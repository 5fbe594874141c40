"""Numbers that must agree: targets with their kind, class, minutes and engine key; a city's capacity timetables."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from beiji.packs.engine_keys import MINUTES, OPTIONAL, POLICIES, EngineKey, engine_keys
from beiji.packs.library import Item, Library
from beiji.packs.overlay import number_words, targets_of
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.cities import Capacity
from beiji.packs.schemas.common import HOSPITAL_CLASSES
from beiji.packs.strict import Source


def check_capabilities(library: Library) -> None:
    """P132 and P140 to P147 of every capability."""
    for item in library.of_kind("capability"):
        _check_kind(item)
        _check_classes(item)
        _check_records(item)
        _check_zero(item)
        _check_feeds(item)
        for size_class, target in item.thing.target.items():
            if isinstance(target, Mapping) and item.thing.better:
                path = (*item.path, "target", size_class)
                check_monotone(item.source, f"{item.thing.id} ({size_class})", target, item.thing.better, path)


def check_parameters(library: Library) -> None:
    """P131 and P166: a parameter that is the target of a capability says the same number."""
    for standard in library.standards.values():
        source = next(source for header, source in library.headers if header.id == standard.id)
        for name, parameter in standard.parameters.items():
            if parameter.target_of is None:
                continue
            path = ("parameters", name, "target_of")
            capability = library.capabilities.get(parameter.target_of)
            if capability is None:
                known = library.known("capability")
                if parameter.target_of not in known:
                    hint = did_you_mean(parameter.target_of, known) or " Add it to packs/capabilities."
                    source.add("P131", f'Capability "{parameter.target_of}" is unknown.{hint}', path)
                continue
            for size, target in targets_of(parameter, capability).items():
                if capability.target[size] != target:  # type: ignore[index]
                    sentence = (
                        f"{name} makes {number_words(target)} the target of {capability.id} for {size}; the capability has "
                        "another. Write the same number in both."
                    )
                    source.add("P166", sentence, path)
                    break


def _check_kind(item: Item) -> None:
    capability: Capability = item.thing
    given = {"unit": capability.unit, "better": capability.better, "target": capability.target or None}
    for field, value in given.items():
        if capability.kind == "quantity" and value is None:
            item.source.add("P146", f"{capability.id} is a quantity and has no {field}. Add it.", item.path)
        if capability.kind != "quantity" and value is not None:
            sentence = f"{capability.id} is {capability.kind} and has a {field}. Take it away, or make it a quantity."
            item.source.add("P146", sentence, (*item.path, field))
    if capability.kind == "document" and set(capability.validity_days) - {"stated", "seen"}:
        sentence = f"{capability.id} is a document: no drill can show it. Keep only seen under validity_days."
        item.source.add("P146", sentence, (*item.path, "validity_days"))
    if capability.kind != "document":
        for proof in ("seen", "exercised", "performed"):
            if proof not in capability.validity_days:
                sentence = f'{capability.id} has no validity for "{proof}". Add {proof}: with its days.'
                item.source.add("P146", sentence, (*item.path, "validity_days"))
    if not capability.feeds and capability.because is None:
        sentence = (
            f"{capability.id} feeds nothing and does not say why. Add because: in three languages, or an engine key."
        )
        item.source.add("P146", sentence, item.path)


def _check_records(item: Item) -> None:
    """P146: only a share of which more is better, without minutes, can be counted from records."""
    capability: Capability = item.thing
    if capability.by_records and (
        (capability.unit, capability.better) != ("share", "higher") or capability.is_timetable
    ):
        sentence = f"{capability.id} is no share of which more is better, so it cannot be counted from records. Take by_records away."
        item.source.add("P146", sentence, (*item.path, "by_records"))


def _check_classes(item: Item) -> None:
    target = item.thing.target
    if not target:
        return
    missing = [name for name in HOSPITAL_CLASSES if name not in target]
    if missing and len(missing) < len(HOSPITAL_CLASSES):
        sentence = f"{item.thing.id} has no target for {', '.join(missing)}. Every hospital class needs one."
        item.source.add("P145", sentence, (*item.path, "target"))


def _check_zero(item: Item) -> None:
    capability: Capability = item.thing
    if capability.zero_at is None or capability.better is None:
        return
    for size_class, target in capability.target.items():
        zero = capability.zero_at.get(size_class) if isinstance(capability.zero_at, Mapping) else capability.zero_at
        if zero is None:
            continue
        targets = target.values() if isinstance(target, Mapping) else (target,)
        for value in targets:
            if (capability.better == "lower" and zero <= value) or (capability.better == "higher" and zero >= value):
                side = "above" if capability.better == "lower" else "below"
                sentence = (
                    f"zero_at {number_words(zero)} of {capability.id} meets the target {number_words(value)} "
                    f"of {size_class}. Set it {side} every target."
                )
                item.source.add("P147", sentence, (*item.path, "zero_at"))
                return


def _check_feeds(item: Item) -> None:
    capability: Capability = item.thing
    keys = engine_keys()
    single = isinstance(item.source.data[item.path[0]].get("feeds"), dict)
    for position, feed in enumerate(capability.feeds):
        path = (*item.path, "feeds") if single else (*item.path, "feeds", position)
        key = keys.get(feed.key)
        if key is None:
            hint = did_you_mean(feed.key, keys) or " See the engine's register, or write feeds: none with because."
            item.source.add("P132", f'Engine key "{feed.key}" is unknown.{hint}', (*path, "key"))
            continue
        if feed.how == "value":
            _check_value_feed(item, capability, key, path)
        elif feed.how == "by_level":
            _check_levels(item, feed.levels, key, path)


def _check_value_feed(item: Item, capability: Capability, key: EngineKey, path: tuple[Any, ...]) -> None:
    if capability.kind != "quantity":
        sentence = f"{capability.id} is {capability.kind} and has no value to feed. Use how: by_level, or feed none."
        item.source.add("P146", sentence, path)
        return
    if capability.unit is not None and capability.unit != key.unit:
        sentence = f"{capability.id} is in {capability.unit}; {key.key} needs {key.unit}. Write unit: {key.unit} and convert the targets."
        item.source.add("P144", sentence, (*item.path, "unit"))
    if capability.better is not None and key.better and capability.better != key.better:
        sentence = f"{capability.id} says {capability.better} is better; {key.key} says {key.better}. Correct one."
        item.source.add("P144", sentence, (*item.path, "better"))
    for size_class, target in capability.target.items():
        at = (*item.path, "target", size_class)
        if key.kind == "timetable":
            table = target if isinstance(target, Mapping) else {}
            check_minutes(item.source, capability.id, key, table, at)
        elif isinstance(target, Mapping):
            sentence = (
                f"{key.key} takes one number; {capability.id} gives it by minute. Write one number for {size_class}."
            )
            item.source.add("P140", sentence, at)
        for value in target.values() if isinstance(target, Mapping) else (target,):
            check_range(item.source, capability.id, key, value, at)


def _check_levels(item: Item, levels: Mapping[int, Fraction], key: EngineKey, path: tuple[Any, ...]) -> None:
    missing = [str(level) for level in range(4) if level not in levels]
    if missing:
        sentence = (
            f"{item.thing.id} feeds by level and has no value for {', '.join(missing)}. Add levels: {{0: …, 3: …}}."
        )
        item.source.add("P147", sentence, path)
        return
    steps = [levels[level] for level in range(4)]
    ordered = sorted(steps, reverse=key.better == "lower")
    if steps != ordered:
        sentence = (
            f"The values of {item.thing.id} do not get better from level 0 to 3. {key.key}: {key.better} is better."
        )
        item.source.add("P147", sentence, (*path, "levels"))
    for value in steps:
        check_range(item.source, item.thing.id, key, value, (*path, "levels"))


def check_minutes(source: Source, name: str, key: EngineKey, table: Mapping[int, Any], path: tuple[Any, ...]) -> None:
    """P140: a timetable key needs a value at each of the four minutes and at no other."""
    for minute in MINUTES:
        if minute not in table:
            sentence = f"{name} has no value at {minute} min. {key.key} needs 0, 30, 60 and 120."
            source.add("P140", sentence, path)
    for minute in table:
        if minute not in MINUTES:
            sentence = f"{name} has a value at {minute} min. {key.key} takes 0, 30, 60 and 120."
            source.add("P140", sentence, (*path, minute), of_key=True)


def check_range(source: Source, name: str, key: EngineKey, value: Fraction, path: tuple[Any, ...]) -> None:
    """P143: a value lies in the range of its engine key."""
    if not key.allows(value):
        low, high = (number_words(bound) if bound is not None else "…" for bound in (key.low, key.high))
        sentence = (
            f"{name}: {number_words(value)} is outside {low} to {high} {key.unit} of {key.key}. Check number and unit."
        )
        source.add("P143", sentence, path)


def check_monotone(
    source: Source, name: str, table: Mapping[int, Fraction], better: str, path: tuple[Any, ...]
) -> None:
    """P141: over the minutes a value may only get better, since people and places are only added."""
    minutes = sorted(table)
    for earlier, later in pairwise(minutes):
        worse = table[later] < table[earlier] if better == "higher" else table[later] > table[earlier]
        if worse:
            change = "falls" if better == "higher" else "rises"
            sentence = (
                f"{name} {change} from {number_words(table[earlier])} at {earlier} min to "
                f"{number_words(table[later])} at {later} min. Correct one of them."
            )
            source.add("P141", sentence, (*path, later))


def check_capacity(library: Library) -> None:
    """P132, P140 to P143 and P149 of every capacity timetable of a city."""
    for item in library.of_kind("hospital"):
        _check_table(item.source, item.thing.id, item.thing.capacity, "hospital", (*item.path, "capacity"))
    for city in library.cities.values():
        source = next(source for header, source in library.headers if header.id == city.id)
        if city.header.capacity:
            _check_table(source, city.id, city.header.capacity, "city", ("capacity",))


def _check_table(source: Source, name: str, capacity: Capacity, scope: str, path: tuple[Any, ...]) -> None:
    keys = {key: row for key, row in engine_keys().items() if row.scope == scope}
    for shift, values in (("day", capacity.day), ("night", capacity.night)):
        for key_name, value in values.items():
            at = (*path, shift, key_name)
            key = keys.get(key_name)
            if key is None:
                hint = did_you_mean(key_name, keys) or f" Use a key of scope {scope} from the engine's register."
                source.add("P132", f'Engine key "{key_name}" is unknown here.{hint}', at, of_key=True)
                continue
            _check_entry(source, f"{name} {key_name} ({shift})", key, value, at)
    for key_name in sorted(set(keys) - set(capacity.day) - OPTIONAL):
        source.add("P149", f"{name} has no {key_name} by day. Add it.", (*path, "day"))
    for key_name in sorted(set(capacity.day) & set(capacity.night) & set(keys)):
        _check_night(source, name, keys[key_name], capacity, (*path, "night", key_name))


def _check_entry(source: Source, name: str, key: EngineKey, value: Any, path: tuple[Any, ...]) -> None:
    if key.kind == "choice":
        if value not in POLICIES:
            source.add("P103", f'{name} "{value}" is not one of {", ".join(POLICIES)}. Choose one.', path)
        return
    if isinstance(value, str):
        source.add("P106", f'{name} needs a number, not "{value}". Write digits.', path)
    elif key.kind == "timetable":
        if isinstance(value, Mapping):
            check_minutes(source, name, key, value, path)
            check_monotone(source, name, value, key.better, path)
            for one in value.values():
                check_range(source, name, key, one, path)
        else:
            source.add("P140", f"{name} is one number. {key.key} needs 0, 30, 60 and 120.", path)
    elif isinstance(value, Mapping):
        source.add("P140", f"{name} is given by minute. {key.key} takes one number.", path)
    else:
        check_range(source, name, key, value, path)


def _check_night(source: Source, name: str, key: EngineKey, capacity: Capacity, path: tuple[Any, ...]) -> None:
    """P142: by night no more and no faster than by day. Occupancy and error shares may well be lower by night."""
    if key.kind == "choice" or (key.better == "lower" and key.unit != "min"):
        return
    day, night = capacity.day[key.key], capacity.night[key.key]
    pairs = (
        [(minute, day[minute], night[minute]) for minute in night if minute in day]
        if isinstance(day, Mapping) and isinstance(night, Mapping)
        else [(None, day, night)]
    )
    for minute, by_day, by_night in pairs:
        if not isinstance(by_day, Fraction) or not isinstance(by_night, Fraction):
            continue
        better = by_night > by_day if key.better == "higher" else by_night < by_day
        if better:
            when = f" at {minute} min" if minute is not None else ""
            sentence = (
                f"{name} {key.key}{when} is better by night ({number_words(by_night)}) than by day "
                f"({number_words(by_day)}). Correct one of them."
            )
            source.add("P142", sentence, path if minute is None else (*path, minute))
