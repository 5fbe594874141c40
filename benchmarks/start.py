"""From a clone to the first page: cold (nothing installed, nothing seeded) and warm.

    python3 benchmarks/start.py

Clones this repository into a temporary folder, runs `python3 beiji demo`, waits for the sign-in page; then stops and starts
again. Packages come from wherever the package client is set up to look.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def first_page(folder: Path, port: int) -> float:
    """Seconds from the command to the sign-in page."""
    environment = {k: v for k, v in os.environ.items() if k not in ("BEIJI_DATA", "DATABASE_URL", "PYTHONPATH")}
    begun = time.monotonic()
    server = subprocess.Popen([sys.executable, "beiji", "demo", "--port", str(port)], cwd=folder, env=environment)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=2):
                    return time.monotonic() - begun
            except OSError:
                if server.poll() is not None:
                    sys.exit(f"the demo ended with {server.returncode}")
                time.sleep(0.05)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "beiji"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
        cold = first_page(folder, port)
        warm = [first_page(folder, port) for _ in range(3)]
        print(f"\ncold {cold:.1f} s, warm {min(warm):.1f} s (best of 3)")


if __name__ == "__main__":
    main()
