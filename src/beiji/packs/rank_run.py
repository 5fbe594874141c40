"""Carries `beiji rank` out: loads what was asked for or what a saved result holds, ranks, and writes the result down so that it can be repeated."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beiji.output import write_whole
from beiji.packs import rank_candidates, rank_file
from beiji.packs.rank_candidates import Candidates
from beiji.packs.simulation import SimulationError, find_library
from beiji.packs.simulation_request import Request, request
from beiji.packs.simulation_run import REFUSALS, Written
from beiji.science import rank_text
from beiji.science.arms import Bench, checked_weights
from beiji.science.compiled import mend, remember
from beiji.science.errors import Cancelled, ScienceError
from beiji.science.ranking import MODELS, check_ranking, rank_on
from beiji.science.refusals import lines, say
from beiji.science.run import simulate
from beiji.science.together import best_set, check_budget, pairs, shares
from beiji.science.words import Words

Progress = Callable[[int, int], None] | None
#: Events of the run that says what binds where.
BINDING_EVENTS = 100


@dataclass(frozen=True)
class Ready:
    """What a ranking is made of."""

    requests: tuple[Request, ...]
    candidates: Candidates
    weights: tuple[float, ...]
    budget: tuple[str, float] | None


def carry_out(arguments: argparse.Namespace, progress: Progress) -> Written:
    """Run what the words ask for."""
    try:
        before = rank_file.opened(arguments.repeat) if arguments.repeat else None
        asked = before["asked"] if before else rank_file.asked_for(arguments)
        ready = _ready(asked, arguments)
        digests = rank_file.digests(ready.requests, ready.candidates.changes)
        if before:
            rank_file.check_unchanged(before["digests"], digests)
        result = _result(ready, asked, arguments, progress)
        if before:
            rank_file.check_same(before["result"], result)
        made = {"kind": rank_file.KIND, "form": rank_file.FORM, "asked": asked, "digests": digests, "result": result}
        return _written(made, ready, arguments)
    except REFUSALS as error:
        return Written(faults=lines(error, arguments.language))
    except Cancelled as stop:
        return Written(stopped=say(str(stop), arguments.language))


def _written(made: Mapping[str, Any], ready: Ready, arguments: argparse.Namespace) -> Written:
    whole = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if arguments.save is not None:
        write_whole(arguments.save, whole.encode())
    if arguments.json:
        return Written(whole)
    first = ready.requests[0]
    names = {code: name for one in ready.requests for code, name in one.names.items()}
    titles = {name: title[arguments.language] for name, title in ready.candidates.titles.items()}
    notes = tuple(dict.fromkeys(note for one in ready.requests for note in one.notes))
    words = Words(arguments.language, names)
    return Written(rank_text.text(made["result"], words, titles=titles, city=first.city.code, notes=notes))


def _ready(asked: Mapping[str, Any], arguments: argparse.Namespace) -> Ready:
    """Load everything, and refuse before anything runs."""
    library = find_library(arguments.packs)
    told = {"language": arguments.language, "packs": arguments.packs}
    requests = tuple(
        request(argparse.Namespace(**{**asked, **told, "scenario": s}), library) for s in asked["scenarios"]
    )
    if asked["candidates"] is not None:
        candidates = rank_candidates.from_text(asked["candidates"], requests[0].city, name=asked["candidates_name"])
    else:
        candidates = rank_candidates.of_the_city(requests[0].city)
    scenarios = [one.scenario for one in requests]
    weights = checked_weights(scenarios, rank_file.weights(asked["weights"], [s.code for s in scenarios]))
    budget = rank_file.budget(asked["budget"])
    problems = check_ranking(candidates.changes, models=MODELS, **_limits(asked))
    problems += check_budget(*budget, candidates.changes) if budget else []
    if problems:
        raise ScienceError(problems)
    if asked["no_money"] and budget is None:
        raise SimulationError(["--no-money belongs to a budget. Give one, for example --budget days=90."])
    return Ready(requests, candidates, weights, budget)


def _limits(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in ("half_width", "most_events", "draws")}


def _result(
    ready: Ready, asked: Mapping[str, Any], arguments: argparse.Namespace, progress: Progress
) -> dict[str, Any]:
    """Every number of the ranking, as plain values. Of a change that names hospitals only its place in the order is told."""
    from beiji.science import kernel  # noqa: PLC0415 - the engine is an extra

    mend(kernel.cache_folder())
    first = ready.requests[0]
    bench = Bench(
        first.city, [one.scenario for one in ready.requests], ready.candidates.changes, ready.weights, seed=asked["seed"],
        policy=asked["policy"], horizon_min=asked["horizon"], threads=arguments.threads, progress=progress,
    )  # fmt: skip
    models = (asked["deterioration"], *(m for m in MODELS if m != asked["deterioration"]))
    ranking = rank_on(bench, models=models, **_limits(asked))
    strongest = ranking.strongest()
    together = asked["together"] and len(strongest) > 1
    result = rank_text.plain(
        ranking,
        pairs=pairs(bench, strongest) if together else (),
        shares=shares(bench, strongest) if together else None,
        chosen=best_set(bench, ranking, *ready.budget, free_of_money=asked["no_money"]) if ready.budget else None,
    )
    result["scenarios"] = [
        {"scenario": s.code, "weight": w, "casualties": s.casualties()}
        for s, w in zip(bench.scenarios, ready.weights, strict=True)
    ]
    result["candidates"] = dict(ready.candidates.does)
    result["currency"] = ready.candidates.currency
    result["binding"], result["unscored"] = _binding(ready.requests, asked, arguments)
    remember(kernel.cache_folder())
    return result


def _binding(
    requests: Sequence[Request], asked: Mapping[str, Any], arguments: argparse.Namespace
) -> tuple[list[dict[str, Any]], bool]:
    """Of each hospital in each scenario, as the city is: what it lacks for most casualty minutes, from which minute, and in which share of events. And whether
    anybody is burned or poisoned."""
    made: list[dict[str, Any]] = []
    unscored = False
    for one in requests:
        run = simulate(
            one.city, one.scenario, replications=BINDING_EVENTS, seed=asked["seed"], deterioration=asked["deterioration"],
            policy=asked["policy"], horizon_min=asked["horizon"], threads=arguments.threads, unlimited=False,
        )  # fmt: skip
        unscored |= bool(run.out["unscored"].any())
        seen: set[str] = set()
        hospitals = {h.code for h in one.city.hospitals}
        for row in run.saturation:
            if row["site"] in hospitals and row["site"] not in seen:
                seen.add(str(row["site"]))
                made.append(
                    {
                        "scenario": one.scenario.code,
                        "hospital": row["site"],
                        **{k: row[k] for k in ("kind", "lacked_min", "minute", "share")},
                    }
                )
    return made, unscored
