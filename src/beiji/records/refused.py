"""The refusal of a change, as every room says it."""

from __future__ import annotations


class ChangeRefused(Exception):
    """Nothing was changed. The text is one finished, translated sentence: what is wrong and how to mend it.

    `field` names the field of the form in which it is mended; "" for the form as a whole.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
