"""The signs of a casualty at every stage of decline, drawn so that they agree with his RPM; and the keyed draws of the pool.

RPM is the sum of three codes. A template loses one point after another in an order drawn by its needs (a head injury loses motor response first, a
bleed its pulse), so every later stage follows from the first and any triage rule can be run on all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from beiji.science.parameters import Register, data_rows
from beiji.science.triage import Findings, findings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
#: RPM 12 to 0.
STATES = 13


class Need:
    """Bit numbers of a casualty's needs; append only."""

    AIRWAY, CHEST, BLEED_COMPRESSIBLE, BLEED_NONCOMPRESSIBLE, HEAD, BURN, CRUSH, ORTHOPAEDIC, ICU, CONTAMINATED = range(
        10
    )


NEED_NAMES = (
    "airway",
    "chest",
    "bleed_compressible",
    "bleed_noncompressible",
    "head",
    "burn",
    "crush",
    "orthopaedic",
    "icu",
    "contaminated",
)


class Purpose:
    """What a draw of the pool is for; append only, never renumbered."""

    MECHANISM, PATTERN, RPM, CHILD, AGE, ELDERLY, SURGICAL, BLOOD, MASSIVE, WALKS, AIRWAY = range(11)
    SIGN = 32
    INJURY = 64
    LOSS = 96


