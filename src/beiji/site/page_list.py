"""Pages of this package, for the registry in `records.pages`."""

from beiji.records.pages import Page
from beiji.records.pages import register as register_pages


def register() -> None:
    register_pages(
        Page("start", queries=6, look=False),
        Page("account_login", queries=4),
        Page("account_logout", queries=6),
        Page("site:health", queries=2, look=False),
        Page("site:home", example=lambda: {"city": "yangzhou"}, queries=40),
        Page("set_language", look=False, methods=("POST",)),
    )
