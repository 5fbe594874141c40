"""What `beiji backup` and `beiji restore` say and do."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django_scopes import scopes_disabled

from beiji.output import CommandError
from beiji.records import audit

from .. import starting, using
from . import envelope, making, restoring
from .manifest import Manifest


def _say(sentence: str) -> None:
    print(f"beiji: {sentence}", file=sys.stderr, flush=True)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def backup(arguments: Namespace) -> int:
    """Make a backup; 1 when attached files could not be taken in, since they are gone or changed."""
    recipients = envelope.recipients_of(arguments.key) if arguments.key else []
    folder = _folder(arguments.folder)
    with using.working(settings.DATA), using.workspace(settings.DATA) as work:
        starting.refuse_foreign()
        made = making.make(folder, work, recipients, say=_say)
        _note(made)
        gone = making.let_go(folder, arguments.keep) if arguments.keep else []
    if arguments.json:
        print(json.dumps(_told(made) | {"removed": [file.name for file in gone]}, ensure_ascii=False, indent=2))
    else:
        print(f"{made.file}  {_size(made.size)}  SHA-256 {made.sha256}")
        for key in made.manifest.keys:
            inside = "inside, encrypted" if key.sha256 else "not inside: keep it elsewhere"
            print(f"  {key.name}: {key.needed_for} ({inside})")
        for file in gone:
            print(f"  removed {file.name}")
    missing = made.manifest.missing_files
    if missing:
        _say(f"{len(missing)} attached files are gone or changed and are not in the backup; beiji doctor names them.")
    return 1 if missing else 0


def _folder(wanted: Path | None) -> Path:
    if wanted is None:
        folder = Path(settings.DATA) / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    if not wanted.is_dir():
        raise CommandError(f"{wanted}: there is no such folder; make it, or name another.")
    return wanted


def _told(made: making.Made) -> dict[str, Any]:
    manifest = made.manifest
    return {
        "file": str(made.file), "bytes": made.size, "sha256": made.sha256, "made_at": manifest.made_at.isoformat(),
        "version": manifest.version, "rows": manifest.rows, "files": len(manifest.facts.files),
        "missing_files": list(manifest.missing_files), "cities": dict(manifest.facts.cities),
        "keys": [{"name": key.name, "inside": bool(key.sha256)} for key in manifest.keys],
    }  # fmt: skip


def _note(made: making.Made) -> None:
    """The audit line by which `doctor` knows the age of the last backup; a database of an earlier version takes none."""
    try:
        with scopes_disabled():
            audit.write(
                "site.backup-made", city="", by=None, of="site.backup:", now=datetime.now(UTC), name=made.file.name,
                sha256=made.sha256, rows=made.manifest.rows, encrypted=made.file.suffix == ".age",
            )  # fmt: skip
    except DatabaseError as error:
        _say(f"the backup is made; that it was made could not be written into the database ({error}).")


def restore(arguments: Namespace) -> int:
    if arguments.undo:
        with using.alone(settings.DATA):
            was_cut_off = restoring.undo()
        print("What stood before is back." if was_cut_off else "No restore was cut off; nothing was changed.")
        return 0
    if arguments.file is None:
        raise CommandError("name the file to restore, as beiji backup wrote it.")
    identities = envelope.identities_of(arguments.key) if arguments.key else []
    with using.alone(settings.DATA), using.workspace(settings.DATA) as work:
        manifest = restoring.look(arguments.file, identities, work)
        print(_sentence(manifest))
        if arguments.check:
            print("Every part is as it was kept, and it fits this version. Nothing was changed.")
            return 0
        done = restoring.restore(arguments.file, work, manifest, replace=arguments.replace, say=_say)
    _tell(done)
    return 0


def _sentence(manifest: Manifest) -> str:
    cities = ", ".join(sorted(manifest.facts.cities)) or "no city"
    return (
        f"Backup of {cities}, made {manifest.made_at:%Y-%m-%d %H:%M} UTC by Beiji {manifest.version}: "
        f"{manifest.rows} rows, {len(manifest.facts.files)} files."
    )


def _tell(done: restoring.Restored) -> None:
    print("Restored. Everybody signs in again.")
    if done.point is not None:
        print(f"What was there before: {done.point}")
    if not done.has_list:
        print(
            f"This installation's list of revocations ({settings.REVOCATIONS}) was not found, and the copy beside the backups "
            "ends with the last of them. Whoever was let go later can sign in again: look at People before others do."
        )
    if done.again:
        print(f"Ended again, since it ended after the backup: {done.again} accounts, roles, passwords or codes.")
    if done.need_codes:
        print(
            f"These need a new code, since their password was changed after the backup: {', '.join(done.need_codes)}."
        )
    if done.manifest.missing_files:
        print(f"{len(done.manifest.missing_files)} attached files were missing already when the backup was made.")
    print("Next: beiji doctor, then beiji serve, then a new backup.")
