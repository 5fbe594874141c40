"""Loading of packs, and the city's own targets, validities and exclusions: dated, never before the day of recording."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

from beiji.packs.overlay import apply_overlay, render
from beiji.packs.reviews import text_hash
from beiji.packs.strict import LANGUAGES
from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..book import exact
from ..models import Capability, Domain, Edition, Indicator, PackVersion, TargetStep, ValidityStep
from ..rules.rows import LedgerError, Proof
from .refresh import rewrite_city

if TYPE_CHECKING:
    from beiji.packs.library import Library
    from beiji.packs.schemas.capabilities import Capability as PackCapability
    from beiji.packs.schemas.standards import Standard, StandardHeader

SIZES = tuple(size.value for size in Subject.Size)
TEXTS = ("look_at", "proven_by", "failure", "note")
OVERLAY_CIRCUMSTANCES = {"planning_number": "planning-number-set", "legal_colours": "legal-colours"}


@change
def load_packs(
    *, city: City, library: Library, by: UUID | None, now: datetime, standards: Iterable[str] | None = None
) -> list[PackVersion]:
    """Load capabilities and standards for a city, with its overlay; what is loaded already is left alone.

    The first version of anything holds for all earlier days; later ones begin today. Standings are rewritten if
    anything was new. Returns the versions that were new.
    """
    now = hold_city(city, now)
    fresh: list[PackVersion] = []
    own = library.cities.get(city.pk)
    for pack in library.capability_packs.values():
        version = _version(city, "capabilities", pack.id, pack.version, pack.hash, {}, now, {})
        if version is not None:
            fresh.append(version)
            _load_capabilities(city, version, list(pack.capabilities.values()), now)
    for code, standard in library.standards.items():
        if standards is not None and code not in set(standards):
            continue
        adapted = apply_overlay(standard, own) if own is not None else standard
        loaded = _load_standard(city, adapted, own, library, now)
        if loaded is not None:
            fresh.append(loaded)
    for version in fresh:
        audit.write("readiness.packs-loaded", city=city.pk, by=by, of=version, now=now, version=str(version))
    if fresh:
        rewrite_city(city=city, now=now, by=by)
    return fresh


def _version(
    city: City, kind: str, code: str, version: str, digest: str, titles: Mapping[str, str], now: datetime,
    rules: Mapping[str, Any],
) -> PackVersion | None:  # fmt: skip
    """A new version row, or None if the newest has the same content."""
    newest = PackVersion.objects.filter(kind=kind, code=code).order_by("-id").first()
    if newest is not None and newest.digest == digest:
        return None
    return PackVersion.objects.create(
        city=city,
        kind=kind,
        code=code,
        version=version,
        digest=digest,
        titles=dict(titles),
        rules=dict(rules),
        from_day=None if newest is None else today_in(city, now),
        recorded_at=now,
    )


def _load_capabilities(city: City, pack: PackVersion, given: Sequence[PackCapability], now: datetime) -> None:
    """Capabilities with their editions and steps, in ten queries; what differs from the newest step begins today."""
    today = today_in(city, now)
    kept = _kept_capabilities(city, given)
    newest = {e.capability_id: e for e in Edition.objects.filter(capability__in=kept.values()).order_by("number")}
    editions: list[Edition] = []
    for capability in given:
        edition = newest.get(kept[capability.id].pk)
        if edition is not None:
            _check_same_kind(edition, capability)
        if edition is None or edition.number != capability.edition:
            first_day = None if edition is None else max(today, capability.effective or today)
            edition = _edition(pack, kept[capability.id], capability, first_day, now)
            editions.append(edition)
        else:
            _say_anew(edition, capability)
        newest[edition.capability_id] = edition
    Edition.objects.bulk_create(editions)
    targets: dict[tuple[Edition, str], Mapping[str, str]] = {}
    for capability in given:
        for size, target in capability.target.items():
            values = (
                {str(minute): exact(number) for minute, number in target.items()}
                if isinstance(target, dict)
                else {"": exact(target)}
            )
            targets[newest[kept[capability.id].pk], size] = values
    days = {newest[kept[c.id].pk]: days_by_proof(c.validity_days) for c in given}
    _add_targets(city, targets, today, now)
    _add_validities(city, days, today, now)


def _kept_capabilities(city: City, given: Iterable[PackCapability]) -> dict[str, Capability]:
    """Capabilities by code, made where there are none yet; their titles follow the newest release."""
    titles = {c.id: c.title.as_dict() for c in given}
    kept = {c.code: c for c in Capability.objects.filter(city=city, code__in=titles)}
    missing = [Capability(city=city, code=code, titles=words) for code, words in titles.items() if code not in kept]
    renamed = [c for c in kept.values() if c.titles != titles[c.code]]
    for capability in renamed:
        capability.titles = titles[capability.code]
    Capability.objects.bulk_update(renamed, ["titles"])
    return kept | {c.code: c for c in Capability.objects.bulk_create(missing)}


def _edition(
    pack: PackVersion, kept: Capability, given: PackCapability, first_day: date | None, now: datetime
) -> Edition:
    return Edition(
        city=pack.city,
        capability=kept,
        pack=pack,
        number=given.edition,
        from_day=first_day,
        recorded_at=now,
        kind=given.kind,
        unit=given.unit or "",
        better=given.better or "",
        min_sample=given.min_sample or 1,
        prove_in=list(given.prove_in),
        per_campus=given.per_campus,
        per_place=given.per_place,
        zero_at=_zero_at(given),
        percentile=given.percentile,
        raises=given.raises,
        feeds=[{"key": f.key, "how": f.how} for f in given.feeds],
        titles=given.title.as_dict(),
        measure=given.measure.as_dict() if given.measure else {},
    )


def _say_anew(edition: Edition, capability: PackCapability) -> None:
    """Words and engine links of an edition follow the newest release; its bar (kind, conditions, sample) never does."""
    words = {
        "titles": capability.title.as_dict(),
        "measure": capability.measure.as_dict() if capability.measure else {},
        "feeds": [{"key": f.key, "how": f.how} for f in capability.feeds],
    }
    if any(getattr(edition, name) != value for name, value in words.items()):
        Edition.objects.filter(pk=edition.pk).update(**words)


def _check_same_kind(newest: Edition, capability: PackCapability) -> None:
    """An edition may raise a bar, not turn the capability into another: older rows could not be judged with it."""
    has_minutes = any("" not in step.values for step in newest.targets.all())
    old = (newest.kind, newest.better, newest.per_campus, newest.per_place, has_minutes)
    new = (
        capability.kind,
        capability.better or "",
        capability.per_campus,
        capability.per_place,
        capability.is_timetable,
    )
    if old != new:
        raise LedgerError(
            "edition-turns",
            "{capability} would change its kind, direction, minutes, or being kept per campus or place. "
            "Make a new capability instead.",
            capability=capability.id,
        )


def _add_targets(
    city: City, targets: Mapping[tuple[Edition, str], Mapping[str, str]], today: date, now: datetime
) -> None:
    """A dated step for each edition and class whose newest says something else. The first holds for all earlier days."""
    known = TargetStep.objects.filter(edition__in={edition.pk for edition, _size in targets}).order_by("id")
    newest = {(step.edition_id, step.size): step.values for step in known}
    TargetStep.objects.bulk_create(
        TargetStep(
            city=city,
            edition=edition,
            size=size,
            from_day=today if (edition.pk, size) in newest else None,
            recorded_at=now,
            values=values,
        )
        for (edition, size), values in targets.items()
        if newest.get((edition.pk, size)) != values
    )


def _add_validities(city: City, days: Mapping[Edition, Mapping[str, int]], today: date, now: datetime) -> None:
    """The same for how long passes count."""
    known = ValidityStep.objects.filter(edition__in={edition.pk for edition in days}).order_by("id")
    newest = {step.edition_id: step.days for step in known}
    ValidityStep.objects.bulk_create(
        ValidityStep(
            city=city,
            edition=edition,
            from_day=today if edition.pk in newest else None,
            recorded_at=now,
            days=counted,
        )
        for edition, counted in days.items()
        if newest.get(edition.pk) != counted
    )


def days_by_proof(given: Mapping[Any, int]) -> dict[str, int]:
    """Validity for every proof: one that the pack leaves out takes the days of the next stronger one it names,
    else of the next weaker one."""
    order = [p.value for p in Proof]
    found: dict[str, int] = {}
    for position, proof in enumerate(order):
        candidates = [*order[position:], *reversed(order[:position])]
        found[proof] = next(given[c] for c in candidates if c in given)
    return found


def _zero_at(capability: PackCapability) -> dict[str, str]:
    zero = capability.zero_at
    if zero is None:
        return {}
    if isinstance(zero, dict):
        return {size: exact(number) for size, number in zero.items()}
    return {size: exact(zero) for size in capability.target}


def _load_standard(city: City, standard: Standard, own: Any, library: Library, now: datetime) -> PackVersion | None:
    header = standard.header
    overlay = own.header.overlay.get(standard.id) if own is not None else None
    stated = set(own.header.circumstances) if own is not None else set()
    circumstances = sorted(
        stated.union(
            word for name, word in OVERLAY_CIRCUMSTANCES.items() if overlay is not None and name in overlay.parameters
        )
    )
    caps = {cap.code: cap for cap in header.caps}
    rules: dict[str, Any] = {
        "cutoffs": {str(digit): exact(share) for digit, share in header.cutoffs.items()},
        "pillars": dict(header.rollups.get("pillar", {})),
        "words": _words_of_groups(header),
        "circumstances": circumstances,
    }
    if "domain-under" in caps and caps["domain-under"].share is not None:
        rules["domain_under"] = exact(caps["domain-under"].share)
    content = json.dumps([standard.hash, own.hash if own is not None else "", rules], sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    titles = header.title.as_dict() if header.title is not None else {}
    pack = _version(city, "standard", standard.id, standard.version, digest, titles, now, rules)
    if pack is None:
        return None
    codes = {c.code: c for c in Capability.objects.filter(city=city)}
    for order, domain in enumerate(standard.domains.values()):
        kept = Domain.objects.create(
            city=city, pack=pack, code=domain.id, titles=domain.title.as_dict(), weight=domain.weight, order=order
        )
        Indicator.objects.bulk_create(
            _indicator(city, kept, position, item, codes, standard, library)
            for position, item in enumerate(domain.indicators.values())
        )
    return pack


def _words_of_groups(header: StandardHeader) -> dict[str, dict[str, dict[str, str]]]:
    """Roll-up → group → its name in every language, in the order in which groups are shown."""
    return {
        "pillar": {code: words.as_dict() for code, words in header.words.pillar.items()},
        "fours": {code: words.as_dict() for code, words in header.words.fours.items()},
        "domain": {entry.id: entry.short.as_dict() for entry in header.domains if entry.short is not None},
    }


def _indicator(
    city: City, domain: Domain, order: int, item: Any, codes: Mapping[str, Capability], standard: Standard,
    library: Library,
) -> Indicator:  # fmt: skip
    texts = _words(item, standard, None)
    titles = render(item.title, standard.parameters)
    sizes = {size: (render(item.title, standard.parameters, size), _words(item, standard, size)) for size in SIZES}
    by_size = {
        size: {name: text for name, text in own.items() if text != texts[name]} for size, (_, own) in sizes.items()
    }
    texts["evidence"] = {
        str(level): [
            {"id": e, "title": standard.evidence[e].title.as_dict() if e in standard.evidence else {}} for e in wanted
        ]
        for level, wanted in item.evidence.items()
    }
    texts["effort"] = item.effort
    texts["xref"] = [x.model_dump() for x in item.xref]
    reads = library.capabilities[item.reads]
    weights = standard.header.crit_weights
    return Indicator(
        city=city,
        domain=domain,
        code=item.id,
        edition=item.edition,
        capability=codes[item.reads],
        pillar=item.pillar,
        fours=item.fours or "",
        crit=item.crit,
        crit_weight=weights[item.criticality()],
        must_pass_if=item.must_pass_if or "",
        core=item.core,
        feeds_engine=bool(reads.feeds),
        classes=list(item.classes),
        may_be_not_applicable=item.not_applicable != "never" and item.crit != "must-pass",
        order=order,
        titles=titles,
        titles_by_size={size: own for size, (own, _) in sizes.items() if own != titles},
        texts=texts,
        hashes={language: text_hash(item, standard.parameters, language) for language in LANGUAGES},
        texts_by_size={size: own for size, own in by_size.items() if own},
    )


def _words(item: Any, standard: Standard, size: str | None) -> dict[str, Any]:
    """The item's words with the numbers of one class of subject, or of all ("15/15/20/20")."""
    parameters = standard.parameters
    words: dict[str, Any] = {
        name: render(getattr(item, name), parameters, size) for name in TEXTS if getattr(item, name) is not None
    }
    words["anchors"] = {str(level): render(text, parameters, size) for level, text in item.anchors.items()}
    words["advice"] = {str(level): render(text, parameters, size) for level, text in item.advice.items()}
    return words


