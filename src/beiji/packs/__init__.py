"""Methodology as data: the strict loader, the schemas, the checker and the linters of packs. Knows nothing of Django.

from beiji.packs import load_packs
library = load_packs()
library.standards["mci-hospital"].for_city(library.cities["yangzhou"])
"""

from beiji.packs.library import Library, load_packs, pack_hash, packs_root, scan
from beiji.packs.overlay import render, substitute
from beiji.packs.problems import PackError, Problem

__all__ = ["Library", "PackError", "Problem", "load_packs", "pack_hash", "packs_root", "render", "scan", "substitute"]
