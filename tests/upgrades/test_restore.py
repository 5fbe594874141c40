"""The drill of every year: a backup of the first landing comes back, one made under work comes back, and a restore that
fails leaves everything as it was. On both databases."""

from __future__ import annotations

import fcntl
import io
import json
import lzma
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installations import POSTGRESQL, Installation, installation, psql

FIRST = Path(__file__).parent / "first"
LOOK = str(Path(__file__).parent / "look.py")


def good(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def made(done: subprocess.CompletedProcess[str]) -> Path:
    return Path(json.loads(good(done))["file"])


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Iterator[Installation]:
    """The first landing's data, as they were: this version has not touched them yet."""
    with installation(tmp_path_factory.mktemp("first")) as one:
        with tarfile.open(FIRST / "files.tar.xz") as archive:
            archive.extractall(one.data, filter="data")
        if POSTGRESQL:
            psql(one.address, input=lzma.decompress((FIRST / "postgresql.sql.xz").read_bytes()))
        else:
            (one.data / "beiji.sqlite3").write_bytes(lzma.decompress((FIRST / "beiji.sqlite3.xz").read_bytes()))
        yield one


@pytest.fixture(scope="module")
def backups(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def restored(first, backups, tmp_path_factory) -> Iterator[Installation]:
    """A backup of the first landing, restored into an empty installation of this version."""
    backup = made(first.run("backup", str(backups), "--json"))
    with installation(tmp_path_factory.mktemp("restored")) as one:
        good(one.run("restore", str(backup)))
        yield one


def kept(one: Installation) -> dict:
    return json.loads(good(one.python(LOOK, "kept")).splitlines()[-1])["kept"]


def test_a_backup_of_the_first_landing_comes_back_in_this_version(restored):
    expected = json.loads((FIRST / "kept.json").read_text())
    assert kept(restored) == expected["postgresql" if POSTGRESQL else "sqlite"]


#: Writes audit lines until it is stopped; a number is printed once its line is committed.
WRITER = """
import os, sys, datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "beiji.site.settings"
import django; django.setup()
from beiji.records import audit
for number in range(100000):
    audit.write("programme.stage-planned", city="yangzhou", by=None, of=f"drill:{number}", now=datetime.datetime.now(datetime.UTC))
    print(number, flush=True)
"""
#: What ends after the backup: the coordinator's account is closed, the lead's password changed, a role taken back.
ENDING = """
import os, datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "beiji.site.settings"
import django; django.setup()
from django_scopes import scope
from beiji.programme import changes
from beiji.programme.models import Account, Person, RoleGrant
now = datetime.datetime.now(datetime.UTC)
with scope(city="yangzhou"):
    person = lambda name: Person.objects.get(accounts__username=name)
    changes.close_account(person=person("coordinator"), by=None, now=now)
    account = Account.objects.get(username="assessor")
    account.set_password("quite-long-before"); account.save()
    changes.change_password(account=account, old="quite-long-before", new="quite-long-after", now=now)
    changes.end_role(grant=RoleGrant.objects.filter(person=person("translator"), ended_on__isnull=True)[0], by=None, now=now)
    changes.erase_person(person=person("leader"), by=None, now=now)
"""
STATE = """
import os, json
os.environ["DJANGO_SETTINGS_MODULE"] = "beiji.site.settings"
import django; django.setup()
from django.contrib.sessions.models import Session
from django_scopes import scopes_disabled
from beiji.programme.models import Account, Person, RoleGrant
from beiji.records.models import AuditLine
with scopes_disabled():
    print(json.dumps({
        "drill": sorted(int(thing[6:]) for thing in AuditLine.objects.filter(thing__startswith="drill:").values_list("thing", flat=True)),
        "open": sorted(Account.objects.filter(is_active=True).values_list("username", flat=True)),
        "usable": sorted(a.username for a in Account.objects.all() if a.has_usable_password()),
        "roles": RoleGrant.objects.filter(person__accounts__username="translator", ended_on__isnull=True).count(),
        "erased": Person.objects.filter(erased_at__isnull=False).count(),
        "sessions": Session.objects.count(),
        "kinds": sorted(set(AuditLine.objects.filter(kind__startswith="site.").values_list("kind", flat=True))),
    }))
"""


def state(one: Installation) -> dict:
    return json.loads(good(one.python("-c", STATE)))


@pytest.fixture(scope="module")
def drill(restored, backups) -> dict:
    """People write while a backup is made; later some are let go; then the backup is restored over it all."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=restored.environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        first = [writer.stdout.readline() for _ in range(5)]
        backup = restored.run("backup", str(backups), "--json")
    finally:
        writer.send_signal(signal.SIGKILL)
        written = first + writer.communicate()[0].splitlines()
    good(restored.python("-c", ENDING))
    before = state(restored)
    done = restored.run("restore", str(made(backup)), "--replace")
    return {"acknowledged": len(written), "before": before, "said": good(done), "after": state(restored)}


def test_a_backup_made_under_work_holds_one_instant(drill):
    lines = drill["after"]["drill"]
    assert len(drill["before"]["drill"]) >= drill["acknowledged"] > 5
    assert 5 <= len(lines) <= len(drill["before"]["drill"])
    assert lines == list(range(len(lines))), "nothing between the first and the last is missing"


def test_nobody_gets_back_what_he_had_lost(drill):
    after = drill["after"]
    assert "coordinator" not in after["open"]
    assert "leader" not in after["open"]
    assert "assessor" in after["open"]
    assert "assessor" not in after["usable"]
    assert "These need a new code, since their password was changed after the backup: assessor." in drill["said"]
    assert after["roles"] == drill["before"]["roles"]
    assert after["erased"] == drill["before"]["erased"] == 1
    assert after["sessions"] == 0
    assert "site.restored" in after["kinds"]


def test_what_was_there_before_can_be_brought_back(drill, restored):
    (point,) = (restored.data / "restore-points").glob("*.backup")
    assert str(point) in drill["said"]
    assert "Every part is as it was kept" in good(restored.run("restore", str(point), "--check"))


def with_manifest(backup: Path, target: Path, change) -> Path:
    """The same backup with another list of contents."""
    with tarfile.open(backup) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return target


def test_a_restore_that_fails_leaves_everything_as_it_was(drill, restored, backups, tmp_path):
    backup = sorted(backups.glob("*.backup"))[-1]

    def one_row_more(manifest):
        manifest["facts"]["counts"]["records_auditline"] += 1

    forged = with_manifest(backup, tmp_path / "forged.backup", one_row_more)
    done = restored.run("restore", str(forged), "--replace")
    assert done.returncode == 2
    assert "what was loaded is not what was kept: records_auditline has" in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].endswith("everything is as it was before.")
    assert state(restored) == drill["after"]
    if POSTGRESQL:
        assert psql(restored.address, "-c", "SELECT to_regnamespace('beiji_before_restore') IS NULL").strip() == "t"


#: Loads a backup and dies before anything is checked or put in place.
CUT_OFF = """
import os, sys, tempfile, pathlib
os.environ["DJANGO_SETTINGS_MODULE"] = "beiji.site.settings"
import django; django.setup()
from beiji.site.backup import making, restoring
work = pathlib.Path(tempfile.mkdtemp())
restoring.look(pathlib.Path(sys.argv[1]), [], work)
making.store().load(work / "database", work)
os._exit(0)
"""


@pytest.mark.skipif(not POSTGRESQL, reason="on SQLite a whole file takes the other's place")
def test_a_restore_that_was_cut_off_serves_nobody_and_can_be_undone(drill, restored, backups):
    good(restored.python("-c", CUT_OFF, str(sorted(backups.glob("*.backup"))[0])))
    for words in (["init"], ["restore", str(sorted(backups.glob("*.backup"))[0]), "--replace"]):
        done = restored.run(*words)
        assert done.returncode == 2
        assert "a restore was cut off; run beiji restore --undo" in done.stderr
    assert "What stood before is back." in good(restored.run("restore", "--undo"))
    assert "No restore was cut off" in good(restored.run("restore", "--undo"))
    assert state(restored) == drill["after"]
    good(restored.run("init"))


@pytest.mark.parametrize("who", ["a server", "somebody at the database"])
def test_nothing_is_restored_under_people_at_work(drill, restored, backups, who):
    backup = sorted(backups.glob("*.backup"))[-1]
    if who == "a server":
        with open(restored.data / ".in-use", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            done = restored.run("restore", str(backup), "--replace")
        assert "a server works on this data folder; stop it, then restore." in done.stderr
    else:
        code = WRITER.replace("range(100000)", "range(1)") + "import time; time.sleep(60)"
        other = subprocess.Popen([sys.executable, "-c", code], env=restored.environment(), stdout=subprocess.PIPE)
        try:
            other.stdout.readline()
            done = restored.run("restore", str(backup), "--replace")
        finally:
            other.kill()
            other.communicate()
        assert "stop " in done.stderr
        assert ("other connections use the database" if POSTGRESQL else "has the database open") in done.stderr
    assert done.returncode == 2


def test_only_with_the_word_is_something_replaced(drill, restored, backups):
    backup = sorted(backups.glob("*.backup"))[-1]
    done = restored.run("restore", str(backup))
    assert done.returncode == 2
    assert "holds data already; restore into an empty one, or say --replace" in done.stderr
