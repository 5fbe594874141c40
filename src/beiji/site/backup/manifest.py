"""What stands in front of every backup: what it holds, from when, and of which version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = 1
KIND = "beiji-backup"
NAME = "manifest.json"
#: Sessions let in whoever holds their key: they are in no backup, and a restore ends them all.
LEFT_OUT = frozenset({"django_session"})


class NotABackup(ValueError):
    """The manifest says nothing that this program understands; the text is the end of a sentence."""


@dataclass(frozen=True)
class Key:
    """A secret that the installation needs. Its value, and so its digest, is inside an encrypted backup only."""

    name: str
    needed_for: str
    sha256: str = ""
    bytes: int = 0


@dataclass(frozen=True)
class Facts:
    """What a database holds at one instant. `digests` of its tables where the database can be asked for them."""

    counts: Mapping[str, int]
    digests: Mapping[str, str]
    migrations: tuple[tuple[str, str], ...]
    cities: Mapping[str, str]
    files: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    """`database_sha256` and `database_bytes` are of the member as it lies in the file; `raw_bytes` of what it becomes."""

    made_at: datetime
    version: str
    database: str
    server: str
    database_sha256: str
    database_bytes: int
    raw_bytes: int
    facts: Facts
    keys: tuple[Key, ...]
    missing_files: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.facts.counts.values())

    @property
    def files_bytes(self) -> int:
        return sum(self.facts.files.values())

    def to_json(self) -> bytes:
        content = {"kind": KIND, "format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def from_json(content: bytes) -> Manifest:
    """Raises NotABackup for anything else than the manifest of a backup that this version reads."""
    try:
        data: dict[str, Any] = json.loads(content)
        kind, number = data.pop("kind"), int(data.pop("format"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotABackup("it is no backup of Beiji") from None
    if kind != KIND:
        raise NotABackup("it is no backup of Beiji")
    if number > FORMAT:
        raise NotABackup("it was written by a later Beiji; install that version or a newer one")
    try:
        facts = data.pop("facts")
        facts["migrations"] = tuple((app, name) for app, name in facts["migrations"])
        keys = tuple(Key(**key) for key in data.pop("keys"))
        made_at = datetime.fromisoformat(data.pop("made_at")).astimezone(UTC)
        data["missing_files"] = tuple(data["missing_files"])
        return Manifest(made_at=made_at, facts=Facts(**facts), keys=keys, **data)
    except (KeyError, TypeError, ValueError):
        raise NotABackup("its list of contents is damaged") from None


def why_not(
    manifest: Manifest, *, vendor: str, installed: Mapping[str, bool], known: Iterable[tuple[str, str]]
) -> str | None:
    """Why this backup cannot be restored here, as the end of a sentence; None when it can.

    `installed`: label of each application of ours and of others → whether it is Beiji's own. `known`: every migration of
    this version.
    """
    if manifest.database != vendor:
        mend = (
            "set DATABASE_URL to an empty PostgreSQL database"
            if manifest.database == "postgresql"
            else "unset DATABASE_URL, so that the database is the file in BEIJI_DATA"
        )
        return f"it was made of a database of another kind ({manifest.database}); {mend}"
    if not {app for app, _name in manifest.facts.migrations} <= set(installed):
        return "it holds the tables of another program"
    later = sorted(
        f"{app} {name}" for app, name in set(manifest.facts.migrations) - set(known) if installed.get(app, False)
    )
    if later:
        return f"it was made by a later Beiji, {manifest.version} ({later[0]}); install that version or a newer one"
    return None


def differences(before: Facts, now: Facts) -> list[str]:
    """Tables whose rows are not those of the backup; the sentence names the first few."""
    tables = sorted(set(before.counts) | set(now.counts))
    faults = [
        f"{table} has {now.counts.get(table, 0)} rows instead of {before.counts.get(table, 0)}"
        for table in tables
        if before.counts.get(table, 0) != now.counts.get(table, 0)
    ]
    faults += [
        f"{table} has other rows"
        for table in tables
        if table in before.digests and table in now.digests and before.digests[table] != now.digests[table]
    ]
    return faults
