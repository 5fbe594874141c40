"""The only write path of this package."""

from .clauses import add_list, bring_clauses, change_list, end_list, keep_table, put_files, tie_clause
from .errors import FoldersError
from .files import add_file, change_file, end_file, mark_file, tie_items

__all__ = [
    "FoldersError",
    "add_file",
    "add_list",
    "bring_clauses",
    "change_file",
    "change_list",
    "end_file",
    "end_list",
    "keep_table",
    "mark_file",
    "put_files",
    "tie_clause",
    "tie_items",
]
