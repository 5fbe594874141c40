"""What do pages with people cost in a city of many? Weight and processor time of the list, of a page with fields that choose a
person, and of one answer while a name is typed.

    python3 benchmarks/people.py [--people 5000] [--rounds 9] [--data FOLDER]

Seeds the demo in a temporary folder (or takes the one of `--data`), adds people with accounts and roles, opens each page with
Django's test client: the median of the rounds. Run it from the environment that `python3 beiji test` makes.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FAMILIES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
PAGES = (
    ("list of people", "administrator", "/yangzhou/people/"),
    ("list, searched by a name", "administrator", "/yangzhou/people/?q=王芳"),
    ("list, filtered and sorted", "administrator", "/yangzhou/people/?access=waiting&sort=-name"),
    ("plan of a visit", "manager", "/yangzhou/assessments/plan/"),
    ("answer while typing", "manager", "/yangzhou/assessments/people/?q=王芳"),
)

logging.disable(logging.WARNING)


def fill(count: int) -> None:
    """Staff of the city's institutions, each with an account and every tenth a coordinator."""
    from django.utils import timezone
    from django_scopes import scope

    from beiji.programme import changes
    from beiji.programme.models import City, Organisation, Person

    draw = random.Random(20)
    with scope(city="yangzhou"):
        offices = list(Organisation.objects.filter(side="city", subject__isnull=False))
        there = Person.objects.count()
        newcomers = [
            changes.Newcomer(
                names={"zh-Hans": draw.choice(FAMILIES) + "".join(draw.choices(GIVEN, k=2)), "en": f"Person {number}"},
                post={"zh-Hans": "护士"}, organisation=offices[number % len(offices)], staff_number=f"{number:05}",
                language="zh-hans", role="coordinator" if number % 10 == 0 else "", username=f"staff-{number:05}",
            )
            for number in range(there, count)
        ]  # fmt: skip
        city = City.objects.get(pk="yangzhou")
        by = Person.objects.filter(accounts__username="admin").values_list("pk", flat=True).get()
        changes.bring_people(city=city, newcomers=newcomers, by=by, now=timezone.now())
        print(f"{Person.objects.count()} people")


def measure(clients: dict[str, Any], rounds: int) -> None:
    times: dict[str, list[float]] = {}
    weights: dict[str, tuple[int, int]] = {}
    for _turn in range(rounds + 1):
        for name, role, address in PAGES:
            begun = time.process_time()
            answer = clients[role].get(address)
            times.setdefault(name, []).append(time.process_time() - begun)
            if answer.status_code != 200:
                times.pop(name)
                continue
            weights[name] = len(answer.content), len(gzip.compress(answer.content, mtime=0))
    print(f"{'page':<28} {'ms of CPU':>10} {'bytes':>9} {'compressed':>10}")
    for name, seconds in times.items():
        print(f"{name:<28} {median(seconds[1:] or seconds) * 1000:>10.0f} {weights[name][0]:>9} {weights[name][1]:>10}")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--people", type=int, default=5000)
    words.add_argument("--rounds", type=int, default=9)
    words.add_argument("--data", help="a data folder with a seeded demo; without it one is made and thrown away")
    asked = words.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BEIJI_DATA": asked.data or folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "beiji.site.settings"
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "beiji.cli", "init", "--demo"], cwd=ROOT, check=True)
        import django

        django.setup()
        from django.conf import settings
        from django.test import Client

        from beiji.programme.models import Account
        from beiji.site import demo

        settings.ALLOWED_HOSTS = ["testserver"]
        fill(asked.people)
        clients = {}
        for role in ("administrator", "manager"):
            clients[role] = Client(headers={"accept-language": "zh-hans"})
            account = Account.objects.get(username=demo.LOG_INS[role])
            clients[role].force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        measure(clients, asked.rounds)


if __name__ == "__main__":
    main()
