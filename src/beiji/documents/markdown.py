"""Markdown of a text block: paragraphs, lists, emphasis, line breaks, and nothing else. HTML that somebody types is shown as it was typed."""

from __future__ import annotations

from functools import cache, lru_cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

#: What a text may be besides plain paragraphs. No links, pictures or HTML: a document leads nowhere.
RULES = ("emphasis", "list", "newline", "escape", "balance_pairs", "fragments_join")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("zero", {"breaks": True, "html": False}).enable(list(RULES), ignoreInvalid=True)


@lru_cache(maxsize=4096)  # the words of a revision never change, and a plan has some 300 texts
def as_html(body: str) -> SafeString:
    """The text as markup; every sign that somebody typed is escaped by the renderer."""
    return mark_safe(_reader().render(body))  # noqa: S308 - the reader knows no HTML and escapes it


def as_lines(body: str) -> list[tuple[str, str]]:
    """The text for paper: ("text" or "item", plain words) for each paragraph and item of a list."""
    lines: list[tuple[str, str]] = []
    depth = 0
    for token in _reader().parse(body):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline":
            words = "".join(
                "\n" if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ()
            )
            lines.append(("item" if depth else "text", words))
    return lines
