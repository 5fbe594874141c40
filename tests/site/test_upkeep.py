"""What `doctor` says of the way an installation is kept, the log on disk, and the time in which people only read."""

from __future__ import annotations

import json
import logging
from argparse import Namespace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from beiji.output import CommandError
from beiji.programme.models import Account, City, Person
from beiji.records import audit, options
from beiji.records.models import AuditLine
from beiji.records.options import OptionError
from beiji.site import commands, doctor, logs, upkeep_checks
from beiji.site.demo.log_ins import PASSWORD as DEMO_PASSWORD
from tests.cast import PASSWORD


@pytest.fixture
def real(world) -> None:
    """The cast's city is no demonstration."""
    City.objects.filter(pk="yangzhou").update(illustrative=False)


def said(check) -> list[str]:
    return [f"{finding.what}; {finding.mend}" for finding in check()]


def backed_up(ago: timedelta) -> None:
    audit.write("site.backup-made", city="", by=None, of="site.backup:", now=timezone.now() - ago, name="b", sha256="")


def test_a_city_without_a_backup_or_with_an_old_one_is_told(real):
    assert said(upkeep_checks.backups)[0].startswith("no backup has been made yet; let beiji backup run every night")
    backed_up(timedelta(days=9, hours=1))
    assert "the last backup is 9 days old (b)" in said(upkeep_checks.backups)[0]
    backed_up(timedelta(hours=20))
    assert said(upkeep_checks.backups) == []


def test_a_demonstration_needs_no_backup(world):
    City.objects.update(illustrative=True)
    assert said(upkeep_checks.backups) == said(upkeep_checks.demo_passwords) == []


def test_the_demo_s_password_beside_a_real_city_is_named(real):
    account = Account.objects.create_user("coordinator", DEMO_PASSWORD)
    assert said(upkeep_checks.demo_passwords)[0].startswith("the password of the demo opens coordinator; close")
    account.set_password("another-one-of-length")
    account.save()
    assert said(upkeep_checks.demo_passwords) == []


@pytest.mark.parametrize(
    ("hosts", "https", "sentences"),
    [
        ("*", "yes", ["BEIJI_HOSTS lets every name in, also a forged one"]),
        ("localhost,127.0.0.1", "yes", ["BEIJI_HTTPS is on and BEIJI_HOSTS names this machine only"]),
        ("beiji.example", "no", ["passwords travel unencrypted, since BEIJI_HTTPS is off"]),
        ("beiji.example", "yes", []),
        ("localhost", "no", []),
    ],
)
def test_names_and_https(real, monkeypatch, hosts, https, sentences):
    monkeypatch.setenv("BEIJI_HOSTS", hosts)
    monkeypatch.setenv("BEIJI_HTTPS", https)
    assert [finding.what for finding in upkeep_checks.hosts()] == sentences


def test_a_clock_that_was_set_back_is_named(real):
    assert said(upkeep_checks.set_back) == []
    AuditLine.objects.create(city="", at=timezone.now() + timedelta(days=1), kind="site.restored", thing="site.backup:")
    assert "which lies in the future: the clock was set back" in said(upkeep_checks.set_back)[0]


def test_a_disk_that_will_be_full_soon_is_named(monkeypatch):
    monkeypatch.setattr(
        upkeep_checks.shutil, "disk_usage", lambda _: type("Usage", (), {"total": 10**12, "free": 4 * 10**10})
    )
    assert said(upkeep_checks.room)[0].startswith("4 % of the disk of ")


def test_a_variable_that_is_no_setting_is_named_with_the_one_that_was_meant():
    environment = {
        "BEIJI_HTTP": "yes",
        "BEIJI_DATA": "x",
        "BEIJI_PORT": "tcp://10.0.0.1",
        "PATH": "",
        "BEIJI_FULL": "no",
    }
    assert options.unknown(environment) == [("BEIJI_HTTP", "BEIJI_HTTPS"), ("BEIJI_PORT", "")]


