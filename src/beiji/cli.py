"""The command line: what an administrator or analyst types. Web code is loaded only by the commands that need it."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from beiji import __version__
from beiji.output import CommandError
from beiji.packs import alone as alone_command
from beiji.packs import command as pack_command
from beiji.packs import rank as rank_command
from beiji.packs import replay_command
from beiji.packs import simulate as simulate_command
from beiji.programme.rules import USER_NAME
from beiji.records import options
from beiji.records.options import OptionError
from beiji.reports import command as report_command
from beiji.reports.command import Wanted
from beiji.site import listening


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


def _host(text: str) -> str:
    """An IPv6 address may come in brackets, as in an address bar."""
    if not text.strip("[]"):
        raise argparse.ArgumentTypeError("the address is empty; write for example 127.0.0.1")
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _set_up() -> None:
    """Make Django ready for what needs the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    import django  # noqa: PLC0415 - only commands that need the database wait for Django

    django.setup()


def _of_server(name: str, *, listens: bool = False) -> Callable[[argparse.Namespace], int]:
    """A command that needs the database; Django and all that hangs on it are loaded when it is run."""

    def run(arguments: argparse.Namespace) -> int:
        if listens:
            listening.refuse_unless_free(arguments.host, arguments.port)
        if getattr(arguments, "tls", False):
            os.environ |= {"BEIJI_HTTPS": "yes", "BEIJI_OWN_TLS": "yes"}
        _set_up()
        from beiji.site import commands  # noqa: PLC0415 - needs Django set up

        return int(getattr(commands, name)(arguments))

    return run


def _report(wanted: Wanted) -> bytes:
    _set_up()
    from beiji.reports import printing  # noqa: PLC0415 - needs Django set up

    return printing.make(wanted)


def messages(arguments: argparse.Namespace) -> int:
    from beiji.ui import messages as catalogue_tool  # noqa: PLC0415 - only commands that need the database wait for Django

    return int(catalogue_tool.main(["--check"] if arguments.check else []) or 0)


def _add_server_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (default 8000)")
    parser.add_argument(
        "--processes",
        type=_whole,
        metavar="N",
        help="web processes (default: one per core, fewer where memory is short)",
    )
    parser.add_argument(
        "--host", type=_host, default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)"
    )


def _said(text: str) -> str:
    if not text.strip() or len(text) > 80:
        raise argparse.ArgumentTypeError("write the person's name, of at most 80 signs")
    return " ".join(text.split())


def _user_name(text: str) -> str:
    if not re.fullmatch(USER_NAME, text):
        raise argparse.ArgumentTypeError(
            f'"{text}" is no user name; use 3 to 60 letters or digits, also . - _ and no spaces'
        )
    return text


def _whole(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of processes; write 1 to 64')
    return int(text)


def _whole_backups(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of backups; write 1 to 10000')
    return int(text)


def _add_seed_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=_iso_day, metavar="D", help="day on which the demo's story stands (default today)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the demo's ratings (default 1)")


def _add_keeping(commands: Any) -> None:
    one = commands.add_parser("backup", help="database and files of this instant in one file, while people work")
    one.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="where to (default backups in BEIJI_DATA)")
    one.add_argument("--key", type=Path, metavar="FILE", help="encrypt for the public keys (age1…) of this file")
    one.add_argument("--keep", type=_whole_backups, metavar="N", help="remove the oldest of the folder, but for N")
    one.add_argument("--json", action="store_true", help="what was made, as JSON")
    one.set_defaults(run=_of_server("backup"))

    one = commands.add_parser("restore", help="bring a backup back; the server must stand still")
    one.add_argument("file", nargs="?", type=Path, metavar="FILE", help="what beiji backup wrote")
    one.add_argument("--key", type=Path, metavar="FILE", help="file with the secret key (AGE-SECRET-KEY-…)")
    one.add_argument("--replace", action="store_true", help="back up what is there, then put the backup in its place")
    one.add_argument("--check", action="store_true", help="read and compare everything, change nothing")
    one.add_argument("--undo", action="store_true", help="put back what stood before a restore that was cut off")
    one.set_defaults(run=_of_server("restore"))


