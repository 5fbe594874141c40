"""Controls of forms as Django writes them, without a template for each: a form of the house has a dozen.

What is not known here, also Django's own templates of whole forms, is rendered as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_FOLDER = "django/forms/widgets/"
_INPUTS = frozenset(
    f"{_FOLDER}{kind}.html"
    for kind in ("input", "text", "number", "email", "url", "password", "hidden", "date", "time", "datetime", "file", "checkbox")
)  # fmt: skip


class Renderer(DjangoTemplates):
    """Django's renderer of forms, with a short way for lines, numbers, days, files, ticks and texts."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The markup of a widget."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == f"{_FOLDER}textarea.html":
            return _textarea(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return mark_safe(f'<input type="{widget["type"]}" name="{name}"{value}{_attributes(widget["attrs"])}>')  # noqa: S308 - every part is escaped


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return mark_safe(f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>')  # noqa: S308 - every part is escaped


def _attributes(attributes: Mapping[str, Any]) -> str:
    shown = ((name, value) for name, value in attributes.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in shown)


def _text(value: Any) -> SafeString:
    """A value as the template writes it."""
    return conditional_escape(str(value))
