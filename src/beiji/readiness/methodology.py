"""The standard in force in a city on a day, as pages and the scorer read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q

from beiji.packs.schemas.declared import Release
from beiji.programme.models import City, Stage, Subject
from beiji.records.recent import Recent

from .book import size_class
from .models import Domain, Edition, Indicator, NotApplicable, PackVersion
from .rules.aggregates import LAW, Scorer
from .rules.rows import Kind

HOSPITALS = frozenset(Subject.Size.values)
CRIT_WEIGHTS: Mapping[str, int] = {"must-pass": 3, "high": 2, "normal": 1}
"""Weights of the law, where a standard names no others."""


@dataclass(frozen=True)
class Question:
    """An indicator as it concerns one subject: criticality resolved."""

    code: str
    domain: str
    capability: str
    pillar: str
    fours: str
    crit_weight: int
    must_pass: bool
    core: bool
    feeds_engine: bool
    titles: Mapping[str, str]
    indicator: Indicator = field(compare=False, repr=False)

    @property
    def strict(self) -> bool:
        """Whether anything but *met* is a gap."""
        return self.must_pass or self.core or self.feeds_engine


@dataclass(frozen=True)
class Method:
    """A standard in force: its domains in order, pillar shares, scorer and indicators.

    `asks`: classes of subject that it is about.

    `words`: roll-up (pillar, fours, domain) → code → its short name in every language.
    """

    pack: PackVersion
    domains: Sequence[Domain]
    indicators: Sequence[Indicator]
    pillar_shares: Mapping[str, int]
    scorer: Scorer
    circumstances: frozenset[str]
    asks: frozenset[str]
    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    releases: Sequence[Release] = ()

    def short_name(self, roll_up: str, code: str) -> Mapping[str, str]:
        """Name of a group (roll-up pillar or fours), or the short one of a domain; empty where the pack has none."""
        return self.words.get(roll_up, {}).get(code, {})

    def questions_for(self, subject: Subject) -> list[Question]:
        """The indicators that this class of subject is asked, with what is must-pass for it; none where the standard
        is about others."""
        here = self.circumstances | _circumstances_of(subject)
        by_domain = {d.pk: d.code for d in self.domains}
        questions = []
        size = size_class(subject)
        weights = self.pack.rules.get("crit_weights", CRIT_WEIGHTS)
        for i in self.indicators if size in self.asks else ():
            if i.classes and size not in i.classes:
                continue
            must_pass = i.crit == "must-pass" if not i.must_pass_if else i.must_pass_if in here
            weight = i.crit_weight
            if i.must_pass_if:
                weight = weights["must-pass" if must_pass else "high"]
            questions.append(
                Question(
                    code=i.code,
                    domain=by_domain[i.domain_id],
                    capability=i.capability.code,
                    pillar=i.pillar,
                    fours=i.fours,
                    crit_weight=weight,
                    must_pass=must_pass,
                    core=i.core,
                    feeds_engine=i.feeds_engine,
                    titles=i.titles_for(size),
                    indicator=i,
                )
            )
        return questions


def _circumstances_of(subject: Subject) -> set[str]:
    return {"chemical-park"} if subject.traits.get("near_chemical_park") else set()


def scorer_of(rules: Mapping[str, Any]) -> Scorer:
    """The law's scorer with a standard's own cut-offs and limits, where it names any."""
    cutoffs = rules.get("cutoffs")
    values: dict[str, Any] = {}
    if cutoffs:
        values["cutoffs"] = tuple(sorted(((int(d), Fraction(s)) for d, s in cutoffs.items()), reverse=True))
    if "domain_under" in rules:
        values["domain_under"] = Fraction(rules["domain_under"])
    for name in ("open_at_most", "zero_count", "zero_at_most", "domain_at_most"):
        if name in rules:
            values[name] = int(rules[name])
    return Scorer(**values) if values else LAW


def _version_in_force(
    day: date, known_at: datetime, code: str | None = None, of: Subject | None = None
) -> PackVersion | None:
    """The newest version on a day as known that asks hospitals, or the class of one subject."""
    packs = PackVersion.objects.filter(kind="standard").filter(
        Q(from_day__isnull=True) | Q(from_day__lte=day, recorded_at__lte=known_at)
    )
    if code:
        packs = packs.filter(code=code)
    wanted = HOSPITALS if of is None else {size_class(of)}
    return next((pack for pack in packs.order_by("-id") if wanted & asked_by(pack)), None)


def standard_in_force(
    city: City, day: date, known_at: datetime, code: str | None = None, of: Subject | None = None
) -> Method | None:
    """The city's standard for hospitals, or for the class of one subject, on a day as known; None while none is loaded.

    Four queries.
    """
    pack = _version_in_force(day, known_at, code, of)
    return None if pack is None else _method_of(pack, city, day)


def gone_items(day: date, known_at: datetime) -> set[str]:
    """Items that the standard in force no longer asks: retired, split or merged since. One query, two where there are any."""
    pack = _version_in_force(day, known_at)
    releases = _releases_of(pack) if pack is not None else ()
    declared = {c.item for r in releases for c in r.changes if c.change in ("retired", "split", "merged")}
    if not declared:
        return set()
    still = Indicator.objects.filter(domain__pack=pack, code__in=declared).values_list("code", flat=True)
    return declared - set(still)


def _releases_of(pack: PackVersion) -> tuple[Release, ...]:
    return tuple(Release.model_validate(declared) for declared in pack.rules.get("changes", ()))


def standards_of(
    city: City, wholes: Sequence[Subject], day: date, known_at: datetime
) -> list[tuple[Method, list[Subject]]]:
    """The standards in force with the whole subjects that each is about; a subject that none is about is left out."""
    found: dict[int, tuple[Method, list[Subject]]] = {}
    for some in _by_class(wholes):
        method = standard_in_force(city, day, known_at, of=some[0])
        if method is not None:
            found.setdefault(method.pack.pk, (method, []))[1].extend(some)
    return list(found.values())


def _by_class(wholes: Sequence[Subject]) -> list[list[Subject]]:
    """Hospitals together, whatever their size; other subjects by kind."""
    found: dict[str, list[Subject]] = {}
    for whole in wholes:
        found.setdefault(whole.kind, []).append(whole)
    return list(found.values())


def asked_by(pack: PackVersion) -> frozenset[str]:
    """Classes of subject that a standard is about; one that was loaded before standards said so is about hospitals."""
    return frozenset(pack.rules.get("asks", HOSPITALS))


def questions_of_pack(city: City, digest: str, subject: Subject, day: date) -> list[Question]:
    """The questions of the very version of a standard that was frozen by its digest; empty when it was never loaded."""
    pack = PackVersion.objects.filter(kind="standard", digest=digest).order_by("-id").first()
    return [] if pack is None else _method_of(pack, city, day).questions_for(subject)


def _method_of(pack: PackVersion, city: City, day: date) -> Method:
    domains, indicators = _content_of(pack)
    circumstances = set(pack.rules.get("circumstances", []))
    second = Stage.objects.filter(number=2).first()
    if second is not None and city.month_of(day) >= second.first_month:
        circumstances.add("stage-2")
    return Method(
        pack=pack,
        domains=domains,
        indicators=indicators,
        pillar_shares=pack.rules.get("pillars", {}),
        scorer=scorer_of(pack.rules),
        circumstances=frozenset(circumstances),
        asks=asked_by(pack),
        words=words_of(pack),
        releases=_releases_of(pack),
    )


def words_of(pack: PackVersion) -> dict[str, Any]:
    """Roll-up → group → its name in every language; from the newest version where a pack was loaded without them."""
    words: dict[str, Any] = pack.rules.get("words", {})
    if not words:
        newest = PackVersion.objects.filter(kind=pack.kind, code=pack.code).order_by("-id").first()
        words = newest.rules.get("words", {}) if newest else {}
    return {roll_up: dict(groups) for roll_up, groups in words.items()}


def pillars_of_pack(digest: str) -> dict[str, Mapping[str, str]]:
    """Names of the pillars in the very version of a standard that was frozen by its digest."""
    pack = PackVersion.objects.filter(kind="standard", digest=digest).order_by("-id").first()
    return {} if pack is None else words_of(pack).get("pillar", {})


#: Domains and indicators of loaded standards; a version that was loaded never changes, so they are read once.
_CONTENTS: Recent[tuple[list[Domain], list[Indicator]]] = Recent(8)


def _content_of(pack: PackVersion) -> tuple[list[Domain], list[Indicator]]:
    """A standard's domains and indicators in order, without their long texts.

    The keys of the rows belong to the name under which they are kept: what was loaded in a transaction that was rolled
    back is not taken for what was loaded in the next.
    """
    ends = {f"{end.__name__}_{name}": end(name) for end in (Min, Max) for name in ("pk", "capability", "domain")}
    rows = Indicator.objects.filter(domain__pack=pack).aggregate(Count("pk"), **ends)
    key = (connection.alias, str(connection.settings_dict["NAME"]), pack.pk, pack.digest, *rows.values())
    return _CONTENTS.get_or_make(key, lambda: _read_content(pack))


def _read_content(pack: PackVersion) -> tuple[list[Domain], list[Indicator]]:
    indicators = (
        Indicator.objects.filter(domain__pack=pack)
        .select_related("capability")
        .defer("texts", "texts_by_size", "capability__titles")
        .order_by("domain__order", "order")
    )
    return list(Domain.objects.filter(pack=pack).order_by("order")), list(indicators)


def not_applicable_on(subjects: Sequence[Subject], standard: str, day: date, known_at: datetime) -> dict[int, set[str]]:
    """Key of subject → indicators that do not apply on a day as known."""
    found: dict[int, set[str]] = {s.pk: set() for s in subjects}
    rows = NotApplicable.objects.filter(
        subject__in=list(found), standard=standard, from_day__lte=day, recorded_at__lte=known_at
    ).exclude(until_day__lte=day, until_recorded_at__lte=known_at)
    for row in rows:
        found[row.subject_id].add(row.indicator)
    return found


def kinds_of(method: Method) -> dict[str, Kind]:
    """Kind of each capability that the standard reads, by its newest edition."""
    read = {i.capability_id for i in method.indicators}
    editions = Edition.objects.filter(capability__in=read).order_by("number").values_list("capability__code", "kind")
    return {code: Kind(kind) for code, kind in editions}
