"""What is wrong with a pack, where it stands and how to mend it.

A problem is a value, never an exception: the checker collects all of them and prints each as one line,
`file:line:column code sentence`, where the sentence ends with the mend.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """Line and column of a value in its file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: `code` names its rule page (`beiji pack explain CODE`), `sentence` says the mend.

    A `warning` does not make the check fail by itself; its count may only fall (see `lint.counts`).
    """

    file: str
    line: int
    column: int
    code: str
    sentence: str
    item: str = ""
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.code} {self.sentence}"

    def as_dict(self) -> dict[str, str | int | bool]:
        """The machine-readable form that `--json` prints."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "severity": "warning" if self.warning else "error",
            "item": self.item,
            "sentence": self.sentence,
        }


class PackError(Exception):
    """Packs could not be loaded; carries every problem, and reads as their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """` Did you mean x?` with the nearest known word, or the empty string when none is near."""
    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def shown_path(path: Path, root: Path | None = None) -> str:
    """The path as a person would type it: relative to `root` or to where he stands, if it lies below."""
    for base in (root, Path.cwd()):
        if base is not None:
            try:
                return path.resolve().relative_to(base.resolve()).as_posix()
            except ValueError:
                continue
    return path.as_posix()
