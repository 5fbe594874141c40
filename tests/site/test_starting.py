"""Where a start can go wrong: each is one clear line, a failing exit code, and nothing half-written."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from beiji import output
from beiji.records.options import OptionError, read
from beiji.site import listening, starting
from tests.serving import environment, free_port

pytestmark = pytest.mark.slow
BEIJI = [sys.executable, "-m", "beiji.cli"]


def run(*words: str, data: Path, before: list[str] | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own."""
    place = environment(data, **settings)
    command = [*(before or []), *BEIJI, *words]
    return subprocess.run(command, env=place, cwd=data.parent, capture_output=True, text=True, timeout=120, check=False)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("beiji: ")
    return lines[0]


# ---- the data folder ------------------------------------------------------------------------------------------------
def test_whatever_the_data_folder_is_called_the_database_lies_in_it(tmp_path):
    name = "a#b?c=d%20e&f;备急 数据"
    data = tmp_path / name
    assert run("init", data=data).returncode == 0
    assert (data / "beiji.sqlite3").stat().st_size > 100_000
    assert [entry.name for entry in tmp_path.iterdir()] == [name], "nothing lies elsewhere"


def nothing(data: Path) -> None:
    """The folder is not there yet."""


def a_file_in_its_place(data: Path) -> None:
    data.write_text("shopping list")


def a_file_above_it(data: Path) -> None:
    data.parent.rmdir()
    data.parent.write_text("shopping list")


def an_empty_key(data: Path) -> None:
    data.mkdir()
    (data / "secret-key").touch()


def half_a_key(data: Path) -> None:
    data.mkdir()
    (data / "secret-key").write_text("9XfT")


def a_text_as_database(data: Path) -> None:
    data.mkdir()
    (data / "beiji.sqlite3").write_text("shopping list " * 100)


def a_foreign_database(data: Path) -> None:
    data.mkdir()
    with closing(sqlite3.connect(data / "beiji.sqlite3")) as other:
        other.execute("CREATE TABLE recipes (title TEXT)")
        other.commit()


def a_folder_as_database(data: Path) -> None:
    (data / "beiji.sqlite3").mkdir(parents=True)


FAULTS: list[tuple[Callable[[Path], None], dict[str, str], str]] = [
    (nothing, {"BEIJI_DATA": ""}, "BEIJI_DATA is empty; name the folder, or unset it"),
    (nothing, {"BEIJI_DATA": "~nobody-here/x"}, "leads nowhere"),
    (nothing, {"BEIJI_DATA": "/proc/here"}, "cannot be made"),
    (a_file_in_its_place, {}, "is no folder"),
    (an_empty_key, {}, "secret-key is empty or cut off; put the file back from a backup, or delete it"),
    (half_a_key, {}, "is empty or cut off"),
    (a_text_as_database, {}, "beiji.sqlite3: the file is no database"),
    (a_foreign_database, {}, "beiji.sqlite3: the database holds the tables of another program"),
    (a_folder_as_database, {}, "beiji.sqlite3: the database cannot be opened"),
    (nothing, {"DATABASE_URL": "postgres"}, "DATABASE_URL is no address of a PostgreSQL database; write postgresql://"),
    (nothing, {"DATABASE_URL": "mysql://u:p@localhost/x"}, "DATABASE_URL is no address of a PostgreSQL database"),
    (
        nothing,
        {"DATABASE_URL": "postgresql://u:geheim@localhost"},
        "DATABASE_URL is no address of a PostgreSQL database",
    ),
    (nothing, {"DATABASE_URL": "postgresql://u:ge/heim@localhost/x"}, "%2F for /"),
    (nothing, {"DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x"}, "DATABASE_URL: no database answers there"),
    (nothing, {"DATABASE_URL": "postgresql://u:geheim@no-such.invalid/x"}, "DATABASE_URL: there is no such host"),
    (nothing, {"BEIJI_HOSTS": "https://beiji.example"}, "without scheme, path or port: beiji.example."),
    (nothing, {"BEIJI_HOSTS": "localhost,beiji.example:8000"}, "without scheme, path or port: beiji.example."),
    (nothing, {"BEIJI_HOSTS": "::1"}, "without scheme, path or port: [::1]."),
    (nothing, {"BEIJI_HOSTS": "bei ji"}, '"bei ji", which is no name of a host'),
    (nothing, {"BEIJI_HOSTS": ","}, "BEIJI_HOSTS is empty"),
    (nothing, {"BEIJI_PROXIES": "proxy.example"}, "write addresses or networks"),
    (nothing, {"BEIJI_SECRET_KEY": "geheim"}, "BEIJI_SECRET_KEY has fewer than 32 characters"),
    (nothing, {"BEIJI_THREADS": "0"}, "whole number from 1"),
    (nothing, {"BEIJI_THREADS": "99999999999999999999"}, "whole number from 1 to 10000"),
]


