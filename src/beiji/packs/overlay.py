"""A city's overlay on a standard, and `{{parameter}}` in texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from beiji.packs.schemas.common import HOSPITAL_CLASSES, Text
from beiji.packs.schemas.standards import Domain, Parameter, Standard

if TYPE_CHECKING:
    from beiji.packs.schemas.capabilities import Capability
    from beiji.packs.schemas.cities import City, Overlay

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")


def apply_overlay(standard: Standard, city: City) -> Standard:
    """`standard` with the overlay of a city pack: its parameters, exclusions with reason and own items."""
    return adapted(standard, city.header.overlay.get(standard.id), city.id)


def adapted(standard: Standard, overlay: Overlay | None, city: str) -> Standard:
    """`standard` as a city uses it; without an overlay only its city is noted."""
    if overlay is None:
        return standard.model_copy(update={"city": city})
    excluded = {exclusion.id for exclusion in overlay.exclude}
    domains: dict[str, Domain] = {}
    for code, domain in standard.domains.items():
        indicators = {id: item for id, item in domain.indicators.items() if id not in excluded}
        indicators |= {item.id: item for item in overlay.add.get(code, ())}
        domains[code] = domain.model_copy(update={"indicators": indicators})
    parameters = {name: own_parameter(standard.parameters.get(name), own) for name, own in overlay.parameters.items()}
    return standard.model_copy(
        update={
            "domains": domains,
            "parameters": {**standard.parameters, **parameters},
            "excluded": overlay.exclude,
            "city": city,
        }
    )


PER_UNIT = {("%", "share"): Fraction(1, 100), ("s", "min"): Fraction(1, 60), ("min", "h"): Fraction(1, 60)}
"""(unit of a parameter, unit of the capability whose target it is) → factor; equal in all other pairs."""


def targets_of(parameter: Parameter, capability: Capability) -> dict[str, Fraction]:
    """The parameter as targets of a capability by class of hospital, in the capability's unit."""
    factor = PER_UNIT.get((parameter.unit or "", capability.unit or ""), Fraction(1))
    value = parameter.value
    classes = [name for name in HOSPITAL_CLASSES if name in capability.target]
    if isinstance(value, Mapping):
        return {name: value[name] * factor for name in classes if name in value}
    return dict.fromkeys(classes, value * factor) if isinstance(value, Fraction) else {}


def own_targets(
    standard: Standard, overlay: Overlay | None, capabilities: Mapping[str, Capability]
) -> dict[str, dict[str, Fraction]]:
    """Capability → class → target, for every parameter of a city that is the target of a capability."""
    found: dict[str, dict[str, Fraction]] = {}
    for name, own in overlay.parameters.items() if overlay is not None else ():
        base = standard.parameters.get(name)
        capability = capabilities.get(base.target_of or "") if base is not None else None
        if base is not None and capability is not None:
            found[capability.id] = targets_of(own_parameter(base, own), capability)
    return found


def own_parameter(base: Parameter | None, own: Parameter) -> Parameter:
    """The city's value with the standard's unit and title; a table for some classes leaves the others as they are."""
    if base is None:
        return own
    value = own.value
    if isinstance(value, Mapping) and isinstance(base.value, Mapping):
        value = {**base.value, **value}
    return base.model_copy(update={"value": value, "src": own.src or base.src})


def number_words(value: Fraction) -> str:
    """A number in digits as every language prints it in packs: 15, 0.5; a fraction that does not end stays 1/3."""
    if value.denominator == 1:
        return str(value.numerator)
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return f"{float(value):g}" if denominator == 1 else f"{value.numerator}/{value.denominator}"


#: Language → what stands between the ends of a range; a dash would turn round in Hebrew.
BETWEEN = {"en": " to ", "zh-Hans": "至", "he": " עד "}


def range_words(numbers: Collection[Fraction], language: str) -> str:
    """Several numbers as the range that holds them, for readers to whom none of them belongs alone."""
    ends = sorted({min(numbers), max(numbers)})
    return BETWEEN[language].join(number_words(n) for n in ends)


def parameter_words(parameter: Parameter, size_class: str | None = None, language: str = "") -> str:
    """The value in digits. A table without a class: in a language the range of its values (25 to 120); else all of them,
    largest class first (120/70/40/25), as reviewers sign them."""
    value = parameter.value
    if isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return number_words(value)
    if size_class in value:
        return number_words(value[size_class])
    if language:
        return range_words(value.values(), language)
    order = [name for name in HOSPITAL_CLASSES if name in value] + [
        name for name in value if name not in HOSPITAL_CLASSES
    ]
    words = [number_words(value[name]) for name in order]
    return words[0] if len(set(words)) == 1 else "/".join(words)


def substitute(
    text: str, parameters: Mapping[str, Parameter], size_class: str | None = None, language: str = ""
) -> str:
    """`text` with each {{parameter}} in digits, for one class of subject where the parameter is a table, or for all.

    An unknown parameter stays as written; the checker has refused it before (P121).
    """

    def digits(match: re.Match[str]) -> str:
        parameter = parameters.get(match.group(1))
        return match.group() if parameter is None else parameter_words(parameter, size_class, language)

    return PLACEHOLDER.sub(digits, text)


def render(text: Text, parameters: Mapping[str, Parameter], size_class: str | None = None) -> dict[str, str]:
    """A text in every language with its parameters filled in; the form that pages and the database take."""
    return {language: substitute(words, parameters, size_class, language) for language, words in text.as_dict().items()}


TARGET = "{target}"
