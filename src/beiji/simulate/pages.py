"""The answer of the engine in words. Beside a hospital's name stand waits only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from beiji.science.words import Words
from beiji.ui.formats import number_text, percent_text, signed_text
from beiji.ui.languages import language_of, pick

#: From here on a difference is told with one digit after the point; a smaller one with two.
WHOLE = 1.0


@dataclass(frozen=True)
class Binding:
    """A bottleneck of the changed city."""

    what: str
    where: str
    minutes: str
    share: str
    first: str


@dataclass(frozen=True)
class EffectPage:
    """What changed, what binds now, what it is not, where it comes from."""

    title: str
    facts: list[tuple[str, str]]
    heads: list[dict[str, Any]]
    binds: list[Binding]
    notes: list[str]
    sources: list[tuple[str, str]]


def page_of(answer: Mapping[str, Any], names: Mapping[str, str], scenario: str) -> EffectPage:
    """`names`: of the hospitals, by code; `scenario`: its title."""
    words = Words(language_of().pack)
    question = answer["provenance"]["question"]
    title = _("%(units)s more: %(kind)s, %(hospital)s") % {
        "units": number_text(question["units"]),
        "kind": words.word(question["kind"]),
        "hospital": names.get(question["hospital"], question["hospital"]),
    }
    heads: list[dict[str, Any]] = [{"label": words.word("h.kind")}, {"label": words.word("h.where")}]
    heads += [{"label": words.word(code), "num": True} for code in ("h.minutes", "h.share", "h.first")]
    return EffectPage(
        title=title,
        facts=_facts(answer, words),
        heads=heads,
        binds=_binds(answer, words, names),
        notes=_notes(answer, words),
        sources=_sources(answer, words, scenario),
    )


def _facts(answer: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    return [
        (_("Whole city: %(what)s") % {"what": words.word("m.bed")}, _difference(answer["red_door_to_bed_min"], words)),
        (
            _("Whole city: %(what)s") % {"what": words.word("m.theatre")},
            _difference(answer["time_to_theatre_min"], words),
        ),
        (_("Waiting for it at this hospital"), _wait(answer["before"], answer["after"])),
    ]


def _difference(difference: Mapping[str, Any] | None, words: Words) -> str:
    if difference is None:
        return words.word("none")
    if not difference["clear"]:
        return words.word("same")
    digits = 1 if abs(difference["mean"]) >= WHOLE else 2
    mean, low, high = (signed_text(difference[name], digits=digits) for name in ("mean", "low", "high"))
    return words.say("expert_mean", mean=mean, low=low, high=high)


def _wait(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if before is None and after is None:
        return _("Nobody waits for it here.")
    minutes = [0.0 if wait is None else wait["waited_min"] for wait in (before, after)]
    return _("%(before)s casualty minutes an event without, %(after)s with") % {
        "before": number_text(round(minutes[0])), "after": number_text(round(minutes[1])),
    }  # fmt: skip


def _binds(answer: Mapping[str, Any], words: Words, names: Mapping[str, str]) -> list[Binding]:
    return [
        Binding(
            words.word(row["kind"]), names.get(row["site"], row["site"]), number_text(round(row["waited_min"])),
            percent_text(row["share"]), number_text(round(row["first_min"])),
        )
        for row in answer["binds"]
    ]  # fmt: skip


def _notes(answer: Mapping[str, Any], words: Words) -> list[str]:
    notes = [words.word("caution"), words.say("does_not_show", text=pick(answer["does_not_show"]))]
    return [words.word("illustrative"), *notes] if answer["illustrative"] else notes


def _sources(answer: Mapping[str, Any], words: Words, scenario: str) -> list[tuple[str, str]]:
    of = answer["provenance"]
    draws = {"n": number_text(of["replications"]), "seed": of["seed"]}
    return [
        (_("Scenario"), f"{scenario} ({of['scenario']})"),
        (_("City"), f"{of['city']} · {of['city_hash'][:12]}"),
        (_("Basis"), words.word(of["basis"])),
        (_("Compared"), _("%(n)s pairs of events on the same draws, seed %(seed)s") % draws),
        (_("Rules"), f"{of['policy']} · {of['rule']} · {of['deterioration']}"),
        (_("Engine"), f"{of['kernel'][:12]} · {of['parameters'][:12]}"),
    ]
