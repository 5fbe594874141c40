"""Commands of the server: make it ready, fill it, serve it, look whether it is sound. `cli` loads this once Django is set up."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import time
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from beiji import __version__
from beiji.output import CommandError
from beiji.programme import changes as people_changes
from beiji.programme.rules import CODE_FOR
from beiji.records import engine_lane, options
from beiji.records.refused import ChangeRefused

from . import access_command, children, founding, loading, starting, store_checks, supervising, using
from . import doctor as physician
from . import worker as worker_of_house
from .backup import commands as keeping
from .backup import restoring
from .listening import url_of
from .supervising import Child

if TYPE_CHECKING:
    from .tls import Papers

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]


log = logging.getLogger(__name__)


def _say(sentence: str) -> None:
    print(f"beiji: {sentence}", file=sys.stderr, flush=True)


def _make_ready(demo: bool, as_of: date | None = None, seed: int = 1) -> None:
    """Bring the database to the present schema, load the packs, and seed the demo city when asked and absent."""
    starting.refuse_foreign()
    restoring.refuse_cut_off()
    call_command("migrate", interactive=False, verbosity=0)
    database_file = str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else ""
    starting.keep_private(options.read("BEIJI_DATA"), database_file)

    loading.load_packs(say=_say)
    if demo:
        loading.seed_demo(today=as_of, seed=seed, say=_say)


def init(arguments: Namespace) -> int:
    _make_ready(arguments.demo, arguments.as_of, arguments.seed)
    _say(f"ready; everything is kept in {settings.DATA}")
    return 0


def city(arguments: Namespace) -> int:
    """Found a city from its pack, or let a further administrator into one, and say what he signs in with."""
    _make_ready(demo=False)
    newcomer = founding.Newcomer(arguments.administrator, arguments.user, arguments.institution)
    try:
        code = founding.bring_in(
            library=loading.library_of(arguments.city), code=arguments.city, start=arguments.start, newcomer=newcomer,
            now=datetime.now(UTC),
        )  # fmt: skip
    except ChangeRefused as refused:
        raise CommandError(str(refused)) from None
    _print_slip(arguments.administrator, arguments.user.lower(), code)
    return 0


def platform(arguments: Namespace) -> int:
    """Give one of the three duties of looking after the installation, or end the one that somebody has."""
    _make_ready(demo=False)
    now, name = datetime.now(UTC), arguments.user.lower()
    try:
        if arguments.duty == "end":
            founding.end_duty(name, now)
            _say(f"{name} has no duty any more and cannot sign in.")
            return 0
        code = people_changes.give_duty(username=name, duty=arguments.duty, purpose=arguments.purpose, by=None, now=now)
    except ChangeRefused as refused:
        raise CommandError(str(refused)) from None
    _print_slip(arguments.duty, name, code)
    return 0


def _print_slip(who: str, username: str, code: str) -> None:
    print(
        f"\n  {who}\n  user name  {username}\n  code       {code}   (works once, for {CODE_FOR.days} days)"
        "\n\n  Start the server, open /sign-in/code/, and choose a password there. The code is kept nowhere.\n"
    )


def _open_many() -> None:
    """Let the server hold as many connections as the system allows it, not the thousand of an ordinary program."""
    if resource is not None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


#: Memory that one web process may come to need. *Assumption*, above what was measured: a server of two web processes took
#: 280 MB in all at rest and 403 MB after 300 clicks (`benchmarks/web.py`).
PROCESS_MB = 300


def processes_for(cores: int, free_mb: int) -> int:
    """Web processes for a machine: one per core, fewer where memory is short, never none."""
    return max(1, min(cores, free_mb // PROCESS_MB))


def _processes() -> int:
    """As `processes_for`, of the cores that this process may use and the memory that is free now; elsewhere than on Linux
    one, since neither is known there."""
    try:
        cores, memory = len(os.sched_getaffinity(0)), Path("/proc/meminfo").read_text(encoding="ascii")
    except (AttributeError, OSError):
        return 1
    free = re.search(r"MemAvailable:\s+(\d+) kB", memory)
    return processes_for(cores, int(free[1]) // 1024 if free else 0)


#: Seconds after which worker and engine are begun: the first page is answered before.
WORKER_AFTER_S = 2.0


def _serve(
    host: str, port: int, processes: int | None, *, with_worker: bool = True, papers: Papers | None = None
) -> int:
    """Web processes, a worker and the engine; where people only read, nothing is written in the background either. With `papers`
    the web speaks TLS, and one process more hands the authority out at the next port."""
    log.info("serving at %s, version %s", url_of(host, port), __version__)
    _open_many()
    connection.close()
    with contextlib.ExitStack() as open_sockets:
        socket = open_sockets.enter_context(supervising.listening_socket(host, port))
        words = (socket, options.read("BEIJI_PROXIES"), *((str(papers.key), str(papers.certificate)) if papers else ()))
        family = [Child(f"web process {n}", children.web, words) for n in range(1, (processes or _processes()) + 1)]
        if papers:
            beside = open_sockets.enter_context(supervising.listening_socket(host, port + 1))
            said = (beside, str(papers.authority), papers.fingerprint, port)
            family.append(Child("authority for tablets", children.hand_out, said))
        if with_worker and not settings.READ_ONLY:
            family.append(Child("worker", children.work, due=time.monotonic() + WORKER_AFTER_S))
        if engine_lane.can_run():
            family.append(Child("engine", children.engine, due=time.monotonic() + WORKER_AFTER_S))
        supervising.keep(family)
    return 0


def _say_names(host: str) -> None:
    """A server on the network answers 400 to every name that it does not know."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        names = ", ".join(options.read("BEIJI_HOSTS"))
        _say(f"browsers are answered under these names only: {names} (BEIJI_HOSTS adds what people type)")


