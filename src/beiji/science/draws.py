"""Draws in plain Python: stable ids, purposes, laws. The kernel's twin of these lines is `kernel/draws.py`; formulas in structure.md, 2."""
import math
from dataclasses import dataclass, field
from enum import IntEnum

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


class Purpose(IntEnum):
    """What a draw is for. Append-only: a number is never given to another purpose."""

    GROUP = 1
    TEMPLATE = 2
    RATE = 3
    SELF = 4
    DELAY = 5
    SELF_RACE = 6
    RIDE = 7
    WAY_BACK = 8
    HAND_OVER = 9
    TRIAGE = 10
    POLICY_RACE = 11
    CALLED = 12
    CONTAMINATED = 13
    CREW_BACK = 14
    GIVEN = 15
    FIRST_RIDE = 16
    CALLIN = 17
    OCCUPANCY = 18
    OCCUPIED_UNIT = 19
    GIVEN_RACE = 20
    REMAINING = 21
    LOOK = 22
    ROUND = 23
    SCENE_DECON = 33
    SCENE_TRIAGE = 34
    FIRST_AID = 35
    LOAD = 36
    HOSPITAL_DECON = 37
    DOOR_TRIAGE = 38
    RESUS = 39
    URGENT = 40
    MINOR = 41
    XRAY = 42
    CT = 43
    CT_REPORT = 44
    THEATRE_LIFESAVING = 45
    THEATRE_DEFERRED = 46
    ICU_VENTILATED = 47
    ICU = 48
    WARD = 49
    TRANSFER_PREPARE = 50
    STEP_DOWN = 51
    RESUS_LOOK = 52
    URGENT_LOOK = 53
    MINOR_LOOK = 54
    CT_READ = 55
    COMFORT = 56
    ICU_OPEN_VENTILATED = 57
    ICU_OPEN = 58
    BURN = 59
    TAKE_XRAY = 64
    TAKE_CT = 65
    TAKE_THEATRE_DEFERRED = 66
    TAKE_ICU = 67
    TAKE_WARD = 69


def stable_hash(text: str) -> int:
    """FNV-1a, 32 bits, of the UTF-8 bytes: the stable id of a code."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def numbered_id(code: str, number: int) -> int:
    """Stable id of the casualty or ambulance `number` (from 1) of a source."""
    return stable_hash(code) << 32 | number


def mix(z: int) -> int:
    """The finaliser of SplitMix64."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def entity_key(seed: int, replication: int, kind: int, stable_id: int) -> int:
    """Key of one entity in one replication."""
    rep_key = mix((mix((seed + GOLDEN) & MASK) + (replication + 1) * GOLDEN) & MASK)
    return mix((mix((rep_key + kind * GOLDEN) & MASK) + stable_id * GOLDEN) & MASK)


def uniform(key: int, purpose: int, occurrence: int = 0) -> float:
    """0 < u < 1."""
    z = mix((key + ((purpose << 32 | occurrence) + 1) * GOLDEN) & MASK)
    return ((z >> 11) + 0.5) * 2.0**-53


@dataclass(frozen=True)
class Law:
    """A distribution of minutes, sampled by inversion. Make one with the functions below; `name` is for messages."""

    name: str
    dist: int
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    table: tuple[float, ...] = field(default=())

    def mean(self) -> float:
        """Expected value, minutes."""
        if self.dist == 1:
            return math.exp(self.a + self.b * self.b / 2)
        if self.dist == 3:
            return (self.a + self.b) / 2
        if self.dist == 4:
            return (self.a + self.b + self.c) / 3
        if self.dist == 5:
            return sum((x + y) / 2 for x, y in zip(self.table, self.table[1:], strict=False)) / (len(self.table) - 1)
        return self.a

    def scaled(self, factor: float) -> "Law":
        """The law of `factor` times the value."""
        if self.dist == 1:
            return Law(self.name, 1, self.a + math.log(factor), self.b)
        if self.dist == 5:
            return Law(self.name, 5, table=tuple(x * factor for x in self.table))
        return Law(self.name, self.dist, self.a * factor, self.b * factor, self.c * factor)


def fixed(minutes: float) -> Law:
    """Always the same."""
    return Law("fixed", 0, float(minutes))


def lognormal(mean: float, cv: float) -> Law:
    """Log-normal with a mean (minutes) and a coefficient of variation; fixed when either is 0."""
    if mean <= 0.0 or cv <= 0.0:
        return fixed(mean)
    spread = math.log1p(cv * cv)
    return Law("lognormal", 1, math.log(mean) - spread / 2, math.sqrt(spread))


def exponential(mean: float) -> Law:
    """Exponential with a mean (minutes)."""
    return Law("exponential", 2, float(mean))


def uniform_law(low: float, high: float) -> Law:
    """Uniform between two values (minutes)."""
    return Law("uniform", 3, float(low), float(high))


def triangular(low: float, mode: float, high: float) -> Law:
    """Triangular (minutes)."""
    return Law("triangular", 4, float(low), float(mode), float(high))


def quantiles(values: tuple[float, ...]) -> Law:
    """Values at equally spaced probabilities from 0 to 1, linear between them: an arrival curve, an observed distribution."""
    return Law("quantiles", 5, table=tuple(float(v) for v in values))


def law_from(spec: object) -> Law:
    """A law from a pack: a number (fixed) or a mapping such as {lognormal: {mean: 24, cv: 0.5}}. Raises ValueError with the mend."""
    if isinstance(spec, Law):
        return spec
    if isinstance(spec, int | float) and not isinstance(spec, bool):
        return fixed(float(spec))
    if isinstance(spec, dict) and len(spec) == 1:
        (name, args), = spec.items()
        makers = {"fixed": lambda v: fixed(v if not isinstance(v, dict) else v["value"]), "lognormal": lambda v: lognormal(v["mean"], v["cv"]),
                  "exponential": lambda v: exponential(v["mean"] if isinstance(v, dict) else v),
                  "uniform": lambda v: uniform_law(v["low"], v["high"]),
                  "triangular": lambda v: triangular(v["low"], v["mode"], v["high"]),
                  "quantiles": lambda v: quantiles(tuple(v))}
        if name in makers:
            return makers[name](args)
        raise ValueError(f"Unknown distribution {name!r}; known: {', '.join(makers)}.")
    raise ValueError(f"Not a distribution: {spec!r}. Write a number of minutes or e.g. {{lognormal: {{mean: 24, cv: 0.5}}}}.")
