"""The command line: what an administrator or analyst types. Web code is loaded only by the commands that need it."""

from __future__ import annotations

import argparse
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
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is not a port; choose a whole number up to 65535, for example 8000')
    return int(text)


def _port_free(host: str, port: int) -> None:
    """Refuse at once when somebody else listens; a server that dies later would leave the reader with a dead page."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(
                f"port {port} is taken, perhaps by a Beiji that already runs; stop that one or choose another with --port {port + 1}."
            ) from None


def _init(demo: bool, as_of: date | None = None, seed: int = 1) -> None:
    """Bring the database to the present schema, load the packs, and seed the demo city when asked and absent."""
    _setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from beiji.site import loading

    loading.load_packs(say=_say)
    if demo:
        loading.seed_demo(today=as_of, seed=seed, say=_say)


def init(arguments: argparse.Namespace) -> int:
    _init(arguments.demo, arguments.as_of, arguments.seed)
    from django.conf import settings

    _say(f"ready; everything is kept in {settings.DATA}")
    return 0


def _serve(host: str, port: int, processes: int) -> int:
    import uvicorn

    from beiji.site import nightly

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


def serve(arguments: argparse.Namespace) -> int:
    _port_free(arguments.host, arguments.port)
    _init(demo=False)
    _say(f"serving at http://{arguments.host}:{arguments.port}/ (stop with Ctrl-C)")
    return _serve(arguments.host, arguments.port, arguments.processes)


def demo(arguments: argparse.Namespace) -> int:
    _port_free(arguments.host, arguments.port)
    _init(demo=True, as_of=arguments.as_of, seed=arguments.seed)
    from beiji.site import loading

    print(f"\nBeiji demo: http://localhost:{arguments.port}/   (illustrative data; stop with Ctrl-C)\n")
    print(loading.log_ins_text(), flush=True)
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
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)"
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


if __name__ == "__main__":
    sys.exit(main())
