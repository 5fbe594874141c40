"""Published triage rules as plain functions: findings in, category out.

Each rule is one function over arrays (any shape) and returns :data:`RED`, :data:`YELLOW`, :data:`GREEN` or :data:`BLACK`, the four legal colours in
order of urgency. A rule's own words (P1, IMMEDIATE, EXPECTANT, NOT BREATHING …) are in :data:`LABELS`. Thresholds come from the parameter register
(``triage.*``); the order of the questions is the rule and stands here. Inside a run nothing is triaged: the category of every state of a casualty
is computed beforehand and looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from beiji.science.parameters import Register, register

RED, YELLOW, GREEN, BLACK, DEAD = 0, 1, 2, 3, 4
COLOURS = ("red", "yellow", "green", "black")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class TriageError(ValueError):
    """An unknown rule or findings that cannot be."""


@dataclass(frozen=True)
class Findings:
    """What a first responder can see, as arrays of one shape. The defaults describe nobody: build with :func:`findings`.

    Rates per minute, ``systolic`` in mmHg, ``capillary_refill_s`` in seconds, ``age_years`` in years, ``spo2`` in percent; ``gcs_motor`` 1 to 6.
    ``breathes`` is before, ``breathes_after_airway`` after the airway is opened; ``likely_to_survive`` is SALT's judgement with the resources at hand.
    """

    age_years: Floats
    walks: Bools
    breathes: Bools
    breathes_after_airway: Bools
    breathes_after_rescue_breaths: Bools
    respiratory_rate: Floats
    pulse: Floats
    systolic: Floats
    spo2: Floats
    capillary_refill_s: Floats
    radial: Bools
    gcs_motor: Ints
    gcs_total: Ints
    obeys: Bools
    responds_to_voice: Bools
    responds_to_pain_appropriately: Bools
    talks: Bools
    catastrophic_bleed: Bools
    bleeding_controlled: Bools
    penetrating_torso: Bools
    respiratory_distress: Bools
    minor_injuries_only: Bools
    likely_to_survive: Bools


DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "age_years": 30.0, "walks": False, "breathes": True, "breathes_after_airway": True, "breathes_after_rescue_breaths": False,
        "respiratory_rate": 18.0, "pulse": 85.0, "systolic": 120.0, "spo2": 97.0, "capillary_refill_s": 1.5, "radial": True, "gcs_motor": 6,
        "gcs_total": 15, "obeys": True, "responds_to_voice": True, "responds_to_pain_appropriately": True, "talks": True,
        "catastrophic_bleed": False, "bleeding_controlled": True, "penetrating_torso": False, "respiratory_distress": False,
        "minor_injuries_only": False, "likely_to_survive": True,
    }
)  # fmt: skip


def findings(**values: Any) -> Findings:
    """Build findings by broadcasting the given values over a default adult who lies, breathes at 18, has pulse 85 and obeys.

    Raises :class:`TriageError` for an unknown field, a NaN or a negative number.
    """
    unknown = sorted(set(values) - set(DEFAULTS))
    if unknown:
        raise TriageError(f"Unknown finding {', '.join(unknown)}. Known findings: {', '.join(DEFAULTS)}.")
    merged = {name: np.asarray(values.get(name, default)) for name, default in DEFAULTS.items()}
    shape = np.broadcast_shapes(*(array.shape for array in merged.values()))
    columns = {}
    for name, default in DEFAULTS.items():
        kind: Any = np.bool_ if isinstance(default, bool) else np.int64 if isinstance(default, int) else np.float64
        column = np.broadcast_to(merged[name], shape)
        if kind is not np.bool_ and not bool(np.all(np.isfinite(column) & (column >= 0))):
            raise TriageError(f"Finding {name} holds a negative number or no number. Give values of 0 and more.")
        columns[name] = np.array(column, dtype=kind)
    return Findings(**columns)


def where(found: Findings, index: Any) -> Findings:
    """Return the findings at ``index`` (any NumPy index)."""
    return Findings(**{item.name: getattr(found, item.name)[index] for item in fields(Findings)})


def _decide(*steps: tuple[Bools, int], otherwise: int) -> Ints:
    """Return the colour of the first question answered yes, else ``otherwise``: a flow chart read from the top."""
    return np.select([question for question, _ in steps], [colour for _, colour in steps], default=otherwise).astype(
        np.int64
    )


def start(found: Findings, limits: Register) -> Ints:
    """START: walks, breathes, rate > 30, capillary refill > 2 s (or no radial pulse), obeys."""
    poor = (found.capillary_refill_s > limits["triage.start.refill_above"]) | ~found.radial
    return _start(found, limits, poor)


def mstart(found: Findings, limits: Register) -> Ints:
    """Modified START: the radial pulse alone stands for perfusion."""
    return _start(found, limits, ~found.radial)


def _start(found: Findings, limits: Register, poor_perfusion: Bools) -> Ints:
    apnoea = ~found.breathes
    return _decide(
        (found.walks, GREEN),
        (apnoea & ~found.breathes_after_airway, BLACK),
        (apnoea, RED),
        (found.respiratory_rate > limits["triage.start.rate_above"], RED),
        (poor_perfusion, RED),
        (~found.obeys, RED),
        otherwise=YELLOW,
    )


def jumpstart(found: Findings, limits: Register) -> Ints:
    """JumpSTART for children of about 1 to 8 years: five rescue breaths if there is a pulse; rate < 15 or > 45; AVPU."""
    apnoea = ~found.breathes & ~found.breathes_after_airway
    has_pulse = found.pulse > 0
    odd_rate = (found.respiratory_rate < limits["triage.jumpstart.rate_low"]) | (
        found.respiratory_rate > limits["triage.jumpstart.rate_high"]
    )
    return _decide(
        (found.walks, GREEN),
        (apnoea & ~has_pulse, BLACK),
        (apnoea & ~found.breathes_after_rescue_breaths, BLACK),
        (~found.breathes, RED),
        (odd_rate, RED),
        (~found.radial, RED),
        (~found.responds_to_voice & ~found.responds_to_pain_appropriately, RED),
        otherwise=YELLOW,
    )


def salt(found: Findings, limits: Register) -> Ints:
    """SALT after its life-saving interventions; EXPECTANT has no legal colour in China and becomes red, lowest within red by its survival."""
    del limits
    all_well = found.obeys & (found.pulse > 0) & found.radial & ~found.respiratory_distress & found.bleeding_controlled
    return _decide(
        (~found.breathes & ~found.breathes_after_airway, BLACK),
        (all_well & found.minor_injuries_only, GREEN),
        (all_well, YELLOW),
        otherwise=RED,
    )


def sieve(found: Findings, limits: Register) -> Ints:
    """Triage Sieve (MIMMS): walks, breathes, rate < 10 or >= 30, pulse > 120."""
    odd_rate = (found.respiratory_rate < limits["triage.sieve.rate_low"]) | (
        found.respiratory_rate >= limits["triage.sieve.rate_high"]
    )
    return _decide(
        (found.walks, GREEN),
        (~found.breathes & ~found.breathes_after_airway, BLACK),
        (~found.breathes, RED),
        (odd_rate, RED),
        (found.pulse > limits["triage.sieve.pulse_above"], RED),
        otherwise=YELLOW,
    )


def nasmed(found: Findings, limits: Register) -> Ints:
    """NASMeD (NARU) sieve: catastrophic bleeding first, then walking; unconscious is red; pulse > 120 or refill > 2 s."""
    odd_rate = (found.respiratory_rate < limits["triage.sieve.rate_low"]) | (
        found.respiratory_rate >= limits["triage.sieve.rate_high"]
    )
    circulation = (found.pulse > limits["triage.sieve.pulse_above"]) | (
        found.capillary_refill_s > limits["triage.sieve.refill_above"]
    )
    unconscious = ~found.responds_to_voice
    return _decide(
        (found.catastrophic_bleed, RED),
        (found.walks, GREEN),
        (~found.breathes & ~found.breathes_after_airway, BLACK),
        (~found.breathes | unconscious, RED),
        (odd_rate | circulation, RED),
        otherwise=YELLOW,
    )


def mptt24(found: Findings, limits: Register) -> Ints:
    """MPTT-24: catastrophic bleeding, walks, breathing, voice, rate < 12 or >= 24, pulse >= 100."""
    odd_rate = (found.respiratory_rate < limits["triage.mptt24.rate_low"]) | (
        found.respiratory_rate >= limits["triage.mptt24.rate_high"]
    )
    return _decide(
        (found.catastrophic_bleed, RED),
        (found.walks, GREEN),
        (~found.breathes & ~found.breathes_after_airway, BLACK),
        (~found.breathes | ~found.responds_to_voice, RED),
        (odd_rate | (found.pulse >= limits["triage.mptt24.pulse_high"]), RED),
        otherwise=YELLOW,
    )


def mitt(found: Findings, limits: Register) -> Ints:
    """Major Incident Triage Tool (NHS 2023): MPTT-24 with rate < 12 or > 23 and every child of two years and under red."""
    odd_rate = (found.respiratory_rate < limits["triage.mitt.rate_low"]) | (
        found.respiratory_rate > limits["triage.mitt.rate_above"]
    )
    return _decide(
        (found.catastrophic_bleed, RED),
        (found.walks, GREEN),
        (~found.breathes & ~found.breathes_after_airway, BLACK),
        (~found.breathes | ~found.responds_to_voice, RED),
        (found.age_years <= limits["triage.mitt.age_up_to"], RED),
        (odd_rate | (found.pulse >= limits["triage.mitt.pulse_high"]), RED),
        otherwise=YELLOW,
    )


def tst(found: Findings, limits: Register) -> Ints:
    """Ten Second Triage (2023): walking before bleeding; talking; penetrating torso. "Not breathing" is no death label; it is shown as black."""
    del limits
    return _decide(
        (found.walks, GREEN),
        (found.catastrophic_bleed, RED),
        (found.talks & found.penetrating_torso, RED),
        (found.talks, YELLOW),
        (found.breathes | found.breathes_after_airway, RED),
        otherwise=BLACK,
    )


def careflight(found: Findings, limits: Register) -> Ints:
    """CareFlight: walks, obeys, radial pulse, breathes with open airway."""
    del limits
    return _decide(
        (found.walks, GREEN),
        (found.obeys & found.radial, YELLOW),
        (found.obeys, RED),
        (found.breathes | found.breathes_after_airway, RED),
        otherwise=BLACK,
    )


def ramp(found: Findings, limits: Register) -> Ints:
    """RAMP: follows commands, radial pulse. It asks nobody to walk; those it delays are yellow. Without both signs: expectant, shown as black."""
    del limits
    return _decide((found.obeys & found.radial, YELLOW), (found.obeys | found.radial, RED), otherwise=BLACK)


def rpm(found: Findings, limits: Register) -> Ints:
    """RPM score as a rule: up to 6 red, 7 to 9 yellow, 10 and more green, 0 black (split of two public simulators)."""
    score = rpm_codes(found, limits).sum(axis=0)
    return _decide(
        (score == 0, BLACK),
        (score <= limits["rpm.urgent_high"], RED),
        (score <= limits["rpm.medium_high"], YELLOW),
        otherwise=GREEN,
    )


def rpm_codes(found: Findings, limits: Register | None = None) -> Ints:
    """Return the three Sacco codes (rate, pulse, motor), each 0 to 4, stacked on a new first axis."""
    limits = limits or register()
    rate = np.where(found.breathes, found.respiratory_rate, 0.0)
    rate_code = _decide(
        (rate <= 0, 0),
        (rate <= limits["rpm.rate_low_high"], 1),
        (rate <= limits["rpm.rate_normal_high"], 4),
        (rate <= limits["rpm.rate_high_high"], 3),
        otherwise=2,
    )
    pulse_code = _decide(
        (found.pulse <= 0, 0),
        (found.pulse < limits["rpm.pulse_slow_low"], 1),
        (found.pulse < limits["rpm.pulse_normal_low"], 2),
        (found.pulse <= limits["rpm.pulse_normal_high"], 4),
        otherwise=3,
    )
    motor_code = np.array([0, 0, 1, 1, 2, 3, 4], np.int64)[found.gcs_motor]
    return np.stack([rate_code, pulse_code, motor_code])


Rule = Callable[[Findings, Register], Ints]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "start": start, "mstart": mstart, "jumpstart": jumpstart, "salt": salt, "sieve": sieve, "nasmed": nasmed, "mptt24": mptt24, "mitt": mitt,
        "tst": tst, "careflight": careflight, "ramp": ramp, "rpm": rpm,
    }
)  # fmt: skip

#: The words each rule prints for red, yellow, green, black.
LABELS: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "start": ("RED", "YELLOW", "GREEN", "BLACK"),
        "mstart": ("RED", "YELLOW", "GREEN", "BLACK"),
        "jumpstart": ("RED", "YELLOW", "GREEN", "BLACK"),
        "salt": ("IMMEDIATE", "DELAYED", "MINIMAL", "DEAD"),
        "sieve": ("P1", "P2", "P3", "DEAD"),
        "nasmed": ("P1", "P2", "P3", "DEAD"),
        "mptt24": ("P1", "P2", "P3", "DEAD"),
        "mitt": ("P1", "P2", "P3", "DEAD"),
        "tst": ("P1", "P2", "P3", "NOT BREATHING"),
        "careflight": ("IMMEDIATE", "URGENT", "DELAYED", "UNSALVAGEABLE"),
        "ramp": ("IMMEDIATE", "DELAYED", "DELAYED", "EXPECTANT"),
        "rpm": ("URGENT", "MEDIUM", "NOT URGENT", "DEAD"),
    }
)


def triage(rule: str, found: Findings, *, limits: Register | None = None) -> Ints:
    """Apply the named rule; returns one colour per finding. An unknown rule raises :class:`TriageError` listing the known ones."""
    if rule not in RULES:
        raise TriageError(f"Unknown triage rule {rule}. Known rules: {', '.join(RULES)}.")
    return RULES[rule](found, limits or register())


def label(rule: str, colour: int) -> str:
    """Return the rule's own word for a colour, for example ``P1`` or ``EXPECTANT``."""
    if rule not in LABELS:
        raise TriageError(f"Unknown triage rule {rule}. Known rules: {', '.join(LABELS)}.")
    return LABELS[rule][colour]


def observed(category: Ints, draw: Floats, *, undertriage: float, overtriage: float) -> Ints:
    """Return what an observer writes on the tag: reds missed with probability ``undertriage`` become yellow, yellows and greens are called red with
    probability ``overtriage``; the dead are recognised. ``draw`` holds one uniform number in (0, 1) per casualty. Probabilities outside 0 to 1 raise.
    """
    if not (0 <= undertriage <= 1 and 0 <= overtriage <= 1):
        raise TriageError(f"Undertriage {undertriage:g} and overtriage {overtriage:g} must lie between 0 and 1.")
    missed = (category == RED) & (draw < undertriage)
    raised = ((category == YELLOW) | (category == GREEN)) & (draw < overtriage)
    return np.where(missed, YELLOW, np.where(raised, RED, category)).astype(np.int64)