def test_every_check_has_a_sentence_that_is_one_line_and_names_a_mend(real, settings):
    settings.READ_ONLY = True
    for check in doctor.CHECKS:
        for finding in check():
            assert "\n" not in finding.what + finding.mend
            assert finding.what
            assert finding.mend


# The log on disk.
@pytest.fixture
def folder(tmp_path, settings):
    settings.LOGS = tmp_path / "logs"
    return settings.LOGS


def test_a_line_of_the_log_is_json_with_instant_and_fault(folder):
    handler = logs.DayFile(str(folder))
    handler.setFormatter(logs.JsonLine())
    logger = logging.Logger("beiji.trial")
    logger.addHandler(handler)
    logger.warning("busy: %s", "/杨州/")
    try:
        raise ValueError("of two lines\nand more")
    except ValueError:
        logger.exception("it failed")
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    first, second = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (first["level"], first["logger"], first["message"]) == ("WARNING", "beiji.trial", "busy: /杨州/")
    assert first["at"].endswith("+00:00")
    assert "ValueError: of two lines\nand more" in second["fault"]


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "logs").write_text("a file in its place")
    logger = logging.Logger("beiji.trial")
    logger.addHandler(logs.DayFile(str(tmp_path / "logs")))
    logger.warning("still here")


def test_logs_are_kept_for_half_a_year_and_longer(folder):
    folder.mkdir()
    for day in ("2026-05-01", "2026-06-01", "2026-11-23"):
        (folder / f"beiji-{day}.jsonl").touch()
    (folder / "notes.txt").touch()
    assert logs.clear_old(date(2026, 11, 24)) == 1
    assert sorted(file.name for file in folder.iterdir()) == [
        "beiji-2026-06-01.jsonl", "beiji-2026-11-23.jsonl", "notes.txt",
    ]  # fmt: skip
    with pytest.raises(OptionError, match="logs are kept for 180 days at least"):
        options.read("BEIJI_LOG_DAYS", {"BEIJI_LOG_DAYS": "30"})


# People only read.
@pytest.mark.parametrize(
    ("language", "banner", "title"),
    [
        ("en", "Only reading is possible just now", "The system can only be read just now"),
        ("zh-hans", "目前只能查看，不能录入。", "系统目前只能查看"),
        ("he", "כרגע אפשר רק לקרוא; אי אפשר להזין דבר.", "כרגע אפשר רק לקרוא במערכת"),
    ],
)
def test_people_read_and_are_told_calmly_that_nothing_is_taken(yangzhou, settings, language, banner, title):
    settings.READ_ONLY = True
    client = Client(headers={"accept-language": language})
    assert client.post("/sign-in/", {"login": "gao-yuan", "password": PASSWORD}).status_code == 302
    client.cookies["beiji_language"] = language
    page = client.get("/yangzhou/")
    assert page.status_code == 200
    assert banner in page.content.decode()
    before = AuditLine.objects.count()
    answer = client.post("/yangzhou/actions/new/", {})
    assert answer.status_code == 503
    assert title in answer.content.decode()
    assert banner in answer.content.decode()
    assert AuditLine.objects.count() == before
    spoken = Person.objects.get(code="gao-yuan").language
    assert client.post("/language/", {"language": "he" if spoken != "he" else "en"}).status_code == 302
    assert Person.objects.get(code="gao-yuan").language == spoken, "a taste is kept in this browser alone"
    with pytest.raises(CommandError, match="BEIJI_READ_ONLY is on, so nothing is done in the background"):
        commands.worker(Namespace())
    assert client.post("/sign-out/").status_code == 302


def test_without_the_setting_nobody_is_told_anything(yangzhou):
    client = Client()
    client.post("/sign-in/", {"login": "gao-yuan", "password": PASSWORD})
    assert "Only reading is possible" not in client.get("/yangzhou/").content.decode()
