"""Files of a hospital's library, to be picked for an item of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from beiji.folders.models import LibraryFile
from beiji.folders.pages.files import Line, lines
from beiji.folders.queries import Around


@dataclass(frozen=True)
class Pick:
    """A file to pick; `is_tied`: the hospital says that it shows this item."""

    line: Line
    attachment: UUID
    is_tied: bool


def picks(files: Sequence[LibraryFile], around: Around, item: str, today: date) -> list[Pick]:
    """The files in the order in which they are offered."""
    made = zip(files, lines(files, around, today), strict=True)
    return [Pick(line, file.attachment_id, item in line.items) for file, line in made]
