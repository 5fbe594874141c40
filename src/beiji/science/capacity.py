"""Capacity over time: timetable, activation level, declaration, call-in waves, reverse triage, blood, power. Plain; structure.md, 5."""
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .city import Hospital, Timetable
from .pathway import NURSES, Kind, Values
from .shifts import Change, handed_over

CHANGE, CLEAR, OUTAGE, RESTORE = range(4)
LEVEL_SHARE = {"standby": 0.0, "partial": 0.5, "full": 1.0, "over": 1.0}
REVERSE_SHARE = {"standby": 0.0, "partial": 0.0, "full": 0.5, "over": 1.0}
WAVE_1_MIN = 30.0
REVERSE_MIN = (60.0, 120.0)
PLENTY = 1_000_000
REPORTERS = "ct_reporters"
ON_POWER = ("theatres", "burn_beds", "paediatric_icu_beds", "icu_beds")


@dataclass(frozen=True)
class Step:
    """A capacity step at `at_min + after_min × call-in pace`. mode: change by `amount`, clear quarter `part`, outage, restore.
    `declared`: it hangs on the hospital's declaration; `wave`: 1 or 2 for people called in."""

    kind: str
    at_min: float
    after_min: float
    amount: int
    mode: int = CHANGE
    part: int = 0
    declared: bool = False
    wave: int = 0


def whole(x: float) -> int:
    """To the nearest whole number, halves up."""
    return math.floor(x + 0.5)


def as_timetable(value: float | Timetable) -> dict[float, float]:
    """A number is a timetable with one entry; minutes ascending."""
    if isinstance(value, Mapping):
        return {float(m): float(v) for m, v in sorted(value.items(), key=lambda item: float(item[0]))}
    return {0.0: float(value)}


def value_at(value: float | Timetable, minute: float) -> float:
    """The entry that holds at a minute; 0 before the first."""
    held = 0.0
    for m, v in as_timetable(value).items():
        if m <= minute:
            held = v
    return held


def scalar(values: Mapping[str, object], key: str, default: float) -> float:
    """A scalar engine key, or the register's value when the hospital does not give it."""
    found = values.get(key, default)
    return value_at(found, 0.0) if isinstance(found, Mapping) else float(found)  # type: ignore[arg-type]


def timetable_steps(kind: Kind, value: float | Timetable, *, declare_min: float, share: float, wave_1_share: float,
                    wave_2_min: float) -> tuple[int, list[Step]]:
    """Capacity at minute 0 and the steps of one kind: rises scaled by the activation level, people by the call-in waves."""
    table = as_timetable(value)
    base = whole(table.get(0.0, 0.0))
    steps: list[Step] = []
    before, late = base, 0
    for minute, planned in table.items():
        if minute <= 0.0:
            continue
        level = base + math.floor(share * (whole(planned) - base)) if planned > base else whole(planned)
        change, before = level - before, level
        if change == 0:
            continue
        if kind.people and change > 0:
            if minute <= WAVE_1_MIN:
                come = whole(change * wave_1_share)
                late += change - come
                if come:
                    steps.append(Step(kind.name, declare_min, minute, come, declared=True, wave=1))
            else:
                steps.append(Step(kind.name, declare_min, max(minute, wave_2_min), change, declared=True, wave=2))
        else:
            steps.append(Step(kind.name, declare_min, minute, change, declared=True))
    if late:
        steps.append(Step(kind.name, declare_min, wave_2_min, late, declared=True, wave=2))
    return base, steps


