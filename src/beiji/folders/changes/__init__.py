"""The only write path of this package."""

from .errors import FoldersError
from .files import add_file, change_file, end_file, mark_file, tie_items

__all__ = ["FoldersError", "add_file", "change_file", "end_file", "mark_file", "tie_items"]
