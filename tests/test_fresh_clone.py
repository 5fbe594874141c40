"""What a newcomer does: clone, one command, the sign-in page. Slow, because it builds a whole environment."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="not a git checkout"),
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("newcomer") / "备急"  # a folder that an ASCII reader cannot name
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(clone: Path, port: int) -> subprocess.Popen:
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("BEIJI_DATA", "DATABASE_URL", "PYTHONPATH", "BEIJI_ENVIRONMENT")
    } | {"LC_ALL": "C"}
    return subprocess.Popen(
        [sys.executable, "beiji", "demo", "--port", str(port)],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_page(process: subprocess.Popen, port: int, seconds: float) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the demo ended with {process.returncode}: {process.stderr.read()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no page within {seconds:g} s")


def stop(process: subprocess.Popen) -> tuple[str, str]:
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=30)


def test_from_a_clone_to_the_first_page_and_again_without_a_word_about_the_environment(clone):
    port = free_port()
    process = start(clone, port)
    try:
        assert "Beiji" in wait_for_page(process, port, 300)
        second = start(clone, port)
        _out, said = second.communicate(timeout=60)
        assert second.returncode == 2
        assert f"port {port} is taken" in said
    finally:
        out, said = stop(process)
    assert "environment ready" in said
    assert "beiji-demo-1" in out, "the log-ins are printed"

    again = start(clone, port)
    try:
        wait_for_page(again, port, 60)
    finally:
        _out, said = stop(again)
    assert "preparing the environment" not in said


def test_an_environment_left_half_made_is_made_anew(clone):
    stamp = clone / ".venv" / "beiji-locks.json"
    if not stamp.exists():
        pytest.skip("the first start has not run")
    stamp.unlink()
    (clone / ".venv" / "bin" / "python").unlink()
    done = subprocess.run(
        [sys.executable, "beiji", "--version"], cwd=clone, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "beiji 0.1.0" in done.stdout
