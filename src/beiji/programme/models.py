"""What the programme keeps: who, where, in which role and in which stage.

Everything that belongs to one city is scoped: a query outside `scope(city=…)` raises. A city's primary key is its code,
so that lower rooms, which cannot import this one, keep the same value. Names are dicts {"en", "zh-Hans", "he"}.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import uuid6
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.records.append_only import append_only, append_only_but

from .identity import NoticeChoice, PersonAlias, PlatformGrant, SecondFactor, SignedIn  # noqa: F401 - Django looks for models here
from .querysets import SubjectQuerySet
from .releases import Export  # noqa: F401 - as above
from .versions import Versioned


class City(models.Model):
    """A tenant: all data of a city stay with it."""

    code = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    abbreviation = models.CharField(max_length=4, help_text="first letters of numbers that are said aloud, e.g. YZ")
    time_zone = models.CharField(max_length=40)
    illustrative = models.BooleanField(default=False, help_text="every page says so when the city is a demonstration")
    pack = models.CharField(max_length=80, blank=True, help_text="pack@version the city was made from")
    programme_start = models.DateField(help_text="first day of the programme's month 1")
    created_at = models.DateTimeField()
    known_until = models.DateTimeField(
        null=True, help_text="latest instant a report was frozen as known at; whatever is written now lies after it"
    )

    written = models.PositiveBigIntegerField(
        default=0, help_text="changes written so far; whoever keeps a picture of the city looks whether it moved"
    )
    lets_in_from_abroad = models.BooleanField(
        default=False, help_text="remote experts and foreign instructors can be given access"
    )
    watermarks = models.BooleanField(default=False, help_text="every page shows who looks, and when")

    class Meta:
        verbose_name_plural = "cities"

    def __str__(self) -> str:
        return self.code

    def month_of(self, day: date) -> int:
        """The programme's month (1 is the first) in which a day falls."""
        start = self.programme_start
        return (day.year - start.year) * 12 + day.month - start.month + 1


class District(models.Model):
    """A part of a city, with its census population and a schematic position."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    names = models.JSONField()
    population = models.PositiveIntegerField(null=True)
    latitude = models.FloatField(null=True, help_text="degrees, WGS-84")
    longitude = models.FloatField(null=True, help_text="degrees, WGS-84")
    order = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("order", "code")
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="one_district_per_code"),)

    def __str__(self) -> str:
        return self.code


class Subject(models.Model):
    """What evidence can speak of: a hospital, one of its campuses or places, the ambulance centre, …, the city itself.

    The tree is dated in both times: `since`/`until` say when it held in the world (end exclusive), `recorded_at` and
    `until_recorded_at` when that became known.
    """

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        CAMPUS = "campus", _("Campus")
        PLACE = "place", _("Place")
        AMBULANCE = "ambulance", _("Ambulance centre")
        BLOOD = "blood", _("Blood station")
        COMMISSION = "commission", _("Health commission")
        CONSORTIUM = "consortium", _("County consortium")
        CITY = "city", _("City")

    class Size(models.TextChoices):
        LARGE = "large", _("Large general, teaching")
        TERTIARY = "tertiary", _("General, regional or county lead")
        COUNTY = "county", _("Mid-size or specialised")
        SMALL = "small", _("Small")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    size = models.CharField(
        max_length=12, choices=Size.choices, blank=True, help_text="hospitals and campuses: class of the targets"
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    names = models.JSONField()
    short_names = models.JSONField(default=dict)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    group = models.CharField(
        max_length=40, blank=True, help_text="heading under which lists show it: city, county, specialised"
    )
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    traits = models.JSONField(
        default=dict, help_text="facts that conditional must-pass items ask for, e.g. near_chemical_park"
    )
    order = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True, help_text="null: always")
    until = models.DateField(null=True, help_text="first day on which it no longer is one")
    recorded_at = models.DateTimeField()
    until_recorded_at = models.DateTimeField(null=True)
    is_new = models.BooleanField(
        default=False, help_text="campuses and places: earlier rows of the whole are not its own"
    )
    continues = models.JSONField(default=list, help_text="codes of the campuses or places that it continues")

    objects = ScopedManager(models.Manager.from_queryset(SubjectQuerySet), city="city")

    class Meta:
        ordering = ("order", "code")
        constraints = (
            models.UniqueConstraint(fields=("city", "code"), name="one_subject_per_code"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=models.F("since")),
                name="subject_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def hospital_code(self) -> str:
        """Code of the hospital this is, or is a part of; its own code for any other subject."""
        subject: Subject = self
        while subject.parent is not None and subject.kind in (self.Kind.CAMPUS, self.Kind.PLACE):
            subject = subject.parent
        return subject.code


class Organisation(models.Model):
    """An institution that takes part; its code is the *office* named on evidence."""

    class Kind(models.TextChoices):
        INTEGRATOR = "integrator", _("Integrator")
        MINISTRY = "ministry", _("Ministry")
        LEAD_HOSPITAL = "lead-hospital", _("Lead hospital")
        AMBULANCE = "ambulance-service", _("Ambulance service")
        UNIVERSITY = "university", _("University")
        COMMISSION = "commission", _("Health commission")
        HOSPITAL = "hospital", _("Hospital")
        BLOOD = "blood-station", _("Blood station")
        GOVERNMENT = "government", _("City government")

    class Side(models.TextChoices):
        CITY = "city", _("City's own")
        GUEST = "guest", _("Visiting")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    side = models.CharField(max_length=8, choices=Side.choices)
    names = models.JSONField()
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="+", help_text="the subject it runs, if any"
    )

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="one_organisation_per_code"),)

    def __str__(self) -> str:
        return self.code


class Person(Versioned):
    """A human being in one city's programme. Append-only rows elsewhere hold only the id; erasing blanks this row."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60, blank=True, help_text="short name inside packs and demos")
    names = models.JSONField(default=dict)
    post = models.JSONField(default=dict, help_text="what the person is, in three languages")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="people")
    staff_number = models.CharField(max_length=40, blank=True, help_text="工号, unique in the institution")
    language = models.CharField(max_length=10, default="en", help_text="language of the interface at sign-in")
    search_text = models.TextField(blank=True, default="", help_text="names and posts as a search compares them")
    erased_at = models.DateTimeField(null=True)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("code", "id")
        verbose_name_plural = "people"
        constraints = (
            models.UniqueConstraint(fields=("city", "code"), condition=~Q(code=""), name="one_person_per_code"),
            models.UniqueConstraint(
                fields=("organisation", "staff_number"),
                condition=~Q(staff_number=""),
                name="one_person_per_staff_number",
            ),
        )

    def __str__(self) -> str:
        return self.code or str(self.id)


