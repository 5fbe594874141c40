"""The database as one SQLite file: a copy of one instant while others write, and a new file put in its place."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import sqlite3
from pathlib import Path

from django.db import connection

from beiji.output import CommandError

from .facts import gather
from .manifest import LEFT_OUT, Facts

VENDOR = "sqlite"
#: Seconds to wait for a writer before the copy begins.
PATIENCE_S = 30.0


class Store:
    """The file that Django's connection names."""

    vendor = VENDOR

    def __init__(self) -> None:
        self.file = Path(str(connection.settings_dict["NAME"]))
        self.server = sqlite3.sqlite_version

    def bytes_now(self) -> int:
        """About what a copy takes."""
        return self.file.stat().st_size if self.file.exists() else 0

    def is_empty(self) -> bool:
        if not self.file.exists():
            return True
        with contextlib.closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro", uri=True)) as looking:
            return not looking.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()

    def dump(self, folder: Path, target: Path) -> tuple[Facts, int]:
        """Copy one instant into `target`, packed. Answers what it holds and its unpacked size.

        VACUUM INTO reads in one transaction, which stops no writer, and leaves out what was deleted.
        """
        copy = folder / "copy.sqlite3"
        with contextlib.closing(sqlite3.connect(self.file, timeout=PATIENCE_S)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        with contextlib.closing(sqlite3.connect(copy)) as own:
            own.execute("PRAGMA secure_delete = ON")
            for table in sorted(LEFT_OUT & set(_tables(own))):
                own.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own names
            own.commit()
            facts = gather(lambda query: own.execute(query).fetchall(), _tables(own), with_digests=False)
        with open(copy, "rb") as plain, gzip.open(target, "wb", compresslevel=1) as packed:
            shutil.copyfileobj(plain, packed, 1 << 20)
        size = copy.stat().st_size
        copy.unlink()
        return facts, size

    def refuse_others(self) -> None:
        """Raises CommandError while another program has the database open. Ends its journal, so that one file is all."""
        connection.close()
        if not self.file.exists():
            return
        with contextlib.closing(sqlite3.connect(self.file, timeout=1.0)) as alone:
            try:
                (mode,) = alone.execute("PRAGMA journal_mode = DELETE").fetchone()
            except sqlite3.OperationalError:
                mode = "wal"
        if mode != "delete":
            raise CommandError(f"{self.file}: another program has the database open; stop the server, then restore.")

    def load(self, packed: Path, folder: Path) -> None:
        """Unpack beside the old file and let Django work on the new one. Raises CommandError when SQLite finds it damaged."""
        self._new = folder / "new.sqlite3"
        with gzip.open(packed, "rb") as source, open(self._new, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
        self._new.chmod(0o600)
        with contextlib.closing(sqlite3.connect(self._new)) as looking:
            (word,) = looking.execute("PRAGMA integrity_check(1)").fetchone()
        if word != "ok":
            raise CommandError(f"the database inside the backup is damaged ({word}); take another backup.")
        connection.close()
        connection.settings_dict["NAME"] = str(self._new)

    def is_cut_off(self) -> bool:
        """A file takes another's place whole, so there is nothing between."""
        return False

    def facts(self) -> Facts:
        with contextlib.closing(sqlite3.connect(self._new)) as looking:
            return gather(lambda query: looking.execute(query).fetchall(), _tables(looking), with_digests=False)

    def keep(self) -> None:
        """Put the new file in the old one's place, whole: before or after, never between."""
        connection.close()
        with contextlib.closing(sqlite3.connect(self._new)) as last:
            last.execute("PRAGMA journal_mode = DELETE")
        with open(self._new, "rb") as written:
            os.fsync(written.fileno())
        self.refuse_others()  # and leaves no journal of the old file beside the new one
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(self._new, self.file)
        self._back_to_place()

    def give_back(self) -> None:
        """Nothing was put in place: forget the new file."""
        connection.close()
        self._back_to_place()

    def _back_to_place(self) -> None:
        connection.settings_dict["NAME"] = str(self.file)


def _tables(database: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    return [name for (name,) in database.execute(query)]
