"""What an assessor said before he could see the other's answer stays, whatever he does afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from beiji.assess.rules.answers import Key, Op, project
from beiji.assess.rules.consensus import differences, finals, hindrances

DANA, NOAM = UUID(int=1), UUID(int=2)
KEY = Key("TRI-3")
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Talk:
    """Two assessors at one question; every word reaches the server a minute after the one before."""

    def __init__(self) -> None:
        self.ops: list[Op] = []

    def _add(self, person: UUID, kind: str, payload: dict) -> UUID:
        at = START + timedelta(minutes=len(self.ops))
        op = Op(UUID(int=100 + len(self.ops)), person, str(person), len(self.ops), kind, at, payload, at)
        self.ops.append(op)
        return op.id

    def rate(self, person: UUID, level: int | str) -> UUID:
        return self._add(person, "rate", {"indicator": "TRI-3", "level": level})

    def undo(self, person: UUID, operation: UUID) -> UUID:
        return self._add(person, "undo", {"operation": str(operation)})

    def settle(self, level: int, *operations: UUID) -> UUID:
        settles = [str(operation) for operation in operations]
        return self._add(DANA, "settle", {"indicator": "TRI-3", "level": level, "reason": "x", "settles": settles})

    def together(self, number: int) -> None:
        """The last words came in one parcel, since the tablet had no network."""
        at = self.ops[-number].received_at
        self.ops[-number:] = [replace(op, received_at=at) for op in self.ops[-number:]]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_undoing_after_seeing_and_rating_as_the_other_hides_no_difference(talk):
    dana, noam = talk.rate(DANA, 2), talk.rate(NOAM, 0)
    talk.undo(NOAM, noam)
    again = talk.rate(NOAM, 2)
    [difference] = differences(project(talk.ops), ())
    assert [a.said for a in difference.answers] == [2, 2]
    assert [(a.person, a.said) for a in difference.changed] == [(NOAM, 0)]
    assert difference.must_discuss
    assert finals(project(talk.ops)) == []
    assert [h.code for h in hindrances(project(talk.ops), ["TRI-3"], [], outside=True, raters=2)] == ["difference"]
    talk.settle(1, dana, again)
    assert differences(project(talk.ops), ()), "settled without the word that was changed"
    talk.settle(1, dana, noam, again)
    assert differences(project(talk.ops), ()) == []
    assert [(f.said, [a.said for a in f.changed]) for f in finals(project(talk.ops))] == [(1, [0])]


def test_taking_back_after_seeing_leaves_the_difference(talk):
    talk.rate(DANA, 2)
    talk.undo(NOAM, talk.rate(NOAM, 0))
    [difference] = differences(project(talk.ops), ())
    assert [a.person for a in difference.answers] == [DANA]
    assert [a.said for a in difference.changed] == [0]


def test_both_taking_back_leaves_the_difference(talk):
    dana, noam = talk.rate(DANA, 2), talk.rate(NOAM, 0)
    talk.undo(NOAM, noam)
    talk.undo(DANA, dana)
    [difference] = differences(project(talk.ops), ())
    assert (difference.answers, sorted(a.said for a in difference.changed)) == ((), [0, 2])


def test_correcting_oneself_before_the_other_has_answered_is_no_change_after_seeing(talk):
    talk.undo(NOAM, talk.rate(NOAM, 0))
    talk.rate(NOAM, 2)
    talk.rate(DANA, 2)
    answers = project(talk.ops)
    assert differences(answers, ()) == []
    assert answers.first[KEY] == answers.by_key[KEY]


def test_correcting_oneself_without_network_is_no_change_after_seeing(talk):
    talk.rate(DANA, 2)
    talk.rate(NOAM, 0)
    talk.rate(NOAM, 2)
    assert len(differences(project(talk.ops), ())) == 1, "sent one by one, the first word counts"
    talk.together(2)
    assert differences(project(talk.ops), ()) == []


def test_the_same_level_found_in_another_way_is_no_difference(talk):
    talk.rate(DANA, 2)
    talk.rate(NOAM, 2)
    talk.ops[-1].payload["how"] = "document"
    talk.rate(NOAM, 2)
    assert differences(project(talk.ops), ()) == []


def test_whoever_answers_after_the_talk_began_has_no_first_word(talk):
    talk.rate(DANA, 2)
    opened = START + timedelta(seconds=30)
    talk.rate(NOAM, 2)
    answers = project(talk.ops, opened)
    assert set(answers.first[KEY]) == {DANA}
    assert set(project(talk.ops).first[KEY]) == {DANA, NOAM}
    assert differences(answers, ()) == []


def test_what_its_author_took_back_is_not_revived_by_somebody_else(talk):
    dana = talk.rate(DANA, 2)
    talk.undo(DANA, dana)
    talk.undo(NOAM, dana)
    assert DANA not in project(talk.ops).by_key.get(KEY, {})


def test_an_undo_cannot_be_undone_by_anybody(talk):
    undo = talk.undo(DANA, talk.rate(DANA, 2))
    talk.undo(NOAM, undo)
    talk.undo(DANA, undo)
    assert DANA not in project(talk.ops).by_key.get(KEY, {})


def test_many_words_of_one_person_are_read_in_no_time(talk):
    """Accepted input must not be dear to read: 4,000 answers and undos on one question."""
    for _number in range(2000):
        talk.undo(NOAM, talk.rate(NOAM, 1))
    talk.rate(DANA, 2)
    import time

    start = time.perf_counter()
    project(talk.ops)
    assert time.perf_counter() - start < 2
