"""Draws: pure functions of (seed, replication, entity kind, stable id, purpose, occurrence). Formulas: structure.md, 2."""
import math

import numpy as np

from .codes import EXPONENTIAL, FIXED, LOGNORMAL, QUANTILES, TRIANGULAR, UNIFORM, U, inner, outlined

G = np.uint64(0x9E3779B97F4A7C15)
M1 = np.uint64(0xBF58476D1CE4E5B9)
M2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11, S32, ONE = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11), np.uint64(32), np.uint64(1)
UNIT = 1.1102230246251565e-16    # 2**-53


@inner
def mix(z):
    """The finaliser of SplitMix64."""
    z = (z ^ (z >> S30)) * M1
    z = (z ^ (z >> S27)) * M2
    return z ^ (z >> S31)


@inner
def replication_key(seed, replication):
    """Key of one replication; everything drawn in it hangs from this."""
    return mix(mix(np.uint64(seed) + G) + np.uint64(replication + 1) * G)


@inner
def entity_key(rep_key, kind, stable_id):
    """Key of one entity: rehashed when a future gets new draws."""
    return mix(mix(rep_key + np.uint64(kind) * G) + np.uint64(stable_id) * G)


@inner
def uniform(key, purpose, occurrence):
    """0 < u < 1."""
    z = mix(key + (((np.uint64(purpose) << S32) | np.uint64(occurrence)) + ONE) * G)
    return (np.float64(z >> S11) + 0.5) * UNIT


@outlined
def normal_quantile(u):
    """Inverse of the standard normal (Acklam), relative error 1e-9."""
    if u < 0.02425 or u > 0.97575:
        q = math.sqrt(-2.0 * math.log(u if u < 0.5 else 1.0 - u))
        x = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q
              + 4.374664141464968) * q + 2.938163982698783) / \
            ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1.0)
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r
             - 3.066479806614716e+01) * r + 2.506628277459239) * q / \
        (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r
          - 1.328068155288572e+01) * r + 1.0)


@inner
def normal_probability(z):
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-z * 0.7071067811865476)


@outlined
def noise(mu, sigma, u):
    """Log-normal factor; exactly 1 without spread."""
    return math.exp(mu + sigma * normal_quantile(u)) if sigma > 0.0 else 1.0


@inner
def value(m, law, u):
    """The value of a law at u, by inversion."""
    w = m.law[U(law)]
    if w.dist == LOGNORMAL:
        return math.exp(w.a + w.b * normal_quantile(u))
    if w.dist == FIXED:
        return w.a
    if w.dist == EXPONENTIAL:
        return -w.a * math.log(1.0 - u)
    if w.dist == UNIFORM:
        return w.a + (w.b - w.a) * u
    if w.dist == TRIANGULAR:
        if w.c == w.a:
            return w.a
        if u < (w.b - w.a) / (w.c - w.a):
            return w.a + math.sqrt(u * (w.b - w.a) * (w.c - w.a))
        return w.c - math.sqrt((1.0 - u) * (w.c - w.b) * (w.c - w.a))
    if w.dist == QUANTILES:
        place = u * (w.b - 1.0)
        k = np.int64(place)
        first = np.int64(w.a)
        return m.table[U(first + k)] + (place - k) * (m.table[U(first + k + 1)] - m.table[U(first + k)])
    return np.nan                # an unknown law: never a silent last formula


@inner
def probability(m, law, x):
    """Distribution function of a law at x: share of durations that have ended by x (for live starts)."""
    w = m.law[U(law)]
    if x <= 0.0:
        return 0.0
    if w.dist == LOGNORMAL:
        return normal_probability((math.log(x) - w.a) / w.b)
    if w.dist == FIXED:
        return 0.0 if x < w.a else 1.0
    if w.dist == EXPONENTIAL:
        return 1.0 - math.exp(-x / w.a)
    if w.dist == UNIFORM:
        return min(1.0, max(0.0, (x - w.a) / (w.b - w.a)))
    if w.dist == TRIANGULAR:
        if x <= w.a or x >= w.c:
            return 0.0 if x <= w.a else 1.0
        if x < w.b:
            return (x - w.a) ** 2 / ((w.b - w.a) * (w.c - w.a))
        return 1.0 - (w.c - x) ** 2 / ((w.c - w.b) * (w.c - w.a))
    if w.dist == QUANTILES:
        first, last = np.int64(w.a), np.int64(w.a + w.b - 1.0)
        if x >= m.table[U(last)]:
            return 1.0
        k = first
        while k < last - 1 and m.table[U(k + 1)] <= x:
            k += 1
        width = m.table[U(k + 1)] - m.table[U(k)]
        inside = (x - m.table[U(k)]) / width if width > 0.0 else 1.0
        return max(0.0, (k - first + inside) / (w.b - 1.0))
    return np.nan


@outlined
def later(m, law, u, elapsed):
    """The value of a law at u given that it is more than what has gone by: inversion of the conditional distribution."""
    if elapsed <= 0.0:
        return value(m, law, u)
    ended = probability(m, law, elapsed)
    return max(elapsed, value(m, law, min(ended + u * (1.0 - ended), 1.0 - 1e-12)))


@outlined
def noise_over(mu, sigma, u, over):
    """Log-normal factor given that it is more than `over`."""
    if over <= 0.0 or sigma <= 0.0:
        return noise(mu, sigma, u)
    ended = normal_probability((math.log(over) - mu) / sigma)
    return max(over, noise(mu, sigma, min(ended + u * (1.0 - ended), 1.0 - 1e-12)))
