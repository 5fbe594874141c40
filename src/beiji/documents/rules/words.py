"""Which words a reader gets: the approved translation of the newest version, or the original, marked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

LANGUAGES = ("en", "zh-Hans", "he")
#: A named field of a text, which is filled with a number when the text is shown: {TRI-6}.
FIELD = re.compile(r"\{\s*([^{}\s]+)\s*\}")


@dataclass(frozen=True)
class Version:
    """One wording of the original."""

    language: str
    body: str
    hash: str
    written_at: datetime


@dataclass(frozen=True)
class Translated:
    """One translation; `approved_at` is None while nobody has approved it."""

    language: str
    body: str
    source_hash: str
    approved_at: datetime | None


@dataclass(frozen=True)
class Words:
    """What a reader sees: the text, the language it is in, and whether it is the untranslated original."""

    body: str
    language: str
    untranslated: bool


def fields_in(body: str) -> set[str]:
    """Names of the fields that stand in a text; a translation has the same as its original."""
    return set(FIELD.findall(body))


def digest(language: str, body: str) -> str:
    """The hash by which a translation knows its source (SHA-256 over language and text)."""
    return hashlib.sha256(f"{language}\n{body}".encode()).hexdigest()


def words_in(
    language: str, versions: Iterable[Version], translations: Iterable[Translated], known_at: datetime | None = None
) -> Words:
    """The words for a reader of `language`, as known at `known_at` (None: now). Raises ValueError without any version.

    A translation counts only when it is approved and was made from the newest version; otherwise the original is
    returned with `untranslated` true, so that no reader takes somebody else's guess for the author's words.
    """
    known = [v for v in versions if known_at is None or v.written_at <= known_at]
    if not known:
        raise ValueError("a text without a version has no words")
    source = known[-1]
    if source.language == language:
        return Words(source.body, language, untranslated=False)
    for translation in reversed(list(translations)):
        approved = translation.approved_at is not None and (known_at is None or translation.approved_at <= known_at)
        if translation.language == language and approved and translation.source_hash == source.hash:
            return Words(translation.body, language, untranslated=False)
    return Words(source.body, source.language, untranslated=True)
