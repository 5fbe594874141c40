"""People, accounts and roles in the browser: an administrator brings somebody in, and lets somebody go."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from beiji.programme import access, changes
from beiji.programme.changes import ProgrammeError
from beiji.programme.models import Account, Organisation, Person, RoleGrant, Subject
from beiji.programme.rules import CODE_LENGTH, CODE_SIGNS, new_code, read_code
from beiji.records.models import AuditLine
from tests import cast
from tests.cast import NOW, TODAY

HERE = "/yangzhou/people/"
GOOD = "four quiet herons at dusk"


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def signed_in(name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username=name, password=cast.PASSWORD)
    return client


@pytest.fixture
def administrator(world) -> Client:
    return signed_in("chen-wei")


def person_of(code: str) -> Person:
    with scope(city="yangzhou"):
        return Person.objects.get(code=code)


def sheet_code(answer) -> str:
    return re.search(r"\b([2-9A-Z]{5}-[2-9A-Z]{5})\b", answer.content.decode())[1]


def add_nurse(client: Client, **more: str) -> str:
    """Add a nurse of Ginkgo by the form; gives the address of her page."""
    with scope(city="yangzhou"):
        ginkgo = Organisation.objects.get(code="ginkgo").pk
    said = {
        "name_zh": "王芳",
        "name_en": "Wang Fang",
        "organisation": ginkgo,
        "post": "Head nurse",
        "staff_number": "1024",
    }
    answer = client.post(HERE + "new/", {**said, "language": "zh-hans", **more})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def come_in(name: str, code: str, password: str = GOOD, again: str | None = None):
    client = Client(headers={"accept-language": "en"})
    said = {"name": name, "code": code, "password": password, "again": again or password}
    return client, client.post("/sign-in/code/", said)


def test_a_nurse_is_brought_in_with_a_code_on_paper_and_signs_in_once_with_it(administrator):
    page = add_nurse(administrator)
    assert 'value="ginkgo-1024"' in administrator.get(page).content.decode(), (
        "the user name is proposed from the staff number"
    )
    with scope(city="yangzhou"):
        ginkgo = Subject.objects.get(code="ginkgo").pk
    given = administrator.post(page + "roles/", {"role": "coordinator", "subject": ginkgo, "since": TODAY})
    assert given.status_code == 302
    sheet = administrator.post(page + "account/", {"username": "ginkgo-1024"})
    code = sheet_code(sheet)
    assert "no-store" in sheet["Cache-Control"]
    assert code not in administrator.get(page).content.decode(), "the code is shown once"
    assert Account.objects.get(username="ginkgo-1024").code_hash not in ("", code)

    client, answer = come_in("GINKGO-1024", code.lower().replace("-", " "))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/yangzhou/").status_code == 200
    assert Client().login(username="ginkgo-1024", password=GOOD)
    _other, again = come_in("ginkgo-1024", code)
    assert again.status_code == 422
    assert "was used before" in again.content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"code": "22222-22222"}, "This code does not fit the name"),
        ({"name": "nobody"}, "This code does not fit the name"),
        ({"password": "short"}, "fewer than ten signs"),
        ({"again": GOOD + "!"}, "The two passwords differ"),
    ],
)
def test_what_does_not_fit_opens_nothing_and_uses_nothing_up(administrator, said, sentence):
    page = add_nurse(administrator)
    code = sheet_code(administrator.post(page + "account/", {"username": "ginkgo-1024"}))
    right = {"name": "ginkgo-1024", "code": code, "password": GOOD, "again": GOOD}
    wrong = Client(headers={"accept-language": "en"}).post("/sign-in/code/", {**right, **said})
    assert wrong.status_code == 422
    assert sentence in wrong.content.decode()
    assert Client().post("/sign-in/code/", right).status_code == 302


def test_a_code_expires(administrator, monkeypatch):
    page = add_nurse(administrator)
    code = sheet_code(administrator.post(page + "account/", {"username": "ginkgo-1024"}))
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=14))
    assert come_in("ginkgo-1024", code)[1].status_code == 422
    assert "code expired" in signed_in("chen-wei").get(page).content.decode()


def test_guessing_codes_is_slowed_like_guessing_passwords(administrator):
    page = add_nurse(administrator)
    code = sheet_code(administrator.post(page + "account/", {"username": "ginkgo-1024"}))
    for _ in range(5):
        come_in("ginkgo-1024", new_code())
    refused = come_in("ginkgo-1024", code)[1]
    assert refused.status_code == 422
    assert "Too many wrong passwords from here" in refused.content.decode()


def test_a_new_code_ends_the_old_password_and_every_session(administrator):
    coordinator = signed_in("zhao-min")
    assert coordinator.get("/yangzhou/").status_code == 200
    page = f"{HERE}{person_of('zhao-min').pk}/"
    code = sheet_code(administrator.post(page + "code/"))
    assert coordinator.get("/yangzhou/").status_code == 302, "signed out at the next request"
    assert not Client().login(username="zhao-min", password=cast.PASSWORD)
    assert come_in("zhao-min", code)[1].status_code == 302


def test_closing_an_account_signs_out_at_once_and_leaving_ends_the_roles_too(administrator):
    coordinator, other = signed_in("zhao-min"), signed_in("wu-lan")
    administrator.post(f"{HERE}{person_of('zhao-min').pk}/closing/")
    assert coordinator.get("/yangzhou/").status_code == 302
    wu_lan = person_of("wu-lan")
    administrator.post(f"{HERE}{wu_lan.pk}/leaving/")
    assert other.get("/yangzhou/").status_code == 302
    with scope(city="yangzhou"):
        assert access.roles_on(wu_lan, TODAY) == ()
        kinds = set(AuditLine.objects.values_list("kind", flat=True))
    assert {"programme.account-closed", "programme.person-left"} <= kinds


def test_a_role_taken_back_closes_the_city_at_the_next_request(administrator):
    coordinator, person = signed_in("zhao-min"), person_of("zhao-min")
    with scope(city="yangzhou"):
        grant = RoleGrant.objects.get(person=person)
    administrator.post(f"{HERE}{person.pk}/roles/{grant.pk}/end/")
    assert coordinator.get("/yangzhou/").status_code == 404
    again = administrator.post(f"{HERE}{person.pk}/roles/{grant.pk}/end/", follow=True)
    assert "This role was taken back already" in again.content.decode()


def test_a_city_keeps_an_administrator(administrator):
    person = person_of("chen-wei")
    with scope(city="yangzhou"):
        grant = RoleGrant.objects.get(person=person)
    for address in ("closing/", "leaving/", f"roles/{grant.pk}/end/"):
        answer = administrator.post(f"{HERE}{person.pk}/{address}", follow=True)
        assert "last administrator who can sign in" in answer.content.decode()
    assert administrator.get(HERE).status_code == 200


@pytest.mark.parametrize(
    ("who", "said", "sentence"),
    [
        ("wu-lan", {"role": "coordinator"}, "Choose the institution"),
        ("wu-lan", {"role": "translator", "subject": "ginkgo"}, "holds in the whole city"),
        ("dana-peretz", {"role": "administrator"}, "own institutions"),
        ("li-wen", {"role": "manager"}, "has this role already"),
        ("wu-lan", {"role": "lead"}, "not one of the available choices"),
        ("wu-lan", {"role": "translator", "until": "2026-11-24"}, "put the dates in order"),
        ("wu-lan", {"role": "translator", "since": "1066-10-14"}, "far from the programme"),
    ],
)
def test_a_role_that_cannot_be_is_refused_in_one_sentence(administrator, world, who, said, sentence):
    if "subject" in said:
        said = {**said, "subject": world.subjects[said["subject"]].pk}
    before = person_of(who)
    answer = administrator.post(f"{HERE}{before.pk}/roles/", {"since": TODAY, **said})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_account_of_two_cities_is_changed_by_neither(world, administrator):
    with scope(city="nanjing"):
        stranger = changes.add_person(city=world.other_city, names=cast.names("Twice"), by=None, now=NOW)
    account = Account.objects.get(username="zhao-min")
    account.people.add(stranger)
    page = f"{HERE}{person_of('zhao-min').pk}/"
    for button in ("code/", "closing/"):
        assert "used in another city too" in administrator.post(page + button, follow=True).content.decode()
    assert Client().login(username="zhao-min", password=cast.PASSWORD)


def test_a_staff_number_is_one_persons_and_a_user_name_one_accounts(administrator):
    page = add_nurse(administrator)
    with scope(city="yangzhou"):
        ginkgo = Organisation.objects.get(code="ginkgo")
    said = {"name_en": "Other", "organisation": ginkgo.pk, "staff_number": "1024", "language": "en"}
    answer = administrator.post(HERE + "new/", said)
    assert answer.status_code == 422
    assert "has the staff number 1024" in answer.content.decode()
    taken = administrator.post(page + "account/", {"username": "Zhao-Min"})
    assert taken.status_code == 422
    assert "is taken; choose another" in taken.content.decode()
    assert "no spaces" in administrator.post(page + "account/", {"username": "a b"}).content.decode()


def test_corrections_of_two_administrators_do_not_overwrite_each_other(administrator):
    page = add_nurse(administrator)
    form = administrator.get(page + "edit/").content.decode()
    seen = re.search(r'name="version" value="(\d+)"', form)[1]
    with scope(city="yangzhou"):
        ginkgo = Organisation.objects.get(code="ginkgo").pk
    said = {"name_zh": "王芳", "organisation": ginkgo, "language": "zh-hans", "version": seen}
    assert administrator.post(page + "edit/", {**said, "post": "Matron"}).status_code == 302
    late = administrator.post(page + "edit/", {**said, "post": "Registrar"})
    assert late.status_code == 409
    assert "Matron" in late.content.decode()


def test_the_list_is_searched_filtered_and_taken(administrator):
    add_nurse(administrator)
    assert (
        "王芳" in administrator.get(HERE, {"q": "1024"}).content.decode()
        or "Wang Fang" in administrator.get(HERE, {"q": "1024"}).content.decode()
    )
    waiting = administrator.get(HERE, {"access": "none"}).content.decode()
    assert "Wang Fang" in waiting
    assert "zhao-min" not in waiting
    assert administrator.get(HERE, {"file": "csv"}).status_code == 200


def test_the_list_costs_the_same_queries_for_more_people(administrator, django_assert_max_num_queries):
    for number in range(30):
        add_nurse(administrator, staff_number=str(number))
    with django_assert_max_num_queries(13):
        administrator.get(HERE)


def test_codes_are_of_signs_that_nobody_mistakes_and_are_read_as_they_are_typed():
    code = new_code()
    assert len(read_code(code)) == CODE_LENGTH
    assert set(read_code(code)) <= set(CODE_SIGNS)
    assert not set("01ILO") & set(CODE_SIGNS)
    assert read_code("ａbc de－fghjk") == "ABCDEFGHJK"
    assert len({new_code() for _ in range(1000)}) == 1000


def test_opening_a_second_account_is_refused(world):
    with scope(city="yangzhou"), pytest.raises(ProgrammeError, match="has an account already"):
        changes.open_account(person=world.people["manager"], username="second", by=None, now=NOW)


def test_one_changes_ones_own_password_and_other_devices_are_signed_out(world):
    here, there = signed_in("zhao-min"), signed_in("zhao-min")
    said = {"old": cast.PASSWORD, "password": GOOD, "again": GOOD}
    assert here.post("/sign-in/password/", {**said, "old": "wrong"}).status_code == 422
    assert here.post("/sign-in/password/", said).status_code == 302
    page = here.get("/yangzhou/")
    assert page.status_code == 200
    assert "other devices are signed out" in page.content.decode()
    assert there.get("/yangzhou/").status_code == 302
    assert Client().login(username="zhao-min", password=GOOD)


def test_guessing_the_present_password_at_an_open_screen_is_slowed(world):
    here = signed_in("zhao-min")
    said = {"password": GOOD, "again": GOOD}
    for number in range(5):
        here.post("/sign-in/password/", {**said, "old": f"guess {number}"})
    slowed = here.post("/sign-in/password/", {**said, "old": cast.PASSWORD})
    assert slowed.status_code == 422
    assert "Too many wrong passwords from here" in slowed.content.decode()


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("zhao-min-1", "too much like the user name"),
        ("password123", "Many people use"),
        ("short", "fewer than ten signs"),
    ],
)
def test_a_weak_password_is_refused_in_the_houses_own_words(world, password, sentence):
    said = {"old": cast.PASSWORD, "password": password, "again": password}
    assert sentence in signed_in("zhao-min").post("/sign-in/password/", said).content.decode()
