"""What could be done first: candidates from a file, or from the city's own capacity keys, as changes that the engine can run.

A candidate adds steps to engine keys (`add: {hospital.resus_teams: 1}`) at every hospital or at named ones, or sets keys by the words of `--set`, or both. Its
cost counts only where a named person confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from beiji.packs import simulation_overrides
from beiji.packs.engine_keys import EngineKey, engine_keys
from beiji.packs.faults import build
from beiji.packs.problems import PackError, did_you_mean
from beiji.packs.schemas.common import Id, Number, Part, Text, Word
from beiji.packs.simulation_common import SimulationError, known
from beiji.packs.strict import Source, read_text
from beiji.science.arms import Change
from beiji.science.city import City
from beiji.science.gain import keys
from beiji.science.words import LANGUAGES, Words

FIRST_STEPS = "first-steps.yaml"


class Cost(Part):
    """What a candidate costs and who confirmed it; days are working days of whoever carries it out."""

    confirmed_by: Word
    days: Number | None = None
    money: Number | None = None


class Candidate(Part):
    """One thing that could be done."""

    id: Id
    title: Text | None = None
    add: dict[str, Number] = {}
    set: list[Word] = []
    hospitals: list[Id] = []
    cost: Cost | None = None


class CandidateFile(Part):
    """A file of candidates; `currency` of every cost in money."""

    candidates: list[Candidate]
    currency: Word = ""


@dataclass(frozen=True)
class Candidates:
    """Changes for the engine, and by name: the title in each language, and what it does. `text`: the file as it was, None for the city's own keys."""

    changes: tuple[Change, ...]
    titles: Mapping[str, Mapping[str, str]]
    does: Mapping[str, Mapping[str, Any]]
    currency: str = ""
    text: str | None = None


def from_text(text: str, city: City, *, name: str = "candidates") -> Candidates:
    """Candidates from the text of a file (YAML, or JSON), as a saved result keeps it; raises `SimulationError` or `PackError` with every fault."""
    return replace(_loaded(_read(text, name), city, strict=True), text=text)


def of_the_city(city: City) -> Candidates:
    """One more of each kind at every hospital that has it, and the steps of `first-steps.yaml`; what changes nothing in this city is left out."""
    more = [
        Candidate.model_validate({"id": f"one-more-{kind}", "title": _title(kind, key), "add": {key: 1}})
        for kind, key in keys().items()
    ]
    steps = _read(files("beiji.packs").joinpath(f"data/{FIRST_STEPS}").read_text(encoding="utf-8"), FIRST_STEPS)
    return _loaded(CandidateFile(candidates=[*more, *steps.candidates]), city, strict=False)


def _title(kind: str, key: str) -> dict[str, str]:
    of = "one_more_city" if key.startswith("city.") else "one_more"
    return {code: Words(code).say(of, kind=Words(code).word(kind)) for code in LANGUAGES}


def _read(text: str, name: str) -> CandidateFile:
    source = Source(Path(name), name)
    read_text(text.replace("\r\n", "\n"), source)
    made = build(CandidateFile, source) if source.data is not None else None
    if source.problems or made is None:
        raise PackError(sorted(source.problems))
    return made


def _loaded(file: CandidateFile, city: City, *, strict: bool) -> Candidates:
    faults: list[str] = []
    changes: list[Change] = []
    titles: dict[str, dict[str, str]] = {}
    for candidate in file.candidates:
        before = len(faults)
        change = _change(candidate, city, faults)
        if len(faults) > before or change is None:
            continue
        if change.city(city) == city:
            if strict:
                faults.append(
                    f"Candidate {candidate.id} changes nothing in {city.code}: it has that value already, or no hospital has the key. Take it out."
                )
            continue
        changes.append(change)
        titles[candidate.id] = (
            {c: candidate.title[c] for c in LANGUAGES} if candidate.title else dict.fromkeys(LANGUAGES, candidate.id)
        )
    if strict and not file.candidates:
        faults.append("There is no candidate in the file. Give at least one thing that could be done.")
    if faults:
        raise SimulationError(faults)
    does = {c.id: _does(c) for c in file.candidates if c.id in titles}
    return Candidates(tuple(changes), titles, does, file.currency)