@pytest.mark.parametrize(
    ("prepare", "environ", "sentence"), FAULTS, ids=lambda part: getattr(part, "__name__", str(part)[:60])
)
def test_a_start_that_cannot_be_is_one_line(tmp_path, prepare, environ, sentence):
    data = tmp_path / "data"
    prepare(data)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    said = one_line(run("init", data=data, **environ))
    assert sentence in said
    assert "geheim" not in said, "a password is not repeated"
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (a_text_as_database, "beiji.sqlite3: the file is no database"),
        (a_folder_as_database, "beiji.sqlite3: the database cannot be opened"),
        (a_foreign_database, "the database holds the tables of another program; name an empty one in BEIJI_DATA"),
    ],
)
def test_doctor_says_that_the_database_is_none_of_ours(tmp_path, prepare, sentence):
    data = tmp_path / "data"
    prepare(data)
    data.chmod(0o700)
    before = (data / "beiji.sqlite3").read_bytes() if prepare is a_foreign_database else b""
    done = run("doctor", data=data)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert sentence in done.stdout + done.stderr
    assert not before or (data / "beiji.sqlite3").read_bytes() == before


def test_a_database_of_a_later_beiji_is_not_written_to(db):
    assert starting.foreign() is None
    MigrationRecorder(connection).record_applied("programme", "9999_later")
    assert "was written by a later Beiji (programme 9999_later); install that version" in starting.foreign()
    MigrationRecorder(connection).record_applied("recipes", "0001_initial")
    assert "tables of another program" in starting.foreign()


def test_a_database_address_with_a_relative_path_starts(tmp_path):
    assert run("init", data=tmp_path / "data", DATABASE_URL="sqlite:///here.sqlite3").returncode == 0
    assert (tmp_path / "here.sqlite3").stat().st_size > 100_000


