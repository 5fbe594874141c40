"""What a process keeps for the next who asks: few values, made once, by many threads at a time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from beiji.records.recent import Recent


def test_the_value_that_nobody_asked_for_longest_goes_first():
    kept: Recent[str] = Recent(2)
    made = []

    def value(key: str) -> str:
        return kept.get_or_make(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert value(key) == key
    assert made == ["a", "b", "c", "b"]
    assert len(kept) == 2


def test_of_many_who_ask_at_once_one_makes_it():
    kept: Recent[int] = Recent(8)
    made = []

    def make() -> int:
        made.append(threading.get_ident())
        time.sleep(0.02)
        return len(made)

    with ThreadPoolExecutor(8) as people:
        assert set(people.map(lambda _number: kept.get_or_make("map", make), range(32))) == {1}


def test_who_fails_to_make_it_leaves_nothing_behind():
    kept: Recent[int] = Recent(8)
    with pytest.raises(ZeroDivisionError):
        kept.get_or_make("map", lambda: 1 // 0)
    assert kept.get_or_make("map", lambda: 1) == 1


def test_many_threads_and_more_keys_than_room():
    kept: Recent[int] = Recent(3)
    with ThreadPoolExecutor(8) as people:
        asked = [number % 11 for number in range(2000)]
        assert list(people.map(lambda key: kept.get_or_make(key, lambda: key), asked)) == asked
    assert len(kept) <= 3
