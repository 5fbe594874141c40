"""Every setting of Beiji in one table: it feeds the settings module, `beiji doctor` and the documentation.

A bad value is refused at start with a sentence that names the setting, the value and the mend.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class OptionError(ValueError):
    """A setting has a value that cannot be used; the text is one finished sentence."""


@dataclass(frozen=True)
class Option:
    """One setting: its environment variable, kind (a key of `_READERS`), default and meaning."""

    name: str
    kind: str
    default: str
    sentence: str


OPTIONS: tuple[Option, ...] = (
    Option(
        "BEIJI_DATA", "folder", "beiji-data", "Folder that holds everything a city owns: database, files, caches, keys."
    ),
    Option("DATABASE_URL", "text", "", "Where the database is; empty means SQLite in the data folder."),
    Option("BEIJI_HOSTS", "hosts", "localhost,127.0.0.1,[::1]", "Names under which browsers reach the server."),
    Option("BEIJI_DEBUG", "yes-no", "no", "Show Python errors in the browser; never on a server that holds real data."),
    Option(
        "BEIJI_HTTPS",
        "yes-no",
        "no",
        "Browsers come over HTTPS only: secure cookies, and they are told to stay there; switch on behind a proxy with a certificate.",
    ),
    Option(
        "BEIJI_OWN_TLS",
        "yes-no",
        "no",
        "Set by serve --tls: HTTPS with an own authority; browsers are not told to stay with it for a year.",
    ),
    Option(
        "BEIJI_PROXIES",
        "addresses",
        "",
        "Addresses or networks of the proxies that say whose request they pass on; of anybody else it is not believed.",
    ),
    Option("BEIJI_THREADS", "whole", "8", "Threads that answer pages in one web process."),
    Option("BEIJI_UPLOAD_MB", "whole", "20", "Largest attachment, in megabytes."),
    Option(
        "BEIJI_SECRET_KEY",
        "key",
        "",
        "Key that signs sessions; empty means one made at first start and kept in the data folder.",
    ),
    Option(
        "BEIJI_REVOCATIONS",
        "path",
        "",
        "List of what a restore must end again; empty means revocations.jsonl in the data folder. Better on another disk.",
    ),
    Option(
        "BEIJI_READ_ONLY",
        "yes-no",
        "no",
        "People can read and enter nothing, for example while the server is moved; every page says so.",
    ),
    Option("BEIJI_LOG_DAYS", "days", "190", "Days for which the logs in the data folder are kept; 180 at least."),
    Option("BEIJI_MESSAGES", "channel", "off", "By what people's phones are told: off, file, webhook or mail."),
    Option("BEIJI_LINK", "link", "", "Address under which people open Beiji, https://name; it stands in messages."),
    Option("BEIJI_MESSAGE_MINUTES", "whole", "15", "Minutes before a message; what is read by then is not sent."),
    Option(
        "BEIJI_WEBHOOK_URL",
        "secret-link",
        "",
        "Address of the group robot of WeCom or DingTalk, with its key; whoever has it can write to the group.",
    ),
    Option("BEIJI_WEBHOOK_SECRET", "secret", "", "Secret by which a robot's receiver knows the sender, if it has one."),
    Option(
        "BEIJI_WEBHOOK_HOSTS",
        "hosts",
        "qyapi.weixin.qq.com,oapi.dingtalk.com",
        "Names to which messages may be sent by webhook.",
    ),
    Option(
        "BEIJI_WEBHOOK_INSIDE",
        "yes-no",
        "no",
        "The webhook's receiver may stand at an address inside the network, for example a gateway of the hospital.",
    ),
    Option(
        "BEIJI_MAIL_SERVER", "text", "", "Mail server as name:port; 465 speaks TLS from the start, others STARTTLS."
    ),
    Option("BEIJI_MAIL_USER", "text", "", "User name at the mail server; empty: none is asked."),
    Option("BEIJI_MAIL_PASSWORD", "secret", "", "Password at the mail server."),
    Option("BEIJI_MAIL_FROM", "text", "", "Address from which mail is sent."),
    Option("BEIJI_CHROMIUM", "path", "", "Chromium for the browser tests; empty means the usual places are tried."),
    Option(
        "BEIJI_REQUIRE_BROWSER", "yes-no", "no", "A missing Chromium fails the browser tests instead of skipping them."
    ),
    Option(
        "BEIJI_FULL",
        "yes-no",
        "no",
        "Run the slow, complete form of tests: every language and theme, deep random histories.",
    ),
)
#: By what people's phones can be told.
CHANNELS = ("off", "file", "webhook", "mail")
#: No setting counts higher: more threads or megabytes than that are a slip of the hand.
LARGEST_WHOLE = 10_000
#: Characters of a key that signs sessions; Beiji's own keys have 67.
SHORTEST_KEY = 32
HOST = re.compile(r"(?:\*|\.?(?!-)[\w-]+(?:\.[\w-]+)*|\[[0-9A-Fa-f:.]+\])\Z")
#: Days for which networks and their operators' laws want logs kept (China's Cybersecurity Law: six months).
FEWEST_LOG_DAYS = 180
#: Read by the launcher, the engine's build and the tests before or beside this table.
ELSEWHERE = frozenset({"BEIJI_ENVIRONMENT", "BEIJI_KERNEL_NRT", "BEIJI_PICTURES"})
_BY_NAME = {option.name: option for option in OPTIONS}
_YES = {
    "yes": True,
    "true": True,
    "1": True,
    "on": True,
    "no": False,
    "false": False,
    "0": False,
    "off": False,
    "": False,
}


def _yes_no(name: str, raw: str) -> bool:
    if raw.lower() not in _YES:
        raise OptionError(f'{name} is "{raw}"; write yes or no.')
    return _YES[raw.lower()]


def _whole(name: str, raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal()) or not 1 <= int(raw) <= LARGEST_WHOLE:
        raise OptionError(f'{name} is "{raw}"; write a whole number from 1 to {LARGEST_WHOLE}.')
    return int(raw)


def _days(name: str, raw: str) -> int:
    days = _whole(name, raw)
    if days < FEWEST_LOG_DAYS:
        raise OptionError(f'{name} is "{raw}"; logs are kept for {FEWEST_LOG_DAYS} days at least.')
    return days


def _path(name: str, raw: str) -> Path | None:
    if "\0" in raw:
        raise OptionError(f"{name} holds a character that no path can; write the path of a folder.")
    try:
        return Path(raw).expanduser().resolve() if raw else None
    except (OSError, RuntimeError):  # a loop of links, a ~somebody whom nobody knows
        raise OptionError(f'{name} is "{raw}", which leads nowhere; write the path of a folder.') from None


def _folder(name: str, raw: str) -> Path:
    folder = _path(name, raw)
    if folder is None:
        raise OptionError(f"{name} is empty; name the folder, or unset it for ./{_BY_NAME[name].default}.")
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"{name}: {folder} is no folder; name the folder that holds, or shall hold, the city's data.")
    return folder


def _hosts(name: str, raw: str) -> list[str]:
    """Names as a browser's Host header gives them: without scheme, path and port, IPv6 in brackets."""
    hosts = _parts(raw)
    for host in hosts:
        bare = host.split("//")[-1].split("/")[0]
        if bare.count(":") > 1 and not bare.startswith("["):
            bare = f"[{bare}]"
        bare = re.sub(r"(?<=[\w\]]):[0-9]*\Z", "", bare)
        if bare != host:
            raise OptionError(f'{name} has "{host}"; write the name alone, without scheme, path or port: {bare}.')
        if not HOST.match(host):
            raise OptionError(f'{name} has "{host}", which is no name of a host; write for example beiji.example.')
    if not hosts:
        raise OptionError(f"{name} is empty, so no browser would be answered; write the names that people type.")
    return hosts


