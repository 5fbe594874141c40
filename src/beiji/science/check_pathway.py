"""Faults of a pathway: kinds and flags known, take ranges sane, places rising along a path, else two casualties could wait for each other for ever."""
from collections.abc import Callable, Iterator, Mapping

from .draws import Law
from .errors import Problem
from .pathway import FLAGS, IN_BAY, PLACE, Pathway, Stage
from .scenario import Scenario


def check_pathway(scenario: Scenario, law: Callable[[str, Law], Iterator[Problem]]) -> Iterator[Problem]:
    """All faults of a scenario's own pathway; `law` checks a distribution."""
    pathway = scenario.pathway
    if pathway is None:
        return
    kinds = {k.name: n for n, k in enumerate(pathway.kinds)}
    stations = {s.name: s for s in pathway.stations}
    for s in pathway.stations:
        for name, units in (*s.requires, *(((s.blood, 1),) if s.blood else ())):
            if name not in kinds:
                yield Problem(f"station {s.name}", f"Unknown resource {name!r}.", f"Known: {', '.join(kinds)}.")
            if units < 1:
                yield Problem(f"station {s.name}.{name}", f"{units} units.", "A station needs at least one unit of each kind that it lists.")
        if len(s.requires) > 6:
            yield Problem(f"station {s.name}", f"{len(s.requires)} kinds.", "A station needs six kinds at most; one without kinds lets time pass.")
        for name in (*s.team, *s.aside):
            if name not in kinds:
                yield Problem(f"station {s.name}", f"Unknown resource {name!r}.", f"Known: {', '.join(kinds)}.")
        if set(s.team) - {name for name, _ in s.requires} or len(s.aside) > 2 or (s.aside and not s.team):
            yield Problem(f"station {s.name}", "Its team or the places beside do not fit it.", "Name a team among the kinds that it needs, and at most two places beside.")
    for path, stages in pathway.paths.items():
        for k, stage in enumerate(stages):
            where = f"stage {path}.{stage.name}"
            if stage.station not in stations:
                yield Problem(where, f"Unknown station {stage.station!r}.", f"Known: {', '.join(stations)}.")
                continue
            for flag in stage.flags:
                if flag not in FLAGS:
                    yield Problem(where, f"Unknown flag {flag!r}.", f"Known: {', '.join(FLAGS)}.")
            if not 0.0 <= stage.take_from <= stage.take_to <= 1.0:
                yield Problem(where, f"Taken from {stage.take_from:g} to {stage.take_to:g}.", "Write 0 ≤ from ≤ to ≤ 1.")
            yield from law(f"{where}.duration", stage.duration)
            own = _places(pathway, stage, kinds)
            earlier = [e for e in range(k) if _places(pathway, stages[e], kinds) != own]      # who lies in the same place stays in it
            if own and any(max(_places(pathway, stages[e], kinds), default=-1) >= min(own) and not _exclusive(stages, e, k) for e in earlier):
                yield Problem(where, "Its place does not come after the places of earlier stages, so that casualties could wait for each other for ever.",
                              "Order the kinds so that places rise along every path.")


def _places(pathway: Pathway, stage: Stage, kinds: Mapping[str, int]) -> list[int]:
    """Positions of the place kinds that a stage's station needs."""
    station = next((s for s in pathway.stations if s.name == stage.station), None)
    return [kinds[n] for n, _ in station.requires if n in kinds and pathway.kinds[kinds[n]].kind_class == PLACE] if station else []


def _chain(stages: tuple[Stage, ...], k: int) -> int:
    """Where the chain of ELSE rows that row k belongs to begins: of a chain one row is taken."""
    while k > 0 and "else" in stages[k].flags:
        k -= 1
    return k


def _exclusive(stages: tuple[Stage, ...], earlier: int, later: int) -> bool:
    """A row that cannot follow an earlier one: same ELSE chain; one take draw with ranges that do not overlap; the earlier meets its needs or opens one
    that the later must not have; or its need is opened only by a row in whose place the earlier one stood."""
    e, own = stages[earlier], stages[later]
    if _chain(stages, earlier) == _chain(stages, later):
        return True
    if e.take_purpose == own.take_purpose != 0 and (e.take_to <= own.take_from or own.take_to <= e.take_from):
        return True
    if e.adds & own.needs_none:
        return True
    if own.needs_any != 0 and e.cures & own.needs_any == own.needs_any:
        return True
    opener = stages[_chain(stages, earlier)]
    return own.needs_any == IN_BAY and opener is not e and opener.adds & IN_BAY != 0
