"""A real city begins: founded from its pack, with one administrator who comes in with a code."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from beiji import cli
from beiji.output import CommandError
from beiji.packs import load_packs, packs_root
from beiji.programme.changes import ProgrammeError
from beiji.programme.models import Account, City, Person, Subject
from beiji.site import founding
from beiji.site.founding import Newcomer
from tests.cast import NOW

FIRST = Newcomer("李文", "li-wen", "commission")


@pytest.fixture(scope="module")
def packs():
    return load_packs(packs_root())


def founded(packs, newcomer: Newcomer = FIRST, code: str = "yangzhou", start: date | None = None) -> str:
    return founding.bring_in(library=packs, code=code, start=start, newcomer=newcomer, now=NOW)


def test_a_city_is_founded_and_its_first_administrator_lets_people_in_and_reads_nothing(packs, db, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    code = founded(packs)
    client = Client(headers={"accept-language": "zh-hans"})
    said = {"name": "li-wen", "code": code, "password": "白鹭在黄昏飞过了运河", "again": "白鹭在黄昏飞过了运河"}
    assert client.post("/sign-in/code/", said)["Location"] == "/"
    for page, status in {
        "": 200, "people/": 200, "people/new/": 200, "reports/": 200,
        "readiness/": 404, "readiness/ginkgo/": 404, "actions/": 404, "assessments/": 404,
    }.items():  # fmt: skip
        assert client.get(f"/yangzhou/{page}").status_code == status, page
    with scope(city="yangzhou"):
        assert Subject.objects.filter(kind="hospital").count() == 14
        assert [p.names for p in Person.objects.all()] == [{"zh-Hans": "李文"}]


def test_a_second_administrator_comes_into_the_same_city(packs, db):
    founded(packs)
    founded(packs, Newcomer("Dana Cohen", "dana", "commission"))
    with scope(city="yangzhou"):
        assert {p.language for p in Person.objects.all()} == {"zh-hans", "en"}


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        ({"code": "nowhere"}, CommandError, "there is no pack of a city nowhere"),
        ({"newcomer": Newcomer("A", "abc", "nobody")}, CommandError, "has no institution nobody of its own"),
        ({"newcomer": Newcomer("A", "abc", "integrator")}, CommandError, "has no institution integrator of its own"),
        ({"start": date(2027, 1, 1)}, CommandError, "is there already"),
        ({"newcomer": Newcomer("A", "LI-WEN", "commission")}, ProgrammeError, "is taken"),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(packs, db, words, error, sentence):
    if "code" not in words:
        founded(packs)
    with scopes_disabled():
        before = (City.objects.count(), Person.objects.count(), Account.objects.count())
        with pytest.raises(error, match=sentence):
            founded(packs, **words)
        assert (City.objects.count(), Person.objects.count(), Account.objects.count()) == before


@pytest.mark.parametrize("user", ["ab", "a b", "x" * 61])
def test_the_command_line_refuses_a_user_name_that_nobody_could_type(capsys, user):
    with pytest.raises(SystemExit):
        cli.main(["city", "yangzhou", "--administrator", "A", "--user", user])
    assert "is no user name" in capsys.readouterr().err
