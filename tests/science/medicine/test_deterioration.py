"""The three models against published tables; Sacco's orders of treatment; errata of SIMEDIS."""

import math
from functools import cache

import numpy as np
import pytest

from beiji.science import deterioration as d

from .published_tables import rows

SLOT_MIN = 30


def value(rpm, slot, floor):
    return float(d.sacco_survival(d.sacco_rpm(rpm, SLOT_MIN * slot), floor=floor))


def served(order, cap, floor):
    return sum(value(rpm, at // cap, floor) for at, rpm in enumerate(order))


def optimum(casualties, cap, floor):
    @cache
    def best(done):
        at = done.bit_count()
        left = [i for i in range(len(casualties)) if not done >> i & 1]
        return max((value(casualties[i], at // cap, floor) + best(done | 1 << i) for i in left), default=0.0)

    return best(0)


@pytest.mark.parametrize("row", rows("sacco_orders"), ids=lambda row: f"{row['rpm']} cap {row['cap']}")
def test_sacco_orders_of_treatment(row):
    casualties, cap = tuple(int(rpm) for rpm in row["rpm"].split()), int(row["cap"])
    for floor, suffix in ((0.0, ""), (0.052, "_floor")):
        for name, order in (("worst_first", sorted(casualties)), ("best_first", sorted(casualties, reverse=True))):
            if row[name + suffix]:
                assert served(order, cap, floor) == pytest.approx(float(row[name + suffix]), abs=6e-4), name + suffix
        if row["optimum" + suffix]:
            assert optimum(casualties, cap, floor) == pytest.approx(float(row["optimum" + suffix]), abs=6e-4)


def test_worst_first_is_optimal_only_with_ample_capacity():
    casualties = (4, 6, 8, 10)
    assert served(sorted(casualties), 2, 0.0) == pytest.approx(optimum(casualties, 2, 0.0))
    assert served(sorted(casualties), 1, 0.0) < optimum(casualties, 1, 0.0) - 0.1


def test_first_column_of_the_table_is_half_an_hour():
    assert d.sacco_rpm(7, 0) == 7
    assert d.sacco_rpm(7, 30) == 6
    assert d.sacco_rpm(12, 390) == d.sacco_rpm(8, 30)
    assert d.sacco_rpm(9, 330) == 0


def test_rpm_never_rises_while_waiting():
    for rpm in range(13):
        course = d.sacco_rpm(np.full(1500, rpm), np.arange(1500.0))
        assert (np.diff(course) <= 1e-12).all()


def test_mills_check_values():
    for row in rows("mills_checks"):
        beta = d.mills_table()[("penetrating", row["class"])]
        assert d.mills(float(row["wait_min"]), *beta) == pytest.approx(float(row["survival"]), abs=6e-4)


def test_simedis_check_curves():
    for row in rows("simedis_curves"):
        score = d.gompertz(float(row["wait_min"]), float(row["b"]), float(row["c"]), gamma=float(row["gamma"]))
        assert score == pytest.approx(float(row["score"]), abs=0.006), row


def test_simedis_time_of_death():
    for row in rows("simedis_death"):
        assert d.death_time_min(float(row["iss"])) == pytest.approx(float(row["death_min"]), abs=0.5), row


def test_simedis_printed_signs_of_b_are_wrong():
    for row in rows("simedis_errata"):
        printed, c, death = float(row["printed_b"]), float(row["c_per_min"]), float(row["printed_death_min"])
        assert (-printed - math.e) / c == pytest.approx(death, rel=0.02)
        assert abs((printed - math.e) / c - death) > 50
        assert d.gompertz(0.0, -printed, c) < 1.5, (
            "with the right sign the casualty starts almost dead, so b must be fixed and c solved"
        )


def test_gompertz_ends_at_the_time_of_death_from_any_start():
    for score in (5.0, 10.0, 15.0, 19.8):
        b = d.gompertz_b(score)
        c = d.gompertz_c(b, 90.0)
        assert d.gompertz(0.0, b, c) == pytest.approx(score)
        assert d.gompertz(90.0, b, c) < 0.001


def courses(model, rpm, **values):
    rpm = np.asarray(rpm)
    n = len(rpm)
    base = {"time_critical": np.ones(n, bool), "severity": np.zeros(n, int), "iss": np.full(n, 25)} | values
    return d.courses(model, rpm, **base)


@pytest.mark.parametrize("model", d.MODELS)
def test_courses_of_every_model(model):
    made = courses(model, np.arange(13))
    assert made.curves.shape[1] == d.NODES
    assert ((made.curves >= 0) & (made.curves <= 1)).all()
    assert (np.diff(made.curves, axis=1) <= 1e-12).all(), "survival never rises while waiting"
    for rpm in range(13):
        row = made.crossing_min[rpm]
        finite = row[np.isfinite(row)]
        assert (np.diff(finite) >= 0).all()
        assert np.isfinite(made.death_min[rpm]), "an untreated time-critical casualty dies"
        start = float(d.survival_at(made, rpm, 0.0))
        assert start == pytest.approx(float(d.sacco_survival(rpm)) if rpm else 0.0), (
            "all models start from the same survival"
        )
        assert d.survival_at(made, rpm, made.death_min[rpm]) == 0


@pytest.mark.parametrize("model", d.MODELS)
def test_who_has_no_time_critical_need_and_good_signs_stays(model):
    made = courses(model, [12, 12, 11], time_critical=np.zeros(3, bool), severity=np.array([1, 2, 1]))
    assert np.isinf(made.death_min).all()
    assert d.survival_at(made, 0, 2000.0) == pytest.approx(0.9937)
    assert d.survival_at(made, 1, 2000.0) == pytest.approx(0.999)


def test_sacco_crossings_are_the_table():
    made = courses("sacco", [7, 12])
    assert made.crossing_min[0, :8] == pytest.approx([0, 30, 60, 90, 120, 150, 180, 210])
    assert made.crossing_min[1, 1:3] == pytest.approx([90, 150])


def test_routine_delay_is_inside_the_curve():
    made = courses("sacco", [7])
    assert d.survival_at(made, 0, 30.0) == pytest.approx(0.75)
    assert d.survival_at(made, 0, 60.0) == pytest.approx(0.63)


def test_hypotensive_abdomen_loses_about_a_third_of_a_percent_a_minute():
    """Clarke 2002: death rises by about 1 % per 3 min in the department up to 90 min: the table must be of that order."""
    made = courses("sacco", [8])
    per_min = (d.survival_at(made, 0, 30.0) - d.survival_at(made, 0, 120.0)) / 90.0
    assert 0.002 < per_min < 0.006


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: courses("weibull", [7]), "Known models: sacco, mills, simedis"),
        (lambda: d.sacco_rpm(13, 0), "between 0 and 12"),
        (lambda: d.sacco_rpm(7, float("nan")), "0 minutes or more"),
        (lambda: d.gompertz_b(20.0), "starts between 0 and 20"),
    ],
)
def test_mistakes_are_named(call, words):
    with pytest.raises(d.DeteriorationError, match=words):
        call()
