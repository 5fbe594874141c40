"""Signing in with hospital and staff number: one page, one answer, the counts of the user name."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django_scopes import scope

from beiji.programme import changes
from beiji.programme.models import Account, Organisation, Person
from tests import cast
from tests.cast import NOW, PASSWORD

GOOD = "four quiet herons at dusk"


@pytest.fixture
def numbered(world) -> dict[str, Organisation]:
    """Both coordinators have the same number, each in his own hospital; a nurse of Ginkgo has a code on paper."""
    with scope(city="yangzhou"):
        Person.objects.filter(code__in=("zhao-min", "wu-lan")).update(staff_number="1024")
        nurse = changes.add_person(
            city=world.city, names=cast.names("Nurse"), organisation=world.organisations["ginkgo"], staff_number="A-7",
            by=None, now=NOW,
        )  # fmt: skip
        world.code = changes.open_account(person=nurse, username="nurse-seven", by=None, now=NOW)
    return world.organisations


def sign_in(office: Organisation | None, typed: str, password: str = PASSWORD, client: Client | None = None):
    client = client or Client(headers={"accept-language": "en"})
    said = {"login": typed, "password": password, "office": office.pk if office else ""}
    return client, client.post("/sign-in/", said)


def who(client: Client) -> str:
    return Account.objects.get(pk=client.session["_auth_user_id"]).username


def test_a_number_is_one_persons_in_his_hospital_and_the_choice_is_remembered_on_the_device(numbered):
    client, answer = sign_in(numbered["ginkgo"], "１０２４")
    assert (answer.status_code, who(client)) == (302, "zhao-min")
    assert who(sign_in(numbered["egret"], "1024")[0]) == "wu-lan"
    client.post("/sign-out/")
    page = client.get("/sign-in/").content.decode()
    assert re.search(rf'<option value="{numbered["ginkgo"].pk}" selected>', page)


def test_with_the_hospital_chosen_the_user_name_of_its_own_people_does_as_well(numbered):
    assert who(sign_in(numbered["ginkgo"], "Zhao-Min")[0]) == "zhao-min"
    assert who(sign_in(None, "zhao-min")[0]) == "zhao-min"
    assert sign_in(numbered["ginkgo"], "wu-lan")[1].status_code == 200, "somebody of another hospital"


@pytest.mark.parametrize(("typed", "password"), [("1024", "wrong"), ("9999", PASSWORD), ("nobody", "wrong")])
def test_whatever_does_not_fit_has_one_answer(numbered, typed, password):
    _client, page = sign_in(numbered["ginkgo"], typed, password)
    _client, unknown = sign_in(None, "nobody", "wrong")
    said = [re.findall(r'class="message-text".*?</div>', p.content.decode(), re.DOTALL) for p in (page, unknown)]
    summary = [re.search(r"error-summary.*?</div>", p.content.decode(), re.DOTALL) for p in (page, unknown)]
    assert page.status_code == unknown.status_code == 200
    assert said[0] == said[1]
    assert (summary[0] and summary[0][0]) == (summary[1] and summary[1][0])


def test_guesses_at_a_number_and_at_its_user_name_are_counted_together(numbered):
    for typed, office in (("1024", numbered["ginkgo"]), ("zhao-min", None)) * 3:
        sign_in(office, typed, "wrong")
    page = sign_in(numbered["ginkgo"], "1024")[1].content.decode()
    assert "Too many wrong passwords" in page
    assert who(sign_in(numbered["egret"], "1024")[0]) == "wu-lan", "his namesake elsewhere is not slowed"


def test_guesses_at_numbers_that_nobody_has_are_slowed_too(numbered):
    for _try in range(5):
        sign_in(numbered["ginkgo"], "4040", "wrong")
    assert "Too many wrong passwords" in sign_in(numbered["ginkgo"], "4040", "wrong")[1].content.decode()


def test_the_code_on_the_sheet_is_taken_with_the_number(numbered, world):
    client = Client(headers={"accept-language": "en"})
    said = {"office": numbered["ginkgo"].pk, "name": "a-7", "code": world.code, "password": GOOD, "again": GOOD}
    assert client.post("/sign-in/code/", {**said, "office": numbered["egret"].pk}).status_code == 422
    assert client.post("/sign-in/code/", said).status_code == 422, "a number is typed as it stands on the card"
    assert client.post("/sign-in/code/", {**said, "name": "A-7"}).status_code == 302
    assert who(client) == "nurse-seven"
    assert sign_in(numbered["ginkgo"], "A-7", GOOD)[1].status_code == 302


def test_whoever_left_or_was_erased_comes_in_by_no_number(numbered, world):
    with scope(city="yangzhou"):
        changes.leave(person=world.people["coordinator"], by=world.people["administrator"].pk, now=NOW)
    _client, closed = sign_in(numbered["ginkgo"], "1024")
    _client, unknown = sign_in(None, "nobody", "wrong")
    assert closed.status_code == 200
    assert "not correct" in closed.content.decode()
    assert "not correct" in unknown.content.decode()


def test_only_institutions_with_numbers_are_named_and_none_of_the_visitors(numbered, world):
    page = Client().get("/sign-in/").content.decode()
    offered = re.findall(r'<option value="(\d+)"', page)
    assert set(offered) == {str(numbered[code].pk) for code in ("ginkgo", "egret")}
    forged = Client().post("/sign-in/", {"office": numbered["commission"].pk, "login": "li-wen", "password": PASSWORD})
    assert forged.status_code == 200
    with scope(city="yangzhou"):
        Person.objects.update(staff_number="")
    assert 'name="office"' not in Client().get("/sign-in/").content.decode(), "the page stays as simple as it was"
