"""A visit that was taken along: opened, rated, noted, measured and photographed without network, through reload and crash."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path

from playwright.sync_api import expect

from beiji.site import demo
from tests.chromium import chromium

LIST = "/yangzhou/assessments/"
SAVED, OFFLINE = "[data-sync][data-state=online][data-kept=yes]", "[data-sync][data-state=offline][data-kept=yes]"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def start(browser, profile):
    """A Chromium with a profile on disk, as a tablet has one."""
    return browser.browser_type.launch_persistent_context(
        str(profile), executable_path=chromium(), args=ARGUMENTS, viewport={"width": 820, "height": 1180},
        locale="en-GB", has_touch=True,
    )  # fmt: skip


def kill(profile) -> None:
    """The tablet's battery is pulled: its browser gets no chance to write anything down."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if f"--user-data-dir={profile}".encode() in words and not any(w.startswith(b"--type=") for w in words):
                os.kill(int(process.name), signal.SIGKILL)


def sign_in(page, site, role: str = "assessor") -> None:
    page.goto(site.address + "/sign-in/")
    page.fill("input[name=login]", demo.LOG_INS[role])
    page.fill("input[name=password]", demo.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def test_a_ward_round_without_network_through_reload_and_crash(browser, site, tmp_path):
    """The story of a visit's day: taken along, the network goes, the browser is killed, all arrives."""
    from PIL import Image

    context = start(browser, tmp_path / "tablet")
    page = context.pages[0]
    sign_in(page, site)
    page.goto(site.address + LIST)
    page.click("#running tbody a")
    page.click("text=Take this visit along")
    page.click("[data-when=none] [data-do=take]")
    page.wait_for_selector("[data-along] [data-when=taken]:visible", timeout=120_000)
    visit = re.sub(r"along/$", "", page.url)
    context.set_offline(True)

    page.goto(visit)
    assert "Take this visit along" in page.inner_text("h1"), "the visit's page is the one that was taken along"
    page.goto(visit + "items/SUR-3/")
    page.wait_for_selector(OFFLINE)
    assert "last contact" in page.inner_text("[data-sync]")
    page.check("[name=level][value='1']", force=True)
    page.click("[data-note] >> xpath=ancestor::details/summary")
    page.fill("[data-note] textarea", "The cupboard is locked at night")
    page.click("[data-note] button:not([data-put]):not([data-drop])")
    picture = tmp_path / "cupboard.jpg"
    Image.new("RGB", (320, 240), (90, 100, 110)).save(picture)
    page.click("[data-attach] >> xpath=ancestor::details/summary")
    page.set_input_files("[data-attach] [name=file]", picture)
    page.wait_for_selector("[data-photograph]")
    page.click(".thumb-foot [data-kind=primary]")
    page.wait_for_url("**/items/SUR-4/**")
    page.check("[name=level][value='2']", force=True)
    page.check("[name=level][value='0']", force=True)
    page.click("[data-undo]")
    expect(page.locator("[data-sync] [data-when=offline] [data-count]")).to_have_text("6")
    page.wait_for_selector(OFFLINE)

    with context.expect_event("close"):
        kill(tmp_path / "tablet")
    context = start(browser, tmp_path / "tablet")
    context.set_offline(True)
    page = context.pages[0]
    page.goto(visit + "items/SUR-3/")
    expect(page.locator("[data-lines=note]")).to_contain_text("The cupboard is locked at night")
    expect(page.locator("[data-photograph]")).to_contain_text("cupboard.jpg")
    assert page.input_value("[name=level]:checked") == "1"
    page.reload()
    expect(page.locator("[data-sync] [data-when=offline] [data-count]")).to_have_text("6")
    page.goto(visit)
    assert page.locator("[data-key='SUR-4|'] .cell").get_attribute("data-level") == "2"

    context.set_offline(False)
    sign_in(page, site)  # the session went with the browser; the entries did not
    page.goto(visit + "items/SUR-3/")
    page.wait_for_selector(SAVED)
    page.reload()
    assert "cupboard.jpg" in page.inner_text("[data-lines=files]")
    assert "The cupboard is locked at night" in page.inner_text("[data-lines=note]")
    context.set_offline(True)
    page.goto(visit + "items/SUR-3/")
    assert page.input_value("[name=level]:checked") == "1", "what was sent since is shown on the page that is older"
    expect(page.locator("[data-lines=note] li")).to_have_count(1)

    context.set_offline(False)
    page.goto(site.address + "/sign-out/")
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    assert page.evaluate("caches.keys()") == [], "whoever signs out leaves no page on the device"
    context.close()
