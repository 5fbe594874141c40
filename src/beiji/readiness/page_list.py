"""Pages of this room, for the registry in `records.pages`."""

from beiji.records.pages import Page
from beiji.records.pages import register as register_pages

CITY = {"city": "yangzhou"}
HOSPITAL = {**CITY, "subject": "ginkgo"}
CAPABILITY = {"capability": "ed-clear-time"}


def register() -> None:
    register_pages(
        Page("readiness:map", example=lambda: CITY, queries=30),
        Page("readiness:shared-gaps", example=lambda: CITY, queries=20),
        Page("readiness:capability", example=lambda: CITY | CAPABILITY, queries=25),
        Page("readiness:hospital", example=lambda: HOSPITAL, queries=25),
        Page("readiness:gaps", example=lambda: HOSPITAL, queries=25),
        Page("readiness:why", example=lambda: HOSPITAL | CAPABILITY, queries=30),
    )
