"""Content linters: one small class per rule, whose docstring is the page that `beiji pack explain` prints.

E fails the check. W does not, but its count may only fall. An item excepts itself with `allow: {L02: the reason}`.
"""

from __future__ import annotations

from beiji.packs.library import Library
from beiji.packs.lint.anchors import AnchorTwice, NoFigure, NothingToSee, OnlyAdverb, TopWithoutPerformance
from beiji.packs.lint.base import Rule, run
from beiji.packs.lint.characters import EqualOrTraditional, InvisibleSigns, SkeletonsDiffer
from beiji.packs.lint.moulds import MadeByMould
from beiji.packs.lint.repeats import BareFigure, SentenceTwice
from beiji.packs.lint.words import LengthOutOfRange, NumberMissing, TermMissing

RULES: tuple[Rule, ...] = (
    AnchorTwice(),
    OnlyAdverb(),
    NothingToSee(),
    TopWithoutPerformance(),
    NoFigure(),
    MadeByMould(),
    LengthOutOfRange(),
    NumberMissing(),
    TermMissing(),
    EqualOrTraditional(),
    InvisibleSigns(),
    SkeletonsDiffer(),
    SentenceTwice(),
    BareFigure(),
)


def lint(library: Library) -> None:
    """Run every rule over the library; findings are noted in the sources."""
    run(RULES, library)
