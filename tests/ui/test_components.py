"""Components say in words what they show, in three languages, and keep a city's map light."""

from __future__ import annotations

import gzip
import re
from typing import ClassVar

import pytest
from django.template import Context, engines
from django.test import RequestFactory
from django.utils import translation

from beiji.site.context import Group, Link
from beiji.ui import figures, views, words
from beiji.ui.fixtures import parts
from beiji.ui.marks import cell_html, cell_name
from beiji.ui.templatetags.beiji import render_component

LANGUAGES = ("en", "zh-hans", "he")


def drawn(source: str, **values: object) -> str:
    return engines["django"].from_string("{% load beiji %}" + source).render(values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_every_part_is_drawn(language):
    with translation.override(language):
        for part in parts():
            assert part.title
            for state in part.states:
                html = views.drawn(part, state)
                assert html.strip(), (part.name, state.title)
                assert "{'en'" not in html, (part.name, state.title)
                assert not re.search(r"\sstyle=", html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_has_one_heading_of_the_first_rank_and_unique_ids(language):
    with translation.override(language):
        request = RequestFactory().get("/ui/")
        html = views.catalogue(request).content.decode()
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    assert f'dir="{"rtl" if language == "he" else "ltr"}"' in html


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Ginkgo, surge: 0 Not in place, on paper, evidence expired, must-pass item open"),
        ("zh-hans", "Ginkgo, surge：0 不具备，书面规定，佐证已过期，一票否决项未达标"),
        ("he", "Ginkgo, surge: 0 לא קיים, על הנייר, אסמכתה שפג תוקפה, תנאי סף פתוח"),
    ],
)
def test_a_cell_says_level_proof_age_and_must_pass(language, expected):
    with translation.override(language):
        assert cell_name(0, "stale", "stated", "Ginkgo, surge", must=True) == expected
        assert f'aria-label="{expected}"' in cell_html(0, "stale", "stated", name="Ginkgo, surge", must=True)


@pytest.mark.parametrize(
    ("state", "sign"), [("unknown", "?"), ("not-assessed", "·"), ("not-applicable", "–"), ("na", "–"), (None, "?")]
)
def test_without_a_digit_a_cell_has_no_level(state, sign):
    html = cell_html(None, state)
    assert "data-level" not in html
    assert f">{sign}</span>" in html


def test_unknown_is_never_a_digit_even_if_one_is_given():
    assert "data-level" not in cell_html(2, "unknown", "seen")


def test_a_provisional_roll_up_has_no_word():
    with translation.override("en"):
        assert cell_name(1, "below", "stated", least=True) == "at least 1, on paper"


def test_wrong_words_are_refused():
    with pytest.raises(ValueError, match="no standing"):
        cell_html(2, "fine")
    with pytest.raises(ValueError, match="no proof"):
        words.proof_word("rumoured")


def test_a_name_cannot_bring_markup_into_a_cell_a_table_or_a_figure():
    wild = '<b onclick="x">"&'
    table = render_component("table", {"caption": wild, "heads": [{"label": wild}], "body": ""})
    drawing = figures.intervals([(wild, figures.Estimate(1, 0, 2), wild)], wild, 0, 3)
    for html in (cell_html(2, "in-place", "seen", name=wild, href="#"), table, drawing):
        assert "<b on" not in html


def test_a_city_of_17_domains_and_20_hospitals_fits_a_page():
    cells = [
        {
            "digit": 2,
            "state": "in_place",
            "proof": "seen",
            "name": "白鹭大学医院 · 急诊腾空与扩容",
            "href": "/yangzhou/why/egret/surge/",
        }
    ] * 17
    rows = [{"label": "白鹭大学医院", "href": "/yangzhou/egret/", "cells": cells}] * 20
    with translation.override("zh-hans"):
        html = render_component(
            "heatmap", {"title": "x", "columns": [{"label": "扩容"}] * 17, "groups": [{"rows": rows}]}
        )
    assert len(gzip.compress(html.encode(), mtime=0)) < 4_000


def test_a_text_in_another_language_carries_it():
    with translation.override("he"):
        assert drawn("{{ names|text_in }}", names={"en": "Duty room"}) == '<span lang="en" dir="ltr">Duty room</span>'


def test_blocks_wrap_their_body_and_take_named_values_only():
    with translation.override("en"):
        html = drawn("{% panel title=title plain=True %}<p>in</p>{% endpanel %}", title="To do <now>")
        assert "To do &lt;now&gt;" in html
        assert "<p>in</p>" in html
    with pytest.raises(Exception, match="named values only"):
        drawn('{% panel "To do" %}{% endpanel %}')


def test_a_slot_is_a_value_with_markup_of_its_own():
    html = drawn('{% panel %}{% slot "title" %}<b>{{ name }}</b>{% endslot %}rest{% endpanel %}', name="<Ginkgo>")
    assert "<h2 ><b>&lt;Ginkgo&gt;</b></h2>" in html
    assert html.count("Ginkgo") == 1


def test_a_cell_without_content_is_empty_for_the_sheet_too():
    rows = "<tr>{% for mark in marks %}<td class='nobr'>\n  {{ mark }}\n</td>{% endfor %}</tr>"
    html = drawn("{% table caption='T' %}" + rows + "{% endtable %}", marks=["", "must-pass"])
    assert "<td class='nobr'></td>" in html
    assert "must-pass" in html


def test_icons_with_a_direction_turn_round_in_hebrew():
    assert "data-mirror" in drawn('{% icon "forward" %}')
    assert "data-mirror" not in drawn('{% icon "clock" %}')


def test_figures_run_from_right_to_left_when_mirrored():
    straight = figures.Scale(0, 10, 0, 100)
    turned = figures.Scale(0, 10, 0, 100, mirrored=True)
    assert [straight.at(v) for v in (0, 2, 10, 99)] == [0, 20, 100, 100]
    assert [turned.at(v) for v in (0, 2, 10)] == [100, 80, 0]


def test_a_figure_for_print_has_no_token_left():
    svg = figures.for_print(figures.dots(18, "18 of 20"))
    assert "var(" not in svg
    assert "#1b4b7a" in svg


def test_exercise_is_said_in_title_bar_and_frame():
    html = views.catalogue(RequestFactory().get("/ui/?mode=exercise")).content.decode()
    assert 'data-mode="exercise"' in html
    assert re.search(r"<title>\s*EXERCISE", html)
    assert "演练" in html
    assert "תרגיל" in html


def test_a_component_may_take_a_value_called_name():
    assert 'name="act"' in drawn('{% ui "button" label="Go" name="act" value="1" %}')


def test_the_frame_shows_menu_city_person_and_role():
    class Named:
        names: ClassVar = {"en": "Yangzhou", "zh-Hans": "扬州市", "he": "יאנג־ג׳ואו"}

    request = RequestFactory().get("/yangzhou/")
    request.city, request.person = Named(), Named()  # type: ignore[attr-defined]
    links = [Link("Overview", "/yangzhou/", None, True), Link("Actions", "/yangzhou/actions/", 12, False)]
    menu = [Group("", links, ())]
    with translation.override("he"):
        template = engines["django"].from_string('{% extends "ui/base.html" %}{% block title %}T{% endblock %}')
        html = template.template.render(
            Context({"request": request, "menu": menu, "illustrative": True, "role": "Manager", "messages": []})
        )
    assert html.count('aria-current="page"') == 1
    assert '<span class="rail-count">12</span>' in html
    assert "<bdi>יאנג־ג׳ואו</bdi>" in html
    assert "נתוני הדגמה" in html
    assert "Manager" in html
