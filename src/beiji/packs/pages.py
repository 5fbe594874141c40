"""Rule pages: what `beiji pack explain CODE` prints and the reference documentation holds."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from beiji.packs.lint import RULES

HEADING = re.compile(r"^## ([A-Z]\d{3}) ", re.MULTILINE)


@cache
def _written() -> dict[str, str]:
    """Pages of the loader's and checker's codes, from data/problems.md."""
    text = files("beiji.packs").joinpath("data/problems.md").read_text(encoding="utf-8")
    starts = [(match.group(1), match.start()) for match in HEADING.finditer(text)]
    ends = [start for _, start in starts[1:]] + [len(text)]
    return {code: text[start + 1 : end].strip() + "\n" for (code, start), end in zip(starts, ends, strict=True)}


def codes() -> list[str]:
    """Every code that has a page, in order."""
    return sorted([*_written(), *(rule.code for rule in RULES)])


def page(code: str) -> str | None:
    """The page of a code in Markdown, None when there is no such code."""
    for rule in RULES:
        if rule.code == code:
            return rule.page()
    return _written().get(code)


def every_page() -> str:
    """All pages as one Markdown document, the reference that `beiji pack explain` without a code prints."""
    head = (
        "# Rules of the packs\n\n"
        "Every line that `beiji pack check` prints has a code; `beiji pack explain CODE` prints its page. P codes come "
        "from\nthe loader and the checker, X codes from workbooks, L codes are content rules (linters), which an item may except "
        "itself\nfrom with `allow: {L02: the reason}`. This file is generated: `beiji pack explain > docs/reference/pack-rules.md`.\n"
    )
    pages = []
    for code in codes():
        text = page(code) or ""
        first, _, rest = text.partition("\n")
        title = first.lstrip("# ").strip()
        pages.append(f"## {title}\n{rest.rstrip()}\n")
    return head + "\n" + "\n".join(pages)
