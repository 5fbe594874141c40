"""What `beiji doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong and how to mend it."""

    check: str
    what: str
    mend: str
