"""No death beside a hospital's name, in anything that leaves the engine: one sweep over every form, language and kind of answer. What is not swept yet is found by
the closed lists at the end."""

import csv
import dataclasses
import html
import io
import json
import re

import pytest

from beiji.packs import simulate as command
from beiji.packs.effect import Effect
from beiji.science import render
from beiji.science.alone import largest_alone
from beiji.science.gain import gains
from beiji.science.parameters import register
from beiji.science.rank_text import IN_LIVES, plain
from beiji.science.ranking import Change, rank
from beiji.science.results import Results
from beiji.science.run import simulate
from beiji.science.session import Session
from beiji.science.summary import summarise
from beiji.science.trace_file import Playback, playback
from beiji.science.words import LANGUAGES, Words

from ...source import SOURCE
from ..kernel import cities

TOWN = cities.city(4, 40, factor=0.34)
INCIDENT = cities.scenario(150, 1)
CODES = {h.code for h in TOWN.hospitals}
#: A hospital's name stands for itself in every language.
NAMES = {code: f"Ward {code}" for code in CODES}
PLACES = CODES | set(NAMES.values())
DEATH = re.compile(r"\b(dea[dt]\w*|dies?|died|dying|mortal\w*|surviv\w*|lives|lived|outcome\w*|preventable)\b|[死亡]|存活|生还|幸存|挽救|מוות|מתים|מת\b|נפטר|תמותה|שורד|שרד|ניצול|ניצל", re.IGNORECASE)
#: What Results tell of a whole city and no writer may take: expected deaths by site and cause, and what became of each casualty.
INSIDE_ONLY = ("causes", "outcomes")


@pytest.fixture(scope="module")
def results():
    found = simulate(TOWN, INCIDENT, replications=6, threads=1, detail="casualty")
    assert found.out["dead_waiting"].sum() > 20, "many die inside, else the sweep proves nothing"
    assert found.out["dead_in_stage"].sum() > 0
    return found


@pytest.fixture(scope="module")
def summary(results):
    return dataclasses.replace(summarise(results), gains=gains(TOWN, INCIDENT, ["theatres"], replications=4, threads=1))


def names_a_hospital(text):
    return any(place in text for place in PLACES)


