"""What an assessment keeps. Ratings themselves are operations (`records.Operation`, stream `visit:<uuid>`)."""

from __future__ import annotations

import uuid6
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.documents.models import UserText
from beiji.programme.models import City, Person, Subject
from beiji.programme.visible import VisibleQuerySet
from beiji.records.append_only import append_only, append_only_but
from beiji.records.models import Attachment


class Visit(models.Model):
    """One assessment of one subject: a visit from outside, or the hospital's own rating before it.

    The standard is frozen when the visit is planned: `pack` is `code@version`, `digest` its hash with the city's overlay,
    `indicators` the codes that are asked. A later release of the standard does not touch a running visit.
    """

    class Kind(models.TextChoices):
        EXTERNAL = "external", _("External visit")
        CITY = "city", _("Visit of the city")
        PEER = "peer", _("Peer visit")
        SELF = "self", _("Self-rating")

    class Scope(models.TextChoices):
        FULL = "full", _("Full standard")
        CORE = "core", _("Core items of a one-day visit")

    class Phase(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DESK = "desk", _("Desk review")
        ON_SITE = "on-site", _("On site")
        CONSENSUS = "consensus", _("Settling differences")
        REPLY = "reply", _("Hospital's reply")
        LOCKED = "locked", _("Locked")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="visits")
    round = models.PositiveSmallIntegerField(help_text="1 is the first assessment of the programme")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    scope = models.CharField(max_length=6, choices=Scope.choices)
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.PLANNED)
    first_day = models.DateField()
    last_day = models.DateField()
    pack = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    indicators = models.JSONField()
    planned_by = models.UUIDField()
    planned_at = models.DateTimeField()
    opened_at = models.DateTimeField(
        null=True, help_text="when the team first sat down to settle: all its answers open"
    )
    written = models.PositiveBigIntegerField(
        default=0, help_text="changes written so far; an open page looks whether it moved"
    )

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("-first_day", "subject__order", "id")
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="visit_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.subject_id} {self.first_day}"

    @property
    def stream(self) -> str:
        """Name of the operations that belong to this visit."""
        return f"visit:{self.pk}"

    @property
    def heard(self) -> str:
        """What a page that shows this visit listens to, with the state that it shows."""
        return f"{self.stream}@{self.written}"


class Member(models.Model):
    """Somebody on a visit's team. Leads and assessors rate; interpreter, counterpart and escort make it possible."""

    class Post(models.TextChoices):
        LEAD = "lead", _("Lead assessor")
        ASSESSOR = "assessor", _("Assessor")
        INTERPRETER = "interpreter", _("Interpreter")
        COUNTERPART = "counterpart", _("Counterpart")
        ESCORT = "escort", _("Escort")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=12, choices=Post.choices)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("visit", "id")
        constraints = (models.UniqueConstraint(fields=("visit", "person"), name="one_post_per_visit_and_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.post}"

    @property
    def rates(self) -> bool:
        """Does this post give ratings?"""
        return self.post in (self.Post.LEAD, self.Post.ASSESSOR)


@append_only
class Note(models.Model):
    """A remark on an indicator, or the reason of an answer, typed in one language; the words wait for translation."""

    id = models.UUIDField(primary_key=True, help_text="id of the operation that brought it")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    indicator = models.CharField(max_length=20)
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.indicator} {self.id}"


@append_only_but(("ended_at", "ended_by", "reason"))
class Lock(models.Model):
    """The visit's answers became evidence, by whom and when; `ended_at` when it was reopened, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="locks")
    by = models.UUIDField()
    at = models.DateTimeField()
    rows = models.PositiveIntegerField(help_text="rows of evidence written")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(
                fields=("visit",), condition=Q(ended_at__isnull=True), name="one_live_lock_per_visit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit_id} {self.at:%Y-%m-%d}"


@append_only
class Reply(models.Model):
    """The hospital's word on the result: it agrees or disputes, as a whole or on one indicator."""

    class Stance(models.TextChoices):
        AGREE = "agree", _("Agrees")
        DISPUTE = "dispute", _("Disputes")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="replies")
    indicator = models.CharField(max_length=20, blank=True)
    stance = models.CharField(max_length=8, choices=Stance.choices)
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("at", "id")
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"{self.visit_id} {self.stance}"


@append_only
class ReplyFile(models.Model):
    """A file that the hospital sent with its word: a photograph, a scan, the page of a plan."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"file of reply {self.reply_id}"


@append_only
class TeamAnswer(models.Model):
    """The team's word on a hospital's dispute. The newest is the one to be signed; after the signature none follows."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="team_answers")
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.reply_id} {self.at:%Y-%m-%d}"


@append_only
class Signature(models.Model):
    """The city's side stands for the team's answer: one for each dispute, by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="signature")
    answer = models.OneToOneField(TeamAnswer, on_delete=models.PROTECT, related_name="signature")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.reply_id} {self.at:%Y-%m-%d}"