# ---- rights and room ------------------------------------------------------------------------------------------------
def as_ordinary_user() -> list[str]:
    """The words before a command that take root's power over other people's files away."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root without setpriv: rights cannot be tried")
    without = "-dac_override,-dac_read_search,-fowner,-net_bind_service"
    return ["setpriv", f"--bounding-set={without}", f"--inh-caps={without}"]


def test_a_folder_without_the_right_to_write_is_one_line(tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o500)
    assert "nothing can be written in" in one_line(run("init", data=data, before=as_ordinary_user()))
    above = tmp_path / "above"
    above.mkdir(mode=0o500)
    assert "cannot be made (Permission denied)" in one_line(run("init", data=above / "x", before=as_ordinary_user()))


def test_a_database_that_may_only_be_read_is_one_line(ready, tmp_path):
    data = ready(tmp_path / "data")
    for file in data.glob("beiji.sqlite3*"):
        file.chmod(0o400)
    done = run("init", "--demo", data=data, before=as_ordinary_user())
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "beiji.sqlite3: the database may only be read by this user" in done.stderr.splitlines()[-1]


@pytest.fixture
def small_disk(tmp_path) -> list[str]:
    """The words before a command that give it a data folder on a disk of 200 kB."""
    words = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c"]
    script = 'mount -t tmpfs -o size=200k none "$BEIJI_DATA" && exec "$0" "$@"'
    (tmp_path / "data").mkdir()
    trial = subprocess.run(
        [*words, script, "true"], env=environment(tmp_path / "data"), capture_output=True, check=False
    )
    if trial.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    return [*words, script]


def test_a_full_disk_is_one_line(tmp_path, small_disk):
    assert "full; free some space" in one_line(run("init", data=tmp_path / "data", before=small_disk))


# ---- addresses ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--host", "http://127.0.0.1"], '"http://127.0.0.1" is no address; write it without scheme and port'),
        (["--host", "203.0.113.9"], "nobody can listen at 203.0.113.9"),
        (["--host", "no-such.invalid"], '"no-such.invalid" is no address'),
    ],
)
def test_an_address_where_nobody_can_listen_is_one_line(tmp_path, words, sentence):
    assert sentence in one_line(run("serve", *words, data=tmp_path / "data"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "８０"])
def test_a_port_that_is_none_is_named(tmp_path, port):
    done = run("serve", "--port", port, data=tmp_path / "data")
    assert done.returncode == 2
    assert f'"{port}" is not a port; choose a whole number from 1 to 65535' in done.stderr


def test_a_port_without_right_is_not_said_to_be_taken(monkeypatch):
    def refuse(*_args) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(output.CommandError, match="may be used by an administrator only; choose one from 1024"):
        listening.refuse_unless_free("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://localhost:8000/"), ("0.0.0.0", "http://localhost:8000/"), ("::1", "http://[::1]:8000/"),
     ("10.1.2.3", "http://10.1.2.3:8000/")],
)  # fmt: skip
def test_the_address_that_is_printed_can_be_typed(host, url):
    assert listening.url_of(host, 8000) == url


def test_an_address_of_the_sixth_version_serves(ready, tmp_path):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    port = free_port()
    command = [*BEIJI, "serve", "--host", "[::1]", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(ready(tmp_path / "data")), stderr=subprocess.PIPE, text=True)
    try:
        said = process.stderr.readline()
        assert f"serving at http://[::1]:{port}/" in said
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("hosts", ["beiji.example", ".example.org", "localhost,127.0.0.1,[::1]", "*", "备急.example"])
def test_names_of_hosts_are_taken(hosts):
    assert ",".join(read("BEIJI_HOSTS", {"BEIJI_HOSTS": hosts})) == hosts


def test_a_name_with_a_port_is_refused():
    with pytest.raises(OptionError, match=r"without scheme, path or port: \[::1\]\."):
        read("BEIJI_HOSTS", {"BEIJI_HOSTS": "[::1]:8000"})


# ---- what is private ------------------------------------------------------------------------------------------------
def modes(data: Path) -> dict[str, str]:
    names = (".", "secret-key", "beiji.sqlite3", "files")
    return {name: oct(stat.S_IMODE((data / name).stat().st_mode)) for name in names if (data / name).exists()}


def test_database_key_and_folder_are_their_owners_alone(tmp_path):
    data = tmp_path / "data"
    assert run("init", data=data).returncode == 0
    assert modes(data) == {".": "0o700", "secret-key": "0o600", "beiji.sqlite3": "0o600"}


def test_what_an_earlier_version_left_open_is_closed_and_doctor_names_the_folder(ready, tmp_path):
    data = ready(tmp_path / "data")
    (data / "files").mkdir(mode=0o755)
    data.chmod(0o755)
    (data / "beiji.sqlite3").chmod(0o644)
    (data / "secret-key").chmod(0o644)
    done = run("doctor", data=data)
    assert done.returncode == 1
    assert f"chmod go= {data / 'secret-key'}" in done.stdout
    run("init", data=data)
    assert modes(data) == {".": "0o755", "secret-key": "0o600", "beiji.sqlite3": "0o600", "files": "0o700"}
    done = run("doctor", data=data)
    assert done.stdout == f"data folder: other users of this machine can read the city's data; chmod go= {data}.\n"


# ---- files that commands write --------------------------------------------------------------------------------------
def test_a_link_is_written_through_and_a_file_keeps_its_mode(tmp_path):
    real, link = tmp_path / "real.pdf", tmp_path / "link.pdf"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    output.write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert oct(stat.S_IMODE(real.stat().st_mode)) == "0o640"


def test_a_new_file_is_readable_as_any_other(tmp_path):
    usual, made = tmp_path / "usual", tmp_path / "made"
    usual.touch()
    output.write_whole(made, b"x")
    assert made.stat().st_mode == usual.stat().st_mode


def test_a_device_is_written_to_and_stays_a_device(tmp_path):
    code = "from pathlib import Path; from beiji.output import write_whole; write_whole(Path('/dev/stdout'), b'report')"
    done = subprocess.run([sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, check=True)
    assert done.stdout == b"report"
    output.write_whole(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("", "is a folder; name the file in it"),
        ("nowhere/x.pdf", "does not exist; make it"),
        ("circle", "leads in a circle"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_before_any_work(tmp_path, target, sentence):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(output.OutputError, match=sentence):
        output.check_target(tmp_path / target)


def test_a_full_device_changes_nothing(tmp_path, monkeypatch):
    kept = tmp_path / "kept.pdf"
    kept.write_bytes(b"old")
    with pytest.raises(output.OutputError, match="No space left"):
        output.write_whole(Path("/dev/full"), b"x" * 100_000)

    def full(*_args) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(output.OutputError, match="nothing was changed"):
        output.write_whole(kept, b"new")
    assert kept.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.pdf"]
