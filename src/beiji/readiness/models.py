"""What the ledger keeps: the methodology as loaded, dated in both times; evidence that only grows; caches of standings.

Evidence rows are the only truth. `Standing` and `RollUp` are caches, rewritten in the writing transaction and by the
nightly pass; a test holds them equal to the pure rule. Numbers are kept exactly, as text ("29/2").
"""

from __future__ import annotations

from typing import Any

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.programme.models import City, Subject
from beiji.programme.visible import VisibleQuerySet
from beiji.records.append_only import append_only, append_only_but

from .backing import Backing, Sheet  # noqa: F401 - Django looks for models here
from .evaluators import StrikingOff  # noqa: F401 - and here
from .reviews import Review  # noqa: F401 - and here


@append_only
class PackVersion(models.Model):
    """A version of a pack as a city has loaded it; `from_day` null: the first, which holds for all earlier days."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, help_text="standard or capabilities")
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text="hash of the pack with the city's overlay")
    titles = models.JSONField(default=dict)
    rules = models.JSONField(
        default=dict, help_text="standards: shares and names of groups, circumstances that hold in the city"
    )
    from_day = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("kind", "code", "id")

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class Capability(models.Model):
    """Something a subject must be able to do. What it asks for is in its editions."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    titles = models.JSONField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "capabilities"
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="one_capability_per_code"),)

    def __str__(self) -> str:
        return self.code


class Edition(models.Model):
    """An edition of a capability, in force from `from_day` (null: always) until the next begins."""

    class Kind(models.TextChoices):
        QUANTITY = "quantity", _("Number against a target")
        OBSERVED = "observed", _("Happens or not in an unscripted drill")
        DOCUMENT = "document", _("Document")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="editions")
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    from_day = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.CharField(max_length=20, blank=True)
    scale = models.CharField(
        max_length=40, default="1", help_text="exact factor from this unit to the newest edition's"
    )
    better = models.CharField(max_length=6, blank=True)
    min_sample = models.PositiveIntegerField(default=1)
    prove_in = models.JSONField(default=list)
    per_campus = models.BooleanField(default=False)
    per_place = models.BooleanField(default=False)
    asked_of = models.JSONField(default=list, help_text="classes of subject; empty: hospitals")
    zero_at = models.JSONField(default=dict, help_text="class of subject → exact number")
    percentile = models.PositiveSmallIntegerField(null=True)
    by_records = models.BooleanField(default=False, help_text="a share that may be counted from records")
    raises = models.BooleanField(default=True, help_text="passes of older editions are to confirm")
    feeds = models.JSONField(default=list, help_text="engine keys fed: key, how")
    titles = models.JSONField()
    measure = models.JSONField(default=dict)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("capability", "number")
        constraints = (models.UniqueConstraint(fields=("capability", "number"), name="one_edition_per_number"),)

    def __str__(self) -> str:
        return f"{self.capability_id}/{self.number}"


@append_only
class TargetStep(models.Model):
    """Target of one class of subject from a day on; minute (or "") → exact number."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="targets")
    size = models.CharField(max_length=12)
    from_day = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    values = models.JSONField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("edition", "size", "id")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.size} {self.values}"


@append_only
class ValidityStep(models.Model):
    """Days that a pass counts, by proof, for rows whose `as_of` is in the step; a parameter of the city."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="validities")
    from_day = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    days = models.JSONField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("edition", "id")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.days}"


class Domain(models.Model):
    """A domain of a standard; one without indicators is planned and cannot be assessed yet."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="domains")
    code = models.CharField(max_length=20)
    titles = models.JSONField()
    weight = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("pack", "order")
        constraints = (models.UniqueConstraint(fields=("pack", "code"), name="one_domain_per_code"),)

    def __str__(self) -> str:
        return self.code


class Indicator(models.Model):
    """One question of a standard; it reads a capability. `texts` holds its words in three languages as in the pack."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=20)
    edition = models.PositiveSmallIntegerField(default=1)
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="indicators")
    pillar = models.CharField(max_length=1)
    fours = models.CharField(max_length=8, blank=True, help_text="system, space, staff or supplies; empty: not said")
    crit = models.CharField(max_length=10)
    crit_weight = models.PositiveSmallIntegerField()
    must_pass_if = models.CharField(max_length=30, blank=True)
    core = models.BooleanField(default=False)
    feeds_engine = models.BooleanField(default=False)
    may_be_not_applicable = models.BooleanField(default=True)
    classes = models.JSONField(default=list, help_text="classes of hospital that are asked; empty: all")
    order = models.PositiveSmallIntegerField()
    titles = models.JSONField()
    titles_by_size = models.JSONField(default=dict, help_text="class of subject → titles, where its numbers differ")
    texts = models.JSONField()
    hashes = models.JSONField(default=dict, help_text="language → hash of all that is read and signed")
    texts_by_size = models.JSONField(default=dict, help_text="class of subject → texts, where its numbers differ")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("domain", "order")
        constraints = (models.UniqueConstraint(fields=("domain", "code"), name="one_indicator_per_code"),)

    def __str__(self) -> str:
        return self.code

    def titles_for(self, size: str) -> dict[str, str]:
        """The title with the numbers of one class of subject."""
        titles: dict[str, str] = self.titles_by_size.get(size, self.titles)
        return titles

    def texts_for(self, size: str) -> dict[str, Any]:
        """All words with the numbers of one class of subject."""
        return {**self.texts, **self.texts_by_size.get(size, {})}


