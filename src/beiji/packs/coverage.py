"""`beiji pack coverage`: what is written, what is not yet, and what reaches the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from beiji.packs.engine_keys import engine_keys
from beiji.packs.library import Library
from beiji.packs.lint.moulds import shared_runs


@dataclass(frozen=True)
class DomainCoverage:
    """A domain of a standard: items written, of them core and must-pass (conditional ones apart)."""

    standard: str
    domain: str
    items: int
    core: int
    must_pass: int
    conditional: int


@dataclass(frozen=True)
class Coverage:
    """What a library covers: domains, engine keys that nothing feeds, capabilities that feed none or that nobody reads (with
    the reason that they give, in English), evidence that no item asks for, and how many runs of words several indicators share."""

    domains: list[DomainCoverage]
    keys_fed: list[str]
    keys_not_fed: list[str]
    feed_nothing: list[str]
    not_read: dict[str, str]
    evidence_not_asked: list[str]
    shared_runs: dict[str, dict[int, int]]


def coverage_of(library: Library) -> Coverage:
    """The coverage of all standards of a library together."""
    fed = Counter(feed.key for capability in library.capabilities.values() for feed in capability.feeds)
    read = {indicator.reads for standard in library.standards.values() for _, indicator in standard.indicators()}
    questions = {
        name
        for standard in library.standards.values()
        for _, indicator in standard.indicators()
        for wanted in indicator.evidence.values()
        for name in wanted
    }
    domains = []
    for code, standard in library.standards.items():
        for domain in standard.domains.values():
            items = list(domain.indicators.values())
            must = [item for item in items if item.crit == "must-pass"]
            conditional = sum(item.must_pass_if is not None for item in must)
            core = sum(item.core for item in items)
            domains.append(DomainCoverage(code, domain.id, len(items), core, len(must) - conditional, conditional))
    return Coverage(
        domains=domains,
        keys_fed=[key for key in engine_keys() if key in fed],
        keys_not_fed=[key for key in engine_keys() if key not in fed],
        feed_nothing=[id for id, capability in library.capabilities.items() if not capability.feeds],
        not_read={id: _reason(library, id) for id in sorted(set(library.capabilities) - read)},
        evidence_not_asked=sorted(
            {id for standard in library.standards.values() for id in standard.evidence} - questions
        ),
        shared_runs=shared_runs(library),
    )


def _reason(library: Library, id: str) -> str:
    """Why no indicator reads a capability, by its own word; empty where it does not say."""
    reason = library.capabilities[id].not_asked
    return "" if reason is None else reason.as_dict()["en"]
