"""A city or subject whose code is a word of the addresses would hide a page, or be hidden by it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import get_resolver

from beiji.packs import packs_root, scan
from beiji.programme import changes
from beiji.programme.rules import CITY_WORDS, SUBJECT_WORDS
from tests.cast import NOW, names


def routes(resolver, start: str = "") -> list[tuple[str, ...]]:
    """Every address of the project, cut at its slashes."""
    found: list[tuple[str, ...]] = []
    for pattern in resolver.url_patterns:
        route = start + str(pattern.pattern)
        found += routes(pattern, route) if hasattr(pattern, "url_patterns") else [tuple(route.strip("/").split("/"))]
    return found


def words_beside(argument: str) -> set[str]:
    """Words that stand in some address where another has this argument, after the same beginning."""
    every = routes(get_resolver())
    places = {route[:index] for route in every for index, part in enumerate(route) if part.endswith(f":{argument}>")}
    return {
        route[len(place)]
        for place in places
        for route in every
        if route[: len(place)] == place and len(route) > len(place) and "<" not in route[len(place)]
    } - {""}


def test_the_reserved_words_are_those_of_the_addresses():
    of_servers = {"health", "static"}  # answered before Django, or by its neighbour
    assert words_beside("city") | of_servers == CITY_WORDS
    assert words_beside("subject") == SUBJECT_WORDS
    capabilities = set(scan(packs_root()).capabilities)
    assert not words_beside("capability") & capabilities


def test_a_city_with_such_a_code_is_refused_with_a_sentence(db):
    with pytest.raises(changes.ProgrammeError, match="No city can be called sign-in: a page has that address"):
        changes.create_city(
            code="sign-in", names=names("Sign-in"), time_zone="Asia/Shanghai", programme_start=date(2025, 4, 1),
            illustrative=True, pack="", by=None, now=NOW,
        )  # fmt: skip


def test_a_subject_with_such_a_code_is_refused_with_a_sentence(yangzhou):
    with pytest.raises(changes.ProgrammeError, match="can be called gaps: a page has that address"):
        changes.add_subject(city=yangzhou.city, code="gaps", kind="hospital", names=names("Gaps"), by=None, now=NOW)
