"""The command line: what an administrator or analyst types. Web code is loaded only by the commands that need it."""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import os
import socket
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from beiji import __version__
from beiji.records import options
from beiji.records.options import OptionError


class CommandError(Exception):
    """The command cannot be carried out; the text is one line that says what, where and how to mend it."""


def _setup() -> None:
    """Load Django for the commands that need the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    import django

    django.setup()


def _say(sentence: str) -> None:
    print(f"beiji: {sentence}", file=sys.stderr, flush=True)


def _iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{text}" is not a date; write year-month-day, for example 2026-11-24'
        ) from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            f'"{text}" is not a port; choose a whole number from 1 to 65535, for example 8000'
        )
    return int(text)


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


def _host(text: str) -> str:
    """An IPv6 address may come in brackets, as in an address bar."""
    if not text.strip("[]"):
        raise argparse.ArgumentTypeError("the address is empty; write for example 127.0.0.1")
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _init(demo: bool, as_of: date | None = None, seed: int = 1) -> None:
    """Bring the database to the present schema, load the packs, and seed the demo city when asked and absent."""
    _setup()
    from django.core.management import call_command
    from django.db import connection

    from beiji.site import loading, starting

    starting.refuse_foreign()
    call_command("migrate", interactive=False, verbosity=0)
    database_file = str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else ""
    starting.keep_private(options.read("BEIJI_DATA"), database_file)

    loading.load_packs(say=_say)
    if demo:
        loading.seed_demo(today=as_of, seed=seed, say=_say)


def init(arguments: argparse.Namespace) -> int:
    _init(arguments.demo, arguments.as_of, arguments.seed)
    from django.conf import settings

    _say(f"ready; everything is kept in {settings.DATA}")
    return 0


def _open_many() -> None:
    """Let the server hold as many connections as the system allows it, not the thousand of an ordinary program."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _serve(host: str, port: int, processes: int) -> int:
    import uvicorn

    from beiji.site import nightly

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


def serve(arguments: argparse.Namespace) -> int:
    _port_free(arguments.host, arguments.port)
    _init(demo=False)
    _say(f"serving at {_url(arguments.host, arguments.port)} (stop with Ctrl-C)")
    _say_names(arguments.host)
    return _serve(arguments.host, arguments.port, arguments.processes)


def demo(arguments: argparse.Namespace) -> int:
    _port_free(arguments.host, arguments.port)
    _init(demo=True, as_of=arguments.as_of, seed=arguments.seed)
    from beiji.site import loading

    print(f"\nBeiji demo: {_url(arguments.host, arguments.port)}   (illustrative data; stop with Ctrl-C)\n")
    print(loading.log_ins_text(), flush=True)
    _say_names(arguments.host)
    return _serve(arguments.host, arguments.port, arguments.processes)


def doctor(arguments: argparse.Namespace) -> int:
    _setup()
    from beiji.site import doctor as physician

    return physician.run(as_json=arguments.json)


def messages(arguments: argparse.Namespace) -> int:
    from beiji.ui import messages as catalogue_tool

    return int(catalogue_tool.main(["--check"] if arguments.check else []) or 0)


def _add_server_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--processes", type=_whole, default=1, metavar="N", help="web processes (default 1)")
    parser.add_argument(
        "--host", type=_host, default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)"
    )


def _whole(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of processes; write 1 to 64')
    return int(text)


def _add_seed_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=_iso_day, metavar="D", help="day on which the demo's story stands (default today)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the demo's ratings (default 1)")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="beiji", description="One open system for a city's hospital emergency-preparedness programme."
    )
    parser.add_argument("--version", action="version", version=f"beiji {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    one = commands.add_parser("demo", help="a seeded, illustrative city in the browser")
    _add_server_words(one)
    _add_seed_words(one)
    one.set_defaults(run=demo)

    one = commands.add_parser("test", help="every test (from a checkout: python3 beiji test [words for pytest])")
    one.set_defaults(run=_test_elsewhere)

    one = commands.add_parser("init", help="make or upgrade the database and load the packs")
    one.add_argument("--demo", action="store_true", help="seed the illustrative city too")
    _add_seed_words(one)
    one.set_defaults(run=init)

    one = commands.add_parser("serve", help="answer browsers")
    _add_server_words(one)
    one.set_defaults(run=serve)

    one = commands.add_parser("doctor", help="check that the installation is sound")
    one.add_argument("--json", action="store_true", help="findings as JSON")
    one.set_defaults(run=doctor)

    one = commands.add_parser("messages", help="bring the translation catalogues up to date with the source")
    one.add_argument("--check", action="store_true", help="change nothing; fail when a translation is missing")
    one.set_defaults(run=messages)

    _add_room_commands(commands)
    return parser


def _add_room_commands(commands: argparse._SubParsersAction) -> None:
    """Commands whose words and work live in their own package."""
    from beiji.packs import command as pack_command
    from beiji.reports import command as report_command
    from beiji.science import command as science_command

    pack_command.add_parser(commands)
    science_command.add_parser(commands)
    report_command.add_parser(commands)


def _test_elsewhere(arguments: argparse.Namespace) -> int:
    raise CommandError("the tests live in a checkout, not in the installed package; run python3 beiji test there.")


def main(words: Sequence[str] | None = None) -> int:
    """Entry point. Returns 0 when done, 1 when the work found faults, 2 when the command itself could not be carried out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show 备急 gets escapes, not a traceback
            stream.reconfigure(errors="backslashreplace")
    arguments = build_parser().parse_args(words)
    if Path.cwd() == Path("/") and "BEIJI_DATA" not in os.environ:
        _say("the data folder would be /beiji-data; set BEIJI_DATA to where the city's data should live.")
        return 2
    try:
        options.check_all()
        return int(arguments.run(arguments) or 0)
    except (CommandError, OptionError) as error:
        _say(str(error))
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        _say("stopped")
        return 130
    except Exception as error:
        sentence = _sentence_of(error)
        if sentence is None:
            raise
        _say(sentence)
        return 2


def _sentence_of(error: Exception) -> str | None:
    """A full disk, a missing right, a database that is away: one line. A fault of ours keeps its traceback."""
    try:
        from beiji.site import starting
    except ImportError:  # the engine alone is installed
        return None
    return starting.sentence_of(error)


if __name__ == "__main__":
    sys.exit(main())
