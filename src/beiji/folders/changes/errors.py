"""What the changes of this package refuse."""

from beiji.records.refused import ChangeRefused


class FoldersError(ChangeRefused):
    """Not taken; the text is one finished, translated sentence."""
