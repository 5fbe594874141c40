"""The warm engine: how long people wait who move knobs, and what a killed engine costs.

    python3 benchmarks/lane.py [--people 5] [--moves 12] [--json]

Starts the engine as `beiji serve` does, in a data folder of its own and without a database. Five people ask about other knobs of the reference
scenario, each as soon as he has his answer and a short look at it; then the engine is killed with SIGKILL while it works on a question.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

#: Seconds that somebody looks at an answer before he moves the knob again, at least and at most (assumption).
LOOK_S = (0.2, 0.8)


def supervise() -> None:
    """The child: keeps one engine alive, as `beiji serve` does."""
    from beiji.site import children, supervising

    supervising.keep([supervising.Child("engine", children.engine)])


def question(chance: random.Random) -> Any:
    from beiji.packs.effect_choices import Question, kinds

    scenario = chance.choice(["g2-fog-pileup", "crowd-crush", "chemical-park-explosion"])
    return Question(
        "yangzhou", scenario, chance.choice(["ginkgo", "egret", "lotus"]), chance.choice(kinds()), chance.randint(1, 6)
    )


def timed(number: int, chance: random.Random) -> float:
    from beiji.records import engine_lane

    began = time.perf_counter()
    engine_lane.ask("effect", question(chance), of=f"person {number}")
    return time.perf_counter() - began


def people(how_many: int, moves: int) -> list[float]:
    waits: list[float] = []

    def person(number: int) -> None:
        chance = random.Random(number)
        for _ in range(moves):
            waits.append(timed(number, chance))
            time.sleep(chance.uniform(*LOOK_S))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def replaced(knobs: int) -> tuple[int, int]:
    """One person pulls a knob through without waiting: how many questions were answered, and how many replaced."""
    from beiji.records import engine_lane

    results: list[str] = []

    def pull(number: int) -> None:
        try:
            engine_lane.ask("effect", question(random.Random(number)), of="one person")
            results.append("answered")
        except engine_lane.EngineReplaced:
            results.append("replaced")

    threads = [threading.Thread(target=pull, args=(number,)) for number in range(knobs)]
    for thread in threads:
        thread.start()
        time.sleep(0.03)
    for thread in threads:
        thread.join()
    return results.count("answered"), results.count("replaced")


def engine_of(supervisor: int) -> int:
    """The process that the supervisor started: its newest child that is no helper of multiprocessing."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                words = (entry / "cmdline").read_bytes()
            except (OSError, IndexError):
                continue
            if parent == supervisor and b"spawn_main" in words:
                return int(entry.name)
    raise SystemExit("there is no engine")


def killed(supervisor: int) -> tuple[str, float]:
    """What is said when the engine dies in the middle of a question, and seconds until the next question has its answer."""
    from beiji.packs.effect_choices import Question
    from beiji.records import engine_lane

    said = []

    def ask() -> None:
        try:
            while True:
                for units in range(1, 20):
                    engine_lane.ask(
                        "effect",
                        Question("yangzhou", "chemical-park-explosion", "egret", "theatres", units),
                        of="somebody",
                    )
        except engine_lane.EngineError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.5)
    os.kill(engine_of(supervisor), signal.SIGKILL)
    thread.join()
    return said[0], patient(time.perf_counter())


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings

    from beiji.records import engine_lane

    supervisor = subprocess.Popen([sys.executable, __file__, "--supervise"])
    try:
        path, began = settings.DATA / engine_lane.NAME, time.perf_counter()
        while not path.exists():
            time.sleep(0.05)
        mode = oct(path.stat().st_mode & 0o777)
        first = patient(began)
        again = timed(0, random.Random(99))
        waits = people(arguments.people, arguments.moves)
        answered, gone = replaced(20)
        sentence, after = killed(supervisor.pid)
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=20)
    waits.sort()
    return {
        "socket": mode, "cold start to first answer s": first, "first answer when warm s": again, "people": arguments.people, "questions": len(waits),
        "median s": waits[len(waits) // 2], "longest s": waits[-1], "pulled through: answered": answered, "pulled through: replaced": gone,
        "said at the kill": sentence, "next answer after the kill s": after, "socket left": path.exists(),
    }  # fmt: skip


def patient(began: float) -> float:
    """Seconds from the start to the first answer, however long the engine takes to be prepared."""
    from beiji.records import engine_lane

    while True:
        try:
            timed(0, random.Random(0))
            return time.perf_counter() - began
        except engine_lane.EngineError:
            if time.perf_counter() - began > 300:
                raise


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--people", type=int, default=5)
    words.add_argument("--moves", type=int, default=12)
    words.add_argument("--json", action="store_true")
    words.add_argument("--supervise", action="store_true", help=argparse.SUPPRESS)
    arguments = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    if arguments.supervise:
        supervise()
        return 0
    from beiji.science import kernel

    compiled = kernel.cache_folder().parent  # the kernel that this machine has compiled already, if it has
    with tempfile.TemporaryDirectory(prefix="beiji-lane-") as folder:
        Path(folder, "cache").symlink_to(compiled)
        os.environ["BEIJI_DATA"] = folder
        result = measure(arguments)
    if arguments.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:32} {value:.2f}" if isinstance(value, float) else f"{name:32} {value}")
    is_well = result["longest s"] < 3 and result["first answer when warm s"] < 1 and not result["socket left"]
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
