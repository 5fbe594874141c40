"""What a demo's story names must exist, and its rounds must be possible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from beiji.packs.checks.references import unknown
from beiji.packs.library import Library
from beiji.packs.schemas.cities import City
from beiji.packs.schemas.common import Text
from beiji.packs.schemas.story import Story
from beiji.packs.strict import Source

HERE = "Correct the name, or add it."


def check_stories(library: Library) -> None:
    """P134 of every story: hospitals, indicators, capabilities, people, organisations and decisions that it names."""
    for item in library.of_kind("story"):
        city = library.cities.get(item.pack)
        if city is not None and item.thing is not None:
            _check_hospitals(city, item.thing, item.source)
            _check_bodies(library, city, item.thing, item.source)
            _check_items(library, item.thing, item.source)
            _check_people(city, item.thing, item.source)
            _check_costs(city, item.thing, item.source)


def _check_costs(city: City, story: Story, source: Source) -> None:
    """A source of a cost is read by people of three languages: it is an entry of the city with its words in each."""
    known = {name for name, words in city.header.sources.items() if isinstance(words, Text)}
    for position, action in enumerate(story.actions):
        if action.cost_source:
            mend = "Add it to sources in city.yaml, in every language."
            unknown(source, "P133", "Source", action.cost_source, known, ("actions", position, "cost_source"), mend)


def _check_hospitals(city: City, story: Story, source: Source) -> None:
    known = city.hospitals
    for position, visit in enumerate(story.visits):
        unknown(source, "P134", "Hospital", visit.hospital, known, ("visits", position, "hospital"), HERE)
        unknown(source, "P134", "Team", visit.team, story.teams, ("visits", position, "team"), HERE)
    for name in story.profiles:
        unknown(source, "P134", "Hospital", name, known, ("profiles", name), HERE)
    for name in sorted(set(known) - set(story.profiles)):
        source.add("P134", f'Hospital "{name}" has no profile. Add it under profiles.', ("profiles",))
    for field in ("faults", "courses", "drills", "actions"):
        for position, thing in enumerate(getattr(story, field)):
            for at, name in enumerate(thing.hospitals):
                unknown(source, "P134", "Hospital", name, known, (field, position, "hospitals", at), HERE)


def _check_bodies(library: Library, city: City, story: Story, source: Source) -> None:
    subjects, indicators = {subject.id for subject in city.header.subjects}, library.known("indicator")
    for position, body in enumerate(story.bodies):
        unknown(source, "P134", "Subject", body.subject, subjects, ("bodies", position, "subject"), HERE)
        unknown(source, "P134", "Team", body.team, story.teams, ("bodies", position, "team"), HERE)
        _all_known(source, body.weak, indicators, ("bodies", position, "weak"))
        for at, test in enumerate(body.tests):
            path = ("bodies", position, "tests", at)
            unknown(source, "P134", "Indicator", test.indicator, indicators, (*path, "indicator"), HERE)
            unknown(source, "P134", "Person", test.by, city.people, (*path, "by"), HERE)


def _check_items(library: Library, story: Story, source: Source) -> None:
    indicators, capabilities = library.known("indicator"), library.known("capability")
    decisions = {decision.id for decision in story.decisions}
    for field in ("faults", "actions"):
        for position, thing in enumerate(getattr(story, field)):
            path: tuple[Any, ...] = (field, position)
            if thing.indicator:
                unknown(source, "P134", "Indicator", thing.indicator, indicators, (*path, "indicator"), HERE)
            if thing.capability:
                unknown(source, "P134", "Capability", thing.capability, capabilities, (*path, "capability"), HERE)
            if not thing.indicator and not thing.capability:
                source.add("P114", f"{thing.id} names neither indicator nor capability. Add one.", path)
            if getattr(thing, "decision", None):
                unknown(source, "P134", "Decision", thing.decision, decisions, (*path, "decision"), HERE)
    for position, course in enumerate(story.courses):
        _all_known(source, course.lifts, indicators, ("courses", position, "lifts"))
    for position, drill in enumerate(story.drills):
        for field in ("passes", "misses"):
            _all_known(source, getattr(drill, field), indicators | capabilities, ("drills", position, field))


def _all_known(source: Source, names: Iterable[str], known: Iterable[str], path: tuple[Any, ...]) -> None:
    for at, name in enumerate(names):
        unknown(source, "P134", "Indicator or capability", name, known, (*path, at), HERE)


def _check_people(city: City, story: Story, source: Source) -> None:
    for name, team in story.teams.items():
        members = {"lead": team.lead, "counterpart": team.counterpart, "interpreter": team.interpreter}
        for field, person in members.items():
            unknown(source, "P134", "Person", person, city.people, ("teams", name, field), HERE)
        for at, person in enumerate(team.assessors):
            unknown(source, "P134", "Person", person, city.people, ("teams", name, "assessors", at), HERE)
    for position, drill in enumerate(story.drills):
        unknown(source, "P134", "Person", drill.by, city.people, ("drills", position, "by"), HERE)
    for position, decision in enumerate(story.decisions):
        path = ("decisions", position)
        unknown(source, "P134", "Organisation", decision.owner, city.organisations, (*path, "owner"), HERE)
        unknown(source, "P134", "Person", decision.text.by, city.people, (*path, "text", "by"), HERE)
    for position, action in enumerate(story.actions):
        for field in ("lead_unit", "supporting_unit"):
            if name := getattr(action, field):
                unknown(source, "P134", "Organisation", name, city.organisations, ("actions", position, field), HERE)
        for field in ("leader", "responsible"):
            if name := getattr(action, field):
                unknown(source, "P134", "Person", name, city.people, ("actions", position, field), HERE)