class Draws:
    """Uniform numbers keyed by (seed, template, purpose): SplitMix64 finalisers over the key, so that no draw depends on another."""

    def __init__(self, seed: int, size: int) -> None:
        with np.errstate(over="ignore"):
            self._key = _mix(
                _mix(np.array([seed], np.int64).astype(np.uint64) + _GOLDEN)
                + (np.arange(size, dtype=np.uint64) + _ONE) * _GOLDEN
            )

    def u(self, purpose: int) -> Floats:
        """Return one number in (0, 1) per template."""
        with np.errstate(over="ignore"):
            bits = _mix(self._key + np.uint64(purpose + 1) * _GOLDEN)
        return np.asarray(((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53, np.float64)


_GOLDEN, _ONE = np.uint64(0x9E3779B97F4A7C15), np.uint64(1)


def _mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def codes_of(rpm: Ints, needs: Ints, draw: Draws) -> Ints:
    """Return the RPM codes (3, n, 13) of every state. Points are lost one after another in an order drawn by need, so that decline is consistent; the
    pulse stops last, and breathing stops early only with an airway or chest need.
    """
    table = {
        row["need"]: np.array([float(row["rate"]), float(row["pulse"]), float(row["motor"])])
        for row in data_rows("loss_weights.csv")
    }
    n = len(rpm)
    weight = np.tile(table["none"], (n, 1))
    for bit in range(Need.ORTHOPAEDIC):
        weight += np.where(needs[:, None] >> bit & 1, table[NEED_NAMES[bit]], 0.0)
    quick = (needs & (1 << Need.AIRWAY | 1 << Need.CHEST)) != 0
    codes = np.full((3, n), 4, np.int64)
    steps = np.empty((STATES, 3, n), np.int64)
    steps[0] = codes
    for lost in range(1, STATES):
        u = np.stack([draw.u(Purpose.LOSS + 3 * lost + sign) for sign in range(3)])
        may = codes > 0
        may[1] &= (codes[1] > 1) | (lost == STATES - 1)
        may[0] &= (codes[0] > 1) | (quick & (lost >= STATES - 5)) | (lost >= STATES - 3)
        blocked = ~may.any(axis=0)
        may[0] |= blocked & (codes[0] > 0)
        race = np.where(may, -np.log(u) / np.maximum(weight.T, 1e-9), np.inf)
        codes = codes - (np.arange(3)[:, None] == race.argmin(axis=0)[None, :])
        steps[lost] = codes
    at = np.minimum((STATES - 1) - rpm[:, None] + np.arange(STATES)[None, :], STATES - 1)
    return np.asarray(np.moveaxis(steps, 0, 2)[:, np.arange(n)[:, None], at], np.int64)


def signs_of(
    rpm: Ints, group: Ints, needs: Ints, ais: Ints, age: Ints, kind: list[dict[str, str]], draw: Draws, limits: Register
) -> Findings:
    """Return signs that agree with the RPM codes of every state (n, 13)."""
    codes = codes_of(rpm, needs, draw)
    rate_code, pulse_code, motor_code = codes
    value = {
        sign: _band(sign, code, draw, slot)
        for slot, (sign, code) in enumerate(_coded_signs(rate_code, pulse_code, motor_code))
    }
    has = {name: (needs >> bit & 1).astype(bool)[:, None] for bit, name in enumerate(NEED_NAMES)}
    score = codes.sum(axis=0)
    breathes, pulse = rate_code > 0, pulse_code > 0
    opened = breathes | (has["airway"] & pulse & (draw.u(Purpose.AIRWAY) < limits["vitals.airway_share"])[:, None])
    gcs = value["gcs_total"].round()
    severe_bleed = has["bleed_compressible"] & (group == 0)[:, None]
    torso = (
        np.array(["penetrating" in row["flags"] for row in kind])[:, None]
        & ((ais[:, 2] > 0) | (ais[:, 3] > 0))[:, None]
    )
    chance = np.array([limits["vitals.walks_red"], limits["vitals.walks_yellow"], limits["vitals.walks_green"], 0.0])[
        group
    ]
    able = (draw.u(Purpose.WALKS) < chance) & (ais[:, 4] < 3)
    return findings(
        age_years=age[:, None].astype(np.float64), walks=able[:, None] & (score >= limits["vitals.walk_rpm"]) & (motor_code == 4), breathes=breathes,
        breathes_after_airway=opened, breathes_after_rescue_breaths=opened, respiratory_rate=value["rate"], pulse=value["pulse"],
        systolic=value["systolic"], spo2=value["spo2"], radial=value["systolic"] >= limits["vitals.radial_systolic"],
        capillary_refill_s=np.where(value["systolic"] < limits["vitals.refill_systolic"], limits["vitals.refill_slow_s"], limits["vitals.refill_normal_s"]), gcs_motor=_MOTOR[motor_code], gcs_total=gcs.astype(np.int64),
        obeys=motor_code == 4, responds_to_voice=gcs >= limits["vitals.voice_gcs"], responds_to_pain_appropriately=motor_code >= 3,
        talks=(gcs >= limits["vitals.talks_gcs"]) & breathes, catastrophic_bleed=severe_bleed & pulse, bleeding_controlled=~severe_bleed,
        penetrating_torso=torso, respiratory_distress=((rate_code < 4) & (has["airway"] | has["chest"])) | (value["spo2"] < limits["vitals.distress_spo2"]),
        minor_injuries_only=(group == 2)[:, None] & np.ones(score.shape, bool), likely_to_survive=score > limits["vitals.expectant_rpm"],
    )  # fmt: skip


_MOTOR = np.array([1, 3, 4, 5, 6], np.int64)


def _coded_signs(rate: Ints, pulse: Ints, motor: Ints) -> tuple[tuple[str, Ints], ...]:
    return (("rate", rate), ("pulse", pulse), ("systolic", pulse), ("gcs_total", motor), ("spo2", rate))


def _band(sign: str, code: Ints, draw: Draws, slot: int) -> Floats:
    """Return a value inside the sign's band for each code; a casualty keeps his place within the bands, so signs move only when a code falls."""
    low, high = np.zeros(5), np.zeros(5)
    for row in data_rows("vitals.csv"):
        if row["sign"] == sign:
            low[int(row["code"])], high[int(row["code"])] = float(row["low"]), float(row["high"])
    u = draw.u(Purpose.SIGN + slot)[:, None]
    return np.asarray(np.round(low[code] + u * (high[code] - low[code])), np.float64)
