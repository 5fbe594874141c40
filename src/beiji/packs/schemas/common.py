"""Building blocks that every kind of pack uses: texts in three languages, exact numbers, ids, headers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, NoReturn

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

LANGUAGES: tuple[str, ...] = ("en", "zh-Hans", "he")
HOSPITAL_CLASSES: tuple[str, ...] = ("large", "tertiary", "county", "small")


SizeClass = Literal["large", "tertiary", "county", "small", "ambulance", "blood", "commission", "consortium", "city"]
HospitalClass = Literal["large", "tertiary", "county", "small"]
Promise = Literal["full", "titles", "none"]

FRACTION = re.compile(r"-?[0-9]+/[1-9][0-9]*\Z")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?\Z")
VERSION = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}\Z")


def refuse(code: str, sentence: str) -> NoReturn:
    """Raise a fault that the loader prints as it stands, with the code of its rule page."""
    raise PydanticCustomError(code, "{sentence}", {"sentence": sentence})


def exact_number(value: Any) -> Fraction:
    """An int, a decimal or a fraction `1/3`, kept exactly."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        refuse("P106", "needs a number.")
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if FRACTION.match(value):
        return Fraction(value)
    if value in ("no", "yes", "on", "off"):
        refuse("P106", f'"{value}" is not a number. Write digits.')
    if re.match(r"-?[0-9]", value):
        refuse(
            "P106",
            f'"{value}" is not a plain number. Write digits as in 15, 0.5 or 1/3, without quotes, unit or leading 0.',
        )
    refuse("P106", f'"{value}" is not a number. Write digits as in 15, 0.5 or 1/3.')


def iso_date(value: Any) -> dt.date:
    """A day written 2026-10-01."""
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    refuse("P117", f'"{value}" is not a day. Write it as 2026-10-01.')


def _id(value: Any) -> str:
    if isinstance(value, str) and ID.match(value):
        return value
    refuse("P118", f'"{value}" cannot be an id. Use letters, digits, - and . only, for example ed-clear-time or TRI-6.')


def _version(value: Any) -> str:
    if isinstance(value, str) and VERSION.match(value):
        return value
    refuse("P118", f'"{value}" is not a version. Write three numbers as in 1.0.0.')


Number = Annotated[Fraction, BeforeValidator(exact_number)]
Day = Annotated[dt.date, BeforeValidator(iso_date)]
Id = Annotated[str, BeforeValidator(_id)]
Version = Annotated[str, BeforeValidator(_version)]


class Part(BaseModel):
    """Base of everything in a pack: frozen, and no field that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)


class Text(Part):
    """One short text in the languages that the pack promises. `same`: equal in all of them (`all: METHANE`)."""

    by_language: dict[str, StrictStr]
    same: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_lines(cls, value: Any) -> Any:
        if isinstance(value, Text):
            return value
        if not isinstance(value, Mapping):
            refuse("P116", "needs a line for each of en, zh-Hans and he.")
        if "by_language" in value:
            return value
        if "all" in value:
            if len(value) > 1:
                refuse(
                    "P111",
                    "has all: beside other languages. Keep all: only where the text is the same in every language.",
                )
            text = value["all"]
            return {"by_language": dict.fromkeys(LANGUAGES, str(text) if isinstance(text, int) else text), "same": True}
        for key in value:
            if key not in LANGUAGES:
                refuse("P113", f'has "{key}", which is no language of the packs. Use en, zh-Hans and he.')
        for key, text in value.items():
            if text is None:
                refuse("P115", f"has nothing after {key}:. Write the text.")
            if not isinstance(text, str):
                shown = str(text).lower() if isinstance(text, bool) else text
                refuse("P108", f"has {shown} in {key}, which is no text. Put it in quotes: '{shown}'.")
        return {"by_language": dict(value)}

    def __getitem__(self, language: str) -> str:
        """The text in `language`, or the English one where a pack promises no more."""
        return self.by_language.get(language) or self.by_language.get("en", "")

    def as_dict(self) -> dict[str, str]:
        """The form kept in the database: {"en": …, "zh-Hans": …, "he": …}."""
        return dict(self.by_language)

    def map(self, change: Callable[[str], str]) -> Text:
        """The same text with `change` applied to each language."""
        return Text(by_language={language: change(text) for language, text in self.by_language.items()}, same=self.same)


class Header(Part):
    """What every pack says of itself."""

    id: Id
    kind: StrictStr
    version: Version
    licence: StrictStr = "CC-BY-4.0"
    languages: dict[Literal["en", "zh-Hans", "he"], Promise] = {"en": "full", "zh-Hans": "full", "he": "full"}
    needs: dict[str, StrictStr] = {}
    owners: dict[str, StrictStr] = {}
    title: Text | None = None
    about: Text | None = None
    title_fields: ClassVar[tuple[str, ...]] = ("title",)
    """What a language promised as `titles` must have."""

    def promises(self, language: str) -> Promise:
        """How much of the pack exists in `language`."""
        return self.languages.get(language, "none")  # type: ignore[call-overload, no-any-return]


class Datum(Part):
    """A point on the ground; the datum is said, since Chinese map applications use another."""

    lat: Number
    lon: Number
    datum: Literal["wgs84", "gcj02"]


def either(one: Any, many: Any) -> Any:
    """A field that takes one value or a table of values, chosen by what was written, so that a fault is named once."""

    def chosen(value: Any) -> str:
        return "many" if isinstance(value, Mapping) else "one"

    return Annotated[Annotated[one, Tag("one")] | Annotated[many, Tag("many")], Discriminator(chosen)]


Flag = StrictBool
Whole = StrictInt
Word = StrictStr
