"""Every refusal of the ledger reaches the person as a finished sentence in his language."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils.translation import override

from beiji.readiness import messages
from beiji.readiness.rules.rows import LedgerError

ROOM = Path(messages.__file__).parent


def refusals() -> dict[str, set[str]]:
    """Code → English sentence of every refusal in the source of rules and changes."""
    found: dict[str, set[str]] = {}
    for path in [*ROOM.glob("rules/*.py"), *ROOM.glob("changes/*.py")]:
        tree = ast.parse(path.read_text())
        named = sorted(
            (node.lineno, node.value.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and getattr(node.targets[0], "id", "") == "sentence"
        )
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            if getattr(node.func, "id", getattr(node.func, "attr", "")) not in ("_refuse", "LedgerError"):
                continue
            code, text = node.args[0], node.args[1]
            if isinstance(code, ast.Constant):
                said = text.value if isinstance(text, ast.Constant) else [t for at, t in named if at < node.lineno][-1]
                found.setdefault(code.value, set()).add(said)
    return found


def test_every_refusal_can_be_said_and_says_the_same() -> None:
    with override("en"):
        said = {code: {str(text)} for code, text in messages.SENTENCES.items()}
    assert said == refusals()


def test_a_refusal_names_its_values() -> None:
    error = LedgerError("level", "{level} cannot be claimed. Claim 0, 1 or 2; level 3 is computed.", level=3)
    with override("en"):
        assert messages.sentence(error) == "3 cannot be claimed. Claim 0, 1 or 2; level 3 is computed."