def _addresses(name: str, raw: str) -> list[str]:
    parts = _parts(raw)
    for part in parts:
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise OptionError(
                f'{name} has "{part}"; write addresses or networks such as 127.0.0.1,10.0.0.0/8.'
            ) from None
    return parts


def _key(name: str, raw: str) -> str:
    if raw and len(raw) < SHORTEST_KEY:
        raise OptionError(
            f"{name} has fewer than {SHORTEST_KEY} characters, which can be guessed; write more, at random."
        )
    return raw


def _channel(name: str, raw: str) -> str:
    if raw.lower() not in CHANNELS:
        raise OptionError(f'{name} is "{raw}"; write {", ".join(CHANNELS[:-1])} or {CHANNELS[-1]}.')
    return raw.lower()


def _link(name: str, raw: str) -> str:
    """An address that begins with https and names a host; another one is not repeated, since it may hold a key."""
    if not raw:
        return ""
    try:
        parts = urlsplit(raw)
        is_good = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError:
        is_good = False
    if not is_good or any(sign.isspace() for sign in raw):
        raise OptionError(f"{name} is no address that begins with https:// and a name; write it as a browser shows it.")
    return raw.rstrip("/")


def _parts(raw: str) -> list[str]:
    return [part.strip() for part in raw.split(",") if part.strip()]


_READERS: dict[str, Callable[[str, str], Any]] = {
    "text": lambda name, raw: raw,
    "path": _path,
    "folder": _folder,
    "whole": _whole,
    "days": _days,
    "yes-no": _yes_no,
    "hosts": _hosts,
    "addresses": _addresses,
    "key": _key,
    "secret": lambda name, raw: raw,
    "channel": _channel,
    "link": _link,
    "secret-link": _link,
}
#: Kinds of settings that no page and no report shows.
SECRET = frozenset({"key", "secret", "secret-link"})


def read(name: str, environment: Mapping[str, str] | None = None) -> Any:
    """The value of one setting, in its type. Raises OptionError for an unusable value and KeyError for an unknown name."""
    option = _BY_NAME[name]
    raw = (os.environ if environment is None else environment).get(name, option.default).strip()
    return _READERS[option.kind](name, raw)


def check_all() -> None:
    """Read every setting once. Raises OptionError for the first that cannot be used."""
    for option in OPTIONS:
        read(option.name)


def unknown(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Variables that look like settings of Beiji and are none, each with the setting that was probably meant, or nothing.

    They are named and not refused: a platform may set some of its own (Kubernetes: BEIJI_PORT for a service of that name).
    """
    known = {option.name.removeprefix("BEIJI_"): option.name for option in OPTIONS}
    strange = sorted(
        name for name in environment if name.startswith("BEIJI_") and name not in {*known.values(), *ELSEWHERE}
    )
    near = {name: difflib.get_close_matches(name.removeprefix("BEIJI_"), known, 1, 0.7) for name in strange}
    return [(name, known[near[name][0]] if near[name] else "") for name in strange]
