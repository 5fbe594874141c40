"""What a manager reads who asks what more of one capacity at one hospital would change."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from beiji.packs.effect import Effects
from beiji.packs.effect_choices import Question, kinds
from beiji.packs.simulation import SimulationError
from beiji.records import engine_lane
from beiji.science.gain import keys
from beiji.science.words import Words

PAGE = reverse("simulate:effect", kwargs={"city": "yangzhou"})
#: Of three scenarios the one in which the whole city waits for theatres of its largest hospital.
QUESTION = Question("yangzhou", "chemical-park-explosion", "ginkgo", "resus_bays", 4)


@pytest.fixture(scope="module")
def effects(library):
    return Effects(library)


@pytest.fixture
def manager(yangzhou) -> Client:
    client = Client()
    client.force_login(yangzhou.people["manager"].accounts.get())
    return client


def test_every_capacity_that_is_offered_has_a_key_of_the_engine_and_words():
    for language in ("en", "zh-Hans", "he"):
        assert [kind for kind in kinds() if kind not in keys() or kind not in Words(language).table] == []


def test_an_answer_is_paired_says_what_it_rests_on_and_is_the_same_each_time(effects):
    answer = effects.answer(QUESTION)
    told = answer.as_dict()
    assert told == effects.answer(QUESTION).as_dict()
    assert told["time_to_theatre_min"]["n"] > 100
    assert told["time_to_theatre_min"]["clear"] is answer.time_to_theatre_min.clear
    assert told["provenance"]["scenario"].startswith("chemical-park-explosion@")
    assert {row["site"] for row in told["binds"]} <= set(effects.library.cities["yangzhou"].hospitals)
    assert not re.search(r"death|dead", str({k: v for k, v in told.items() if k != "does_not_show"}))


def test_what_cannot_be_asked_is_refused_with_every_fault(effects):
    with pytest.raises(SimulationError) as refused:
        effects.answer(replace(QUESTION, hospital="nowhere", kind="luck", units=21))
    assert [word in str(refused.value) for word in ("nowhere", "luck", "1 to 20")] == [True] * 3


def test_the_manager_reads_difference_bottlenecks_and_provenance(manager, effects, monkeypatch):
    monkeypatch.setattr(engine_lane, "ask", lambda kind, question, **more: effects.answer(question).as_dict())
    asked = {"scenario": QUESTION.scenario, "hospital": "ginkgo", "kind": "resus_bays", "units": 4}
    page = manager.get(PAGE, asked).content.decode()
    assert "4 more: resuscitation bays, " in page
    assert "Waiting for it at this hospital" in page
    assert page.count("Whole city: ") == 2
    assert not re.search(r"\b(lives|deaths?|surviv\w+)\b", re.sub(r"(?s)<p class=.meta.*?</p>", "", page)), (
        "waits only beside a name"
    )
    assert "no measurable difference" in page or "95 % interval" in page
    assert "200 pairs of events on the same draws, seed 1" in page
    assert "What binds then" in page


def test_without_an_engine_there_is_one_sentence_and_the_knob_stays(manager, monkeypatch):
    monkeypatch.setattr(engine_lane, "FIND_S", 0.0)
    asked = {"scenario": QUESTION.scenario, "hospital": "ginkgo", "kind": "resus_bays", "units": 4}
    page = manager.get(PAGE, asked).content.decode()
    assert "The engine is not running. Ask again in a few seconds." in page
    assert 'value="4"' in page
    assert "4 more" not in manager.get(PAGE, asked | {"units": "400"}).content.decode()
