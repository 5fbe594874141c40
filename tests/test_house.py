"""The house's own rules, read from the source: sizes, who may touch the database, which imports may be late."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "beiji"
LONGEST_FILE = 400
LONGEST_FUNCTION = 50

#: Files or functions that may be longer for now: name -> reason and date. The list may only shrink.
EXCEPTIONS: dict[str, str] = {}

#: Slow modules that are loaded only where they are used, since every start would pay for them.
LATE_IMPORTS = frozenset({"numba", "typst", "docx", "openpyxl", "numpy", "uvicorn", "django", "babel", "json"})


def modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_file_over_400_lines_and_no_function_over_50(path):
    name = str(path.relative_to(SOURCE))
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE or name in EXCEPTIONS, f"{name} has {lines} lines; split it along what it does"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1 - docstring_lines(node)
            assert length <= LONGEST_FUNCTION or f"{name}:{node.name}" in EXCEPTIONS, (
                f"{name}:{node.name} has {length} lines"
            )


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return (first.end_lineno or 0) - first.lineno + 1
    return 0


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if "views" in p.parts or p.name == "views.py"],
    ids=lambda p: str(p.relative_to(SOURCE)),
)
def test_views_do_not_touch_the_database_themselves(path):
    touching = [
        node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert not touching, f"{path.name} reads .objects in lines {touching}; ask access.py or a selector"


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if "rules" in p.parts or p.name == "rules.py"],
    ids=lambda p: str(p.relative_to(SOURCE)),
)
def test_rules_know_neither_django_nor_the_clock(path):
    for node in ast.walk(tree_of(path)):
        names = (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        assert not any(name.split(".")[0] == "django" for name in names), f"{path.name} imports Django"
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in {"now", "today", "utcnow"}:
            pytest.fail(f"{path.name}:{node.lineno} reads the clock; take now= or day=")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_nothing_left_half_done(path):
    text = path.read_text(encoding="utf-8")
    for mark in ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error"):
        assert mark not in text, f"{path.name} holds {mark}"


def test_locks_are_taken_in_one_place_only():
    """Two orders of locks end each other as deadlocks; docs/understand/house.md names the one order."""
    taking = [
        str(path.relative_to(SOURCE)) for path in modules() if "select_for_update" in path.read_text(encoding="utf-8")
    ]
    assert taking == ["programme/writing.py"]


ROOMS_THAT_WRITE = ("programme", "documents", "readiness", "assess", "improve", "reports")


@pytest.mark.parametrize("room", ROOMS_THAT_WRITE)
def test_whatever_leaves_an_audit_line_is_a_change(room):
    """`@change` gives the transaction, and does it again when the database ended it."""
    found = importlib.import_module(f"beiji.{room}.changes")
    public = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
    writing = [
        function
        for function in (getattr(found, name) for name in public)
        if inspect.isfunction(function) and "audit.write(" in inspect.getsource(function)
    ]
    assert [f.__name__ for f in writing if not hasattr(f, "__wrapped__")] == []
