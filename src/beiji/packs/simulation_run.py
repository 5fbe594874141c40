"""Carries `beiji simulate` out: loads what was asked for, runs it here or over a cluster, writes the result down."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from beiji.packs.simulation_request import ERRORS, Request, request
from beiji.science import render
from beiji.science.errors import Cancelled, ScienceError
from beiji.science.parameters import ParameterError
from beiji.science.run import simulate
from beiji.science.spread import dask_executor, spread
from beiji.science.summary import summarise

Progress = Callable[[int, int], None] | None
REFUSALS: tuple[type[Exception], ...] = (*ERRORS, ScienceError, ParameterError)


@dataclass(frozen=True)
class Written:
    """The result as text, or why there is none: faults, one to a line, or that somebody stopped it."""

    text: str = ""
    faults: Sequence[str] = ()
    stopped: str = ""


def carry_out(arguments: argparse.Namespace, progress: Progress) -> Written:
    """Run what the words ask for."""
    try:
        return Written(_text(request(arguments), arguments, progress))
    except REFUSALS as error:
        return Written(faults=str(error).splitlines())
    except Cancelled as stop:
        return Written(stopped=str(stop) or "Stopped; nothing was kept.")


def _text(request: Request, arguments: argparse.Namespace, progress: Progress) -> str:
    results = _results(request, arguments, progress)
    summary = summarise(results, basis=arguments.basis, notes=request.notes)
    if arguments.form == "json":
        return (
            json.dumps(
                summary.as_dict() | {"request": request.said, "names": request.names}, ensure_ascii=False, indent=1
            )
            + "\n"
        )
    if arguments.form == "html":
        return render.html(summary, request.names)
    return render.tidy(summary) if arguments.form == "csv" else render.text(summary, request.names)


def _results(request: Request, arguments: argparse.Namespace, progress: Progress) -> Any:
    """Run here, or over a cluster; before a first compilation a word says why nothing moves."""
    from beiji.science import kernel  # noqa: PLC0415 - the engine is an extra

    if not arguments.quiet and not any(kernel.cache_folder().rglob("*.nbi")):
        print(
            "beiji: preparing the engine for this machine, once; it takes about a quarter of a minute.", file=sys.stderr
        )
    same = {"deterioration": arguments.deterioration, "policy": arguments.policy, "horizon_min": arguments.horizon}
    if not arguments.cluster:
        return simulate(
            request.city,
            request.scenario,
            replications=arguments.replications,
            seed=arguments.seed,
            threads=arguments.threads,
            progress=progress,
            **same,
        )
    with dask_executor(arguments.cluster) as executor:
        variants = {"base": (request.city, request.scenario)}
        made = spread(
            variants,
            executor=executor,
            replications=arguments.replications,
            seed=arguments.seed,
            progress=progress,
            **same,
        )
    return made["base"]
