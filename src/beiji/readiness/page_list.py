"""Pages of this room, for the registry in `records.pages`."""

from beiji.records.pages import register as register_pages

CITY = {"city": "yangzhou"}
HOSPITAL = {**CITY, "subject": "ginkgo"}


def register() -> None:
    register_pages()
