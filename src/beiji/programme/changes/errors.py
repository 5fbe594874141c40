"""What every change of this room may raise."""

from __future__ import annotations

from collections.abc import Mapping

from beiji.records.refused import ChangeRefused

Names = Mapping[str, str]


class ProgrammeError(ChangeRefused):
    """A change of the programme is refused; the text is one finished, translated sentence."""
