"""Methodology as data: the strict loader, the schemas, the checker and the linters of packs. Knows nothing of Django.

from beiji.packs import apply_overlay, load_packs
library = load_packs()
apply_overlay(library.standards["mci-hospital"], library.cities["yangzhou"])
"""

from beiji.packs.library import Library, load_packs, pack_hash, packs_root, scan
from beiji.packs.overlay import apply_overlay, render, substitute
from beiji.packs.problems import PackError, Problem

__all__ = [
    "Library",
    "PackError",
    "Problem",
    "apply_overlay",
    "load_packs",
    "pack_hash",
    "packs_root",
    "render",
    "scan",
    "substitute",
]
