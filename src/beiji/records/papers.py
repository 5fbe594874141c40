"""Is a PDF only paper? Whatever would run, open, send or unpack something on the reader's machine is looked for, and the file refused.

The look happens in a process of its own with limits of time and memory (`python -m beiji.records.papers < file`): a PDF can unfold into gigabytes or
lead a reader in circles, and then only that process ends.
"""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

try:
    import resource
except ImportError:  # Windows: the caller's time limit alone holds
    resource = None  # type: ignore[assignment]

#: Assumptions: seconds and bytes of memory that a paper of the largest kind may need.
SECONDS = 20
MEMORY = 1024 * 1024 * 1024

#: Keys of a dictionary that make it more than paper: scripts, what happens by itself, forms with a program, files inside, film.
KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent"})
#: Kinds of action; going to a page of the same paper, or to a web address that somebody clicks, are none.
ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
})  # fmt: skip
TYPES = frozenset({"/EmbeddedFile", "/RichMedia"})
#: The same seen in the bytes as they stand, for what a tolerant reader finds past a broken table; long enough never to come about by chance.
RAW = re.compile(rb"/(?:JavaScript|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|Launch)(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: What is answered: nothing but paper, more than paper, a password stands before it, nothing can be said.
PAPER, ACTIVE, LOCKED, UNREADABLE = "paper", "active", "locked", "unreadable"


def look_apart(content: bytes) -> str:
    """PAPER, ACTIVE, LOCKED or UNREADABLE."""
    command = [sys.executable, "-m", "beiji.records.papers"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=2 * SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return UNREADABLE
    return done.stdout.decode() or UNREADABLE


def look(content: bytes) -> str:
    """The same, here and without limits."""
    from pypdf import PdfReader

    if RAW.search(_ESCAPED.sub(lambda sign: bytes([int(sign[1], 16)]), content)):
        return ACTIVE
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        return LOCKED
    if not len(reader.pages):
        return UNREADABLE
    is_active = any(map(_is_active, _objects(reader))) or _is_active(reader.trailer) or _acts_when_opened(reader)
    return ACTIVE if is_active else PAPER


def _objects(reader: Any) -> Iterator[Any]:
    """Every object that the file's tables name, whether a page uses it or not."""
    from pypdf.generic import IndirectObject

    keys = [(number, generation) for generation, table in reader.xref.items() for number in table]
    keys += [(number, 0) for number in reader.xref_objStm]
    for number, generation in keys:
        with contextlib.suppress(KeyError):
            yield reader.get_object(IndirectObject(number, generation, reader))


def _is_active(thing: Any) -> bool:
    """Is something active in an object, or in what it holds directly? What it refers to is an object of its own."""
    from pypdf.generic import ArrayObject, DictionaryObject

    waiting: list[Any] = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            if KEYS & one.keys() or str(one.get("/S")) in ACTIONS or str(one.get("/Type")) in TYPES:
                return True
            waiting.extend(one.values())
        elif isinstance(one, ArrayObject):
            waiting.extend(one)
    return False


def _acts_when_opened(reader: Any) -> bool:
    """Turning to a page is no act."""
    from pypdf.generic import DictionaryObject

    action = reader.trailer["/Root"].get("/OpenAction")
    action = action.get_object() if action is not None else None
    return isinstance(action, DictionaryObject) and action.get("/S") not in (None, "/GoTo")


def _limit_this_process() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    _limit_this_process()
    try:
        sys.stdout.write(look(sys.stdin.buffer.read()))
    except Exception:  # whatever a damaged or hostile file does to its reader, the answer is the same
        sys.stdout.write(UNREADABLE)
