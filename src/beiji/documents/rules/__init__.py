"""What is decided about texts and documents: plain values in, plain values out."""

from .blocks import (
    LARGEST_TABLE,
    LONGEST,
    MOST_BLOCKS,
    TRANSLATED,
    Block,
    BlockFault,
    Kind,
    cleaned,
    rows_of,
    table_body,
    written_out,
)
from .comparing import Change, Difference, Piece, compare, numbers_changed, pieces_of
from .life import Act, State, after, is_frozen_open, state_of
from .words import FIELD, LANGUAGES, Translated, Version, Words, digest, fields_in, words_in

__all__ = [
    "FIELD", "LANGUAGES", "LARGEST_TABLE", "LONGEST", "MOST_BLOCKS", "TRANSLATED", "Act", "Block", "BlockFault", "Change",
    "Difference", "Kind", "Piece", "State", "Translated", "Version", "Words", "after", "cleaned", "compare", "digest",
    "fields_in", "is_frozen_open", "numbers_changed", "pieces_of", "rows_of", "state_of", "table_body", "words_in", "written_out",
]  # fmt: skip
