"""Carries `beiji alone` out: solves for the largest event by day and by night and says what the number means."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from beiji.packs.simulation import SimulationError
from beiji.packs.simulation_request import request
from beiji.packs.simulation_run import REFUSALS, Written
from beiji.science.alone import Alone, largest_alone
from beiji.science.kernel import kernel_digest
from beiji.science.parameters import register
from beiji.science.refusals import lines
from beiji.science.words import Words

#: With fewer events even "all managed" does not show that nine of ten are (Wilson, 95 %).
FEWEST = 40


def carry_out(arguments: argparse.Namespace) -> Written:
    """Run what the words ask for."""
    try:
        if arguments.most < 1:
            raise SimulationError([f"--most: {arguments.most} casualties are no event. Give 1 or more."])
        if arguments.events < FEWEST:
            raise SimulationError(
                [f"--events: {arguments.events} events give no lower end of the interval. Give {FEWEST} or more."]
            )
        asked = request(arguments)
        limits = register().with_values(asked.scenario.parameters)
        found = {
            shift: largest_alone(
                asked.city, asked.scenario, arguments.hospital, night=shift == "night", replications=arguments.events,
                most=arguments.most, parameters=limits, seed=arguments.seed, deterioration=arguments.deterioration,
                policy=arguments.policy, threads=arguments.threads,
            )
            for shift in ("day", "night")
        }  # fmt: skip
    except REFUSALS as error:
        return Written(faults=lines(error, arguments.language))
    words = Words(arguments.language, asked.names)
    definition = words.word("a.hospital" if arguments.hospital else "a.city")
    if arguments.json:
        told = {shift: {**asdict(one), "definition": definition} for shift, one in found.items()}
        of = {
            "seed": arguments.seed,
            "events": arguments.events,
            "parameters": limits.digest,
            "engine": kernel_digest(),
        }
        whole = {"request": asked.said, "provenance": {**of, "deterioration": arguments.deterioration}, **told}
        return Written(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    place = words.name(arguments.hospital or asked.city.code)
    title = words.say("a.title", place=place, scenario=words.name(asked.scenario.code))
    answers = [words.say(f"a.{shift}", answer=_answer(one, words, arguments.events)) for shift, one in found.items()]
    return Written("\n".join([title, *answers, "", definition, words.word("caution"), *asked.notes]) + "\n")


def _answer(found: Alone, words: Words, events: int) -> str:
    if found.bounded:
        return words.say("a.bound", n=found.casualties)
    return words.say("a.answer", n=found.casualties, low=found.low, high=found.high, events=events)
