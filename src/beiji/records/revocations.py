"""What a restore must do again: accounts closed, roles taken back, people erased, passwords and codes that count no more.

An older backup knows nothing of them. So a list of them is kept outside the database, a line each, without a name: in the
file that BEIJI_REVOCATIONS names, and copied beside every backup.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django_scopes import scopes_disabled

from .models import AuditLine

log = logging.getLogger(__name__)
#: How far back the nightly pass looks for lines that were not written when they should have been (a full disk).
LOOK_BACK = timedelta(days=40)


@dataclass(frozen=True, order=True)
class Revocation:
    """What ended, when, where: the kind, city and thing of its audit line."""

    at: datetime
    kind: str
    city: str
    thing: str


def note(revocation: Revocation) -> None:
    """Add a line, on the disk before this returns. A line that cannot be written is in the log, and the nightly pass adds it."""
    try:
        append(Path(settings.REVOCATIONS), [revocation])
    except OSError as error:
        log.error("%s could not be written (%s); it is tried again at night", settings.REVOCATIONS, error.strerror)


def append(file: Path, revocations: Iterable[Revocation]) -> None:
    """Add lines to a list; several processes may do so at once. Raises OSError."""
    text = "".join(json.dumps({**asdict(r), "at": r.at.isoformat()}) + "\n" for r in revocations)
    if not text:
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if _is_cut_off(file):  # a machine that lost power within a line
            text = "\n" + text
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_cut_off(file: Path) -> bool:
    with open(file, "rb") as end:
        size = end.seek(0, os.SEEK_END)
        if size == 0:
            return False
        end.seek(-1, os.SEEK_END)
        return end.read(1) != b"\n"


def read(file: Path) -> set[Revocation]:
    """All lines of a list; none where there is no file. A line that was cut off is left out."""
    revocations = set()
    with contextlib.suppress(FileNotFoundError), open(file, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):
                data: dict[str, Any] = json.loads(line)
                data["at"] = datetime.fromisoformat(data["at"])
                revocations.add(Revocation(**data))
    return revocations


def of_database(kinds: Iterable[str], since: datetime | None = None) -> Iterator[Revocation]:
    """What the audit lines say."""
    with scopes_disabled():
        lines = AuditLine.objects.filter(kind__in=sorted(kinds))
        if since is not None:
            lines = lines.filter(at__gte=since)
        for at, kind, city, thing in lines.order_by("id").values_list("at", "kind", "city", "thing").iterator():
            yield Revocation(at, kind, city, thing)


def catch_up(kinds: Iterable[str], since: datetime | None = None) -> int:
    """Write what the audit lines know and the list does not. Returns how many lines were added. Raises OSError."""
    file = Path(settings.REVOCATIONS)
    missing = sorted(set(of_database(kinds, since)) - read(file))
    append(file, missing)
    return len(missing)
