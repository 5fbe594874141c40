"""The only write path of this room."""

from .comments import add_comment, resolve_comment
from .drafts import (
    NewBlock,
    add_block,
    begin_document,
    hold_block,
    leave_block,
    move_block,
    open_draft,
    put_away,
    put_back,
    remove_block,
    save_block,
)
from .errors import DocumentError, Overtaken, TextError
from .life import approve, review, send_back, submit
from .pictures import save_picture
from .texts import approve_translation, edit_text, propose_translation, tell_of_queue, write_text
from .word import bring_word, read_word, take_word_back

__all__ = [
    "DocumentError", "NewBlock", "Overtaken", "TextError", "add_block", "add_comment", "approve", "approve_translation",
    "begin_document", "bring_word", "edit_text", "hold_block", "leave_block", "move_block", "open_draft", "propose_translation", "put_away",
    "put_back", "read_word", "remove_block", "resolve_comment", "review", "save_block", "save_picture", "send_back", "submit", "take_word_back", "tell_of_queue", "write_text",
]  # fmt: skip
