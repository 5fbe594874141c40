"""An example for the address of the style sheet."""

from __future__ import annotations

from beiji.ui import sheets

ARGUMENTS = {"digest": lambda: sheets.whole().digest}