def hospital_capacity(hospital: Hospital, *, night: bool, kinds: Iterable[Kind], parameters: Values, blood_delivery: int = 0,
                      grid_failure_min: float | None = None, changes: Iterable[Change] = ()) -> tuple[dict[str, int], list[Step]]:
    """Capacities at minute 0 by kind and all steps of one hospital; `changes`: those of the shift. Optional keys that are not given do not bind
    (oxygen) or are 0."""
    values = hospital.values(night)

    def key(name: str) -> float:
        return scalar(values, name, parameters[name])

    declare = key("hospital.declare_min")
    fails = grid_failure_min if hospital.grid_failure_min is None else hospital.grid_failure_min  # its own power, else the city's
    base: dict[str, int] = {}
    steps: list[Step] = []
    for kind in kinds:
        if not kind.key:
            base[kind.name] = 0
            continue
        missing: float = PLENTY if kind.name == "oxygen_places" else 0.0
        base[kind.name], own = timetable_steps(
            kind, values.get(kind.key, missing), declare_min=declare, share=LEVEL_SHARE[hospital.activation],
            wave_1_share=key("hospital.callin_wave1_share"), wave_2_min=key("hospital.callin_wave2_min"))
        if night and kind.name == REPORTERS and 0 < base[kind.name] <= parameters["shift.reporter_home_most"] and parameters["shift.reporter_home_min"] > 0.0:
            own.insert(0, Step(kind.name, declare, parameters["shift.reporter_home_min"], base[kind.name], declared=True, wave=1))
            base[kind.name] = 0
        if parameters["shift.free_day"] > 0.0:
            own = [replace(step, after_min=step.after_min * parameters["shift.free_day_callin"]) if step.wave else step for step in own]
        own += shift_steps(kind, hospital, night, changes)
        base[kind.name] *= kind.parts
        steps += [replace(step, amount=step.amount * kind.parts) for step in own]
        if (kind.occupiable or kind.name == NURSES) and key("hospital.ed_occupied_share") > 0.0:
            clear = key("hospital.ed_clear_min")
            steps += [Step(kind.name, declare + clear * j / 4, 0.0, 0, CLEAR, j, declared=True) for j in (1, 2, 3, 4)]
        if kind.name in ON_POWER and fails is not None and key("hospital.power_min") > 0.0:
            back = fails + key("hospital.power_min")
            steps += [Step(kind.name, fails, 0.0, 0, OUTAGE), Step(kind.name, back, 0.0, 0, RESTORE)]
        if kind.name == "ward_beds":
            steps += reverse_triage(hospital, base[kind.name], declare, key("hospital.reverse_triage_share"), parameters)
        if kind.name == "blood_units" and blood_delivery:
            steps.append(Step(kind.name, declare + key("hospital.blood_delivery_min"), 0.0, blood_delivery, declared=True))
    return base, steps


def shift_steps(kind: Kind, hospital: Hospital, night: bool, changes: Iterable[Change]) -> list[Step]:
    """People of a kind who come and go at the changes of shift."""
    share = LEVEL_SHARE[hospital.activation]
    plans = {}
    for side in (False, True):
        base, steps = timetable_steps(kind, hospital.values(side).get(kind.key, 0.0), declare_min=0.0, share=share, wave_1_share=1.0, wave_2_min=0.0)
        plans[side] = base, final(base, steps)
    level, made = plans[night][1], []
    for change in changes if kind.people else ():
        then = handed_over(level, plans[night], plans[change.night])
        if then != level:
            made.append(Step(kind.name, change.at_min, 0.0, then - level))
        level, night = then, change.night
    return made


def reverse_triage(hospital: Hospital, free_beds: int, declare: float, share: float, parameters: Values) -> list[Step]:
    """Ward beds emptied by reverse triage: half at 60 min, the rest at 120 min after declaration."""
    occupancy = min(parameters["hospital.bed_occupancy"], 0.99)
    occupied = hospital.occupied_beds if hospital.occupied_beds is not None else free_beds * occupancy / (1.0 - occupancy)
    gained = math.floor(share * REVERSE_SHARE[hospital.activation] * occupied)
    first = gained // 2
    return [Step("ward_beds", declare, minute, amount, declared=True)
            for minute, amount in zip(REVERSE_MIN, (first, gained - first), strict=True) if amount]


def greatest(base: int, steps: Iterable[Step]) -> int:
    """Greatest capacity of one kind that the steps ever reach, in their order of minutes."""
    level = best = base
    for step in sorted((s for s in steps if s.mode == CHANGE), key=lambda s: s.at_min + s.after_min):
        level += step.amount
        best = max(best, level)
    return best


def final(base: int, steps: Iterable[Step]) -> int:
    """Capacity of one kind after all changes."""
    return base + sum(s.amount for s in steps if s.mode == CHANGE)
