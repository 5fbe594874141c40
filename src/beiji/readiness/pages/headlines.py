"""How ready some hospitals are, in one sentence with its numbers: on the first page, on the map and in reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..queries import Picture
from ..rules.counting import Tally
from ..rules.headline import Headline, headline


def answer_of(picture: Picture) -> str:
    """The answer to "how ready?" for the hospitals of a picture; nothing where no standard asks anything."""
    if picture.method is None or not picture.tally.items:
        return ""
    known = {h.domain for h in picture.held if h.is_known}
    return headline_sentences(picture.tally, len(known), len(picture.method.domains))


def headline_sentences(counts: Tally, domains: int, all_domains: int) -> str:
    """The city's standing: whole sentences, each carried by the number it names."""
    values = {
        "known": counts.known, "items": counts.items, "assessed": counts.assessed, "hospitals": counts.hospitals,
        "must": counts.must_items, "in_place": counts.must_items - counts.open_items, "open": counts.open_items,
        "with_open": counts.open_hospitals, "met": counts.core_met, "core": counts.core_items,
        "domains": domains, "all": all_domains,
    }  # fmt: skip
    sentence = _HEADLINES[headline(counts)](counts).format(**values)
    unknown = _unknown_sentence(counts)
    return _("{sentence} {second}").format(sentence=sentence, second=unknown) if unknown else sentence


def _unknown_sentence(counts: Tally) -> str:
    if not counts.open_unknown or headline(counts) not in (Headline.MOST_IN_PLACE, Headline.HALF_OPEN):
        return ""
    return ngettext(
        "Of those open, {count} is not known yet.", "Of those open, {count} are not known yet.", counts.open_unknown
    ).format(count=counts.open_unknown)


_HEADLINES: Mapping[Headline, Callable[[Tally], str]] = {
    Headline.NOTHING: lambda c: _("Nothing is known yet: none of {items} items has been assessed."),
    Headline.TOO_LITTLE: lambda c: ngettext(
        "Too little is known for a verdict: {known} of {items} items, in {assessed} of {hospitals} hospital.",
        "Too little is known for a verdict: {known} of {items} items, in {assessed} of {hospitals} hospitals.",
        c.hospitals,
    ),
    Headline.CORE_ONLY: lambda c: ngettext(
        "{met} of {core} core items are proven in {hospitals} hospital.",
        "{met} of {core} core items are proven in {hospitals} hospitals.",
        c.hospitals,
    ),
    Headline.ALL_IN_PLACE: lambda c: ngettext(
        "Every must-pass item is in place in the {hospitals} hospital, in {domains} of {all} domains.",
        "Every must-pass item is in place in all {hospitals} hospitals, in {domains} of {all} domains.",
        c.hospitals,
    ),
    Headline.MOST_IN_PLACE: lambda c: ngettext(
        "Most must-pass items are in place, {in_place} of {must}; {open} is open, in {with_open} of {hospitals} hospitals.",
        "Most must-pass items are in place, {in_place} of {must}; {open} are open, in {with_open} of {hospitals} hospitals.",
        c.open_items,
    ),
    Headline.HALF_OPEN: lambda c: ngettext(
        "Half of the must-pass items or more are open: {open} of {must}, in {with_open} of {hospitals} hospital.",
        "Half of the must-pass items or more are open: {open} of {must}, in {with_open} of {hospitals} hospitals.",
        c.hospitals,
    ),
}
