"""Kill the writers with SIGKILL in the middle of their work: is anything lost that was acknowledged?

    python3 benchmarks/kills.py [--kills 20] [--postgresql] [--json]

On SQLite the writing process is killed, which is the database as well. With --postgresql a server of this run's own is
started (fsync on) and every second kill takes the server and all its processes instead of the writers. After each kill the
rows and files that were acknowledged are looked up; at the end doctor looks at the whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from writers import Child, Town, add_ready, own_database


class Server:
    """A PostgreSQL of this run's own on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            sys.exit("there is no PostgreSQL below /usr/lib/postgresql; install it, or leave --postgresql out")
        self.bin, self.folder, self.port = found[-1].parent, folder, random.randint(8200, 8900)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--locale=C.UTF-8")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def _run(self, program: str, *words: str) -> None:
        subprocess.run([*self._as_postgres(program), *words], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def _as_postgres(self, program: str) -> list[str]:
        """PostgreSQL does not run as root."""
        other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return [*other, str(self.bin / program)]

    def start(self) -> None:
        """Start and wait until it answers; what an earlier kill left is recovered meanwhile."""
        words = ["-D", f"{self.folder}/data", "-p", str(self.port), "-k", str(self.folder), "-h", "127.0.0.1"]
        words += ["-c", "fsync=on", "-c", "synchronous_commit=on"]
        ready = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _attempt in range(120):
            if self.process is None or self.process.poll() is not None:
                with open(self.folder / "log", "ab") as log:
                    self.process = subprocess.Popen(
                        [*self._as_postgres("postgres"), *words], stderr=log, cwd=self.folder
                    )
            time.sleep(0.25)
            if subprocess.run(ready, check=False).returncode == 0:
                return
        sys.exit((self.folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """SIGKILL for the server and whatever it has started."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for process in (self.process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)


def write_until_killed() -> None:
    """The child: rows, answers, files and reports; each is told on standard output once its call has returned."""
    import uuid6
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django_scopes import scope
    from tests.assess.conftest import Device
    from tests.cast import NOW, TODAY
    from tests.records.test_files import photograph

    from beiji.assess.models import Visit
    from beiji.programme import access
    from beiji.programme.models import City, Person, Subject
    from beiji.readiness import changes as ledger
    from beiji.readiness.rules.rows import Evaluator, Method
    from beiji.records import files
    from beiji.reports import rendering
    from beiji.reports.changes import make_snapshot

    rendering.try_files = lambda content: None  # takes seconds and keeps nothing: the rows are what is looked at here

    def told(kind: str, key: object) -> None:
        os.write(1, f"{kind} {key}\n".encode())

    def record(city: City) -> None:
        draft = ledger.Draft(
            subject="egret", capability="ed-clear-time", method=Method.SPOT_CHECK, evaluator=Evaluator.EXTERNAL,
            as_of=TODAY, level=random.randint(0, 2),
        )  # fmt: skip
        told("row", ledger.record_evidence(city=city, draft=draft, by=None, office="integrator", now=NOW).pk)

    def answer(city: City) -> None:
        visit = Visit.objects.select_related("city", "subject").get(subject__code="egret")
        device = Device(visit, access.enter(Person.objects.get(code="dana-peretz"), TODAY), may_settle=True)
        for number in range(10):
            told("answer", device.say("note", indicator="TRI-6", text=f"note {number}", language="en"))

    def attach(city: City) -> None:
        upload = SimpleUploadedFile("ward.jpg", photograph(quality=random.randint(10, 90), comment=uuid6.uuid7().bytes))
        told("file", files.add_attachment(city=city.pk, upload=upload, by=uuid6.uuid7(), now=NOW).pk)

    def report(city: City) -> None:
        egret = Subject.objects.get(code="egret")
        told("report", make_snapshot(city=city, audience="ward", subject=egret, by=None, now=NOW).pk)

    def work(write: Any) -> None:
        with scope(city="yangzhou"):
            city = City.objects.get(pk="yangzhou")
            while True:
                time.sleep(random.uniform(0, 0.2))  # else whoever has SQLite's lock takes it again
                try:
                    write(city)
                except Exception:  # the server was killed below us: the parent kills this process next
                    time.sleep(0.05)

    threads = [threading.Thread(target=work, args=(write,), daemon=True) for write in (record, answer, attach, report)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def lost(told: list[tuple[str, str]]) -> list[str]:
    """What was acknowledged and cannot be read any more."""
    from django.db import connections
    from django_scopes import scope

    from beiji.readiness.models import Evidence
    from beiji.records.kept import content_of
    from beiji.records.models import Attachment, Operation
    from beiji.reports import freezing
    from beiji.reports.models import Snapshot

    connections.close_all()
    models = {"row": Evidence, "answer": Operation, "file": Attachment, "report": Snapshot}
    found = []
    with scope(city="yangzhou"):
        for kind, key in told:
            kept = models[kind].objects.filter(pk=key).first()
            if kept is None:
                found.append(f"{kind} {key}")
            elif kind == "file":
                content_of(kept)
            elif kind == "report":
                freezing.content_of(kept)
    return found


def one_kill(server: Server | None) -> list[tuple[str, str]]:
    """Let a child write, kill it (or the server below it), and return what it had acknowledged."""
    child = Child(write_until_killed)
    first = [child.stdout.readline().decode() for _ in range(5)]
    time.sleep(random.uniform(0, 3))
    if server is not None:
        server.kill()
        time.sleep(0.2)
    child.kill()
    lines = [*first, *child.stdout.read().decode().splitlines()]
    child.wait()
    if server is not None:
        server.start()
    return [(kind, key) for kind, _, key in (line.strip().partition(" ") for line in lines if line.strip())]


@contextmanager
def own_server(wanted: bool) -> Iterator[Server | None]:
    os.environ.pop("DATABASE_URL", None)
    if not wanted:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        os.environ["DATABASE_URL"] = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
        try:
            yield server
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--json", action="store_true")
    add_ready(parser)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as data,
        own_server(arguments.postgresql) as server,
        own_database(data, arguments.ready),
    ):
        from beiji.site import doctor, store_checks

        Town()
        told: Counter[str] = Counter()
        gone: list[str] = []
        for number in range(arguments.kills):
            acknowledged = one_kill(server if number % 2 else None)
            told.update(kind for kind, _key in acknowledged)
            gone += lost(acknowledged)
        checks = (
            store_checks.database,
            store_checks.guards,
            store_checks.snapshots,
            store_checks.files,
            doctor.standings,
        )
        result = {
            "kills": arguments.kills,
            "database": "postgresql" if server else "sqlite",
            "acknowledged": told,
            "lost": gone,
            "findings of doctor": [finding.what for check in checks for finding in check()],
        }
    print(json.dumps(result) if arguments.json else "\n".join(f"{name}: {value}" for name, value in result.items()))
    sys.exit(1 if gone or result["findings of doctor"] else 0)


if __name__ == "__main__":
    main()
