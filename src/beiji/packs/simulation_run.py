"""Carries `beiji simulate` out: loads what was asked for, runs it here or over a cluster, writes the result down."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from beiji.output import write_whole
from beiji.packs.simulation_request import ERRORS, Request, request
from beiji.science import render
from beiji.science.compiled import mend
from beiji.science.errors import Cancelled, ScienceError
from beiji.science.gain import gains
from beiji.science.parameters import ParameterError, register
from beiji.science.refusals import lines, say
from beiji.science.results import Results
from beiji.science.run import in_blocks, simulate
from beiji.science.spread import dask_executor, spread
from beiji.science.summary import Gathering
from beiji.science.trace_file import packed, playback
from beiji.science.words import Words

Progress = Callable[[int, int], None] | None
#: Kinds of which `--gain` tries one more.
MOST_GAINS = 8
REFUSALS: tuple[type[Exception], ...] = (*ERRORS, ScienceError, ParameterError)


@dataclass(frozen=True)
class Written:
    """The result as text, or why there is none: faults, one to a line, or that somebody stopped it."""

    text: str = ""
    faults: Sequence[str] = ()
    stopped: str = ""
    told: str = ""


def carry_out(arguments: argparse.Namespace, progress: Progress) -> Written:
    """Run what the words ask for."""
    try:
        asked = request(arguments)
        return Written(_text(asked, arguments, progress), told=_story(asked, arguments) if arguments.trace else "")
    except REFUSALS as error:
        return Written(faults=lines(error, arguments.language))
    except Cancelled as stop:
        return Written(stopped=say(str(stop) or "Stopped; nothing was kept.", arguments.language))


def _text(request: Request, arguments: argparse.Namespace, progress: Progress) -> str:
    gathering = Gathering()
    for part in _blocks(request, arguments, progress):
        gathering.add(part)
    summary = gathering.summary(basis=arguments.basis, notes=request.notes, changes=arguments.changes)
    if arguments.gain:
        kinds = [row.kind for row in summary.bottlenecks[:MOST_GAINS]]
        summary = replace(
            summary, gains=gains(request.city, request.scenario, kinds, **_same(arguments), threads=arguments.threads)
        )
    words = Words(arguments.language, request.names)
    if arguments.form == "json":
        told = summary.as_dict() | {"request": request.said, "names": request.names}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if arguments.form == "html":
        return render.html(summary, words)
    return render.tidy(summary) if arguments.form == "csv" else render.text(summary, words)


def _story(request: Request, arguments: argparse.Namespace) -> str:
    """Write the story of the run's first event; returns the sentence with its size."""
    same = _same(arguments) | {"replications": 1}
    one = simulate(request.city, request.scenario, detail="casualty", unlimited=False, threads=1, **same)
    about = {name: one.provenance[name] for name in ("seed", "policy", "deterioration", "parameters", "kernel", "rule")}
    about |= {"replication": 0, "request": dict(request.said)}
    chosen = register().with_values(request.scenario.parameters)
    record = playback(
        one.model, one.trace[0], request.city, request.scenario, chosen, names=request.names, provenance=about
    )
    content = packed(record)
    write_whole(arguments.trace, content)
    words = Words(arguments.language)
    size = f"{len(content) / 1000:.0f}"
    return words.say("trace", file=arguments.trace, casualties=record["casualties"], size=size)


def _blocks(request: Request, arguments: argparse.Namespace, progress: Progress) -> Iterator[Results]:
    """The run in blocks, here or over a cluster; before a first compilation a word says why nothing moves."""
    from beiji.science import kernel  # noqa: PLC0415 - the engine is an extra

    if mend(kernel.cache_folder()) and not arguments.quiet:
        _remark("the compiled engine was cut short on the disk and is made anew.", arguments.language)
    if not arguments.quiet and not any(kernel.cache_folder().rglob("*.nbi")):
        _remark("preparing the engine for this machine, once; it takes a minute or two.", arguments.language)
    same = _same(arguments)
    if not arguments.cluster:
        yield from in_blocks(request.city, request.scenario, threads=arguments.threads, progress=progress, **same)
        return
    with dask_executor(arguments.cluster) as executor:
        variants = {"base": (request.city, request.scenario)}
        yield spread(variants, executor=executor, progress=progress, **same)["base"]


def _remark(english: str, language: str) -> None:
    print(f"beiji: {say(english, language)}", file=sys.stderr)


def _same(arguments: argparse.Namespace) -> dict[str, Any]:
    """What every run of the command shares."""
    return {
        "replications": arguments.replications,
        "seed": arguments.seed,
        "deterioration": arguments.deterioration,
        "policy": arguments.policy,
        "horizon_min": arguments.horizon,
    }
