"""Guessing is slowed where it happens; the owner of a name enters from where he works."""

import re
from datetime import datetime, timedelta

import pytest
from django_scopes import scope

from beiji.programme import rules, signing_in
from beiji.programme.models import Account, SignInCount
from beiji.records.models import AuditLine
from tests.cast import NOW

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.20"
S = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (4000, 900)]
)
def test_the_wait_doubles_from_the_fifth_failure_up_to_a_quarter_of_an_hour(failures, seconds):
    assert rules.wait_after(failures, rules.ONE_PLACE) == seconds * S


def test_failures_are_forgotten_after_a_quiet_day():
    day = timedelta(days=1)
    assert rules.failures_now(7, NOW - day, rules.ONE_PLACE, NOW) == 0
    assert rules.failures_now(7, NOW - day + S, rules.ONE_PLACE, NOW) == 7


def fail(name: str, address: str, now: datetime) -> bool:
    """One wrong password. False when it was not even looked at."""
    try:
        tried = signing_in.begin(name=name, address=address, now=now)
    except signing_in.TooSoon:
        return False
    signing_in.failed(tried=tried, name=name, now=now)
    return True


def enter(name: str, address: str, now: datetime) -> bool:
    """The right password. False when it was not looked at."""
    try:
        tried = signing_in.begin(name=name, address=address, now=now)
    except signing_in.TooSoon:
        return False
    signing_in.succeeded(tried=tried, account=Account.objects.get(username=name), now=now)
    return True


def test_five_wrong_passwords_slow_the_guesser_and_not_the_leader_elsewhere(world):
    assert [fail("gao-yuan", ELSEWHERE, NOW + n * S) for n in range(6)] == [True] * 5 + [False]
    assert enter("gao-yuan", HOME, NOW + 6 * S)


def test_after_the_wait_the_right_password_opens_and_the_failures_are_gone(world):
    for n in range(5):
        fail("gao-yuan", HOME, NOW + n * S)
    with pytest.raises(signing_in.TooSoon) as soon:
        signing_in.begin(name="gao-yuan", address=HOME, now=NOW + 5 * S)
    assert soon.value.until == NOW + 34 * S
    assert enter("gao-yuan", HOME, NOW + 34 * S)
    assert fail("gao-yuan", HOME, NOW + 35 * S), "the count begins anew"


def test_waiting_is_not_prolonged_by_trying(world):
    for n in range(5):
        fail("gao-yuan", HOME, NOW + n * S)
    assert not any(fail("gao-yuan", HOME, NOW + n * S) for n in range(5, 34))
    assert enter("gao-yuan", HOME, NOW + 34 * S)


@pytest.mark.parametrize("name", ["Gao-Yuan", " gao-yuan ", "ＧＡＯ-yuan"])
def test_another_spelling_of_the_name_is_the_same_name(world, name):
    for n in range(5):
        fail("gao-yuan", HOME, NOW + n * S)
    assert not fail(name, HOME, NOW + 5 * S)


def test_addresses_of_one_household_are_one(world):
    for n in range(5):
        fail("gao-yuan", f"2001:db8:0:7::{n + 1}", NOW + n * S)
    assert not fail("gao-yuan", "2001:db8:0:7:ffff::9", NOW + 5 * S)
    assert fail("gao-yuan", "2001:db8:0:8::1", NOW + 5 * S)


def test_a_name_that_hundreds_of_addresses_guess_at_still_opens_where_its_owner_works(world):
    assert enter("gao-yuan", HOME, NOW - timedelta(days=80))
    asked = [fail("gao-yuan", f"192.0.2.{n}", NOW + n * S / 10) for n in range(200)]
    assert sum(asked) == 100, "from anywhere new it is slowed"
    assert enter("gao-yuan", HOME, NOW + 20 * S)


def test_an_address_that_guesses_at_many_names_is_slowed_and_those_who_work_there_are_not(world):
    assert enter("li-wen", HOME, NOW - timedelta(days=1))
    asked = [fail(f"somebody-{n}", HOME, NOW + n * S / 10) for n in range(150)]
    assert sum(asked) == 100
    assert enter("li-wen", HOME, NOW + 15 * S)
    assert not enter("gao-yuan", HOME, NOW + 15 * S), "he has never signed in from there"
    assert enter("gao-yuan", HOME, NOW + 60 * S)


def test_neither_name_nor_address_stands_in_the_database(world):
    fail("gao-yuan", HOME, NOW)
    keys = list(SignInCount.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_signing_in_and_failing_are_audit_lines(world):
    fail("gao-yuan", ELSEWHERE, NOW)
    enter("gao-yuan", HOME, NOW + S)
    with scope(city="yangzhou"):
        lines = list(AuditLine.objects.filter(kind__contains="sign").order_by("id"))
    assert [line.kind for line in lines] == ["programme.sign-in-failed", "programme.signed-in"]
    assert (lines[0].person, lines[1].person) == (None, world.people["leader"].pk)
    assert lines[0].thing == lines[1].thing


def test_what_is_typed_as_an_unknown_name_is_kept_nowhere(world):
    """People type the password into the first field."""
    fail("correct horse battery", HOME, NOW)
    with scope(city=""):
        line = AuditLine.objects.get(kind="programme.sign-in-failed")
    assert "horse" not in f"{line.thing} {line.details}"


def test_counts_that_count_no_longer_are_cleared(world):
    fail("gao-yuan", ELSEWHERE, NOW - timedelta(days=2))
    enter("gao-yuan", HOME, NOW - timedelta(days=2))
    fail("li-wen", HOME, NOW)
    signing_in.clear_forgotten(NOW)
    assert SignInCount.objects.filter(last_at__lt=NOW).count() == 1, "where somebody is at home stays known"
    assert SignInCount.objects.filter(last_at=NOW).count() == 3
