"""The kernel: event loop of a city in a multi-casualty incident, on bare record arrays.

It imports numpy, numba and math only (and the standard library for its cache folder), holds no medical constant and no string.
`docs/model-card/structure.md` says in prose what each handler does; the numbers come in with the arrays that `science.build` makes.
Importing this package loads Numba; `beiji.science` therefore imports it late.
"""
import numpy as np

from .cache import cache_folder, kernel_digest, prepared_cache

with prepared_cache():
    from . import engine

__all__ = ["cache_folder", "command", "engine", "kernel_digest"]


def command(*arguments: object) -> int:
    """The engine's one entry point (see `engine.command`). Draws wrap around 2**64 on purpose, which NumPy would warn of without the compiler."""
    with np.errstate(over="ignore"):
        return int(engine.command(*arguments))
