"""What belongs to somebody's account: where he is signed in, and the duty of those who look after the installation."""

from __future__ import annotations

from datetime import time

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.records.append_only import append_only, append_only_but


class SignedIn(models.Model):
    """A browser in which an account is signed in. The key of its session lets in whoever holds it, so only a digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    account = models.ForeignKey("programme.Account", on_delete=models.CASCADE, related_name="signed_in")
    session_digest = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=40, help_text="browser/system, as the browser says itself")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="last contact, to a few minutes")

    def __str__(self) -> str:
        return f"{self.account_id} {self.device}"


class SecondFactor(models.Model):
    """What somebody proves besides his password: codes of an app on his phone, or one of ten on paper. `secret` is encrypted; of
    `recovery` only digests are kept; `last_step` is the newest half minute whose code was taken, so that none is taken twice."""

    account = models.OneToOneField("programme.Account", on_delete=models.CASCADE, related_name="second_factor")
    secret = models.TextField()
    recovery = models.JSONField(default=list)
    last_step = models.BigIntegerField(default=0)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)


@append_only_but(("ended_at", "ended_by"))
class PlatformGrant(models.Model):
    """One of the three duties of looking after the installation, from an instant until it is ended.

    It hangs on an account, not on a person: it opens no city, and access to a city's content never reads it (decision 31).
    """

    class Duty(models.TextChoices):
        SYSTEM = "system", _("System administrator")
        SECURITY = "security", _("Security administrator")
        AUDIT = "audit", _("Audit administrator")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    account = models.ForeignKey("programme.Account", on_delete=models.PROTECT, related_name="duties")
    duty = models.CharField(max_length=10, choices=Duty.choices)
    purpose = models.CharField(max_length=200, help_text="for what it is given; an approval number has its place here")
    since = models.DateTimeField()
    given_by = models.UUIDField(null=True, help_text="account; null: at the server")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True, help_text="account; null: at the server")

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("account",), condition=Q(ended_at__isnull=True), name="one_duty_per_account"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.duty}"


class NoticeChoice(models.Model):
    """What somebody wants to be told, and when his phone may sound. Without a row the defaults below hold."""

    class Pace(models.TextChoices):
        AT_ONCE = "at-once", _("Soon after it happens")
        DAILY = "daily", _("Once a day, in the morning")
        NEVER = "never", _("Not at all; I look at the bell")

    person = models.OneToOneField("programme.Person", on_delete=models.CASCADE, primary_key=True, related_name="choice")
    off = models.JSONField(default=list, help_text="topics of which nothing is told")
    pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.AT_ONCE)
    quiet_from = models.TimeField(default=time(22), help_text="on the city's wall clock; assumption")
    quiet_until = models.TimeField(default=time(7), help_text="the same as quiet_from: never quiet")
    address = models.CharField(max_length=120, blank=True, help_text="account in the messenger, or e-mail address")

    def __str__(self) -> str:
        return f"{self.person_id} {self.pace}"


@append_only
class PersonAlias(models.Model):
    """A record of somebody is another record of the same human being, from an instant; a later row without `kept` takes it back.

    Nothing that was written under either is changed. What reads names follows `Person.joined_to`, which is what the newest row says.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey("programme.City", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("programme.Person", on_delete=models.PROTECT, related_name="aliases")
    kept = models.ForeignKey("programme.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.person_id} {self.kept_id}"
