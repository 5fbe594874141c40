"""Fields of a scenario pack, each read with a sentence for what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from beiji.packs.simulation_common import deep, known, plain
from beiji.science.draws import Law, law_from
from beiji.science.scenario import COLOURS

HOW_A_LAW = "Write a number of minutes or, for example, {lognormal: {mean: 24, cv: 0.5}}."


def one_of(where: str, value: Any, names: tuple[str, ...], faults: list[str]) -> str | None:
    if value is not None and value not in names:
        faults.append(f'{where} "{value}" is unknown.{known(str(value), names)}')
        return None
    return value  # type: ignore[no-any-return]


def sum_to_one(where: str, shares: Mapping[str, float], faults: list[str]) -> None:
    if any(not share >= 0 for share in shares.values()):
        faults.append(f"{where} holds a negative share. Give shares of 0 and more.")
    elif abs(math.fsum(shares.values()) - 1.0) > 1e-9:
        faults.append(f"{where} sums to {math.fsum(shares.values()):g}. Give shares that sum to 1.")


def share_of(where: str, value: Any, faults: list[str]) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool | str) or not 0 <= value <= 1:
        faults.append(f"{where} is {value}. Give a share from 0 to 1.")
        return None
    return float(value)


def law_of(spec: Any, where: str, faults: list[str]) -> Law | None:
    if spec is None:
        return None
    try:
        return law_from(deep(spec))
    except (ValueError, KeyError, TypeError, AttributeError):
        faults.append(f"{where} is no distribution. {HOW_A_LAW}")
        return None


def mix_of(where: str, shares: Any, faults: list[str]) -> dict[str, float] | None:
    """Shares by severity; None where none are given."""
    if shares is None:
        return None
    if not isinstance(shares, Mapping):
        faults.append(f"{where} must give shares by colour, for example {{red: 0.2, yellow: 0.3, green: 0.5}}.")
        return None
    for colour in shares:
        one_of(where, colour, COLOURS, faults)
    mix = {str(colour): float(plain(share)) for colour, share in shares.items()}
    sum_to_one(where, mix, faults)
    return mix


def timetable_of(where: str, table: Any, faults: list[str]) -> dict[float, float] | None:
    try:
        made = {float(plain(minute)): float(plain(value)) for minute, value in table.items()}
    except (AttributeError, TypeError, ValueError):
        faults.append(f"{where} is no timetable. Write values by minute, for example {{0: 0, 30: 2}}.")
        return None
    if list(made) != sorted(made):
        faults.append(f"{where} goes backwards. Write its minutes in rising order.")
    return made