def _add_serving(commands: Any) -> None:
    one = commands.add_parser("serve", help="answer browsers, and work in the background")
    _add_server_words(one)
    one.add_argument(
        "--no-worker", dest="worker", action="store_false", help="answer browsers only; beiji worker runs elsewhere"
    )
    one.add_argument(
        "--tls",
        action="store_true",
        help="answer over https with certificates of an own authority; tablets fetch it at the next port",
    )
    one.set_defaults(run=_of_server("serve", listens=True))

    one = commands.add_parser("worker", help="work in the background for a server that runs with --no-worker")
    one.set_defaults(run=_of_server("worker"))


def _add_platform(commands: Any) -> None:
    one = commands.add_parser("platform", help="give or end a duty of looking after the installation")
    one.add_argument(
        "duty", choices=("system", "security", "audit", "end"), help="the duty to give, or end the one there is"
    )
    one.add_argument("--user", required=True, type=_user_name, metavar="NAME", help="user name, for this duty alone")
    one.add_argument(
        "--purpose", default="", type=_said, metavar="WORDS", help="for what it is given, with its approval"
    )
    one.set_defaults(run=_of_server("platform"))


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
    one.set_defaults(run=_of_server("demo", listens=True))

    one = commands.add_parser("test", help="every test (from a checkout: python3 beiji test [words for pytest])")
    one.set_defaults(run=_test_elsewhere)

    one = commands.add_parser("init", help="make or upgrade the database and load the packs")
    one.add_argument("--demo", action="store_true", help="seed the illustrative city too")
    _add_seed_words(one)
    one.set_defaults(run=_of_server("init"))

    one = commands.add_parser("city", help="found a city from its pack, and let an administrator in")
    one.add_argument("city", metavar="CITY", help="code of the city's pack, for example yangzhou")
    one.add_argument("--administrator", required=True, type=_said, metavar="NAME", help="name of the person")
    one.add_argument("--user", required=True, type=_user_name, metavar="NAME", help="user name to sign in with")
    one.add_argument(
        "--institution", default="commission", metavar="CODE", help="where the person works (default commission)"
    )
    one.add_argument("--start", type=_iso_day, metavar="D", help="first day of the programme (default today)")
    one.set_defaults(run=_of_server("city"))

    _add_serving(commands)
    _add_platform(commands)
    _add_keeping(commands)

    one = commands.add_parser("doctor", help="check that the installation is sound")
    one.add_argument("--json", action="store_true", help="findings as JSON")
    one.set_defaults(run=_of_server("doctor"))
    asked = one.add_subparsers(dest="question", metavar="access")
    why = asked.add_parser("access", help="does an address open for somebody now, and which rule decides")
    why.add_argument("person", type=_user_name, metavar="PERSON", help="user name")
    why.add_argument("url", metavar="URL", help="address of a page, for example /yangzhou/readiness/")

    one = commands.add_parser("messages", help="bring the translation catalogues up to date with the source")
    one.add_argument("--check", action="store_true", help="change nothing; fail when a translation is missing")
    one.set_defaults(run=messages)

    for command in (pack_command, simulate_command, rank_command, replay_command, alone_command):
        command.add_parser(commands)
    report_command.add_parser(commands, _report)
    return parser


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
        for name, near in options.unknown(os.environ):
            _say(f"{name} is no setting and does nothing" + (f"; {near} is probably meant." if near else "."))
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
        from beiji.site import starting  # noqa: PLC0415 - only commands that need the database wait for Django
    except ImportError:  # the engine alone is installed
        return None
    return starting.sentence_of(error)


if __name__ == "__main__":
    sys.exit(main())
