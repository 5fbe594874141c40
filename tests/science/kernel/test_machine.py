"""The compiled kernel: its cache's name, the run without the compiler, bounds-checked runs, private switches, what it imports."""
import ast
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from beiji.science import kernel
from beiji.science.kernel import cache
from beiji.science.run import prepare, run_model, simulate

from . import cities

ROOT = Path(__file__).resolve().parents[3]
FULL = os.environ.get("BEIJI_FULL") == "1"
PROGRAM = ("from tests.science.kernel import cities; from beiji.science.run import simulate; "
           "r = simulate(cities.city(3, 8), cities.scenario(30), replications=1, threads=1, unlimited=False, horizon_min=600.0); "
           "print([float(r.out[0][f]) for f in ('survivors_q', 'events', 'dead', 'arrived', 'last_at', 'bed_min')], int(r.loss.sum()))")


def run(program, cwd=ROOT, **environment):
    """Run a line of Python apart from this process."""
    env = {**os.environ, "PYTHONPATH": f"{cwd / 'src'}:{ROOT}", **environment}
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], env=env, cwd=cwd, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_without_the_compiler_the_same_numbers_come_out():
    assert run(PROGRAM, NUMBA_DISABLE_JIT="1") == run(PROGRAM)


@pytest.mark.skipif(not FULL, reason="compiles the whole kernel anew; runs with BEIJI_FULL=1")
def test_with_bounds_checked_the_same_numbers_come_out(tmp_path):
    assert run(PROGRAM, NUMBA_BOUNDSCHECK="1", BEIJI_DATA=str(tmp_path)) == run(PROGRAM)


@pytest.mark.skipif(not FULL, reason="compiles the whole kernel anew; runs with BEIJI_FULL=1")
def test_without_the_private_switch_the_same_numbers_come_out(tmp_path):
    """The fallback for the day on which Numba drops its private option."""
    assert run(PROGRAM, BEIJI_KERNEL_NRT="1", BEIJI_DATA=str(tmp_path)) == run(PROGRAM)


@pytest.mark.skipif(not FULL, reason="compiles the whole kernel anew; runs with BEIJI_FULL=1")
def test_an_edited_inner_file_is_never_answered_from_the_cache(tmp_path):
    """Change one number in an inner kernel file with a warm cache: the result must change at once."""
    shutil.copytree(ROOT / "src" / "beiji" / "science", tmp_path / "src" / "beiji" / "science")
    (tmp_path / "src" / "beiji" / "__init__.py").write_text("")
    data = {"BEIJI_DATA": str(tmp_path / "data")}
    before = run(PROGRAM, cwd=tmp_path, **data)
    inner = tmp_path / "src" / "beiji" / "science" / "kernel" / "body.py"
    inner.write_text(inner.read_text().replace("base = c.rate *", "base = 3.0 * c.rate *"))
    after = run(PROGRAM, cwd=tmp_path, **data)
    assert before != after
    assert len(list((tmp_path / "data" / "cache").iterdir())) == 2


def test_the_cache_folder_is_named_by_all_kernel_files(tmp_path, monkeypatch):
    for file in cache.HERE.glob("*.py"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(cache, "HERE", tmp_path)
    names = {cache.kernel_digest()}
    for file in sorted(tmp_path.glob("*.py")):
        file.write_text(file.read_text() + "\n# touched\n")
        names.add(cache.kernel_digest())
    assert len(names) == len(list(tmp_path.glob("*.py"))) + 1
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert cache.kernel_digest() not in names


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("BEIJI_DATA", str(blocked))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert cache.cache_folder().is_relative_to(tmp_path / "home")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(blocked))
    with pytest.raises(OSError, match="BEIJI_DATA"):
        cache.cache_folder()


def test_a_full_disk_costs_the_cache_and_not_the_run(monkeypatch, caplog):
    """Numba raises after compiling, when it writes the machine code; the code itself is there."""
    calls = []

    def full_once(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        return 0
    monkeypatch.setattr(kernel.engine, "command", full_once)
    assert kernel.command(1) == 0
    assert "BEIJI_DATA" in caplog.text
    assert "No space left" in caplog.text


def test_the_kernel_imports_numpy_numba_and_math_only():
    allowed = {"numpy", "numba", "math", "typing"}
    for file in cache.HERE.glob("*.py"):
        if file.name in ("cache.py", "__init__.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else ([node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else [])
            assert {n.split(".")[0] for n in names} <= allowed | {"os"}, file.name


def test_importing_the_science_loads_neither_numba_nor_numpy():
    assert run("import sys, beiji.science; print('numba' in sys.modules, 'numpy' in sys.modules)").split() == ["False", "False"]


def test_the_private_switch_still_works():
    """Without it the kernel is many times slower: then this line fails before anybody wonders."""
    model = prepare(cities.city(5, 20), cities.scenario(100))
    run_model(model, replications=2, seed=1, unlimited=False)
    begin = time.process_time()
    run_model(model, replications=200, seed=1, unlimited=False)
    assert 200 / (time.process_time() - begin) > 1000


def test_memory_does_not_grow_with_replications():
    import resource
    simulate(cities.city(5, 20), cities.scenario(100), replications=50, threads=2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    simulate(cities.city(5, 20), cities.scenario(100), replications=2000, threads=2)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 12_000        # kB; the rows of results are 0.7 kB each
    assert np.dtype("f8").itemsize == 8
