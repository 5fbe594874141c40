"""ISS, NISS, RTS and TRISS against published vectors."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beiji.science import scores

from .published_tables import rows

NOT_ATTAINABLE = {7, 15, 23, 28, 31, 37, 39, 40, 44, 46, 47, 49, 52, 53, 55, 56, 58, *range(60, 66), *range(67, 75)}


def test_attainable_scores_are_the_published_set():
    assert set(range(76)) - scores.ATTAINABLE == NOT_ATTAINABLE


@pytest.mark.parametrize(
    ("worst", "iss", "niss_of", "niss"),
    [
        ([3, 0, 4, 2, 0, 0], 29, [3, 4, 2], 29),
        ([0, 0, 4, 0, 3, 0], 25, [4, 4, 3], 41),
        ([0, 1, 0, 0, 0, 0], 1, [1], 1),
        ([0, 0, 6, 0, 0, 0], 75, [6], 75),
    ],
)
def test_published_examples(worst, iss, niss_of, niss):
    assert scores.iss(worst) == iss
    assert scores.niss(niss_of) == niss


@given(st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_every_score_is_attainable_and_niss_is_never_lower(grades):
    assert int(scores.iss(grades)) in scores.ATTAINABLE
    assert scores.niss(grades) >= scores.iss(grades)


def test_rts_vectors():
    for row in rows("rts"):
        signs = [float(row[name]) for name in ("gcs", "systolic_mmhg", "rate_per_min")]
        assert scores.rts_codes(*signs).tolist() == [float(row[n]) for n in ("gcs_code", "systolic_code", "rate_code")]
        assert scores.trts(*signs) == float(row["trts"])
        assert scores.rts(*signs) == pytest.approx(float(row["rts"]), abs=5e-5)


def test_rts_codes_at_every_edge():
    codes = {
        "gcs": ([3, 4, 5, 6, 8, 9, 12, 13, 15], [0, 1, 1, 2, 2, 3, 3, 4, 4]),
        "systolic": ([0, 1, 49, 50, 75, 76, 89, 90], [0, 1, 1, 2, 2, 3, 3, 4]),
        "rate": ([0, 1, 5, 6, 9, 10, 29, 30], [0, 1, 1, 2, 2, 4, 4, 3]),
    }
    for at, (name, (values, expected)) in enumerate(codes.items()):
        signs = {"gcs": 15, "systolic": 120, "rate": 16, name: values}
        assert scores.rts_codes(**signs)[at].tolist() == expected, name


def test_triss_vectors():
    for row in rows("triss"):
        p = scores.triss(float(row["rts"]), float(row["iss"]), float(row["age_years"]), mechanism=row["mechanism"])
        assert p == pytest.approx(float(row["survival"]), abs=6e-5), row


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scores.iss([7, 0, 0, 0, 0, 0]), "0 .no injury. to 6"),
        (lambda: scores.iss([1, 2]), "one grade for each of the 6 regions"),
        (lambda: scores.rts(2, 120, 16), "GCS lies between 3 and 15"),
        (lambda: scores.triss(7.8, 10, 30, mechanism="blast"), "blunt and penetrating"),
    ],
)
def test_mistakes_are_named(call, words):
    with pytest.raises(scores.ScoreError, match=words):
        call()


def test_iss_of_all_triples_is_a_sum_of_squares():
    for a, b, c in itertools.combinations_with_replacement(range(6), 3):
        assert scores.iss([a, b, c, 0, 0, 0]) == a * a + b * b + c * c
