"""Where compiled kernels are kept: a folder named by the hash of every kernel file.

Numba's own stamp covers only the file of the entry point, so that a constant edited in an inner file would silently give the old
result. The folder's name covers all files and the compile-time switches, so an edited kernel compiles anew and a stale one cannot be met.
"""
import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numba

HERE = Path(__file__).parent
SWITCHES = ("NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK", "NUMBA_OPT", "BEIJI_KERNEL_NRT")


def kernel_digest() -> str:
    """Twelve hex digits over all kernel files, the compile-time switches and the versions that shape machine code."""
    digest = hashlib.sha256()
    for file in sorted(HERE.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for name in SWITCHES:
        digest.update(f"{name}={os.environ.get(name, '')};".encode())
    digest.update(f"{numba.__version__};{sys.version_info[:2]}".encode())
    return digest.hexdigest()[:12]


def _candidates() -> Iterator[Path]:
    if data := os.environ.get("BEIJI_DATA"):
        yield Path(data) / "cache"
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    yield Path(base) / "beiji"
    yield Path(tempfile.gettempdir()) / f"beiji-cache-{os.getuid() if hasattr(os, 'getuid') else 0}"


def cache_folder() -> Path:
    """The first folder that can be written: BEIJI_DATA/cache, the user's cache, the temporary folder; made if missing."""
    name = f"kernel-{kernel_digest()}"
    for base in _candidates():
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError:
            continue
        return folder
    raise OSError("No folder for the compiled kernel can be written: set BEIJI_DATA to a writable folder.")


@contextlib.contextmanager
def prepared_cache() -> Iterator[None]:
    """Numba's folder for the time in which the kernel's entry points are declared; restored after, as it is process-wide."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder())
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
