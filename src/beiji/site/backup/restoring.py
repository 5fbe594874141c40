"""`beiji restore`: look at everything first, load beside what is there, check, then put it in place; or leave all as it was."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django_scopes import scope, scopes_disabled

from beiji.output import CommandError
from beiji.programme.models import City
from beiji.records import append_only, audit, guards, options, revocations
from beiji.records.revocations import Revocation

from .. import starting
from . import envelope, making
from . import manifest as contents
from .manifest import Facts, Manifest

Say = Callable[[str], None]
#: A change may have had its instant before the backup's and been written after it. *Assumption*, above what a lock waits.
AROUND = timedelta(minutes=2)


@dataclass(frozen=True)
class Restored:
    """What a restore did. `need_codes`: user names that need a new code; `point`: the backup made of what was there."""

    manifest: Manifest
    again: int
    need_codes: tuple[str, ...]
    has_list: bool
    point: Path | None


def look(file: Path, identities: list[Any], work: Path) -> Manifest:
    """Unpack a backup into `work` and check every byte and whether it fits here. Changes nothing. Raises CommandError."""
    if not file.is_file():
        raise CommandError(f"{file}: there is no such file; name a file that beiji backup wrote.")
    if envelope.is_encrypted(file) and not identities:
        raise CommandError(f"{file} is encrypted; give the secret key of those it was made for with --key.")

    def check(manifest: Manifest) -> None:
        sentence = contents.why_not(manifest, vendor=connection.vendor, installed=_installed(), known=_known())
        if sentence:
            raise CommandError(f"{file}: {sentence}.")
        needed = 2 * manifest.raw_bytes + manifest.database_bytes + manifest.files_bytes
        free = shutil.disk_usage(work).free
        if free < needed:
            raise CommandError(
                f"{settings.DATA}: restoring takes {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free; free some space."
            )

    try:
        with envelope.opened(file, identities, work) as plain:
            return envelope.unpack(plain, file, work, check)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise CommandError(
            f"{settings.DATA}: the disk is full; free some space, then restore. Nothing was changed."
        ) from None


def _installed() -> dict[str, bool]:
    return {config.label: config.name.startswith("beiji.") for config in apps.get_app_configs()}


def _known() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def restore(file: Path, work: Path, manifest: Manifest, *, replace: bool, say: Say) -> Restored:
    """Put an unpacked backup in place. Raises CommandError; then everything is as it was before.

    Hold the data folder alone. `replace`: what is there may go, after a backup of it.
    """
    store = making.store()
    refuse_cut_off()
    was_empty = store.is_empty()
    if not was_empty and not replace:
        raise CommandError(
            f"{starting.place_of_database()} holds data already; restore into an empty one, or say --replace: then what is "
            "there is backed up first."
        )
    if not was_empty:
        starting.refuse_foreign()
    store.refuse_others()
    point = None if was_empty else _point(work, say)
    listed, has_list = _later(file, manifest, was_empty)
    say("loading the database …")
    try:
        store.load(work / envelope.DATABASE, work)
        _refuse_differing(contents.differences(manifest.facts, store.facts()))
        say("bringing it to this version …")
        call_command("migrate", interactive=False, verbosity=0)
        need_codes = _end_again(listed)
        _note(manifest, len(listed))
        _check(manifest, store.facts())
        _place_files(work, manifest)
        if was_empty:
            _place_key(work, manifest)
        store.keep()
    except BaseException as error:
        store.give_back()
        if isinstance(error, sqlite3.Error | psycopg.Error | DatabaseError | OSError):
            what = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise CommandError(f"the backup could not be loaded ({what}); everything is as it was before.") from None
        raise
    return Restored(manifest, len(listed), need_codes, has_list, point)


def refuse_cut_off() -> None:
    """Raises CommandError after a restore that ended in the middle: what is there may let people in who were let go."""
    if connection.vendor == "postgresql" and making.store().is_cut_off():
        raise CommandError(
            f"{starting.place_of_database()}: a restore was cut off; run beiji restore --undo, which puts back what stood "
            "before it, then restore again."
        )


def undo() -> bool:
    """Put back what stood before a restore that was cut off. False when none was."""
    store = making.store()
    if not store.is_cut_off():
        return False
    store.refuse_others()
    store.give_back()
    return True


def _point(work: Path, say: Say) -> Path:
    """A backup of what is there, before it goes."""
    folder = Path(settings.DATA) / "restore-points"
    folder.mkdir(mode=0o700, exist_ok=True)
    say("backing up what is there …")
    inner = work / "point"
    inner.mkdir()
    return making.make(folder, inner, [], say=lambda sentence: None).file


def _later(file: Path, manifest: Manifest, was_empty: bool) -> tuple[list[Revocation], bool]:
    """What ended after the backup: from the list, its copy beside the backup, and the database that is still there."""
    places = [Path(settings.REVOCATIONS), file.resolve().parent / "revocations.jsonl"]
    entries = set().union(*(revocations.read(place) for place in places))
    if not was_empty:
        with contextlib.suppress(DatabaseError):  # of an earlier version, whose list is all there is
            entries |= set(revocations.of_database(audit.again()))
    later = sorted(entry for entry in entries if entry.at > manifest.made_at - AROUND)
    return later, not was_empty or places[0].exists()


def _end_again(listed: list[Revocation]) -> tuple[str, ...]:
    """Do again what ended since, and end every session. Returns who needs a new code."""
    doing = audit.again()
    names = set()
    cities = set(City.objects.values_list("pk", flat=True))
    for entry in listed:
        if entry.kind in doing and entry.city in cities | {""}:  # without a city: what belongs to the installation
            with scope(city=entry.city):
                names.add(doing[entry.kind](entry))
    Session.objects.all().delete()
    return tuple(sorted(names - {""}))


def _note(manifest: Manifest, again: int) -> None:
    """An audit line that says from which backup everything before it comes."""
    with scopes_disabled():
        audit.write(
            "site.restored", city="", by=None, of="site.backup:", now=datetime.now(UTC),
            made_at=manifest.made_at.isoformat(), version=manifest.version, database=manifest.database_sha256, again=again,
        )  # fmt: skip


def _check(manifest: Manifest, now: Facts) -> None:
    """Guards stand, and no row of the backup went on the way to this version."""
    if tables := guards.differing():
        raise CommandError(f"the guard of {tables[0]} could not be made; everything is as it was before.")
    if connection.vendor == "sqlite":
        connection.check_constraints()
    growing = [guard.table for guard in append_only.guarded()]
    fewer = [table for table in growing if now.counts.get(table, 0) < manifest.facts.counts.get(table, 0)]
    _refuse_differing([f"{table} has lost rows" for table in fewer])


def _refuse_differing(faults: list[str]) -> None:
    if faults:
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise CommandError(f"what was loaded is not what was kept: {faults[0]}{more}; everything is as it was before.")


def _place_files(work: Path, manifest: Manifest) -> None:
    """Put each file where it belongs; one that is there as it should be stays. Others that are there stay too."""
    for digest in manifest.facts.files:
        source = work / "files" / digest[:2] / digest
        target = Path(settings.FILES) / digest[:2] / digest
        if target.exists() and envelope.digest_of(target) == digest:
            continue
        for folder in (target.parent.parent, target.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _move(source, target)


def _move(source: Path, target: Path) -> None:
    """Whole or not at all, also where the attached files lie on another disk."""
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, beside)
        beside.chmod(0o600)
        os.replace(beside, target)


def _place_key(work: Path, manifest: Manifest) -> None:
    """Into an empty installation the key comes with the data, where the backup has it and no setting names another."""
    if any(key.sha256 for key in manifest.keys) and not options.read("BEIJI_SECRET_KEY"):
        _move(work / envelope.SECRET_KEY, Path(settings.DATA) / "secret-key")
