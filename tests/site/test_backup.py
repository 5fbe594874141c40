"""Bad input of `backup` and `restore`: one sentence each, nothing half-written."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from pathlib import Path

import pyrage
import pytest

from beiji.output import CommandError
from beiji.records import revocations
from beiji.records.revocations import Revocation
from beiji.site import using
from beiji.site.backup import envelope, making, manifest, restoring
from tests.cast import NOW
from tests.installations import Installation, installation

pytestmark = pytest.mark.one_database


def forged(target: Path, *, rows: bytes = b"rows", **changes: object) -> Path:
    """A small backup with a list of contents that says whatever a test wants."""
    packed = target.with_suffix(".db")
    packed.write_bytes(rows)
    facts = manifest.Facts({"programme_city": 1}, {}, (("programme", "0001_initial"),), {"yangzhou": ""}, {})
    listed = manifest.Manifest(
        made_at=NOW, version="0.1.0", database="sqlite", server="3", database_sha256=envelope.digest_of(packed),
        database_bytes=len(rows), raw_bytes=len(rows), facts=facts, keys=(),
    )  # fmt: skip
    content = json.loads(listed.to_json())
    content["facts"] |= changes.pop("facts", {})  # type: ignore[operator]
    content |= changes
    with tarfile.open(target, "w") as tar:
        for name, body in (("manifest.json", json.dumps(content).encode()), ("database", rows)):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return target


def refusal(file: Path, work: Path, identities: list | None = None) -> str:
    with pytest.raises(CommandError) as refused:
        restoring.look(file, identities or [], work)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def work(tmp_path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_a_whole_backup_is_taken(db, tmp_path, work):
    assert restoring.look(forged(tmp_path / "a"), [], work).facts.counts == {"programme_city": 1}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"database": "postgresql"}, "a database of another kind (postgresql); set DATABASE_URL to an empty"),
        ({"format": 2}, "it was written by a later Beiji; install that version"),
        ({"kind": "photographs"}, "it is no backup of Beiji"),
        ({"made_at": "yesterday"}, "its list of contents is damaged"),
        (
            {"facts": {"migrations": [["programme", "9999_later"]]}},
            "made by a later Beiji, 0.1.0 (programme 9999_later)",
        ),
        ({"facts": {"migrations": [["recipes", "0001_initial"]]}}, "it holds the tables of another program"),
        ({"facts": {"files": {"../../etc/passwd": 3}}}, "names a file that no backup holds"),
        ({"facts": {"files": {"a" * 64: 3}}}, f"files/aa/{'a' * 64} is missing"),
        ({"database_sha256": "0" * 64}, "database is not as it was kept; take another backup"),
        ({"raw_bytes": 10**15}, "GB are free; free some space"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_what_does_not_fit_is_refused_before_anything_is_touched(db, tmp_path, work, changes, sentence):
    assert sentence in refusal(forged(tmp_path / "a", **changes), work)


def test_files_that_are_no_backup_or_half_of_one(db, tmp_path, work):
    text, other, cut = tmp_path / "text", tmp_path / "other.tar", tmp_path / "cut"
    text.write_text("shopping list")
    with tarfile.open(other, "w") as tar:
        tar.addfile(tarfile.TarInfo("milk"))
    whole = forged(tmp_path / "a", rows=os.urandom(20_000)).read_bytes()
    cut.write_bytes(whole[:15_000])
    for file in (text, other):
        assert "is no backup of Beiji; name a file that beiji backup wrote." in refusal(file, work)
    assert "it is cut off or damaged; take another backup" in refusal(cut, work)
    assert "there is no such file" in refusal(tmp_path / "nothing", work)


@pytest.fixture
def keys(tmp_path) -> tuple[Path, Path]:
    """The file of an identity as age-keygen writes it, and one with its public key."""
    identity = pyrage.x25519.Identity.generate()
    secret, public = tmp_path / "identity", tmp_path / "recipient"
    secret.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    public.write_text(f"{identity.to_public()}\n")
    return secret, public


def test_an_encrypted_backup_opens_with_its_own_key_only(db, tmp_path, work, keys):
    secret, public = keys
    plain, locked = forged(tmp_path / "a", rows=os.urandom(200_000)), tmp_path / "a.age"
    with open(plain, "rb") as source, open(locked, "wb") as out:
        pyrage.encrypt_io(source, out, envelope.recipients_of(public))
    other = [pyrage.x25519.Identity.generate()]
    assert "is encrypted; give the secret key" in refusal(locked, work)
    assert "is encrypted for another key" in refusal(locked, work, other)
    mine = envelope.identities_of(secret)
    content = locked.read_bytes()
    for broken in (content[:150_000], content[:90_000] + b"x" + content[90_001:]):
        (tmp_path / "broken").write_bytes(broken)
        assert "is broken: it was changed or cut off" in refusal(tmp_path / "broken", work, mine)
    assert restoring.look(locked, mine, work).facts.cities == {"yangzhou": ""}


def test_keys_that_are_none(tmp_path, keys):
    secret, public = keys
    text, empty = tmp_path / "text", tmp_path / "empty"
    text.write_text("geheim\n")
    empty.write_text("# nothing\n")
    assert len(envelope.recipients_of(secret)) == 1, "the file of age-keygen names the public key by itself"
    for read, file, sentence in (
        (envelope.recipients_of, text, "a line is no key of age"),
        (envelope.recipients_of, empty, "holds no key; make one with age-keygen"),
        (envelope.recipients_of, tmp_path / "no", "cannot be read (No such file or directory)"),
        (envelope.identities_of, public, "holds no secret key"),
    ):
        with pytest.raises(CommandError) as refused:
            read(file)
        assert sentence in str(refused.value)
        assert "geheim" not in str(refused.value)


def test_old_backups_go_and_nothing_else(tmp_path):
    names = [f"beiji-2026110{day}T010203Z.backup" for day in range(1, 6)] + ["beiji-20261106T010203Z.backup.age"]
    for name in (*names, "holiday.jpg", "beiji-notes.backup"):
        (tmp_path / name).touch()
    assert [file.name for file in making.let_go(tmp_path, 2)] == names[:4]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([*names[4:], "holiday.jpg", "beiji-notes.backup"])


def test_one_backup_at_a_time_and_a_killed_one_leaves_nothing(tmp_path):
    left = tmp_path / ".backup-killed"
    left.mkdir()
    with using.workspace(tmp_path):
        assert not left.exists()
        with pytest.raises(CommandError, match="another backup is at work"), using.workspace(tmp_path):
            pass
    assert [path.name for path in tmp_path.iterdir()] == [".backing-up"]


def test_the_list_of_revocations_survives_a_cut_line(tmp_path):
    file = tmp_path / "revocations.jsonl"
    one, two = (Revocation(NOW, "programme.account-closed", "yangzhou", f"programme.account:{n}") for n in (1, 2))
    revocations.append(file, [one])
    with open(file, "a") as out:
        out.write('{"at": "2026-11-')
    revocations.append(file, [two])
    assert revocations.read(file) == {one, two}
    assert revocations.read(tmp_path / "nothing") == set()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    with installation(tmp_path_factory.mktemp("started")) as one:
        assert one.run("init").returncode == 0
        yield one


@pytest.mark.slow
def test_where_no_backup_can_be_written(started, tmp_path):
    target = tmp_path / "small"
    target.mkdir()

    def said(*words: str, before: list[str] | None = None) -> str:
        done: subprocess.CompletedProcess[str] = started.run("backup", *words, before=before)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        return done.stderr.splitlines()[-1]

    assert "there is no such folder; make it, or name another." in said(str(tmp_path / "nowhere"))
    if os.geteuid() == 0:
        script = f'mount -t tmpfs -o size=16k none "{target}" && "$0" "$@"; code=$?; ls -A "{target}" >"{tmp_path}/left"; exit $code'
        full = said(str(target), before=["unshare", "--mount", "sh", "-c", script])
        assert f"no backup was written to {target} (No space left on device)" in full
        assert (tmp_path / "left").read_text() == ""


@pytest.mark.slow
def test_before_the_first_start_there_is_nothing_to_back_up(tmp_path):
    done = Installation(tmp_path / "data", "").run("backup")
    assert done.returncode == 2
    assert "there is nothing to back up: the database holds no Beiji yet" in done.stderr
