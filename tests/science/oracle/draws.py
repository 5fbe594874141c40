"""Draws of the model, written from docs/model-card/structure.md, 2, and from nothing else."""
import math

WHOLE = (1 << 64) - 1
G = 0x9E3779B97F4A7C15
CASUALTY, HOSPITAL, AMBULANCE, SCENE = 1, 2, 3, 4

# Purposes
GROUP, TEMPLATE, RATE, SELF, DELAY, SELF_RACE, RIDE, WAY_BACK, HAND_OVER, TRIAGE, POLICY_RACE, CALLED, CONTAMINATED, CREW_BACK, GIVEN, FIRST_RIDE, \
    CALLIN, OCCUPANCY, OCCUPIED_UNIT, GIVEN_RACE = range(1, 21)
LOOK, ROUND, WHOLE_OUTCOME = 22, 23, 24


def mixed(z):
    """The SplitMix64 finaliser."""
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WHOLE
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WHOLE
    return z ^ z >> 31


def code_id(code):
    """FNV-1a-32 of a code."""
    h = 2166136261
    for byte in code.encode("utf-8"):
        h = ((h ^ byte) * 16777619) % (1 << 32)
    return h


def numbered(code, number):
    """Id of a casualty or ambulance of a source."""
    return (code_id(code) << 32) | number


def key_of(seed, replication, entity_kind, stable_id):
    """Key of one entity in one replication."""
    rep_key = mixed((mixed((seed + G) & WHOLE) + (replication + 1) * G) & WHOLE)
    return mixed((mixed((rep_key + entity_kind * G) & WHOLE) + stable_id * G) & WHOLE)


def u(key, purpose, occurrence=0):
    """A number between 0 and 1, neither included."""
    z = (key + ((purpose << 32 | occurrence) + 1) * G) & WHOLE
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WHOLE
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WHOLE
    return (((z ^ z >> 31) >> 11) + 0.5) * 2.0**-53


A = (-3.969683028665376e01, 2.209460984245205e02, -2.759285104469687e02, 1.383577518672690e02, -3.066479806614716e01, 2.506628277459239e00)
B = (-5.447609879822406e01, 1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01, -1.328068155288572e01)
C = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e00, -2.549732539343734e00, 4.374664141464968e00, 2.938163982698783e00)
D = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e00, 3.754408661907416e00)


def normal_quantile(p):
    """Acklam's rational approximation of the normal quantile."""
    if 0.02425 <= p <= 0.97575:
        q = p - 0.5
        r = q * q
        return ((((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q
                / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0))
    q = math.sqrt(-2.0 * math.log(min(p, 1.0 - p)))
    tail = (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5]) / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    return tail if p < 0.5 else -tail


def inverse(law, p):
    """Value of a law (fields dist, a, b, c, table) at probability p."""
    if law.dist == 1:
        return math.exp(law.a + law.b * normal_quantile(p))
    if law.dist == 0:
        return law.a
    if law.dist == 2:
        return -law.a * math.log(1.0 - p)
    if law.dist == 3:
        return law.a + (law.b - law.a) * p
    if law.dist == 4:
        low, mode, high = law.a, law.b, law.c
        if p < (mode - low) / (high - low):
            return low + math.sqrt(p * (mode - low) * (high - low))
        return high - math.sqrt((1.0 - p) * (high - mode) * (high - low))
    at = p * (len(law.table) - 1)
    below = min(int(at), len(law.table) - 2)
    return law.table[below] + (at - below) * (law.table[below + 1] - law.table[below])


class Factor:
    """A log-normal factor with mean 1."""

    def __init__(self, cv):
        self.sigma = math.sqrt(math.log(1.0 + cv * cv))
        self.mu = -self.sigma * self.sigma / 2.0

    def at(self, p):
        """The factor at probability p."""
        return math.exp(self.mu + self.sigma * normal_quantile(p)) if self.sigma > 0.0 else 1.0
