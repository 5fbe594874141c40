"""The knob: one capacity of one hospital in one scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.packs.effect_choices import MOST_UNITS, kinds
from beiji.science.words import Words
from beiji.ui.fields import ChoiceField, WholeField, offer
from beiji.ui.languages import language_of, pick


class KnobForm(forms.Form):
    """What is asked: how many more of what, where, in which scenario."""

    scenario = ChoiceField(label=_("Scenario"))
    hospital = ChoiceField(label=_("Hospital"))
    kind = ChoiceField(label=_("Capacity"))
    units = WholeField(label=_("How many more"), low=1, high=MOST_UNITS)

    def __init__(self, *args: Any, hospitals: Sequence[Any], titles: dict[str, dict[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        words = Words(language_of().pack)
        offer(self, "scenario", [(code, pick(title)) for code, title in titles.items()])
        offer(self, "hospital", [(hospital.code, pick(hospital.names)) for hospital in hospitals])
        offer(self, "kind", [(kind, words.word(kind)) for kind in kinds()])
