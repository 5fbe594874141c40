"""What holds in every room: views decide and write nothing, rules know no database, rooms do not reach into each other."""

from __future__ import annotations

import ast

from beiji.site.settings import ROOMS
from tests.source import SOURCE, imported, modules, name_of, tree_of

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
