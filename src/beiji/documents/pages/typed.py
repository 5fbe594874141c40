"""Typed text as a reader gets it: the approved translation, or the original with its mark."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from beiji.ui.formats import isolate
from beiji.ui.languages import language_of, pick, picked_language
from beiji.ui.words import language_word

from ..access import words_of
from ..models import UserText

#: What stands after the first sentence, with the stop that ends it.
AFTER_THE_FIRST_SENTENCE = re.compile(r"(?:[。！？；]|[.!?;](?=\s|$)).*", re.DOTALL)


@dataclass(frozen=True)
class TypedText:
    """Words with their language and direction; `mark` says that they are the untranslated original, and in which language."""

    body: str
    language: str
    direction: str
    mark: str = ""

    @property
    def untranslated(self) -> bool:
        return bool(self.mark)

    @property
    def first_sentence(self) -> str:
        """What it says first, for a card or a line that leads to the whole."""
        return AFTER_THE_FIRST_SENTENCE.sub("", self.body)

    @property
    def on_a_line(self) -> str:
        """All of it in a line of the reader's direction: an original of the other direction keeps its stops."""
        return f"{isolate(self.body, 'auto')} ({self.mark})" if self.mark else self.body

    def __str__(self) -> str:
        return f"{self.body} ({self.mark})" if self.mark else self.body


def typed_text(text: UserText, fill: Callable[[str], str] = str) -> TypedText:
    """What somebody typed, in the reader's language or marked; `fill` puts numbers into its fields.

    Asks the database nothing when the words are prefetched.
    """
    words = words_of(text, language_of().pack)
    language = language_of(words.language)
    mark = ""
    if words.untranslated:
        mark = _("original in {language}, not translated").format(language=language_word(language.pack))
    return TypedText(fill(words.body), language.pack, language.direction, mark)


def pack_text(names: Any) -> TypedText:
    """A text of the packs; a fallback into another language carries that language."""
    language = picked_language(names) or language_of()
    return TypedText(pick(names), language.pack, language.direction)
