"""What does a page cost? CPU of every kind of page in one process, as a ratio to the frame alone, and its compressed bytes.

    python3 benchmarks/pages.py [--rounds 15] [--data FOLDER] [--only PAGE] [--language en] [--profile PAGE]

Seeds the demo in a temporary folder (or takes the one of `--data`), then opens every page of the tests' tables in turn,
again and again, with Django's test client: the median of the rounds, once drawn afresh each time (`fresh`, as the first
reader after a change gets it) and once with the parts that are kept until the next change (`kept`, all readers after him). The frame is the page
"not found" of a city: bar, menu, foot and every middleware, and inside whom to ask (one query, about 1.5 ms of it). A page is opened by the first of manager,
lead, coordinator, leader and translator who may. Run it from the environment that `python3 beiji test` makes.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import logging
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FRAME = "frame (not found)"
ROLES = ("manager", "lead", "coordinator", "leader", "translator")


logging.disable(logging.WARNING)  # each "not found" would be a line


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--rounds", type=int, default=15)
    words.add_argument("--data", help="a data folder with a seeded demo; without it one is made and thrown away")
    words.add_argument("--only", default="", help="only pages whose name starts so, e.g. readiness:")
    words.add_argument("--language", default="en", choices=["en", "zh-hans", "he"])
    words.add_argument(
        "--rounds-in-full", type=int, default=0, help="so many full visits more to every hospital, see synthetic.py"
    )
    words.add_argument("--profile", help="the calls of one page instead of the table, e.g. readiness:map")
    return words.parse_args()


def kinds(only: str) -> dict[str, tuple[str, str]]:
    """Page → address in the demo and the role that opens it."""
    from tests import pages

    shown = {}
    for page in pages.seen_pages():
        role = next((role for role in ROLES if page.status[role] == "200"), None)
        address = pages.address_of(page.name) if role and page.look and page.name.startswith(only) else None
        if role and address:
            shown[page.name] = (address, role)
    return shown


def browsers(language: str) -> dict[str, Any]:
    """Signed-in browsers without a screen, by role."""
    from django.test import Client

    from beiji.programme.models import Account
    from beiji.site import demo

    found = {}
    for role in ROLES:
        found[role] = Client()
        account = Account.objects.get(username=demo.LOG_INS[role])
        found[role].force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        found[role].cookies["beiji_language"] = language
    return found


def enlarge(rounds: int) -> None:
    """Add rounds to the demo and say what there is then."""
    import synthetic
    from django.utils import timezone
    from django_scopes import scope

    from beiji.programme.models import City
    from beiji.readiness.changes import refresh_expired
    from beiji.readiness.models import Evidence

    city = City.objects.get(pk="yangzhou")
    with scope(city=city.pk):
        answers = synthetic.add_rounds(city, rounds, timezone.now())
        refresh_expired(city=city, now=timezone.now())
        print(f"{rounds} rounds in full: {answers} answers more, {Evidence.objects.count()} rows of evidence in all")


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Every page is drawn afresh, as the first reader after a change gets it."""
    from beiji.programme import parts
    from beiji.records import recent

    real = recent.is_in_transaction
    for module in (parts, recent):
        module.is_in_transaction = lambda: True
    try:
        yield
    finally:
        for module in (parts, recent):
            module.is_in_transaction = real


def measure(shown: dict[str, tuple[str, str]], clients: dict[str, Any], rounds: int) -> dict[str, tuple[float, int]]:
    """Page → median CPU in milliseconds and compressed bytes. The rounds are interleaved: a busy machine hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in shown}
    weights = {}
    for turn in range(rounds + 1):
        for name, (address, role) in shown.items():
            begun = time.process_time()
            answer = clients[role].get(address)
            times[name].append(time.process_time() - begun)
            if turn == 0:
                assert answer.status_code == (404 if name == FRAME else 200), f"{name}: {answer.status_code}"
                weights[name] = len(gzip.compress(answer.content, mtime=0))
    return {name: (median(seconds[1:]) * 1000, weights[name]) for name, seconds in times.items()}


def table(fresh: dict[str, tuple[float, int]], kept: dict[str, tuple[float, int]]) -> str:
    lines = [f"{'page':<28} {'fresh ms':>8} {'ratio':>6} {'kept ms':>8} {'ratio':>6} {'bytes':>6}"]
    frames = fresh[FRAME][0], kept[FRAME][0]
    for name, (cost, weight) in sorted(fresh.items(), key=lambda row: -row[1][0]):
        again = kept[name][0]
        lines.append(
            f"{name:<28} {cost:>8.1f} {cost / frames[0]:>6.2f} {again:>8.1f} {again / frames[1]:>6.2f} {weight:>6}"
        )
    return "\n".join(lines)


def profile(address: str, client: Any, rounds: int) -> None:
    client.get(address)
    profiler = cProfile.Profile()
    profiler.enable()
    for _round in range(rounds):
        client.get(address)
    profiler.disable()
    statistics = pstats.Stats(profiler)
    statistics.sort_stats("cumulative").print_stats(70)
    statistics.sort_stats("tottime").print_stats(40)


def run(asked: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    if asked.rounds_in_full:
        enlarge(asked.rounds_in_full)
    clients = browsers(asked.language)
    if asked.profile:
        address, role = kinds(asked.profile)[asked.profile]
        profile(address, clients[role], asked.rounds)
        return
    shown = {FRAME: ("/yangzhou/readiness/nowhere/", "manager"), **kinds(asked.only)}
    with nothing_kept():
        fresh = measure(shown, clients, asked.rounds)
    kept = measure(shown, clients, asked.rounds)
    print(table(fresh, kept))
    print(
        f"\n{len(fresh) - 1} kinds of page, {asked.language}, median of {asked.rounds}, load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    asked = arguments()
    sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BEIJI_DATA": asked.data or folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "beiji.site.settings"
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "beiji.cli", "init", "--demo"], cwd=ROOT, check=True)
        run(asked)


if __name__ == "__main__":
    main()