@append_only_but(("until",), ("ended_on", "ended_at", "ended_by", "end_reason"))
class RoleGrant(models.Model):
    """A role, for a time, on the whole city or on one subject and its parts. Access reads only these rows.

    Days begin and end at midnight by the city's clock; where instants stand beside them, both must hold (`grants.span_of`).
    """

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        MANAGER = "manager", _("Programme manager")
        COORDINATOR = "coordinator", _("Hospital emergency coordinator")
        HEAD = "head", _("Head of a hospital")
        ASSESSOR = "assessor", _("Assessor")
        LEAD = "lead", _("Lead assessor")
        WRITE_UP = "write-up", _("Write-up of a visit")
        TRANSLATOR = "translator", _("Translation approver")
        LEADER = "leader", _("Minister or mayor")
        REMOTE_EXPERT = "remote-expert", _("Remote expert")
        INSTRUCTOR = "instructor", _("Foreign instructor")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=14, choices=Role.choices)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: the whole city"
    )
    since = models.DateField()
    until = models.DateField(null=True, help_text="first day on which it no longer holds")
    begins_at = models.DateTimeField(null=True, help_text="null: when the first day begins")
    ends_at = models.DateTimeField(null=True, help_text="from then on it holds no more; null: as the days say")
    purpose = models.CharField(max_length=200, blank=True, default="", help_text="for what a guest is let in")
    approval = models.CharField(max_length=80, blank=True, default="", help_text="number of the city's approval")
    ended_on = models.DateField(null=True, help_text="the day from which it was taken back, before its time")
    ended_at = models.DateTimeField(null=True, help_text="the instant of the same; null in rows of earlier versions")
    ended_by = models.UUIDField(null=True, help_text="person; null: the program, or not known")
    end_reason = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=80, blank=True, help_text="what gave it, e.g. visit:<uuid>")
    granted_by = models.UUIDField(null=True)
    granted_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("since", "id")
        indexes = (models.Index(fields=("person", "since")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="grant_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class SignInCount(models.Model):
    """Tries to sign in under one key: a name at an address, an address, or a name; the key is a keyed digest of them."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    open_at = models.DateTimeField(null=True, help_text="the next try is looked at from then on")
    at_home_until = models.DateTimeField(
        null=True, help_text="somebody of this name has signed in here; wide slowings do not touch him"
    )

    def __str__(self) -> str:
        return f"{self.failures} under {self.key[:8]}"


class AccountManager(BaseUserManager["Account"]):
    """Accounts are found by user name, whatever the case it is typed in."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(username=username.lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """How somebody signs in. One account may be a person in several cities."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    people = models.ManyToManyField(Person, related_name="accounts", blank=True)
    is_active = models.BooleanField(default=True)
    code_hash = models.CharField(max_length=128, blank=True, help_text="of the code on the printed sheet, until used")
    code_until = models.DateTimeField(null=True, help_text="the code on the sheet is taken before this instant")
    theme = models.CharField(max_length=5, blank=True, help_text="light, dark, auto; empty: never chosen")
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.username


class Stage(models.Model):
    """A stage of the programme: months, work, and the conditions of its gate (dicts of three languages)."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    names = models.JSONField()
    first_month = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    work = models.JSONField(default=list, help_text="sentences")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="one_stage_per_number"),)

    def __str__(self) -> str:
        return str(self.number)


class GateCondition(models.Model):
    """What must hold before a stage counts as done. `check` names the calculation that tells; empty: a person tells."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="conditions")
    code = models.SlugField(max_length=40)
    text = models.JSONField()
    check_code = models.CharField(max_length=40, blank=True)
    parameters = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("stage", "order")
        constraints = (models.UniqueConstraint(fields=("stage", "code"), name="one_condition_per_code"),)

    def __str__(self) -> str:
        return self.code


@append_only
class GateDecision(models.Model):
    """The steering group's word on a gate: passed or not, with the conditions left open, by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="decisions")
    passed = models.BooleanField()
    open_conditions = models.ManyToManyField(GateCondition, related_name="+", blank=True)
    decided_on = models.DateField()
    decided_by = models.UUIDField()
    note = models.JSONField(default=dict)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-decided_on", "-id")

    def __str__(self) -> str:
        return f"{self.stage_id} {self.decided_on}"