def joined(value, path=""):
    """Where a hospital stands beside a word of death: within one record, or as the name of a record that has such a word."""
    if isinstance(value, dict):
        own = [str(key) for key in value] + [part for part in value.values() if isinstance(part, str)]
        if any(part in PLACES for part in own) and any(DEATH.search(part.replace("_", " ")) for part in own):
            yield path
        for key, part in value.items():
            if key in PLACES and DEATH.search(json.dumps(part, ensure_ascii=False, default=str).replace("_", " ")):
                yield f"{path}.{key}"
            yield from joined(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for k, part in enumerate(value):
            yield from joined(part, f"{path}[{k}]")


def test_the_sweep_would_see_it():
    assert list(joined({"rows": [{"site": "h001", "deaths": 2.0}]}))
    assert list(joined({"h001": {"n": {"died": 1}}}))
    assert not list(joined({"rows": [{"site": "s0", "deaths": 2.0}], "h001": {"waits": 3}}))
    assert DEATH.search("等待中死亡")
    assert DEATH.search("1 of 3 survive")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_the_text_and_no_row_or_mark_of_the_page(summary, language):
    words = Words(language, NAMES)
    text, page = render.text(summary, words), render.html(summary, words)
    assert sum(names_a_hospital(line) for line in text.splitlines()) > 4
    parts = text.splitlines() + re.findall(r"<tr>.*?</tr>|<p.*?</p>|<text.*?</text>|<title>.*?</title>|<desc>.*?</desc>", page, re.DOTALL)
    told = [html.unescape(re.sub(r"<[^>]+>", " ", part)) for part in parts]
    assert [part for part in told if names_a_hospital(part) and DEATH.search(part)] == []
    marks = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', page)
    assert [mark for mark in marks if names_a_hospital(mark) and DEATH.search(mark)] == []


def test_no_row_of_the_table_and_no_record_of_the_json(summary):
    rows = list(csv.DictReader(io.StringIO(render.tidy(summary))))
    assert [row for row in rows if row["site"] in CODES and DEATH.search(" ".join(row.values()).replace("_", " "))] == []
    record = json.loads(json.dumps(summary.as_dict(), default=str))
    assert list(joined(record)) == []
    assert any(row["site"] in CODES and row["ended_by"] == "limit" for row in record["waits"])


def test_no_row_of_results_but_the_two_that_stay_inside(results):
    told = [name for name in dir(Results) if isinstance(getattr(Results, name), property)]
    rows = {name: value for name in told if isinstance(value := getattr(results, name), list)}
    assert set(INSIDE_ONLY) <= set(rows)
    assert {name for name, value in rows.items() if list(joined(value))} <= {"causes"}
    assert not {"site", "hospital", "station"} & set(results.outcomes[0])


def test_no_stop_of_a_session_and_no_line_of_a_story(results):
    session = Session(TOWN, INCIDENT, seed=1, trace=True).advance(300.0)
    assert list(joined(session.snapshot())) == []
    assert list(joined(session.events())) == []
    assert [c for c in session.picture().casualties if getattr(c, "site", None) in CODES and DEATH.search(str(getattr(c, "phase", "")))] == []
    record = playback(results.model, results.trace[0], TOWN, INCIDENT, register(), names=NAMES)
    read = Playback(record)
    assert list(joined(list(read.events()))) == []
    for minute in (60.0, 300.0, 2000.0):
        frame = [dataclasses.asdict(position) for position in read.frame(minute).values()]
        assert list(joined(frame)) == []
    assert list(joined({key: part for key, part in record.items() if key != "whats"})) == []


def test_no_ranking_and_no_answer_about_one_hospital():
    theatres = Change("theatres at h001", lambda city: city.with_hospital("h001", {"hospital.theatres": {0: 4}}), places=("h001",))
    row = plain(rank(TOWN, [INCIDENT], [theatres], models=("sacco",), half_width=9.0, most_events=50, draws=0, threads=1))["rows"][0]
    assert not set(row) & set(IN_LIVES), "of what names a hospital only the order is told"
    told = "\n".join(f"{key} {value}" for key, value in row.items())
    assert not DEATH.search(told)
    one = largest_alone(TOWN, cities.scenario(40, 1), "h000", replications=6, most=40)
    assert list(joined(dataclasses.asdict(one))) == []


def test_every_form_of_the_command_is_swept():
    assert command.FORMATS == ("json", "html", "csv"), "a new form belongs into the sweep above"
    writers = [name for name in ("text", "html", "tidy") if callable(getattr(render, name))]
    assert writers == ["text", "html", "tidy"]


def test_no_page_of_the_house_and_no_writer_reads_what_stays_inside():
    """Pages that show runs name the engine: they are listed here, and what they are given is swept. Nobody but Results itself asks for deaths by site."""
    allowed = {"science", "packs"}
    outside = {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if file.relative_to(SOURCE).parts[0] not in allowed and "beiji.science" in file.read_text(encoding="utf-8")}
    timetables = {"plans/capacity/engine.py", "plans/capacity/reading.py"}  # what a hospital has and what it is called; no run, no result
    assert outside == {"simulate/pages.py", "simulate/forms.py", "site/engine_lane.py"} | timetables, "a page that shows runs belongs into the sweep"
    told = {field.name for field in dataclasses.fields(Effect)}
    assert not [name for name in told if DEATH.search(name.replace("_", " "))], "the answer about one hospital tells waits alone"
    asks = re.compile(r"results\.(causes|outcomes)\b|\bmade\.(causes|outcomes)\b|\.loss\[")
    readers = {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if asks.search(file.read_text(encoding="utf-8"))}
    assert readers <= {"science/results.py", "science/kernel/body.py", "science/kernel/stages.py"}