def _does(candidate: Candidate) -> dict[str, Any]:
    """What a candidate does, in plain values."""
    cost = candidate.cost
    said: dict[str, Any] = {
        "add": {key: float(step) for key, step in candidate.add.items()},
        "set": list(candidate.set),
    }
    said |= {"hospitals": list(candidate.hospitals)}
    if cost:
        amounts = {unit: float(part) for unit, part in (("days", cost.days), ("money", cost.money)) if part is not None}
        said["cost"] = {"confirmed_by": cost.confirmed_by, **amounts}
    return {key: part for key, part in said.items() if part}


def _change(candidate: Candidate, city: City, faults: list[str]) -> Change | None:
    if not candidate.add and not candidate.set:
        faults.append(
            f"Candidate {candidate.id} feeds no parameter of the engine, so a run cannot value it. Give add or set, or leave its place to the experts' priority."
        )
        return None
    codes = [hospital.code for hospital in city.hospitals]
    faults += [
        f'Candidate {candidate.id}: no hospital "{code}" in {city.code}.{known(code, codes)}'
        for code in candidate.hospitals
        if code not in codes
    ]
    steps = {key: float(step) for key, step in candidate.add.items() if _may_step(candidate.id, key, faults)}
    settings = simulation_overrides.Changes()
    try:
        settings = simulation_overrides.parse(candidate.set)
    except SimulationError as error:
        faults += [f"Candidate {candidate.id}: {fault}" for fault in error.faults]
    if settings.scenario or settings.parameters:
        faults.append(
            f"Candidate {candidate.id} sets something that is no capacity of the city. Set only keys that begin with hospital. or city."
        )
    places = {*candidate.hospitals, *(change.hospital for change in settings.hospital if change.hospital)}
    cost = candidate.cost
    days, money = (None if part is None else float(part) for part in (cost.days, cost.money)) if cost else (None, None)
    if min(days or 0.0, money or 0.0) < 0:
        faults.append(f"Candidate {candidate.id} has a cost below 0. Give 0 or more.")
    return Change(
        candidate.id,
        partial(_made, steps=steps, settings=settings, places=tuple(candidate.hospitals)),
        days=days,
        money=money,
        places=tuple(sorted(places)),
    )


def _may_step(name: str, key: str, faults: list[str]) -> bool:
    entry = engine_keys().get(key)
    if entry is None:
        faults.append(f'Candidate {name}: "{key}" is no engine key.{did_you_mean(key, engine_keys())}')
    elif entry.kind == "choice":
        faults.append(f'Candidate {name}: {key} is a choice and has no steps. Use set, for example "{key}=spread".')
    return entry is not None and entry.kind != "choice"


def _made(
    city: City, *, steps: Mapping[str, float], settings: simulation_overrides.Changes, places: tuple[str, ...]
) -> City:
    """The city with a candidate."""
    for key, step in steps.items():
        city = stepped(city, engine_keys()[key], step, places)
    return simulation_overrides.apply(settings, city)


def stepped(city: City, key: EngineKey, step: float, places: Iterable[str] = ()) -> City:
    """The city with a step added to a key at every minute, by day and night, within the key's range: of the city, or of every hospital that has the key (or of
    the named ones). What is missing stays missing."""
    low, high = float(key.low or 0), float(key.high) if key.high is not None else float("inf")
    chosen = set(places)

    def moved(values: Mapping[str, Any]) -> dict[str, Any]:
        given = values.get(key.key)
        if given is None or isinstance(given, str):
            return dict(values)
        table = (
            {m: _within(v + step, low, high) for m, v in given.items()}
            if isinstance(given, Mapping)
            else _within(given + step, low, high)
        )
        return {**values, key.key: table}

    if key.scope == "city":
        return replace(city, day=moved(city.day), night=moved(city.night))
    return replace(
        city,
        hospitals=tuple(
            replace(h, day=moved(h.day), night=moved(h.night)) if not chosen or h.code in chosen else h
            for h in city.hospitals
        ),
    )


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
