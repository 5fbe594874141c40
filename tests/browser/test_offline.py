"""A visit that was taken along: opened, rated, noted, measured and photographed without network, through reload and crash."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import expect

from beiji.site import demo
from tests.browser.conftest import Site, _free_port, _run
from tests.chromium import chromium

LIST = "/yangzhou/assessments/"
SAVED, OFFLINE = "[data-sync][data-state=online][data-kept=yes]", "[data-sync][data-state=offline][data-kept=yes]"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def site(seeded, tmp_path_factory) -> Iterator[Site]:
    """A server that speaks TLS by itself, on a copy of the demo; its own two ports."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(seeded, data)
    process = _run(data, "serve", "--tls", "--port", str(port := free_pair()), "--processes", "1")
    try:
        with contextlib.closing(waited_for(port + 1, process)) as answer:
            assert "指纹" in answer.read().decode()
        waited_for(port + 1, process, "authority.crt").close()
        open_port(port, process)
        yield Site(f"https://127.0.0.1:{port}", data)
    finally:
        process.terminate()
        process.wait(timeout=15)


def free_pair() -> int:
    """A port that is free with the one after it."""
    while True:
        port = _free_port()
        with socket.socket() as probe, contextlib.suppress(OSError, OverflowError):
            probe.bind(("127.0.0.1", port + 1))
            return port


def waited_for(port: int, process, path: str = ""):
    """The answer of the short page, once it is there."""
    for _attempt in range(1200):
        assert process.poll() is None, "the server ended before it answered"
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=2)
        time.sleep(0.1)
    pytest.fail("the server did not answer within two minutes")


def open_port(port: int, process) -> None:
    """Wait until the pages themselves are served; the short page beside them is there earlier."""
    for _attempt in range(1200):
        assert process.poll() is None, "the server ended before it listened"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.1)
    pytest.fail("the server did not listen within two minutes")


def trusted(data) -> str:
    """What a browser is told of the server's key, instead of an installed authority."""
    key = x509.load_pem_x509_certificate((data / "tls" / "server.crt").read_bytes()).public_key()
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(hashlib.sha256(info).digest()).decode()}"


def start(browser, profile, site):
    """A Chromium with a profile on disk, as a tablet has one."""
    return browser.browser_type.launch_persistent_context(
        str(profile), executable_path=chromium(), args=[*ARGUMENTS, trusted(site.data)], viewport={"width": 820, "height": 1180},
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
    """Sign in; a browser that was killed may know its session again, if it had been written down in time."""
    for _try in range(3):  # a person, too, asks again where the first answer was still the tablet's own
        page.goto(site.address + "/sign-in/")
        if "/sign-in/" not in page.url:
            return
        if page.locator("input[name=login]").count():
            break
    page.fill("input[name=login]", demo.LOG_INS[role])
    page.fill("input[name=password]", demo.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    # the person's own language came with her; the journey reads another one
    page.context.add_cookies([{"name": "beiji_language", "value": "en", "url": site.address}])


def test_a_ward_round_without_network_through_reload_and_crash(browser, site, tmp_path):
    """The story of a visit's day: taken along, the network goes, the browser is killed, all arrives."""
    from PIL import Image

    context = start(browser, tmp_path / "tablet", site)
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
    page.click("[data-photo-keep]")
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
    context = start(browser, tmp_path / "tablet", site)
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
