"""Where a Chromium is and how it is started, for every test that drives one."""

from __future__ import annotations

import shutil

from beiji.records import options

PLACES = ("chromium", "chromium-browser", "google-chrome")
WORDS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZES = {"desk": (1280, 900), "tablet": (820, 1180), "phone": (390, 844)}


def chromium() -> str | None:
    given = options.read("BEIJI_CHROMIUM")
    return str(given) if given else next((found for name in PLACES if (found := shutil.which(name))), None)
