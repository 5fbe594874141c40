"""Commands of the server: make it ready, fill it, serve it, look whether it is sound. `cli` loads this once Django is set up."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
from argparse import Namespace
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from beiji.output import CommandError
from beiji.records import options

from . import doctor as physician
from . import loading, nightly, starting

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]


def _say(sentence: str) -> None:
    print(f"beiji: {sentence}", file=sys.stderr, flush=True)


def _port_free(host: str, port: int) -> None:
    """Refuse at once where nobody could listen; a server that dies later would leave the reader with a dead page."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (socket.gaierror, UnicodeError):
        raise CommandError(
            f'"{host}" is no address; write it without scheme and port: 127.0.0.1 for this machine only, 0.0.0.0 for its network.'
        ) from None
    except PermissionError:
        raise CommandError(
            f"port {port} may be used by an administrator only; choose one from 1024 up, for example --port 8000."
        ) from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CommandError(
                f"nobody can listen at {host} ({error.strerror}); give an address of this machine, for example 127.0.0.1."
            ) from None
        other = port + 1 if port < 65535 else 8000
        raise CommandError(
            f"port {port} is taken, perhaps by a Beiji that already runs; stop that one or choose another with --port {other}."
        ) from None


def _url(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    name = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{port}/"


def _make_ready(demo: bool, as_of: date | None = None, seed: int = 1) -> None:
    """Bring the database to the present schema, load the packs, and seed the demo city when asked and absent."""
    starting.refuse_foreign()
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


def _open_many() -> None:
    """Let the server hold as many connections as the system allows it, not the thousand of an ordinary program."""
    if resource is not None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _serve(host: str, port: int, processes: int) -> int:
    import uvicorn

    _open_many()
    nightly.start()
    proxies = options.read("BEIJI_PROXIES")
    uvicorn.run(
        "beiji.site.asgi:application",
        host=host,
        port=port,
        workers=processes,
        http="beiji.site.protocol:BoundedProtocol",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        log_level="warning",
        timeout_graceful_shutdown=3,
        access_log=False,
    )
    return 0


def _say_names(host: str) -> None:
    """A server on the network answers 400 to every name that it does not know."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        names = ", ".join(options.read("BEIJI_HOSTS"))
        _say(f"browsers are answered under these names only: {names} (BEIJI_HOSTS adds what people type)")


def serve(arguments: Namespace) -> int:
    _port_free(arguments.host, arguments.port)
    _make_ready(demo=False)
    _say(f"serving at {_url(arguments.host, arguments.port)} (stop with Ctrl-C)")
    _say_names(arguments.host)
    return _serve(arguments.host, arguments.port, arguments.processes)


def demo(arguments: Namespace) -> int:
    _port_free(arguments.host, arguments.port)
    _make_ready(demo=True, as_of=arguments.as_of, seed=arguments.seed)
    print(f"\nBeiji demo: {_url(arguments.host, arguments.port)}   (illustrative data; stop with Ctrl-C)\n")
    print(loading.log_ins_text(), flush=True)
    _say_names(arguments.host)
    return _serve(arguments.host, arguments.port, arguments.processes)


def doctor(arguments: Namespace) -> int:
    return physician.run(as_json=arguments.json)
