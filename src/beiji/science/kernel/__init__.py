"""The kernel: event loop of a city in a multi-casualty incident, on bare record arrays.

It imports numpy, numba and math only (and the standard library for its cache folder), holds no medical constant and no string.
`docs/model-card/structure.md` says in prose what each handler does; the numbers come in with the arrays that `science.build` makes.
Importing this package loads Numba; `beiji.science` therefore imports it late.
"""
import logging

import numpy as np

from .cache import cache_folder, kernel_digest, prepared_cache

with prepared_cache():
    from . import engine

__all__ = ["cache_folder", "command", "engine", "kernel_digest"]


def command(*arguments: object) -> int:
    """The engine's one entry point (see `engine.command`). Draws wrap around 2**64 on purpose, which NumPy would warn of without the compiler.

    A disk that is full while the machine code is kept costs the next start its time, not this run its result: one sentence in the log, and on.
    """
    with np.errstate(over="ignore"):
        try:
            return int(engine.command(*arguments))
        except OSError as error:
            logging.getLogger("beiji.science").warning(
                "The compiled engine cannot be kept (%s): free some space or set BEIJI_DATA to another folder; until then each start compiles anew.", error)
            return int(engine.command(*arguments))
