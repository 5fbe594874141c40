"""Loading of a standard as a city's overlay adapts it: a version with everything that questions, words and scores need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from beiji.packs.carry import STAYS
from beiji.packs.frozen import everything, plain
from beiji.packs.overlay import adapted, render
from beiji.packs.reviews import text_hash
from beiji.packs.schemas.standards import StandardHeader
from beiji.packs.strict import LANGUAGES
from beiji.programme.access import today_in
from beiji.programme.models import City, Subject

from ..book import exact
from ..methodology import asked_by
from ..models import Capability, Domain, Indicator, PackVersion
from ..rules.aggregates import LAW
from ..rules.rows import LedgerError
from ..rules.successors import Asking, follows

if TYPE_CHECKING:
    from beiji.packs.library import Library
    from beiji.packs.schemas.cities import Overlay
    from beiji.packs.schemas.standards import Standard

SIZES = tuple(size.value for size in Subject.Size)
TEXTS = ("look_at", "proven_by", "failure", "note")
OVERLAY_CIRCUMSTANCES = {"planning_number": "planning-number-set", "legal_colours": "legal-colours"}


def new_version(
    city: City, kind: str, code: str, version: str, digest: str, titles: Mapping[str, str], now: datetime,
    rules: Mapping[str, Any], *, follows: bool = False,
) -> PackVersion | None:  # fmt: skip
    """A new version row, or None if the newest has the same content. The first of anything holds for all earlier days, unless
    it `follows` something else."""
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
        from_day=None if newest is None and not follows else today_in(city, now),
        recorded_at=now,
    )


def digest_of(content: Any) -> str:
    """Hash of plain values, whatever the order of their fields."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _circumstances(city: City, overlay: Overlay | None, library: Library) -> list[str]:
    """What makes conditional items must-pass in the whole city: stated, or following from what its overlay sets."""
    pack = library.cities.get(city.pk)
    stated = {*(pack.header.circumstances if pack is not None else ()), *(overlay.circumstances if overlay else ())}
    following = {word for name, word in OVERLAY_CIRCUMSTANCES.items() if overlay and name in overlay.parameters}
    return sorted(stated | following)


def refused_standards(city: City, library: Library, codes: Iterable[str]) -> dict[str, LedgerError]:
    """Which of these standards the city cannot load, since another asks the same subjects; by code, with the sentence."""
    refused: dict[str, LedgerError] = {}
    others = _in_force()
    for code in codes:
        standard = library.standards[code]
        asking = Asking(code, frozenset(standard.header.asks))
        try:
            follows(asking, others, named_by(city, library), city.pk)
        except LedgerError as refusal:
            refused[code] = refusal
        else:
            others = [*others, asking]
    return refused


def named_by(city: City, library: Library) -> frozenset[str]:
    """The standards that the city's pack says it uses; empty: all that are installed."""
    pack = library.cities.get(city.pk)
    return frozenset(pack.header.standards) if pack is not None else frozenset()


def _in_force() -> list[Asking]:
    """The newest standard of each class of subject, with the classes that it is the newest for. One query."""
    found: dict[str, set[str]] = {}
    taken: set[str] = set()
    for pack in PackVersion.objects.filter(kind="standard").order_by("-id"):
        found.setdefault(pack.code, set()).update(asked_by(pack) - taken)
        taken |= asked_by(pack)
    return [Asking(code, asks) for code, asks in found.items() if asks]


def load_standard(city: City, standard: Standard, library: Library, now: datetime) -> PackVersion | None:
    """The standard as the city's overlay adapts it, with everything that a score needs; None if it is loaded already.

    It begins today where it takes the place of another. Raises LedgerError where another asks the same subjects.
    """
    asking = Asking(standard.id, frozenset(standard.header.asks))
    is_next = follows(asking, _in_force(), named_by(city, library), city.pk)
    overlay = library.overlay_of(city.pk, standard.id)
    standard = adapted(standard, overlay, city.pk)
    header = standard.header
    rules: dict[str, Any] = {
        "cutoffs": {str(digit): exact(share) for digit, share in header.cutoffs.items()},
        "pillars": dict(header.rollups.get("pillar", {})),
        "words": _words_of_groups(header),
        "circumstances": _circumstances(city, overlay, library),
    }
    rules["changes"] = _changes(standard)
    if set(header.asks) != set(SIZES):
        rules["asks"] = list(header.asks)
    rules |= _numbers_of_caps(header)
    if header.crit_weights != StandardHeader.model_fields["crit_weights"].default:
        rules["crit_weights"] = dict(header.crit_weights)
    changes = {name: part for name, part in plain(overlay).items() if name != "base"} if overlay else {}
    digest = digest_of([standard.hash, changes, rules])
    titles = header.title.as_dict() if header.title is not None else {}
    pack = new_version(city, "standard", standard.id, standard.version, digest, titles, now, rules, follows=is_next)
    if pack is None:
        return None
    codes = {c.code: c for c in Capability.objects.filter(city=city)}
    for order, domain in enumerate(standard.domains.values()):
        row = Domain.objects.create(
            city=city, pack=pack, code=domain.id, titles=domain.title.as_dict(), weight=domain.weight, order=order
        )
        Indicator.objects.bulk_create(
            _indicator(city, row, position, item, codes, standard, library)
            for position, item in enumerate(domain.indicators.values())
        )
    return pack


def _numbers_of_caps(header: StandardHeader) -> dict[str, Any]:
    """Limits of the scorer that a standard sets otherwise than the law, by the scorer's names for them."""
    caps = {cap.code: cap for cap in header.caps}
    found: dict[str, Any] = {}
    zero, opened, under = (caps.get(code) for code in ("must-pass-zero", "must-pass-open", "domain-under"))
    if zero is not None:
        found |= {"zero_count": zero.count, "zero_at_most": zero.at_most}
    if opened is not None:
        found["open_at_most"] = opened.at_most
    if under is not None:
        found |= {"domain_under": under.share, "domain_at_most": under.at_most}
    other = {name: number for name, number in found.items() if number not in (None, getattr(LAW, name))}
    if under is not None and under.share is not None:
        other["domain_under"] = under.share  # kept since the first release: the digest of a standard rests on it
    return {name: exact(number) if isinstance(number, Fraction) else number for name, number in other.items()}


def _changes(standard: Standard) -> list[dict[str, Any]]:
    """The declared changes of all releases that bear on levels, for reading old ones under this version."""
    rows = []
    for release in standard.releases:
        bearing = [everything(change) for change in release.changes if change.change not in STAYS]
        if bearing:
            rows.append({"version": release.version, "changes": bearing})
    return rows


def _words_of_groups(header: StandardHeader) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Roll-up → pairs of group and its name in every language, in the order in which groups are shown.

    Pairs, since a database may keep the fields of an object in another order.
    """
    return {
        "pillar": [(code, words.as_dict()) for code, words in header.words.pillar.items()],
        "fours": [(code, words.as_dict()) for code, words in header.words.fours.items()],
        "domain": [(entry.id, entry.short.as_dict()) for entry in header.domains if entry.short is not None],
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