@append_only_but(("until_day", "until_recorded_at"))
class NotApplicable(models.Model):
    """An indicator that does not apply to a subject: with reason and approval from outside, dated in both times."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    standard = models.CharField(max_length=60)
    indicator = models.CharField(max_length=20)
    reason = models.JSONField(help_text="text and its language")
    office = models.CharField(max_length=40, help_text="office outside that approved")
    by = models.UUIDField()
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    until_recorded_at = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("indicator", "id")

    def __str__(self) -> str:
        return f"{self.subject_id} {self.indicator}"


@append_only_but(("ended_at",))
class Coverage(models.Model):
    """A locked assessment that covered these capabilities: from then on *unknown* is a gap. Ended when reopened."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    source_id = models.CharField(max_length=40, db_index=True)
    capabilities = models.JSONField()
    as_of = models.DateField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("subject", "id")
        verbose_name_plural = "coverage"

    def __str__(self) -> str:
        return f"{self.subject_id} {self.source_id}"


@append_only_but(("called_off_at", "called_off_by"), ("missed_row",))
class NotifiedDrill(models.Model):
    """A drill notified to an office outside; handed in by a row that names it, or missed after 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    whole = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    condition = models.CharField(max_length=8)
    starts_at = models.DateTimeField()
    notified_on = models.DateField()
    office = models.CharField(max_length=40)
    evaluator = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    by = models.UUIDField(null=True)
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.UUIDField(null=True)
    missed_row = models.BigIntegerField(null=True, help_text="evidence row that the ledger wrote")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("starts_at", "id")

    def __str__(self) -> str:
        return f"drill {self.pk}"


@append_only
class Evidence(models.Model):
    """One row of the ledger; see `rules.rows.Row`. Never changed, never deleted; no personal data."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    whole = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="evidence")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="evidence")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.PositiveSmallIntegerField(null=True)
    value = models.CharField(max_length=40, null=True, help_text="exact number in the edition's unit")
    shown = models.BooleanField(null=True)
    withdrawal = models.BooleanField(default=False)
    at_min = models.PositiveSmallIntegerField(null=True)
    method = models.CharField(max_length=20)
    condition = models.CharField(max_length=8, default="any")
    evaluator = models.PositiveSmallIntegerField(help_text="0 self, 1 peer, 2 city, 3 external")
    notice = models.CharField(max_length=12, blank=True)
    sample = models.PositiveIntegerField(default=1)
    as_of = models.DateField()
    first_day = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    notified_on = models.DateField(null=True)
    drill = models.ForeignKey(NotifiedDrill, on_delete=models.PROTECT, null=True, related_name="rows")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    reason = models.TextField(blank=True)
    reason_language = models.CharField(max_length=10, blank=True)
    office = models.CharField(max_length=40)
    by = models.UUIDField(null=True)
    source_kind = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=40, blank=True, db_index=True)
    source_label = models.CharField(max_length=200, blank=True)

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("as_of", "id")
        verbose_name_plural = "evidence"
        indexes = (models.Index(fields=("whole", "capability"), name="evidence_of_standing"),)
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(level__isnull=False, value__isnull=True, shown__isnull=True, withdrawal=False)
                    | Q(level__isnull=True, value__isnull=False, shown__isnull=True, withdrawal=False)
                    | Q(level__isnull=True, value__isnull=True, shown__isnull=False, withdrawal=False)
                    | Q(level__isnull=True, value__isnull=True, shown__isnull=True, withdrawal=True)
                ),
                name="evidence_says_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"row {self.pk}"


class Standing(models.Model):
    """Cache: standing of a whole subject and capability on day `as_of` as known at the last write."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="standings")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="standings")
    as_of = models.DateField()
    state = models.CharField(max_length=10)
    digit = models.PositiveSmallIntegerField(null=True)
    proof = models.CharField(max_length=10, blank=True)
    failed = models.BooleanField(default=False)
    contradicted = models.BooleanField(default=False)
    to_confirm = models.BooleanField(default=False)
    checked = models.BooleanField(default=False)
    parts = models.JSONField(default=list)

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("subject", "capability")
        constraints = (models.UniqueConstraint(fields=("subject", "capability"), name="one_standing_each"),)

    def __str__(self) -> str:
        return f"{self.subject_id} {self.capability_id} {self.state}"


class RollUp(models.Model):
    """Cache: an aggregate of a subject: domain, pillar, 4S or the hospital as a whole (`level`, `code`)."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="roll_ups")
    standard = models.CharField(max_length=60)
    level = models.CharField(max_length=10, help_text="domain, pillar, fours or hospital")
    code = models.CharField(max_length=20, blank=True)
    as_of = models.DateField()
    values = models.JSONField()

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("subject", "level", "code")
        constraints = (
            models.UniqueConstraint(fields=("subject", "standard", "level", "code"), name="one_roll_up_each"),
        )

    def __str__(self) -> str:
        return f"{self.subject_id} {self.level} {self.code}"
