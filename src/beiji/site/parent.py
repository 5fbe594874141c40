"""A child of `beiji serve` ends with the process that started it: killed outright, the parent can tell nobody."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

#: Seconds for requests under way; uvicorn's own limit at an orderly stop is three.
GRACE_S = 6.0


def end_with_it() -> None:
    """In a child, watch the parent; `beiji worker` by itself has none to watch."""
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_watch, name="beiji-parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()  # returns when the parent is gone, however it went: the system closes its end of a pipe
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
