"""`beiji doctor`'s look at how the installation is kept: backups, names, passwords of the demo, room, clock, settings.

What only matters where real people rely on it is asked once there is a city that is no demonstration.
"""

from __future__ import annotations

import os
import shutil
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_scopes import scopes_disabled

from beiji.programme.models import Account, City
from beiji.programme.writing import CLOCK_SLIP
from beiji.records import channels, options, outbox
from beiji.records.models import AuditLine

from .backup import making
from .demo.log_ins import LOG_INS, PASSWORD
from .findings import Finding

#: A backup a night, and one night that was missed.
OLDEST_BACKUP = timedelta(hours=50)
#: Share of the disk below which somebody should make room before it is full.
LEAST_FREE = 0.05
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def _is_real() -> bool:
    return City.objects.filter(illustrative=False).exists()


def backups() -> list[Finding]:
    """How old the last backup is, and whether a restore was cut off."""
    findings = []
    if making.store().is_cut_off():
        what = "a restore was cut off, and what is there may let in who was let go"
        findings.append(Finding("backup", what, "run beiji restore --undo, then restore again"))
    if not _is_real():
        return findings
    mend = "let beiji backup run every night (docs/how-to/back-up-and-restore.md)"
    with scopes_disabled():
        last = AuditLine.objects.filter(city="", kind="site.backup-made").order_by("-id").first()
    if last is None:
        findings.append(Finding("backup", "no backup has been made yet", mend))
    elif timezone.now() - last.at > OLDEST_BACKUP:
        days = (timezone.now() - last.at).days
        findings.append(Finding("backup", f"the last backup is {days} days old ({last.details['name']})", mend))
    return findings


def demo_passwords() -> list[Finding]:
    """Accounts of the demo beside a real city: their password stands in the documentation."""
    if not _is_real():
        return []
    accounts = Account.objects.filter(username__in=LOG_INS.values(), is_active=True)
    names = sorted(account.username for account in accounts if account.check_password(PASSWORD))
    if not names:
        return []
    what = f"the password of the demo opens {', '.join(names)}"
    return [
        Finding("accounts", what, "close these accounts under People, or keep the demo in an installation of its own")
    ]


def hosts() -> list[Finding]:
    """Under which names browsers are answered, and whether their passwords travel in the clear."""
    names, is_https = set(options.read("BEIJI_HOSTS")), options.read("BEIJI_HTTPS")
    findings = []
    if "*" in names:
        mend = "write the names that people type into BEIJI_HOSTS"
        findings.append(Finding("settings", "BEIJI_HOSTS lets every name in, also a forged one", mend))
    if is_https and names <= LOCAL:
        mend = "add the name that people type to BEIJI_HOSTS"
        findings.append(Finding("settings", "BEIJI_HTTPS is on and BEIJI_HOSTS names this machine only", mend))
    if not is_https and not names <= LOCAL and _is_real():
        mend = "put a proxy with a certificate in front and set BEIJI_HTTPS=yes (docs/how-to/run-as-a-service.md)"
        findings.append(Finding("settings", "passwords travel unencrypted, since BEIJI_HTTPS is off", mend))
    return findings


def unknown_settings() -> list[Finding]:
    """Variables that look like settings and are none: what somebody meant by them does not hold."""
    return [
        Finding(
            "settings", f"{name} is no setting", f"write {near} instead" if near else "remove it from the environment"
        )
        for name, near in options.unknown(os.environ)
    ]


def room() -> list[Finding]:
    """A disk that will be full soon; one that is full is named by the look at the data folder."""
    usage = shutil.disk_usage(settings.DATA)
    if usage.free >= LEAST_FREE * usage.total or usage.free < 2 * settings.UPLOAD_LIMIT_BYTES:
        return []
    what = f"{100 * usage.free // usage.total} % of the disk of {settings.DATA} are free ({usage.free / 1e9:.1f} GB)"
    return [Finding("data folder", what, "make room, or move old backups to another disk, before it is full")]


def set_back() -> list[Finding]:
    """A line that was written later than now: the clock goes wrong, and so would every day from here on."""
    real = ["", *City.objects.filter(illustrative=False).values_list("pk", flat=True)]
    with scopes_disabled():
        last = AuditLine.objects.filter(city__in=real, at__gt=timezone.now() + CLOCK_SLIP).order_by("-at").first()
    if last is None:
        return []
    what = f"the audit holds a line of {last.at:%Y-%m-%d %H:%M} UTC, which lies in the future: the clock was set back, or was wrong then"
    return [Finding("clock", what, "set the server's clock and let it follow a time server")]


def messages() -> list[Finding]:
    """Whether people's phones can be told, where that is wanted."""
    if settings.MESSAGES == "off":
        return []
    findings = [
        Finding("messages", f"{name} is empty, so nothing can be sent", f"set {name}, or BEIJI_MESSAGES=off")
        for name in channels.missing()
    ]
    health = outbox.health(timezone.now())
    mend = "see why under Messages to phones, and send a test message"
    if health.failed:
        findings.append(Finding("messages", f"{health.failed} messages of the last two days failed", mend))
    if health.late:
        findings.append(Finding("messages", f"{health.late} messages are an hour late", "see whether a worker runs"))
    return findings


def read_only() -> list[Finding]:
    if not settings.READ_ONLY:
        return []
    return [
        Finding("settings", "BEIJI_READ_ONLY is on, so nobody can enter anything", "set it to no when the work is done")
    ]
