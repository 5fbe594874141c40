"""Every setting of Beiji in one table: it feeds the settings module, `beiji doctor` and the documentation.

A bad value is refused at start with a sentence that names the setting, the value and the mend.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class OptionError(ValueError):
    """A setting has a value that cannot be used; the text is one finished sentence."""


@dataclass(frozen=True)
class Option:
    """One setting: its environment variable, kind (`text`, `path`, `whole`, `yes-no`, `list`), default and meaning."""

    name: str
    kind: str
    default: str
    sentence: str


OPTIONS: tuple[Option, ...] = (
    Option(
        "BEIJI_DATA", "path", "beiji-data", "Folder that holds everything a city owns: database, files, caches, keys."
    ),
    Option("DATABASE_URL", "text", "", "Where the database is; empty means SQLite in the data folder."),
    Option("BEIJI_HOSTS", "list", "localhost,127.0.0.1,[::1]", "Names under which browsers reach the server."),
    Option("BEIJI_DEBUG", "yes-no", "no", "Show Python errors in the browser; never on a server that holds real data."),
    Option("BEIJI_HTTPS", "yes-no", "no", "Cookies only over HTTPS; switch on behind a proxy with a certificate."),
    Option("BEIJI_THREADS", "whole", "8", "Threads that answer pages in one web process."),
    Option("BEIJI_UPLOAD_MB", "whole", "20", "Largest attachment, in megabytes."),
    Option(
        "BEIJI_SECRET_KEY",
        "text",
        "",
        "Key that signs sessions; empty means one made at first start and kept in the data folder.",
    ),
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


def read(name: str, environment: Mapping[str, str] | None = None) -> Any:
    """The value of one setting, in its type. Raises OptionError for an unusable value and KeyError for an unknown name."""
    option = _BY_NAME[name]
    raw = (os.environ if environment is None else environment).get(name, option.default).strip()
    if option.kind == "yes-no":
        if raw.lower() not in _YES:
            raise OptionError(f'{name} is "{raw}"; write yes or no.')
        return _YES[raw.lower()]
    if option.kind == "whole":
        if not raw.isdecimal() or int(raw) < 1:
            raise OptionError(f'{name} is "{raw}"; write a whole number from 1 up.')
        return int(raw)
    if option.kind == "path":
        return Path(raw).expanduser().resolve() if raw else None
    if option.kind == "list":
        return [part.strip() for part in raw.split(",") if part.strip()]
    return raw


def check_all() -> None:
    """Read every setting once. Raises OptionError for the first that cannot be used."""
    for option in OPTIONS:
        read(option.name)
