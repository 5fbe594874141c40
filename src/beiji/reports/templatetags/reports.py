"""`{% report_block block %}`: one block of the neutral document as HTML."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from beiji.ui.print.document import CellMark, TableGroup

register = template.Library()


@register.simple_tag
def report_block(block: Any) -> SafeString:
    """The block's own template, `reports/blocks/<name>.html`; a page break means nothing on a screen."""
    name = type(block).__name__.lower()
    return SafeString("") if name == "pagebreak" else render_to_string(f"reports/blocks/{name}.html", {"block": block})


@register.filter
def is_cell(entry: Any) -> bool:
    """Is a table's entry a readiness cell?"""
    return isinstance(entry, CellMark)


@register.filter
def is_group(row: Any) -> bool:
    """Does a table's row only name the group beneath?"""
    return isinstance(row, TableGroup)


@register.filter
def is_pair(item: Any) -> bool:
    """Does a list's item end in a remark?"""
    return isinstance(item, tuple)
