"""Actions with the steps that happened to them, findings, and what was asked of the authorities and decided.

Where an action stands is never kept: it follows from its newest step (`rules.state_after`). Only evidence writes the
steps *closed* and *reopened*, in the transaction in which it was recorded.
"""

from __future__ import annotations

import uuid6
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from beiji.documents.models import UserText
from beiji.programme.models import City, Organisation, Person, Stage, Subject
from beiji.programme.versions import Versioned
from beiji.programme.visible import VisibleQuerySet
from beiji.readiness.models import Capability, Evidence
from beiji.records.append_only import append_only
from beiji.records.models import Attachment

from .querysets import ActionQuerySet
from .rules import ActionState, DecisionState, StepKind, state_after


class Decision(Versioned):
    """Something asked of the authorities. What became of it stands in its rulings."""

    class CostClass(models.TextChoices):
        NONE = "none", _("No cost")
        LOW = "low", _("Low cost")
        MIDDLE = "middle", _("Middle cost")
        HIGH = "high", _("High cost")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cost_class = models.CharField(max_length=6, choices=CostClass.choices)
    asked_on = models.DateField()
    due = models.DateField()
    order = models.PositiveSmallIntegerField(default=0, help_text="place on the page for leaders; 0: not on it")
    asked_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("order", "number")
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="one_decision_per_number"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How people and prints call it."""
        return f"D-{self.number:02d}"


@append_only
class Ruling(models.Model):
    """The authorities' word on something asked: taken, deferred or refused, by whom and when. The newest counts."""

    class Word(models.TextChoices):
        TAKEN = DecisionState.TAKEN.value, pgettext_lazy("a decision", "Taken")
        DEFERRED = DecisionState.DEFERRED.value, pgettext_lazy("a decision", "Deferred")
        REFUSED = DecisionState.REFUSED.value, pgettext_lazy("a decision", "Refused")

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rulings")
    word = models.CharField(max_length=8, choices=Word.choices)
    decided_on = models.DateField()
    decided_by = models.UUIDField(help_text="the person in authority")
    note = models.ForeignKey(UserText, on_delete=models.PROTECT, null=True, related_name="+")
    scan = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, related_name="+", help_text="the signed paper"
    )
    by = models.UUIDField(help_text="who recorded it")
    recorded_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("decided_on", "id")

    def __str__(self) -> str:
        return f"{self.decision_id} {self.word}"


#: Fields of an action that a person types or chooses, each as it is.
PLAIN_FIELDS = (
    "lead_unit", "supporting_unit", "leader", "responsible", "due", "effort", "cost_low", "cost_high", "currency",
    "price_year", "cost_source", "stage", "decision",
)  # fmt: skip


class Action(Versioned):
    """One measure against one gap, of a hospital or of the city for several hospitals.

    `titles` (the question), `problem` (what was found) and `proof` (what will show that it is done) are frozen from the
    pack when the action is planned; `advice` is the pack's own measure, which stands where nobody typed another `text`.
    """

    class Effort(models.TextChoices):
        XS = "XS", pgettext_lazy("effort", "Hours")
        S = "S", pgettext_lazy("effort", "Days")
        M = "M", pgettext_lazy("effort", "Weeks")
        L = "L", pgettext_lazy("effort", "Months")
        XL = "XL", pgettext_lazy("effort", "A year or more")

    class Wanted(models.TextChoices):
        IN_PLACE = "in-place", _("Seen on site")
        MET = "met", _("Target met")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    subject = models.ForeignKey(
        Subject,
        on_delete=models.PROTECT,
        related_name="actions",
        help_text="whose action it is: a hospital or the city",
    )
    concerns = models.ManyToManyField(
        Subject, related_name="+", help_text="the subjects whose gap it closes; all must prove it"
    )
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="actions")
    indicator = models.CharField(max_length=20, blank=True)
    domain = models.CharField(max_length=20, blank=True)
    titles = models.JSONField()
    problem = models.JSONField(default=dict)
    proof = models.JSONField(default=dict)
    advice = models.JSONField(default=dict)
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, null=True, related_name="+")
    wanted = models.CharField(max_length=8, choices=Wanted.choices, help_text="standing that closes it")
    lead_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    supporting_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateField()
    effort = models.CharField(max_length=2, choices=Effort.choices, default=Effort.M)
    cost_low = models.PositiveBigIntegerField(null=True, help_text="minor units")
    cost_high = models.PositiveBigIntegerField(null=True, help_text="minor units")
    currency = models.CharField(max_length=3, default="CNY")
    price_year = models.PositiveSmallIntegerField(null=True)
    cost_source = models.CharField(max_length=200, blank=True)
    cost_source_words = models.JSONField(default=dict, help_text="the source in every language, where a pack names it")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="actions")
    planned_by = models.UUIDField()
    planned_at = models.DateTimeField()

    objects = ScopedManager(models.Manager.from_queryset(ActionQuerySet), city="city")

    #: Kind of the newest step, set by `with_state`.
    last_step: str

    class Meta:
        ordering = ("due", "number")
        indexes = (models.Index(fields=("city", "due"), name="actions_by_due"),)
        constraints = (
            models.UniqueConstraint(fields=("city", "number"), name="one_action_per_number"),
            models.CheckConstraint(
                condition=Q(cost_low__isnull=True) | Q(cost_high__gte=F("cost_low")), name="cost_low_is_not_above_high"
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How people and prints call it."""
        return f"A-{self.number:03d}"

    @property
    def state(self) -> ActionState:
        """Where it stands now; needs `with_state`."""
        return state_after(self.last_step)


@append_only
class Step(models.Model):
    """Something that happened to an action. *Closed* and *reopened* name the row of evidence that did it."""

    class Kind(models.TextChoices):
        STARTED = StepKind.STARTED.value, _("Started")
        PUT_BACK = StepKind.PUT_BACK.value, _("Put back into the plan")
        DECLARED = StepKind.DECLARED.value, _("Declared done")
        CLOSED = StepKind.CLOSED.value, _("Closed by evidence")
        REOPENED = StepKind.REOPENED.value, _("Reopened by evidence")
        WITHDRAWN = StepKind.WITHDRAWN.value, _("Withdrawn")

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.UUIDField(null=True, help_text="who did it, or recorded the evidence; null: time passed")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.ForeignKey(UserText, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("action", "at"), name="steps_of_action"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind=StepKind.CLOSED.value) | Q(evidence__isnull=False), name="only_evidence_closes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.action_id} {self.kind}"


class Finding(Versioned):
    """What the experts found, in a sentence typed by one of them; `order` is its place on the page for leaders."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, related_name="+")
    subjects = models.ManyToManyField(Subject, related_name="+", blank=True, help_text="none: the whole city")
    indicators = models.JSONField(default=list, help_text="codes of the standard's questions")
    capabilities = models.ManyToManyField(Capability, related_name="+", blank=True)
    order = models.PositiveSmallIntegerField(default=0, help_text="place on the page for leaders; 0: not on it")
    found_on = models.DateField()
    written_by = models.UUIDField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when it was taken back")
    ended_by = models.UUIDField(null=True)

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("order", "number")
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="one_finding_per_number"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How people and prints call it."""
        return f"F-{self.number:02d}"
