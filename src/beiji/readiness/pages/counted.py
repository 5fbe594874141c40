"""Counts of `rules.counting` in words: the same sentence on the map, on lists, on offers and in reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext, ngettext

from beiji.ui import formats
from beiji.ui.languages import pick

from ..failing import Failure
from ..rules.counting import MISSES, Lack, SharedGap, Tally
from . import wording

_LACKS: Mapping[Lack, Callable[[int], str]] = {
    Lack.MEASURED: lambda n: ngettext("%(n)s measured", "%(n)s measured", n),
    Lack.CHECKED: lambda n: ngettext("%(n)s checked", "%(n)s checked", n),
    Lack.STATED: lambda n: ngettext("%(n)s by own word", "%(n)s by own word", n),
    Lack.UNPROVEN: lambda n: ngettext("%(n)s not yet proven", "%(n)s not yet proven", n),
    Lack.UNKNOWN: lambda n: ngettext("%(n)s unknown", "%(n)s unknown", n),
}


_GROUNDS: Mapping[Lack, Callable[[], str]] = {
    Lack.MEASURED: lambda: gettext("by measurement"),
    Lack.CHECKED: lambda: gettext("by check"),
    Lack.STATED: lambda: gettext("by its own word"),
}


def ground_word(lack: Lack) -> str:
    """On what ground an item was found to fall short. KeyError for a lack that is no miss."""
    return _GROUNDS[lack]()


_LACK: Mapping[Lack, Callable[[], str]] = {
    Lack.MEASURED: lambda: gettext("falls short, measured"),
    Lack.CHECKED: lambda: gettext("falls short, checked"),
    Lack.STATED: lambda: gettext("falls short, by its own word"),
    Lack.UNPROVEN: lambda: gettext("not yet proven"),
    Lack.UNKNOWN: lambda: gettext("unknown"),
}


def lack_word(lack: Lack) -> str:
    """What one item of one hospital lacks."""
    return _LACK[lack]()


def lack_words(counts: Mapping[Lack, int]) -> str:
    """`7 measured, 2 checked, 3 not yet proven`: what is not zero, the firmest ground first."""
    return gettext(", ").join(_LACKS[lack](counts[lack]) % {"n": counts[lack]} for lack in Lack if counts.get(lack))


def short_words(gap: SharedGap) -> str:
    """In how many of the hospitals asked it falls short, and how that was found; nothing where it does in none."""
    if not gap.short:
        return ""
    sentence = ngettext(
        "falls short in %(count)s of %(all)s hospital", "falls short in %(count)s of %(all)s hospitals", gap.of
    ) % {"count": len(gap.short), "all": gap.of}
    words_of_lack = lack_words({lack: len(gap.lacking[lack]) for lack in MISSES})
    return gettext("%(sentence)s (%(found)s)") % {"sentence": sentence, "found": words_of_lack}


def unproven_words(gap: SharedGap) -> str:
    """In how many of the hospitals asked nothing was found short but proof is missing; nothing where in none."""
    count = len(gap.lacking[Lack.UNPROVEN])
    if not count:
        return ""
    return ngettext(
        "not yet proven in %(count)s of %(all)s hospital",
        "not yet proven in %(count)s of %(all)s hospitals",
        gap.of,
    ) % {"count": count, "all": gap.of}


def unknown_words(gap: SharedGap) -> str:
    """In how many of the hospitals asked nobody knows; nothing where in none."""
    count = len(gap.lacking[Lack.UNKNOWN])
    if not count:
        return ""
    return ngettext("unknown in %(count)s of %(all)s hospital", "unknown in %(count)s of %(all)s hospitals", gap.of) % {
        "count": count,
        "all": gap.of,
    }


def gap_words(gap: SharedGap) -> str:
    """Everything that the hospitals lack of one item, each kind with its own number."""
    return gettext("; ").join(part for part in (short_words(gap), unproven_words(gap), unknown_words(gap)) if part)


def gap_title(titles: Mapping[str, str], failure: Failure | None) -> str:
    """What an item is called in a list of gaps: measured and missed, its failure with the numbers; else its own title."""
    if failure is None:
        return pick(titles)
    title = pick(failure.titles)
    if not failure.values:
        return title
    values = wording.amounts(failure.values, failure.unit)
    return gettext("%(title)s (measured: %(values)s)") % {"title": title, "values": values}


def core_share(counts: Tally) -> str:
    """Share of core items on target, in whole per cent; a dash where none applies."""
    return formats.percent_text(counts.core_met / counts.core_items) if counts.core_items else "–"
