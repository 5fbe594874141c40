"""The program's own source, for tests that read it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "beiji"


@cache
def modules(*parts: str) -> tuple[Path, ...]:
    """Every module but migrations; with `parts` those of these packages or modules only (`views`: views.py and views/)."""
    paths = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
    return tuple(p for p in paths if not parts or set(parts) & {*p.relative_to(SOURCE).parts, p.stem})


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """`improve/views/board.py`"""
    return path.relative_to(SOURCE).as_posix()


def imported(path: Path) -> set[str]:
    """Dotted names of the modules that a module imports, relative ones resolved."""
    package = ("beiji", *path.relative_to(SOURCE).parts[:-1])
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (start, node.module or "") if part)
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names
