"""The result as the hospital answers it: domain by domain, item by item, each with what was said to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from .replies import ReplyLine
from .visit import Row, VisitPage


@dataclass(frozen=True)
class Item:
    """One item with the hospital's words on it; `reply_url` begins another."""

    row: Row
    replies: Sequence[ReplyLine]
    reply_url: str


@dataclass(frozen=True)
class Domain:
    """One domain; shown without a click where something was said or is being said."""

    code: str
    title: str
    count: str
    is_open: bool
    items: Sequence[Item]


def domains_of(page: VisitPage, about: str, *, may_reply: bool) -> list[Domain]:
    """The domains of a result; `about`: the item that is being replied to."""
    domains = []
    for block in page.blocks:
        items = [
            Item(
                row,
                [reply for reply in page.replies if reply.indicator == row.code],
                f"?item={row.code}#reply" if may_reply else "",
            )
            for row in block.rows
        ]
        said = sum(len(item.replies) for item in items)
        is_open = said > 0 or any(item.row.code == about for item in items)
        domains.append(Domain(block.code, block.title, _count(len(items), said), is_open, items))
    return domains


def _count(items: int, replies: int) -> str:
    words = ngettext("%(n)s item", "%(n)s items", items) % {"n": items}
    if not replies:
        return words
    said = ngettext("%(n)s reply", "%(n)s replies", replies) % {"n": replies}
    return gettext("%(items)s, %(replies)s") % {"items": words, "replies": said}
