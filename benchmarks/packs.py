"""How long it takes to read and check every pack: `python benchmarks/packs.py`.

Prints process time (the machine may be busy with other work) and its ratio to reading the same files as plain YAML in the
same run. Goal: under 2 s.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
here = Path(__file__).resolve().parent
sys.path[:] = [str(SOURCE), *(p for p in sys.path if Path(p).resolve() != here)]

import yaml  # noqa: E402

from beiji.packs import packs_root  # noqa: E402
from beiji.packs.checker import check  # noqa: E402


def seconds(work: Callable[[], object]) -> float:
    """Process time of the quickest of three runs."""
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    root = packs_root()
    files = [path for path in root.rglob("*.yaml") if "released" not in path.parts]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    plain = seconds(lambda: [yaml.load(path.read_text(encoding="utf-8"), loader) for path in files])
    checked = seconds(lambda: check([root]))
    print(f"{len(files)} files: checked in {checked:.2f} s, {checked / plain:.1f} times plain YAML ({plain:.2f} s)")


if __name__ == "__main__":
    main()
