"""Whatever is written in a city counts there, or says why no kept page shows it."""

from __future__ import annotations

import ast
from functools import cache

from tests import source

#: Changes that hold no city, and why no kept page shows them.
HOLD_NO_CITY = {
    "create_city": "nothing of it was kept before",
    "take_operations": "whatever shows answers has their number in its key; of remarks the queue counts the wordings",
    "take_typed": "the same",
    "attach_file": "the same",
    "write_text": "inside a change that holds the city, or a remark",
    "_forget": "signing in", "halfway": "the same", "switch_on": "a sign-in of one's own", "switch_off": "the same", "prove": "the same",
    "use_code": "a password of one's own", "change_password": "the same",
    "begin": "signing in", "succeeded": "signing in", "failed": "signing in",
    "note_seen": "a browser of one's own", "end_sessions": "the same", "clear_ended_sessions": "the same",
    "note_signed_out": "the same", "speak": "the language stands in the key", "choose_theme": "the frame's",
    "bring_in_background": "asks for work; the work itself holds the city", "stop_work": "work is on no kept page",
    "mark_read": "the bell is the frame's", "drop_hidden": "the same", "choose_notices": "a choice of one's own",
    "send_test_message": "a message is on no kept page",
    **dict.fromkeys(
        ("save_block", "save_picture", "hold_block", "leave_block", "add_block", "move_block", "remove_block", "put_back"),
        "a draft is on no kept page; its own row is held",
    ),
    "give_duty": "a duty belongs to no city", "end_duty": "the same",
    **dict.fromkeys(
        (
            "close_account_again", "open_account_again", "end_duty_again", "forget_password_again", "end_role_again", "end_roles_again",
            "leave_again", "join_again", "erase_again",
        ),
        "while a backup is put back; no web process runs",
    ),
    "take_file": "it holds the row for its number; a file that is taken is on no kept page", "note_taken": "a line of the audit", "_note_taken": "a line of the audit",
}  # fmt: skip


@cache
def _changes() -> dict[str, ast.FunctionDef]:
    return {
        node.name: node
        for path in source.modules()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(by, ast.Name) and by.id == "change" for by in node.decorator_list)
    }


def test_every_other_change_holds_the_city():
    """So that it is counted; a new change that does not must say here why no kept page shows it."""
    holding = ("hold_city", "freeze_knowledge")
    silent = {
        name
        for name, node in _changes().items()
        if not any(isinstance(n, ast.Name) and n.id in holding for n in ast.walk(node))
    }
    assert len(_changes()) > 40
    assert silent == set(HOLD_NO_CITY)