def _papers(host: str, port: int) -> Papers:
    """The certificates of `--tls` for the names under which browsers are answered; says how tablets come to trust them."""
    from . import tls  # noqa: PLC0415 - only commands that need certificates load what makes them

    if port == 65535:
        raise CommandError("--tls needs the next port too; choose one below 65535.")
    names = [*options.read("BEIJI_HOSTS"), *([host] if host not in ("0.0.0.0", "::") else [])]  # noqa: S104 - compared
    made = tls.papers(settings.DATA / "tls", names, timezone.now())
    _say(f"tablets fetch the authority at {url_of(host, port + 1)}; its fingerprint (SHA-256) is")
    _say(made.fingerprint)
    return made


def serve(arguments: Namespace) -> int:
    with using.serving(settings.DATA):
        _make_ready(demo=False)
        papers = _papers(arguments.host, arguments.port) if arguments.tls else None
        address = url_of(arguments.host, arguments.port)
        _say(f"serving at {address.replace('http:', 'https:') if papers else address} (stop with Ctrl-C)")
        _say_names(arguments.host)
        count, has_worker = arguments.processes, arguments.worker
        return _serve(arguments.host, arguments.port, count, with_worker=has_worker, papers=papers)


def worker(arguments: Namespace) -> int:
    """Work in the background for servers that run without a worker of their own."""
    if settings.READ_ONLY:
        raise CommandError("BEIJI_READ_ONLY is on, so nothing is done in the background; set it to no first.")
    starting.refuse_foreign()
    findings = store_checks.migrations()
    if findings:
        raise CommandError(f"{findings[0].what}; {findings[0].mend}.")
    with using.working(settings.DATA):
        _say("working (stop with Ctrl-C)")
        return worker_of_house.main()


def demo(arguments: Namespace) -> int:
    with using.serving(settings.DATA):
        _make_ready(demo=True, as_of=arguments.as_of, seed=arguments.seed)
        print(f"\nBeiji demo: {url_of(arguments.host, arguments.port)}   (illustrative data; stop with Ctrl-C)\n")
        print(loading.log_ins_text(), flush=True)
        _say_names(arguments.host)
        return _serve(arguments.host, arguments.port, arguments.processes)


def backup(arguments: Namespace) -> int:
    return keeping.backup(arguments)


def restore(arguments: Namespace) -> int:
    return keeping.restore(arguments)


def doctor(arguments: Namespace) -> int:
    if getattr(arguments, "question", None) == "access":
        return access_command.run(arguments.person, arguments.url)
    return physician.run(as_json=arguments.json)
