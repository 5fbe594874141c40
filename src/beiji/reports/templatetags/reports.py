"""`{% report_block block %}`: one block of the neutral document as HTML."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from beiji.ui.print.document import CellMark, TableGroup

register = template.Library()
#: A day with its year has ten signs.
LONGEST_SHORT = 10


@register.simple_tag
def report_block(block: Any, place: int = 0) -> SafeString:
    """The block's own template, `reports/blocks/<name>.html`; a page break means nothing on a screen.

    `place` is the block's number in the document, so that readers who do not see it can tell tables apart.
    """
    name = type(block).__name__.lower()
    if name == "pagebreak":
        return SafeString("")
    return render_to_string(f"reports/blocks/{name}.html", {"block": block, "place": place})


@register.filter
def is_cell(entry: Any) -> bool:
    """Is a table's entry a readiness cell?"""
    return isinstance(entry, CellMark)


@register.filter
def is_short(entry: Any) -> bool:
    """Is a table's entry a day, a number or a word, which is not broken?"""
    return len(str(entry)) <= LONGEST_SHORT


@register.filter
def is_group(row: Any) -> bool:
    """Does a table's row only name the group beneath?"""
    return isinstance(row, TableGroup)


@register.filter
def is_pair(item: Any) -> bool:
    """Does a list's item end in a remark?"""
    return isinstance(item, tuple)
