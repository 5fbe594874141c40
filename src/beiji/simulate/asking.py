"""The question of a page to the warm engine, and its answer."""

from __future__ import annotations

from typing import Any

from beiji.packs.effect_choices import Question
from beiji.programme.models import Person
from beiji.records import engine_lane
from beiji.ui.languages import language_of


def effect(person: Person, *, scenario: str, hospital: str, kind: str, units: int) -> dict[str, Any]:
    """What changes, as `packs.effect.Effect` writes it; a newer question of the same person replaces this one. Raises EngineError."""
    question = Question(str(person.city_id), scenario, hospital, kind, units)
    return engine_lane.ask("effect", question, of=f"{person.pk}/simulate:effect", language=language_of().pack)