@change
def change_target(
    *, city: City, capability: str, size: str, values: Mapping[int | None, Fraction], from_day: date, by: UUID | None,
    now: datetime,
) -> TargetStep:  # fmt: skip
    """Set the target of a class from a day on; it judges every row on the days from then. Past maps do not change."""
    now = hold_city(city, now)
    edition = _newest_edition(capability)
    not_before_today(city, from_day, now)
    kept = {"" if minute is None else str(minute): exact(number) for minute, number in values.items()}
    step = TargetStep.objects.create(
        city=city, edition=edition, size=size, from_day=from_day, recorded_at=now, values=kept
    )
    audit.write("readiness.target-changed", city=city.pk, by=by, of=step, now=now, capability=capability, values=kept)
    rewrite_city(city=city, now=now, by=by)
    return step


@change
def change_validity(
    *, city: City, capability: str, days: Mapping[str, int], from_day: date, by: UUID | None, now: datetime
) -> ValidityStep:
    """Set how long passes count for rows with `as_of` from a day on; older rows expire as born."""
    now = hold_city(city, now)
    edition = _newest_edition(capability)
    not_before_today(city, from_day, now)
    step = ValidityStep.objects.create(
        city=city, edition=edition, from_day=from_day, recorded_at=now, days=days_by_proof(days)
    )
    audit.write("readiness.validity-changed", city=city.pk, by=by, of=step, now=now, capability=capability)
    rewrite_city(city=city, now=now, by=by)
    return step


def _newest_edition(code: str) -> Edition:
    edition: Edition | None = Edition.objects.filter(capability__code=code).order_by("-number").first()
    if edition is None:
        raise LedgerError("capability-unknown", "There is no capability {code}.", code=code)
    return edition


def not_before_today(city: City, from_day: date, now: datetime) -> None:
    if from_day < today_in(city, now):
        raise LedgerError("backdated", "It cannot begin on {day}, before today; past maps do not change.", day=from_day)
