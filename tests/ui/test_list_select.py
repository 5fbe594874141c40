"""The house's list to choose from has the markup of Django's own."""

from __future__ import annotations

import re

import pytest
from django import forms

from beiji.ui.fields import ListSelect

CHOICES = [("", "–"), ("a<b", "x & y"), ('G"r', [(1, "one"), ("2", "two")])]


def tags(markup: str) -> list[list[str]]:
    """Tags and texts in order, the attributes of each tag sorted."""
    return [sorted(re.findall(r'[\w-]+="[^"]*"|[^\s<>"]+', part)) for part in re.split(r"[<>]", markup) if part.strip()]


@pytest.mark.parametrize("attributes", [{}, {"data-picker": 'a"b', "required": True, "hidden": False}])
@pytest.mark.parametrize("value", ["", "a<b", 1, "2", None, "elsewhere"])
def test_it_reads_like_the_slow_one(attributes, value):
    quick, slow = (
        kind(attrs=attributes, choices=CHOICES).render("unit", value, {"id": "id_unit"})
        for kind in (ListSelect, forms.Select)
    )
    assert tags(quick) == tags(slow)
