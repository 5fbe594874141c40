"""Operations to answers: any order of arrival, repeats and undo give the same present word."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from beiji.assess.rules.agreement import agreement, weighted_kappa
from beiji.assess.rules.answers import Key, Op, project

DANA, NOAM = UUID(int=1), UUID(int=2)
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def rate(number: int, level, *, person=DANA, device="a", minute: int = 0, indicator="TRI-1") -> Op:
    payload = {"indicator": indicator, "level": level, "how": "check"}
    return Op(UUID(int=100 + number), person, device, number, "rate", START + timedelta(minutes=minute), payload)


def said(operations, person=DANA, indicator="TRI-1"):
    return project(operations).by_key[Key(indicator)][person].said


def test_the_newest_answer_of_an_assessor_counts():
    assert said([rate(1, 0, minute=1), rate(2, 2, minute=2)]) == 2


def test_a_device_whose_clock_is_set_back_still_counts_in_its_own_order():
    assert said([rate(1, 0, minute=30), rate(2, 2, minute=1)]) == 2


def test_two_people_rating_one_item_at_once_never_overwrite_each_other():
    both = [rate(1, 0), rate(2, 2, person=NOAM, device="b")]
    assert (said(both), said(both, NOAM)) == (0, 2)


def test_an_undone_answer_gives_the_earlier_one_back():
    undo = Op(UUID(int=300), DANA, "a", 3, "undo", START, {"operation": str(UUID(int=102))})
    assert said([rate(1, 0), rate(2, 2), undo]) == 0


def test_nobody_undoes_somebody_else():
    undo = Op(UUID(int=300), NOAM, "b", 3, "undo", START, {"operation": str(UUID(int=101))})
    assert said([rate(1, 0), undo]) == 0


operations = st.lists(
    st.builds(
        rate,
        st.integers(1, 30),
        st.sampled_from([0, 1, 2, "na", "unable"]),
        person=st.sampled_from([DANA, NOAM]),
        minute=st.integers(0, 90),
        indicator=st.sampled_from(["TRI-1", "TRI-2"]),
    ),
    unique_by=lambda op: op.id,
    max_size=12,
)


@given(operations, st.randoms())
def test_order_of_arrival_and_repeats_change_nothing(made, random):
    arrived = made + made[: len(made) // 2]
    random.shuffle(arrived)
    assert project(arrived).by_key == project(made).by_key


def test_weighted_kappa_of_a_textbook_table():
    """Two raters on 100 items in three ordered categories; quadratic weights.

    Observed disagreement Σw·p = (5+3+5+4)/100·1 + (2+1)/100·4 = 0.29; expected from the margins
    (46, 30, 24) × (45, 32, 23) is 1.2958 by the definition, computed here by hand once.
    """
    table = {(0, 0): 38, (0, 1): 6, (0, 2): 2, (1, 0): 5, (1, 1): 22, (1, 2): 3, (2, 0): 2, (2, 1): 4, (2, 2): 18}
    pairs = [pair for pair, n in table.items() for _ in range(n)]
    observed = Fraction(6 + 5 + 3 + 4, 100) + Fraction((2 + 2) * 4, 100)
    rows = [sum(n for (a, _b), n in table.items() if a == i) for i in range(3)]
    columns = [sum(n for (_a, b), n in table.items() if b == i) for i in range(3)]
    expected = sum(Fraction(rows[i] * columns[j] * (i - j) ** 2, 100 * 100) for i in range(3) for j in range(3))
    assert weighted_kappa(pairs) == 1 - observed / expected


def test_kappa_is_undefined_when_nothing_varies():
    assert agreement([(2, 2)] * 20).kappa is None
    assert agreement([(2, 2)] * 20).exact == 1
    assert agreement([]).n == 0


def test_kappa_may_be_negative_where_assessors_contradict_each_other():
    assert weighted_kappa([(0, 2), (2, 0)] * 5) == -1
