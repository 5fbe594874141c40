"""Errors of the science: every one names the field, its value and the mend."""
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault of an input: where (field path), what (with its value), mend (what to write instead). `code` for translation."""

    where: str
    what: str
    mend: str
    code: str = "science"

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.mend}"


class ScienceError(Exception):
    """All problems of an input at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    @classmethod
    def one(cls, where: str, what: str, mend: str) -> "ScienceError":
        """An error with a single problem."""
        return cls([Problem(where, what, mend)])


class Cancelled(Exception):
    """A run was cancelled before its end; no result is given."""

    def __init__(self, done: int, wanted: int) -> None:
        self.done, self.wanted = done, wanted
        super().__init__(f"Cancelled after {done} of {wanted} replications; nothing was kept.")


def unknown(where: str, what: str, name: object, known: Iterable[str]) -> Problem:
    """A name that there is not; the near one is offered, or else all there are."""
    names = list(known)
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    return Problem(where, f"Unknown {what} {name!r}.", f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(names))}.")
