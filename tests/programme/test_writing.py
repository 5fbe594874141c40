"""Locks are taken in one order; a frozen instant stays behind everything written later."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from beiji.programme import writing
from beiji.programme.models import City, Subject
from tests.cast import NOW
from tests.committed import ended_by_the_database


def test_a_row_before_its_city_is_the_wrong_order(yangzhou):
    @writing.change
    def wrong() -> None:
        writing.hold_row(Subject.objects.all()[0])
        writing.hold_city(yangzhou.city, NOW)

    with pytest.raises(RuntimeError, match="hold the city first"):
        wrong()


def test_the_city_may_be_held_again_after_a_row(yangzhou):
    @writing.change
    def inner() -> None:
        writing.hold_city(yangzhou.city, NOW)

    @writing.change
    def right() -> str:
        writing.hold_city("yangzhou", NOW)
        writing.hold_row(Subject.objects.all()[0])
        inner()
        return "written"

    assert right() == "written"


def test_a_lock_outside_a_change_is_refused(yangzhou):
    with pytest.raises(RuntimeError, match="inside a @change"):
        writing.hold_city(yangzhou.city, NOW)


def test_what_is_written_after_a_report_lies_after_it(yangzhou):
    @writing.change
    def frozen() -> object:
        return writing.freeze_knowledge(yangzhou.city, NOW, NOW)

    @writing.change
    def written(now) -> object:
        return writing.hold_city(yangzhou.city, now)

    assert frozen() == NOW
    assert written(NOW - timedelta(seconds=3)) == NOW + timedelta(microseconds=1)
    assert written(NOW + timedelta(seconds=3)) == NOW + timedelta(seconds=3)
    assert frozen() == NOW + timedelta(microseconds=1)


def test_a_report_of_earlier_knowledge_moves_nothing_back(yangzhou):
    @writing.change
    def frozen(known) -> object:
        return writing.freeze_knowledge(yangzhou.city, known, NOW)

    frozen(NOW)
    assert frozen(NOW - timedelta(days=9)) == NOW - timedelta(days=9)
    assert City.objects.get(pk="yangzhou").known_until == NOW


def test_a_clock_set_back_does_not_hide_what_is_written_for_a_year(yangzhou):
    City.objects.filter(pk="yangzhou").update(known_until=NOW + timedelta(days=365))

    @writing.change
    def written() -> object:
        return writing.hold_city(yangzhou.city, NOW)

    assert written() == NOW


def test_inside_another_transaction_nothing_is_tried_again(db):
    runs = []

    @writing.change
    def ended() -> None:
        runs.append(1)
        raise ended_by_the_database("40P01")

    with pytest.raises(OperationalError):
        ended()
    assert runs == [1]
