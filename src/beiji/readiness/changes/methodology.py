"""Loading of packs, and the city's own targets, validities and exclusions: dated, never before the day of recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

from beiji.packs.carry import unit_factor
from beiji.packs.frozen import plain
from beiji.packs.overlay import own_targets
from beiji.programme.access import today_in
from beiji.programme.models import City
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..book import exact
from ..models import Capability, Edition, PackVersion, TargetStep, ValidityStep
from ..rules.rows import LedgerError, Proof
from .refresh import rewrite_city
from .standards import digest_of, load_standard, named_by, new_version

if TYPE_CHECKING:
    from beiji.packs.library import Library
    from beiji.packs.schemas.capabilities import Capability as PackCapability
    from beiji.packs.schemas.declared import Release
    from beiji.packs.schemas.standards import Standard


@change
def load_packs(
    *, city: City, library: Library, by: UUID | None, now: datetime, standards: Iterable[str] | None = None
) -> list[PackVersion]:
    """Load capabilities and standards for a city, with its overlay; what is loaded already is left alone.

    The first version of anything holds for all earlier days; later ones begin today. Standings are rewritten if
    anything was new. Returns the versions that were new. Of the standards only those are loaded that the city's pack names,
    where it names any; LedgerError where two ask the same subjects.
    """
    now = hold_city(city, now)
    fresh: list[PackVersion] = []
    chosen = named_by(city, library) or library.standards.keys()
    wanted = [
        s for code, s in library.standards.items() if code in chosen and (standards is None or code in set(standards))
    ]
    own = _own_targets(city, wanted, library)
    for pack in library.capability_packs.values():
        digest = pack.hash if not own else digest_of([pack.hash, plain(own)])
        version = new_version(city, "capabilities", pack.id, pack.version, digest, {}, now, {})
        if version is not None:
            fresh.append(version)
            given = [
                c.model_copy(update={"target": {**c.target, **own.get(c.id, {})}}) for c in pack.capabilities.values()
            ]
            _load_capabilities(city, version, given, pack.releases, now)
    for standard in wanted:
        loaded = load_standard(city, standard, library, now)
        if loaded is not None:
            fresh.append(loaded)
    for version in fresh:
        audit.write("readiness.packs-loaded", city=city.pk, by=by, of=version, now=now, version=str(version))
    if fresh:
        rewrite_city(city=city, now=now, by=by)
    return fresh


def _load_capabilities(
    city: City, pack: PackVersion, given: Sequence[PackCapability], releases: Sequence[Release], now: datetime
) -> None:
    """Capabilities with their editions and steps, in ten queries; what differs from the newest step begins today."""
    today = today_in(city, now)
    capabilities = _kept_capabilities(city, given)
    found = Edition.objects.filter(capability__in=capabilities.values()).select_related("pack").order_by("number")
    newest = {e.capability_id: e for e in found}
    editions: list[Edition] = []
    for capability in given:
        edition = newest.get(capabilities[capability.id].pk)
        if edition is not None:
            _check_same_kind(edition, capability)
        if edition is None or edition.number != capability.edition:
            first_day = None if edition is None else max(today, capability.effective or today)
            if edition is not None and edition.unit != (capability.unit or ""):
                _convert_older(edition, capability, releases)
            edition = _edition(pack, capabilities[capability.id], capability, first_day, now)
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
            targets[newest[capabilities[capability.id].pk], size] = values
    days = {newest[capabilities[c.id].pk]: days_by_proof(c.validity_days) for c in given}
    _add_targets(city, targets, today, now)
    _add_validities(city, days, today, now)


def _kept_capabilities(city: City, given: Iterable[PackCapability]) -> dict[str, Capability]:
    """Capabilities by code, made where there are none yet; their titles follow the newest release."""
    titles = {c.id: c.title.as_dict() for c in given}
    capabilities = {c.code: c for c in Capability.objects.filter(city=city, code__in=titles)}
    missing = [
        Capability(city=city, code=code, titles=words) for code, words in titles.items() if code not in capabilities
    ]
    renamed = [c for c in capabilities.values() if c.titles != titles[c.code]]
    for capability in renamed:
        capability.titles = titles[capability.code]
    Capability.objects.bulk_update(renamed, ["titles"])
    return capabilities | {c.code: c for c in Capability.objects.bulk_create(missing)}


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
        asked_of=list(given.asked_of),
        zero_at=_zero_at(given),
        percentile=given.percentile,
        by_records=given.by_records,
        raises=given.raises,
        feeds=[{"key": f.key, "how": f.how} for f in given.feeds],
        titles=given.title.as_dict(),
        measure=given.measure.as_dict() if given.measure else {},
    )


def _convert_older(newest: Edition, capability: PackCapability, releases: Sequence[Release]) -> None:
    """Older editions of a capability whose unit a release changes are read in the new one, by the exact factor declared."""
    factor = unit_factor(capability.id, newest.pack.version, releases)
    if factor is None:
        raise LedgerError(
            "edition-unit",
            "{capability} would be counted in {unit} instead of {old}, and no release says by which factor. Declare it.",
            capability=capability.id,
            unit=capability.unit,
            old=newest.unit,
        )
    for edition in Edition.objects.filter(capability=newest.capability_id):
        edition.scale = exact(Fraction(edition.scale) * factor)
        edition.save(update_fields=["scale"])


def _say_anew(edition: Edition, capability: PackCapability) -> None:
    """Words, engine links, who is asked and whether records are counted follow the newest release; the bar (kind, conditions, sample) never does."""
    words = {
        "titles": capability.title.as_dict(),
        "measure": capability.measure.as_dict() if capability.measure else {},
        "feeds": [{"key": f.key, "how": f.how} for f in capability.feeds],
        "asked_of": list(capability.asked_of),
        "by_records": capability.by_records,
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


def _own_targets(city: City, standards: Iterable[Standard], library: Library) -> dict[str, dict[str, Fraction]]:
    """Targets that the city's overlays set, by capability and class of subject."""
    found: dict[str, dict[str, Fraction]] = {}
    for standard in standards:
        found |= own_targets(standard, library.overlay_of(city.pk, standard.id), library.capabilities)
    return found


@change
def change_target(
    *, city: City, capability: str, size: str, values: Mapping[int | None, Fraction], from_day: date, by: UUID | None,
    now: datetime,
) -> TargetStep:  # fmt: skip
    """Set the target of a class from a day on; it judges every row on the days from then. Past maps do not change."""
    now = hold_city(city, now)
    edition = _newest_edition(capability)
    not_before_today(city, from_day, now)
    numbers = {"" if minute is None else str(minute): exact(number) for minute, number in values.items()}
    step = TargetStep.objects.create(
        city=city, edition=edition, size=size, from_day=from_day, recorded_at=now, values=numbers
    )
    audit.write(
        "readiness.target-changed", city=city.pk, by=by, of=step, now=now, capability=capability, values=numbers
    )
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
