"""Controls have the markup of Django's own templates, which take twenty times as long."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from beiji.ui.widgets import Renderer

WIDGETS = (
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
    forms.DateInput, forms.TimeInput, forms.DateTimeInput, forms.FileInput, forms.CheckboxInput, forms.Textarea,
    forms.RadioSelect,
)  # fmt: skip
VALUES = (None, "", "a<b & \"c\" 'd'", 0, 12, True, False, date(2026, 11, 30), mark_safe("&amp;"), gettext_lazy("Name"))
ATTRIBUTES = ({}, {"id": "id_x", "required": True, "hidden": False, "dir": "ltr", "maxlength": 40, "data-said": 'a"<b'})


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_control_is_written_as_django_writes_it(widget):
    for value in VALUES:
        for attributes in ATTRIBUTES:
            quick, slow = (
                widget(attrs=attributes).render("na<me", value, {"aria-describedby": "hint"}, renderer=kind())
                for kind in (Renderer, DjangoTemplates)
            )
            assert quick == slow, (value, attributes)
