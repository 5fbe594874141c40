"""The self-check: each remark by its rule, the pages of those who answer for the data, and the line of the nightly pass."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction as F

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.readiness import changes
from beiji.readiness.rules import selfcheck
from beiji.readiness.rules.counting import Held
from beiji.readiness.rules.rows import Note, NoteKind, Part, PartStanding, Standing
from beiji.readiness.rules.selfcheck import Answer, Code, Group, Rating, remarks
from beiji.readiness.rules.words import Better, Condition, Kind, Proof, State
from beiji.records.models import AuditLine
from tests import cast
from tests.readiness.conftest import timed

DAY = date(2026, 11, 24)
BY_DAY, BY_NIGHT = Part("egret", None, Condition.DAY), Part("egret", None, Condition.NIGHT)


def part(of: Part = BY_DAY, state: State = State.MET, **more) -> PartStanding:
    return PartStanding(of, state, 3, Proof.EXERCISED, **more)


def answer(
    *parts: PartStanding, state: State = State.MET, contradicted: bool = False, kind: Kind = Kind.QUANTITY, **more
) -> Answer:
    held_more = {name: more.pop(name) for name in ("must_pass", "core", "applies", "covered") if name in more}
    held = Held(
        hospital="egret", indicator="TRI-6", domain="TRI", capability="ed-clear-time", state=state, digit=3,
        proof=Proof.EXERCISED, **{"must_pass": True, "core": True, "applies": True, "covered": False, **held_more},
    )  # fmt: skip
    standing = Standing(state, 3, Proof.EXERCISED, (), parts, contradicted=contradicted)
    return Answer(held, standing, kind, **more)


def codes(*answers: Answer, ratings: tuple[Rating, ...] = ()) -> list[Code]:
    return [remark.code for remark in remarks(answers, ratings, DAY, 30)]


def minutes(*values: int) -> dict[Part, F]:
    return {Part("egret", None, Condition.DAY, 30 * n): F(v) for n, v in enumerate(values)}


CASES = {
    "all is well": (answer(part(), part(BY_NIGHT)), []),
    "nobody said": (answer(state=State.UNKNOWN), [Code.NOBODY_SAID]),
    "nobody said, and it need not be": (answer(state=State.UNKNOWN, must_pass=False, core=False), []),
    "left out": (answer(state=State.UNKNOWN, covered=True, must_pass=False, core=False), [Code.LEFT_OUT]),
    "nothing by night": (answer(part(), part(BY_NIGHT, State.UNKNOWN), state=State.UNKNOWN), [Code.CONDITION_MISSING]),
    "word is better": (answer(part(notes=(Note(1, NoteKind.CLAIMS_BETTER),))), [Code.WORD_IS_BETTER]),
    "word is worse": (answer(part(notes=(Note(1, NoteKind.CLAIMS_WORSE),))), [Code.WORD_IS_WORSE]),
    "fell": (answer(part(state=State.BELOW), state=State.BELOW, contradicted=True), [Code.FELL_AFTER_PROOF]),
    "set aside": (answer(part(state=State.BELOW), state=State.BELOW, applies=False), [Code.SET_ASIDE]),
    "left out of the standard's question": (answer(part(), applies=False), []),
    "only word": (answer(part(state=State.CLAIMED), state=State.CLAIMED), [Code.ONLY_WORD]),
    "only word where it matters less": (answer(part(state=State.CLAIMED), state=State.CLAIMED, must_pass=False, core=False), []),
    "never measured": (answer(part(state=State.IN_PLACE), state=State.IN_PLACE), [Code.NEVER_MEASURED]),
    "a document cannot be measured": (answer(part(state=State.IN_PLACE), state=State.IN_PLACE, kind=Kind.DOCUMENT), []),
    "expires on the last day asked for": (answer(part(holds_until=DAY + timedelta(days=30))), [Code.EXPIRES_SOON]),
    "expires a day later": (answer(part(holds_until=DAY + timedelta(days=31))), []),
    "expired": (answer(part(state=State.STALE), state=State.STALE), [Code.EXPIRED]),
    "better by night": (answer(part(), better=Better.LOWER, values={BY_DAY: F(16), BY_NIGHT: F(11)}), [Code.NIGHT_IS_BETTER]),
    "a quarter better by night": (answer(part(), better=Better.LOWER, values={BY_DAY: F(12), BY_NIGHT: F(9)}), []),
    "more people by night": (answer(part(), better=Better.HIGHER, values={BY_DAY: F(4), BY_NIGHT: F(6)}), [Code.NIGHT_IS_BETTER]),
    "worse by night": (answer(part(), better=Better.HIGHER, values={BY_DAY: F(4), BY_NIGHT: F(3)}), []),
    "fewer later": (answer(part(), better=Better.HIGHER, values=minutes(2, 4, 3)), [Code.FEWER_LATER]),
    "as many later": (answer(part(), better=Better.HIGHER, values=minutes(2, 4, 4)), []),
    "too good": (answer(part(), better=Better.LOWER, targets={None: F(15)}, values={BY_DAY: F("2.9")}), [Code.TOO_GOOD]),
    "five times as good": (answer(part(), better=Better.LOWER, targets={None: F(15)}, values={BY_DAY: F(3)}), []),
    "no minute at all": (answer(part(), better=Better.LOWER, targets={None: F(15)}, values={BY_DAY: F(0)}), [Code.TOO_GOOD]),
    "too many": (answer(part(), better=Better.HIGHER, targets={None: F(2)}, values={BY_DAY: F(11)}), [Code.TOO_GOOD]),
    "a share is not too good": (answer(part(), better=Better.HIGHER, unit="share", targets={None: F("0.1")}, values={BY_DAY: F(1)}), []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_remark_by_its_rule(name: str) -> None:
    given_answer, expected = CASES[name]
    assert codes(given_answer) == expected


def test_levels_that_are_nearly_all_alike_are_asked_about() -> None:
    assert codes(ratings=(Rating("egret", {2: 19, 1: 1}),)) == [Code.ALL_ALIKE]
    assert codes(ratings=(Rating("egret", {2: 18, 1: 2}),)) == []
    assert codes(ratings=(Rating("egret", {2: 19}),)) == []


def test_every_remark_has_its_kind_and_a_case() -> None:
    assert set(selfcheck.GROUP_OF) == set(Code)
    assert {code for _, expected in CASES.values() for code in expected} == set(Code) - {Code.ALL_ALIKE}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(CASES)), max_size=8))
def test_remarks_come_by_kind_and_the_order_of_answers_loses_none(names: list[str]) -> None:
    found = remarks([CASES[name][0] for name in names], (), DAY, 30)
    assert [r.group for r in found] == sorted((r.group for r in found), key=list(Group).index)
    again = remarks([CASES[name][0] for name in reversed(names)], (), DAY, 30)
    assert sorted(r.code for r in again) == sorted(r.code for r in found)
    assert sum(selfcheck.by_group(found).values()) == len(found)


@pytest.fixture
def told(record, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)
    record(
        timed("egret", 15, date(2026, 11, 2), Condition.DAY),
        timed("egret", 11, date(2026, 11, 2), Condition.NIGHT),
        timed("ginkgo", 140, date(2026, 11, 2), Condition.DAY, "blood-delivery-time"),
    )


def read(code: str, address: str) -> str:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username=code, password=cast.PASSWORD)
    response = client.get(f"/yangzhou/{address}")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_manager_reads_what_is_improbable_and_where_it_leads(told) -> None:
    text = read("li-wen", "readiness/self-check/?kind=improbable")
    assert "At night 11 min, by day 15 min: more than a quarter better at night." in text
    assert "1 of " in text
    text = read("li-wen", "readiness/self-check/?kind=missing&subject=ginkgo")
    assert "Nothing is known at night, though it must be proven then too." in text


def test_a_coordinator_reads_his_own_hospital_only(told) -> None:
    text = read("wu-lan", "readiness/self-check/")
    assert "more than a quarter better at night" in text
    assert "Ginkgo" not in text
    assert "Nothing is known at night" not in text
    assert "Self-check of" in read("wu-lan", "readiness/egret/self-check/")


def test_the_nightly_pass_writes_down_what_it_found_and_the_city_is_asked_to_look(told, loaded) -> None:
    assert not AuditLine.objects.filter(kind="readiness.self-checked").exists()
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=1))
    line = AuditLine.objects.get(kind="readiness.self-checked")
    assert line.details["improbable"] == 1
    assert set(line.details) == {group.value for group in Group}
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=1, hours=1))
    assert AuditLine.objects.filter(kind="readiness.self-checked").count() == 1
    assert "Look through 1 remark on contradictory or improbable answers" in read("li-wen", "")


def test_a_check_that_fails_leaves_the_standings_renewed(told, loaded, monkeypatch, caplog) -> None:
    def broken(picture):
        raise ValueError("a fault of the check")

    monkeypatch.setattr("beiji.readiness.changes.nightly.remarks_of", broken)
    changes.refresh_expired(city=loaded.city, now=cast.NOW + timedelta(days=1))
    assert AuditLine.objects.filter(kind="readiness.expiry-passed").exists()
    assert not AuditLine.objects.filter(kind="readiness.self-checked").exists()
    assert "could not be checked tonight" in caplog.text
