"""The recipes of docs/how-to/run-as-a-service.md, tried as far as this machine can."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import uuid

import pytest

from beiji.cli import build_parser
from tests.installations import POSTGRESQL, psql
from tests.serving import ROOT

PAGE = (ROOT / "docs" / "how-to" / "run-as-a-service.md").read_text(encoding="utf-8")
#: Kind and path of each block → its text.
BLOCKS = {path: text for _kind, path, text in re.findall(r"```(\w+) (/\S+)\n(.*?)```", PAGE, re.S)}
(SQL,) = re.findall(r"```sql\n(.*?)```", PAGE, re.S)


def test_the_page_holds_units_a_timer_and_a_site():
    assert {path.rpartition("/")[2] for path in BLOCKS} == {
        "beiji.service", "beiji-backup.service", "beiji-backup.timer", "beiji",
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path):
    units = []
    for path, text in BLOCKS.items():
        name = path.rpartition("/")[2]
        if "." in name:
            units.append(tmp_path / name)
            units[-1].write_text(text.replace("/opt/beiji/bin/beiji", sys.executable))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "beiji" in line]
    assert ours == []


@pytest.mark.skipif(shutil.which("nginx") is None, reason="this machine has no nginx")
def test_nginx_takes_the_site(tmp_path):
    site = BLOCKS["/etc/nginx/sites-available/beiji"].replace("/etc/beiji/tls", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(f"events {{}}\npid {tmp_path}/pid;\nhttp {{\n{site}\n}}\n")
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=beiji.example",
                   "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]  # fmt: skip
    subprocess.run(certificate, check=True, capture_output=True)
    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "syntax is ok" in done.stderr, done.stderr  # whether it may listen and write is the machine's affair


@pytest.mark.skipif(not POSTGRESQL, reason="speaks to PostgreSQL")
def test_postgresql_takes_the_statements():
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = f"recipe_{uuid.uuid4().hex[:8]}"
    statements = re.sub(r"\bbeiji\b", name, SQL)
    try:
        psql(f"{server}/postgres", input=statements.encode())
        assert (
            psql(
                f"{server}/postgres", "-c", f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{name}'"
            ).strip()
            == name
        )
    finally:
        psql(f"{server}/postgres", "-c", f"DROP DATABASE IF EXISTS {name}", "-c", f"DROP ROLE IF EXISTS {name}")


def test_the_commands_in_the_units_are_commands_of_the_program():
    for text in BLOCKS.values():
        for words in re.findall(r"^Exec\w+=-?/opt/beiji/bin/beiji (.*)$", text, re.M):
            assert build_parser().parse_args(words.split()).command in {"serve", "backup", "doctor"}
