"""Examples in the demo city for the addresses of the frame."""

from __future__ import annotations

from beiji.assess.models import Visit
from tests.assess import examples as assess


def _topics() -> str | None:
    """The visit to ginkgo that runs, as a page that shows it would listen to it."""
    key = assess.ARGUMENTS["visit"]()
    return Visit.objects.get(pk=key).heard if key else None


ARGUMENTS = {"topics": _topics}
FILTERS = ((Visit, "site:live"),)
