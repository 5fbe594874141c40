"""How long a document of 300 blocks takes: its draft page, a comparison, one autosave. A throw-away city in a database of its own.

    python benchmarks/documents.py          # from the repository's root; prints p50 and p95 of each in milliseconds

The load of the machine is printed beside the figures: a busy one answers later.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from writers import own_database

BLOCKS, ROUNDS = 300, 40
TARGETS_MS = {"draft page": 150, "comparison": 300, "autosave": 50}
PARAGRAPH = "全面启动后 {n} 分钟内开放手术间，择期手术不再开台，正在进行的按创伤控制原则尽快结束；血库、检验、影像同时报告可用能力。"


def timed(call: Callable[[int], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each call; the first three warm up."""
    taken = []
    for number in range(rounds + 3):
        start = time.perf_counter()
        call(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken[3:]


def main() -> int:
    """Build, measure, say."""
    os.environ.setdefault("BEIJI_SECRET_KEY", "only for a benchmark of a throw-away city")
    with tempfile.TemporaryDirectory() as data, own_database(data):
        measure()
    return 0


def measure() -> None:
    import uuid6
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django_scopes import scope
    from tests import cast

    from beiji.documents import changes, reading
    from beiji.documents.changes import NewBlock
    from beiji.documents.pages.document import comparison
    from beiji.plans import changes as plans
    from beiji.records.operations import Said

    setup_test_environment()
    world = cast.build()
    with scope(city="yangzhou"):
        by = world.people["coordinator"]
        blocks = []
        for n in range(BLOCKS // 2):
            blocks += [NewBlock("heading", f"{n + 1} 章", level=1 + n % 2), NewBlock("text", PARAGRAPH.format(n=n))]
        plan = plans.begin_plan(
            subject=world.subjects["ginkgo"],
            hazard="casualties",
            language="zh-Hans",
            by=by,
            now=cast.NOW,
            blocks=tuple(blocks),
        )
        draft = reading.draft_of(plan.document)
        assert draft is not None
        before = reading.blocks_of_draft(draft)
        texts = [one for one in before if one.block.kind == "text"]
        revisions = {one.block.id: one.revision for one in texts}

        def save(number: int) -> None:
            one = texts[number % len(texts)]
            payload = {"block": str(one.block.id), "body": PARAGRAPH.format(n=1000 + number)}
            said = Said(uuid6.uuid7(), "block", "one", number, revisions[one.block.id], cast.NOW, payload)
            revisions[one.block.id] = changes.save_block(draft=draft, said=said, by=by, now=cast.NOW).pk

        figures = {"autosave": timed(save)}
        after = reading.blocks_of_draft(draft)
        figures["comparison"] = timed(lambda _n: comparison(before, after))
    client = Client()
    client.force_login(by.accounts.get())
    address = f"/yangzhou/documents/{plan.document_id}/draft/"
    assert client.get(address).status_code == 200
    figures["draft page"] = timed(lambda _n: client.get(address))
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {BLOCKS} blocks; comparison with {len(texts)} texts, 43 changed"
    )
    for name, taken in sorted(figures.items()):
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(
            f"{name:<12} p50 {statistics.median(taken):6.1f} ms   p95 {p95:6.1f} ms   (asked: p95 below {TARGETS_MS[name]} ms)"
        )


if __name__ == "__main__":
    sys.exit(main())
