"""A real server for tests that speak to it over sockets: `beiji serve` on a data folder of its own, loopback only."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **more: str) -> dict[str, str]:
    """The caller's environment with another data folder, SQLite, and this checkout's source."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith("BEIJI_")}
    return mine | {"BEIJI_DATA": str(data), "DATABASE_URL": "", "PYTHONPATH": str(ROOT / "src")} | more


@dataclass
class Server:
    """A running Beiji."""

    port: int
    data: Path
    process: subprocess.Popen[Any]

    def ask(
        self, path: str, method: str = "GET", *, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, float]:
        """Status, content and seconds of one request."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status, content, time.perf_counter() - began

    def half_said(self, text: str) -> socket.socket:
        """A connection on which somebody began to speak."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        one.sendall(text.encode())
        return one


@contextmanager
def serving(data: Path, *words: str, **settings: str) -> Iterator[Server]:
    """`beiji serve WORDS` until the block ends; fails with what it said when it does not answer within three minutes."""
    port = free_port()
    command = [sys.executable, "-m", "beiji.cli", "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, env=environment(data, **settings), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    server = Server(port, data, process)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait(server: Server) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended: {server.process.communicate()[1]}")
        try:
            if json.loads(server.ask("/health/")[1])["status"] == "ok":
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within three minutes")
