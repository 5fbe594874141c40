"""Fifty people at once on SQLite: a click each per five seconds; how long does each kind of page take?

    python3 benchmarks/web.py [--users 50] [--seconds 60]

Starts a server on a freshly seeded demo in a temporary folder, signs the people in, lets them click, prints a table.
Run it from the environment that `python3 beiji demo` makes.
"""

from __future__ import annotations

import argparse
import gzip
import http.cookiejar
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

PASSWORD = "beiji-demo-1"
HOSPITALS = ("ginkgo", "egret", "pine", "reedflower", "gull", "lotus", "orchid")
PAGES = {
    "overview": lambda pick: "/yangzhou/",
    "map": lambda pick: "/yangzhou/readiness/",
    "hospital": lambda pick: f"/yangzhou/readiness/{pick(HOSPITALS)}/",
    "why": lambda pick: f"/yangzhou/readiness/{pick(HOSPITALS)}/ed-clear-time/",
    "gaps": lambda pick: f"/yangzhou/readiness/{pick(HOSPITALS)}/gaps/",
    "actions": lambda pick: "/yangzhou/actions/",
    "visits": lambda pick: "/yangzhou/assessments/",
    "reports": lambda pick: "/yangzhou/reports/",
}


class Person:
    """One signed-in browser without a screen."""

    def __init__(self, address: str, name: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        form = self.open("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": name, "password": PASSWORD}).encode()
        self.opener.open(urllib.request.Request(address + "/sign-in/", body, {"Referer": address + "/sign-in/"})).read()

    def open(self, path: str) -> str:
        request = urllib.request.Request(self.address + path, headers={"Accept-Encoding": "gzip"})
        with self.opener.open(request, timeout=30) as answer:
            content = answer.read()
            return (gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content).decode()


def wait_for(address: str) -> None:
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(address + "/health/", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not answer")


def click_on(person: Person, until: float, pause: float, times: dict, failures: list) -> None:
    draw = random.Random(id(person))
    time.sleep(draw.random() * pause)
    while time.monotonic() < until:
        kind = draw.choice(list(PAGES))
        begun = time.monotonic()
        try:
            person.open(PAGES[kind](draw.choice))
            times[kind].append(time.monotonic() - begun)
        except (urllib.error.URLError, OSError) as error:
            failures.append(f"{kind}: {error}")
        time.sleep(max(0.0, pause - (time.monotonic() - begun)))


def processes_of(pid: int) -> list[int]:
    """The server and its web processes."""
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *map(int, done.stdout.split())]


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--users", type=int, default=50)
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--pause", type=float, default=5.0, help="seconds from click to click of one person")
    words.add_argument("--processes", type=int, help="web processes of the server (default: as serve chooses)")
    asked = words.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"BEIJI_DATA": folder, "DATABASE_URL": ""}
        subprocess.run([sys.executable, "-m", "beiji.cli", "init", "--demo"], env=environment, check=True)
        chosen = ["--processes", str(asked.processes)] if asked.processes else []
        server = subprocess.Popen(
            [sys.executable, "-m", "beiji.cli", "serve", "--port", str(port), *chosen],
            env=environment,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            time.sleep(2)  # every web process has started
            serving = processes_of(server.pid)
            idle = sum(map(memory_mb, serving))
            people = [Person(address, "manager") for _ in range(asked.users)]
            times: dict[str, list[float]] = defaultdict(list)
            failures: list[str] = []
            used = sum(map(cpu_seconds, serving))
            until = time.monotonic() + asked.seconds
            threads = [threading.Thread(target=click_on, args=(p, until, asked.pause, times, failures)) for p in people]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print(
                f"\n{asked.users} people, a click each per {asked.pause:g} s, {asked.seconds:g} s, SQLite, {max(1, len(serving) - 2)} web process(es)"
            )
            print(f"{'page':<10} {'n':>5} {'median ms':>10} {'p95 ms':>8} {'worst ms':>9}")
            for kind, seconds in sorted(times.items()):
                p95 = quantiles(seconds, n=20)[18] if len(seconds) > 1 else seconds[0]
                print(
                    f"{kind:<10} {len(seconds):>5} {median(seconds) * 1000:>10.0f} {p95 * 1000:>8.0f} {max(seconds) * 1000:>9.0f}"
                )
            used, cores = sum(map(cpu_seconds, serving)) - used, os.cpu_count() or 1
            clicks = sum(map(len, times.values()))
            print(
                f"utilisation {used / asked.seconds / cores:.0%} of {cores} cores; {used / clicks * 1000:.0f} ms of CPU a click"
            )
            print(
                f"load of the machine {os.getloadavg()[0]:.1f} (the clicking people and whatever else runs are in it)"
            )
            print(f"failures {len(failures)}; memory idle {idle:.0f} MB, after {sum(map(memory_mb, serving)):.0f} MB")
        finally:
            server.terminate()
            server.wait(timeout=15)


if __name__ == "__main__":
    main()
