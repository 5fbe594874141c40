"""From the words of `beiji simulate` to a city and a scenario that can run, with what must be said about them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from beiji.packs import simulation_basis, simulation_overrides
from beiji.packs.engine_keys import POLICIES
from beiji.packs.library import Library
from beiji.packs.problems import PackError, did_you_mean
from beiji.packs.simulation import SimulationError, find_city, find_library, find_scenario, load_city, load_scenario
from beiji.science.city import City
from beiji.science.parameters import register
from beiji.science.scenario import Scenario
from beiji.science.triage import RULES
from beiji.science.words import Words

#: What `request` raises when something cannot be run; each prints as one line per fault.
ERRORS: tuple[type[Exception], ...] = (SimulationError, PackError)


@dataclass(frozen=True)
class Request:
    """A run as asked for: what to simulate, names of hospitals, sentences to print, and the words that made it."""

    city: City
    scenario: Scenario
    names: Mapping[str, str]
    notes: tuple[str, ...]
    said: Mapping[str, Any]


def request(arguments: argparse.Namespace, library: Library | None = None) -> Request:
    """Load and change what was asked for, from packs that were read already if they are given; raises one of :data:`ERRORS` with every fault of one stage.
    `arguments.standings` is a file or what one holds."""
    library = library or find_library(arguments.packs)
    changes = simulation_overrides.parse(arguments.changes)
    if arguments.policy is not None and arguments.policy not in POLICIES:
        hint = did_you_mean(arguments.policy, POLICIES) or f" Policies: {', '.join(POLICIES)}."
        raise SimulationError([f'--policy: "{arguments.policy}" is no policy.{hint}'])
    if arguments.triage is not None and arguments.triage not in RULES:
        hint = did_you_mean(arguments.triage, RULES) or f" Rules: {', '.join(RULES)}."
        raise SimulationError([f'--triage: "{arguments.triage}" is no triage rule.{hint}'])
    limits = register().with_values(changes.parameters)
    pack, story = find_city(library, arguments.city), find_scenario(library, arguments.scenario)
    city = load_city(pack, limits=limits)
    standings = None
    if arguments.standings:
        from_values = isinstance(arguments.standings, Mapping)
        read = simulation_basis.check_standings if from_values else simulation_basis.read_standings
        standings = read(arguments.standings, city)
    based = simulation_basis.on_basis(
        city, arguments.basis, standings=standings, capabilities=library.capabilities.values(), pack=pack, limits=limits
    )
    scenario = load_scenario(story, limits=limits, changes=changes.scenario)
    scenario = replace(
        scenario, parameters={**scenario.parameters, **changes.parameters}, rule=arguments.triage or scenario.rule
    )
    language = arguments.language
    words = Words(language)
    illustrative = (words.word("illustrative"),) if pack.header.illustrative else ()
    said = {
        "scenario": f"{story.id}@{story.version}",
        "city": f"{pack.id}@{pack.version}",
        "city_hash": pack.hash,
        "changes": list(arguments.changes),
        "basis": arguments.basis,
        "not_proven": len(based.unknown),
    }
    names = {code: hospital.title[language] for code, hospital in pack.hospitals.items()}
    names |= {pack.id: pack.header.title[language], story.id: story.title[language]}
    names |= {scene.id: scene.title[language] for scene in story.scenes if scene.title}
    told = (words.say(code, **parts) for code, parts in based.notes)
    purpose = words.say("shows", text=story.shows[language])
    notes = (*illustrative, *told, purpose, words.say("does_not_show", text=story.does_not_show[language]))
    return Request(simulation_overrides.apply(changes, based.city), scenario, names, notes, said)
