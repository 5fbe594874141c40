"""Fields that choose a person: asked of the server as one types, and by sending the form where no script runs."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.test import Client
from django_scopes import scope

from beiji.programme import changes, choosing
from beiji.programme.models import Person
from beiji.programme.people import people_to_choose
from tests import cast
from tests.cast import NOW

ASKED = "/yangzhou/assessments/people/"


class _Form(forms.Form):
    who = choosing.PersonField()
    other = choosing.PersonField(required=False)

    def __init__(self, data=None, **more):
        super().__init__(data, **more)
        for name in ("who", "other"):
            choosing.offer_people(self, name, choosing.People(people_to_choose(), "/asked/"))


@pytest.fixture
def staff(yangzhou) -> dict[str, Person]:
    """Three people of Egret, two of one name."""
    said = (
        ("fang", "王芳", "Wang Fang", "护士长"),
        ("fang-2", "王芳", "Wang Fang", "药师"),
        ("yue", "欧阳玥", "Ouyang Yuè", ""),
    )
    return {
        code: changes.add_person(
            city=yangzhou.city, names={"zh-Hans": zh, "en": en}, post={"zh-Hans": post} if post else {}, by=None, now=NOW,
            organisation=yangzhou.organisations["egret"], staff_number=code,
        )
        for code, zh, en, post in said
    }  # fmt: skip


def asked(search: str, who: str = "li-wen") -> list[tuple[str, str]]:
    """Key and words of each person whom the server answers."""
    client = Client(headers={"accept-language": "zh-hans"})
    assert client.login(username=who, password=cast.PASSWORD)
    answer = client.get(ASKED, {"q": search})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<html" not in text, "a piece of a list"
    return re.findall(r'data-value="([^"]+)"\s+data-words="([^"]+)"', text)


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ("芳", {"fang", "fang-2"}),
        ("王 药", {"fang-2"}),
        ("阳玥", {"yue"}),
        ("OUYANG yue", {"yue"}),
        ("egret 芳", {"fang", "fang-2"}),
        ("ｗａｎｇ", {"fang", "fang-2"}),
        ("没有", set()),
        ("fang-2", set()),
        ("%", set()),
    ],
)
def test_people_are_named_by_any_part_of_name_post_and_institution_and_not_by_their_number(staff, search, codes):
    with scope(city="yangzhou"):
        keys = {key for key, _words in asked(search)}
    assert keys == {str(staff[code].pk) for code in codes}


def test_an_answer_names_twenty_people_at_most_and_costs_the_same_for_all(yangzhou, django_assert_max_num_queries):
    for number in range(30):
        changes.add_person(city=yangzhou.city, names=cast.names(f"Chen {number}"), by=None, now=NOW)
    client = Client(headers={"accept-language": "en"})
    client.login(username="li-wen", password=cast.PASSWORD)
    with django_assert_max_num_queries(8):
        text = client.get(ASKED, {"q": "chen"}).content.decode()
    assert text.count('role="option"') == choosing.MOST
    assert "type more of the name" in text


def test_somebody_who_was_erased_is_named_to_nobody(staff):
    changes.erase_person(person=staff["yue"], by=staff["fang"].pk, now=NOW)
    assert asked("欧阳") == []
    assert Person.objects.get(pk=staff["yue"].pk).search_text == ""


def test_a_corrected_name_is_found_and_the_old_one_is_not(staff):
    person = staff["yue"]
    changes.change_person(
        person=person, names={"zh-Hans": "司马玥"}, post={}, organisation=person.organisation, staff_number="yue",
        language="en", by=person.pk, now=NOW, seen=person.version,
    )  # fmt: skip
    assert asked("欧阳") == []
    assert [key for key, _words in asked("司马")] == [str(person.pk)]


def options_of(form: forms.Form, name: str) -> list[str]:
    return [key for key in re.findall(r'<option value="([^"]*)"', str(form[name])) if key]


def test_a_form_offers_nobody_but_whoever_is_chosen(staff):
    form = _Form(initial={"who": staff["yue"].pk})
    assert options_of(form, "who") == [str(staff["yue"].pk)]
    assert "selected" in str(form["who"])
    assert options_of(form, "other") == []


def test_without_script_the_words_bring_the_people_whom_they_fit_and_one_is_chosen(staff):
    form = _Form({"who": "", "who-find": "芳", "other": ""})
    assert not form.is_valid()
    assert "Choose the person in the list" in form.errors["who"][0]
    assert set(options_of(form, "who")) == {str(staff[code].pk) for code in ("fang", "fang-2")}
    assert 'value="芳"' in str(form["who"])
    again = _Form({"who": str(staff["fang-2"].pk), "who-find": "芳", "other": ""})
    assert again.is_valid(), again.errors
    assert again.cleaned_data == {"who": staff["fang-2"], "other": None}


@pytest.mark.parametrize("name", ["who", "other"])
def test_words_that_do_not_fit_whoever_is_chosen_ask_again(staff, name):
    said = {"who": str(staff["yue"].pk), "other": str(staff["yue"].pk), f"{name}-find": "王"}
    form = _Form(said)
    assert list(form.errors) == [name]
    assert str(staff["fang"].pk) in options_of(form, name)
    nobody = _Form({"who": str(staff["yue"].pk), "other": "", f"{name}-find": "张三丰"})
    assert "Nobody fits these words" in nobody.errors[name][0]


@pytest.mark.parametrize("key", ["nobody", "01a00000-0000-7000-8000-000000000000"])
def test_a_key_of_nobody_is_refused(yangzhou, key):
    form = _Form({"who": key})
    assert "who" in form.errors
    assert options_of(form, "who") == []
