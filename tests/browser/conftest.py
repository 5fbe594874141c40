"""A real server on a copy of the seeded demo, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from beiji.records import options
from tests.chromium import SIZES, chromium
from tests.starting_points import locked


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser; without one they skip with one clear line, except where it is required."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
            if chromium() is None and not options.read("BEIJI_REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="no Chromium found; install one or set BEIJI_CHROMIUM"))


@dataclass(frozen=True)
class Site:
    """A running Beiji: where it answers and where its data lie."""

    address: str
    data: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(data: Path, *words: str) -> subprocess.Popen:
    environment = os.environ | {"BEIJI_DATA": str(data), "DATABASE_URL": ""}
    return subprocess.Popen([sys.executable, "-m", "beiji.cli", *words], env=environment)


def _wait_for(address: str, process: subprocess.Popen) -> None:
    for _attempt in range(1200):
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(address + "/health/", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within two minutes")


@pytest.fixture(scope="session")
def seeded(tmp_path_factory) -> Path:
    """A data folder with the demo city, made once for all test processes of the run."""
    base = tmp_path_factory.getbasetemp()
    data = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    with locked(data.with_suffix(".lock")):
        if not data.with_suffix(".ready").exists():
            assert _run(data, "init", "--demo").wait(timeout=600) == 0
            data.with_suffix(".ready").touch()
    return data


@pytest.fixture(scope="module")
def site(seeded, tmp_path_factory) -> Iterator[Site]:
    """A server on a copy of the demo, one for each module, so that journeys do not disturb each other."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(seeded, data)
    port = _free_port()
    process = _run(data, "serve", "--port", str(port), "--processes", "1")
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield Site(address, data)
    finally:
        process.terminate()
        process.wait(timeout=15)


@pytest.fixture(scope="module")
def sessions() -> dict[str, list]:
    """The cookies by which each role that signed in at the module's server is known there."""
    return {}


@pytest.fixture
def open_as(browser, site, sessions) -> Iterator[Callable]:
    """`open_as("manager", language="he", size="phone", theme="dark")` → a signed-in page; script errors fail the test.

    `own_session`: for a test that ends it.
    """
    from beiji.site import demo

    contexts, errors = [], []

    def open_page(
        role: str | None, *, language: str = "en", size: str = "desk", theme: str = "light", own_session: bool = False
    ):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale="en-GB", has_touch=size != "desk"
        )
        contexts.append(context)
        context.add_cookies([{"name": "beiji_language", "value": language, "url": site.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda m: errors.append(m.text) if m.type == "error" and "Security Policy" in m.text else None
        )
        if role in sessions and not own_session:
            context.add_cookies(sessions[role])
        elif role is not None:
            page.goto(site.address + "/sign-in/")
            page.fill("input[name=login]", demo.LOG_INS[role])
            page.fill("input[name=password]", demo.PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_load_state()
            if not own_session:
                sessions[role] = [c for c in context.cookies() if c["name"] != "beiji_language"]
            # the person's own language came with him; the journey reads another one
            context.add_cookies([{"name": "beiji_language", "value": language, "url": site.address}])
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors
