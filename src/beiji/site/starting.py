"""What stands between a command and its work: the data folder, the key, the database. Each fault is one sentence with its mend."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from beiji.records.options import SHORTEST_KEY, OptionError

#: Bytes that are written to see whether anything can be.
PROBE_BYTES = 64 * 1024
_ENGINES = ("django.db.backends.postgresql", "django.db.backends.sqlite3")


def data_folder(folder: Path) -> Path:
    """Make the data folder for its owner alone, or take the one that is there. Raises OptionError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(
            f"BEIJI_DATA: the folder {folder} cannot be made ({error.strerror}); name a folder where this user may write."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OptionError(
            f"BEIJI_DATA: nothing can be written in {folder}; give this user the right, or name another folder."
        )
    return folder


def secret_key(folder: Path) -> str:
    """The key in the data folder, made whole at the first start and readable by its owner only. Raises OptionError."""
    file = folder / "secret-key"
    try:
        if not file.exists():
            _make_key(file)
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it holds something else"
        raise OptionError(f"the key in {file} cannot be read or made ({why}); mend its rights or the disk.") from None
    if len(key) < SHORTEST_KEY:
        raise OptionError(
            f"the key in {file} is empty or cut off; put the file back from a backup, or delete it: a new one is made, "
            "and everybody signs in again."
        )
    return key


def _make_key(file: Path) -> None:
    """Two first starts at once: the second keeps the key of the first, and never reads half of it."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".key-")
    try:
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(temporary, file)
    finally:
        os.unlink(temporary)


def database(address: str, folder: Path) -> dict[str, Any]:
    """Django's table of the database: by address, or the file in the data folder. Raises OptionError without repeating a password."""
    if not address:
        return {"ENGINE": _ENGINES[1], "NAME": str(folder / "beiji.sqlite3"), "CONN_MAX_AGE": 60}
    try:
        parts: dict[str, Any] = dict(dj_database_url.parse(address, conn_max_age=60))
    except (ValueError, KeyError):
        parts = {}
    if parts.get("ENGINE") not in _ENGINES or not parts.get("NAME"):
        raise OptionError(
            "DATABASE_URL is no address of a PostgreSQL database; write postgresql://user:password@host/name, "
            "with %40 for @, %23 for #, %2F for / inside the password."
        )
    return parts


def keep_private(folder: Path, database_file: str) -> None:
    """Close the files that hold the city's data to others, also those of earlier versions."""
    files = [Path(database_file + ending) for ending in ("", "-wal", "-shm", "-journal")] if database_file else []
    for place, mode in [(folder / "secret-key", 0o600), (folder / "files", 0o700), *((file, 0o600) for file in files)]:
        with contextlib.suppress(OSError):  # somebody else's file: doctor names it
            if place.exists() and place.stat().st_mode & 0o077:
                place.chmod(mode)


def open_to_others(folder: Path, database_file: str) -> list[str]:
    """Paths below which other users of the machine could read or write, with the command that closes them."""
    places = [folder, folder / "secret-key", folder / "files"]
    places += [Path(database_file)] if database_file else []
    return [
        f"chmod go= {place}"
        for place in places
        if os.name == "posix" and place.exists() and place.stat().st_mode & 0o077
    ]


def refuse_foreign() -> None:
    """Raises OptionError when the database belongs to another program or to a later Beiji; nothing is written to it then."""
    sentence = foreign()
    if sentence:
        raise OptionError(f"{place_of_database()}: {sentence}.")


def foreign() -> str | None:
    """Why the database is not this program's, as a sentence without its full stop; None for ours and for an empty one."""
    tables = _tables_unopened() if connection.vendor == "sqlite" else None
    if tables is None:
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
    if not tables:
        return None
    if "django_migrations" not in tables:
        return _ANOTHERS
    loader = MigrationLoader(connection)
    installed = {config.label: config.name.startswith("beiji.") for config in apps.get_app_configs()}
    if not {app for app, _name in loader.applied_migrations} <= set(installed):
        return _ANOTHERS
    later = sorted(
        f"{app} {name}" for app, name in set(loader.applied_migrations) - set(loader.disk_migrations) if installed[app]
    )
    if later:
        return f"the database was written by a later Beiji ({later[0]}); install that version or a newer one"
    return None


def _tables_unopened() -> set[str] | None:
    """Tables of the SQLite file without a write to it: our own connection sets its journal, which would change another program's file."""
    address = f"{Path(place_of_database()).resolve().as_uri()}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as looking:
            return {name for (name,) in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return None  # not there yet, or in a state of which the connection itself says more


def place_of_database() -> str:
    """How sentences name the database: its file, or the setting; never the address, which holds a password."""
    return str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else "DATABASE_URL"


def disk(folder: Path, needed: int) -> str:
    """`ok`, `full` when there is no room for `needed` bytes or nothing can be written, `read-only` without the right to write."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".health-") as probe:
            probe.write(bytes(PROBE_BYTES))
            probe.flush()
        return "ok" if shutil.disk_usage(folder).free >= needed else "full"
    except PermissionError:
        return "read-only"
    except OSError as error:
        return "read-only" if error.errno == errno.EROFS else "full"


def sentence_of(error: BaseException) -> str | None:
    """What a person reads of an error of the system or the database; None for anything that is our own fault."""
    if isinstance(error, DatabaseError | sqlite3.Error):
        return _of_database(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"{place}the disk is full; free some space and run the same command again."
        return f"{place}{error.strerror or error}; mend that and run the same command again."
    return str(error) if isinstance(error, ImproperlyConfigured) else None


def _of_database(error: Exception) -> str:
    place = place_of_database()
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    if "disk I/O error" in said and disk(Path(place).parent, PROBE_BYTES) == "full":
        said = "disk is full"
    for words, sentence in _SAID_OF_DATABASE.items():
        if words in said:
            return f"{place}: {sentence}."
    return (
        f"{place}: the database does not answer as it should ({said}); see that it runs and that this user may use it."
    )


_ANOTHERS = "the database holds the tables of another program; name an empty one in BEIJI_DATA or DATABASE_URL"
#: What SQLite and PostgreSQL say, and what it means for whoever reads it.
_SAID_OF_DATABASE = {
    "disk is full": "the disk is full; free some space and run the same command again",
    "No space left": "the disk of the database is full; free some space and run the same command again",
    "readonly database": "the database may only be read by this user; give him the right to write the file and its folder",
    "read-only transaction": "the database may only be read; name the one that takes writes",
    "unable to open": "the database cannot be opened; see that file and folder are there and that this user may write both",
    "is not a database": "the file is no database; put it back from a backup, or move it away and run beiji init",
    "malformed": "the database is damaged; put it back from a backup",
    "no such table": "the database holds no Beiji yet; run beiji init",
    "does not exist": "there is no such database, user or table; check DATABASE_URL, then run beiji init",
    "database is locked": "another program holds the database; stop it and run the same command again",
    "password authentication failed": "the database refuses this user and password; check both in DATABASE_URL",
    "could not translate host": "there is no such host; check DATABASE_URL",
    "failed to resolve host": "there is no such host; check DATABASE_URL",
    "Connection refused": "no database answers there; see that it runs, and check host and port in DATABASE_URL",
    "permission denied": "this user may not do that in the database; let its owner run beiji init, or grant him the right",
}
