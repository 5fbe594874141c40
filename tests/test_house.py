"""The house's own rules, read from the source: sizes, late imports, words, locks; and what holds in every room."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

from beiji.site.settings import ROOMS
from tests.source import ROOT, SOURCE, imported, modules, name_of, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 50

#: Files or functions that may be longer for now: name -> reason and date. The list may only shrink.
EXCEPTIONS: dict[str, str] = {
    "tests/readiness/cases_edges.py": "cases of the law, a line to a row: to be cut by kind of edge (29 November 2026)",
    "tests/readiness/cases_standing.py": "cases of the law, a line to a row (29 November 2026)",
    "tests/readiness/oracle.py": "the second, independent reading of the law, kept in one piece (29 November 2026)",
}
#: Why a module may be loaded inside a function; slow libraries stand in pyproject.toml (banned-module-level-imports).
LATE_REASONS = {
    "only commands that need the database wait for Django",
    "needs Django set up",
    "only commands that need certificates load what makes them",
    "the engine is an extra",
}
#: Late imports of the engine, which loads Numba when a run begins.
LATE_IN_THE_ENGINE = 9


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    text = (first.end_lineno or 0) - first.lineno + 1 if is_text else 0
    return (node.end_lineno or 0) - node.lineno + 1 - text


def test_no_file_over_400_lines_and_no_function_over_50():
    tests = [p for p in sorted((ROOT / "tests").rglob("*.py")) if "mini" not in p.parts]
    long = []
    for path in (*modules(), *tests):
        name = name_of(path) if SOURCE in path.parents else path.relative_to(ROOT).as_posix()
        if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE:
            long.append(name)
        if SOURCE in path.parents:
            long += [
                f"{name}:{node.name}"
                for node in ast.walk(tree_of(path))
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > LONGEST_FUNCTION
            ]
    assert set(long) == set(EXCEPTIONS), "split it along what it does; strike from the list what is no longer too long"


def test_a_late_import_has_a_reason_of_the_list():
    """ruff (PLC0415, TID253) finds them; here their reasons are read."""
    reasons = {
        reason.strip()
        for path in modules()
        for reason in re.findall(r"# noqa: PLC0415\b[ -]*(.*)", path.read_text(encoding="utf-8"))
    }
    assert reasons == LATE_REASONS
    science = [p for p in modules("science") for n in ast.walk(tree_of(p)) if isinstance(n, ast.FunctionDef)
               for i in ast.walk(n) if isinstance(i, ast.Import | ast.ImportFrom)]  # fmt: skip
    assert len(science) <= LATE_IN_THE_ENGINE


#: What is loaded by name on purpose: the engine's own parts, and the extra that spreads runs over machines.
BY_NAME = {"science/__init__.py", "science/spread.py"}
#: The layers from below upwards; what names a module in a string stands no lower than that module.
LAYERS = (
    "science",
    "packs",
    "exchange",
    "ui",
    "records",
    "programme",
    "documents",
    "readiness",
    "folders",
    "*",
    "reports",
    "site",
    "cli",
)


def layer(package: str) -> int:
    return LAYERS.index(package if package in LAYERS else "*")


def test_no_module_is_loaded_by_its_name_past_the_layers():
    """A name in a string is an import that no linter sees."""
    upward = []
    for path in modules():
        own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts = node.value.split(".")
                is_module = parts[0] == "beiji" and len(parts) > 1 and SOURCE.joinpath(parts[1]).exists()
                if is_module and re.fullmatch(r"[\w.:]+", node.value) and layer(parts[1]) > layer(own):
                    upward.append(f"{name_of(path)}:{node.lineno} names {node.value}")
            loads = isinstance(node, ast.Name | ast.Attribute) and getattr(node, "id", getattr(node, "attr", ""))
            if loads in {"import_module", "import_string", "__import__"} and name_of(path) not in BY_NAME:
                upward.append(f"{name_of(path)}:{node.lineno} loads by name")
    assert upward == []


def test_nothing_left_half_done():
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")
    assert [f"{name_of(p)}: {m}" for p in modules() for m in marks if m in p.read_text(encoding="utf-8")] == []


#: Locals that are a verb where a noun says more.
VERBS = {"found", "asked", "kept", "taken", "given", "gone", "read"}
BANNER = re.compile(r"^\s*# ?[-=*~_#]{3,}|[-=*~_]{3,}\s*$")


def test_no_banner_divides_a_file():
    assert [
        f"{name_of(path)}:{number}"
        for path in modules()
        if "kernel" not in path.parts  # being rewritten
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.lstrip().startswith("#") and BANNER.search(line)
    ] == []


def test_locks_are_taken_in_one_place_only():
    """Two orders of locks end each other as deadlocks; docs/understand/house.md names the one order."""
    taking = [name_of(path) for path in modules() if "select_for_update" in path.read_text(encoding="utf-8")]
    assert taking == ["programme/writing.py"]


def packages_with_changes() -> list[str]:
    return sorted({p.relative_to(SOURCE).parts[0] for p in modules("changes")})


@pytest.mark.parametrize("package", packages_with_changes())
def test_whatever_leaves_an_audit_line_is_a_change(package):
    """`@change` gives the transaction, and does it again when the database ended it."""
    module = importlib.import_module(f"beiji.{package}.changes")
    public = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    writing = [
        function
        for function in (getattr(module, name) for name in public)
        if inspect.isfunction(function) and "audit.write(" in inspect.getsource(function)
    ]
    assert [f.__name__ for f in writing if not hasattr(f, "__wrapped__")] == []


def test_a_sentence_is_given_the_parts_that_it_names():
    """`_("{code} is planned.").format(code=…)`: a part without its value would fail only when somebody reads it."""
    holes = []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            call = node if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
            if call is None or call.func.attr != "format" or not isinstance(call.func.value, ast.Call):
                continue
            texts = [a.value for a in call.func.value.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if any(word.arg is None for word in call.keywords) or not texts or call.args:
                continue
            parts = set(re.findall(r"\{(\w+)\}", " ".join(texts)))
            if missing := parts - {word.arg for word in call.keywords}:
                holes.append(f"{name_of(path)}:{node.lineno} lacks {', '.join(sorted(missing))}")
    assert holes == []


def test_the_source_is_read_as_it_is_imported():
    """The helper of these tests resolves relative names."""
    assert "beiji.improve.access" in imported(Path(SOURCE / "improve" / "views" / "board.py"))


#: What queries or writes: a view asks `access`, a selector or `changes` instead.
OF_THE_DATABASE = {
    "_default_manager", "aggregate", "annotate", "bulk_create", "bulk_update", "create", "delete", "exclude", "exists",
    "filter", "first", "get_or_create", "objects", "order_by", "prefetch_related", "refresh_from_db", "save",
    "select_related", "update", "update_or_create", "values_list",
}  # fmt: skip
#: What counts or compares: `rules` decide, a page says it.
DECIDING = {"all", "any", "max", "min", "sorted", "sum"}
#: Rooms that may read another one, as in the world: whoever responds reads the plan.
READS = {("exercise", "plans"), ("respond", "plans"), ("simulate", "plans"), ("simulate", "improve")}


def fault_of(node: ast.AST) -> str:
    """What a view must not do, if this is it."""
    if isinstance(node, ast.Attribute) and node.attr in OF_THE_DATABASE:
        return f"uses .{node.attr}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DECIDING:
        return f"decides with {node.func.id}()"
    if isinstance(node, ast.Compare) and any(isinstance(o, ast.Lt | ast.Gt | ast.LtE | ast.GtE) for o in node.ops):
        return "compares amounts"
    is_number = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Mult | ast.Div | ast.FloorDiv)
    if is_number and not all(isinstance(side, ast.Constant) for side in (node.left, node.right)):
        return "calculates"
    return ""


def test_views_write_nothing_and_decide_nothing():
    """Load, ask, render: what two pages would have to agree upon stands below them."""
    faults = [
        f"{name_of(path)}:{node.lineno} {fault}"
        for path in modules("views")
        if path.relative_to(SOURCE).parts[0] != "ui"  # the catalogue of components has made-up times
        for node in ast.walk(tree_of(path))
        if (fault := fault_of(node))
    ]
    assert faults == []


#: Modules that no view imports: transactions and audit lines belong to changes.
NOT_FOR_VIEWS = ("django.db", "beiji.records.audit", "beiji.programme.writing")


def test_views_open_no_transaction_and_write_no_audit_line():
    assert [
        f"{name_of(path)} imports {name}"
        for path in modules("views")
        for name in imported(path)
        if name.startswith(NOT_FOR_VIEWS)
    ] == []


def test_rules_know_neither_django_nor_the_clock():
    faults = []
    for path in modules("rules"):
        faults += [f"{name_of(path)} imports {name}" for name in imported(path) if name.split(".")[0] == "django"]
        faults += [
            f"{name_of(path)}:{node.lineno} reads the clock; take now= or day="
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
            and isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date", "timezone", "dt", "time"}
        ]  # fmt: skip
    assert faults == []


def test_rooms_do_not_reach_into_each_other():
    """Also a room that the contract in pyproject.toml does not name yet."""
    rooms = {name.removeprefix("beiji.") for name in ROOMS}
    reaching = set()
    for room in rooms:
        for path in modules(room):
            others = {n.split(".")[1] for n in imported(path) if n.startswith("beiji.") and n.count(".")} & rooms - {
                room
            }
            reaching |= {(room, other) for other in others}
    assert reaching <= READS
