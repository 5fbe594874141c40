"""A Word file becomes blocks of a document. Nothing of it is dropped in silence: what finds no place in a block is named.

`opening` looks whether the file may be read at all, `numbering` and `inline` know Word's own ways, `walking` goes through its body,
`gathering` makes blocks of what was found. Nothing here knows the database.
"""

from .gathering import Brought, Part, Told
from .opening import WordFault, opened
from .walking import read

__all__ = ["Brought", "Part", "Told", "WordFault", "opened", "read"]
