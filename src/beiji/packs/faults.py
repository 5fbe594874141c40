"""Turns what pydantic refuses into sentences with a place and a mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from beiji.packs.problems import did_you_mean
from beiji.packs.strict import Source

T = TypeVar("T")

WORDS_FOR_BOOL = {"no": "false", "off": "false", "yes": "true", "on": "true", "No": "false", "Yes": "true"}
HINTS = {
    "crit": " Write must-pass only if failing it must cap the level.",
    "pillar": " S procedure, E equipment and space, K knowledge, T training and drill.",
    "kind": "",
}


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def build(model: Callable[..., T], source: Source, path: tuple[Any, ...] = ()) -> T | None:
    """Make `model` from the data at `path` of a file; None and problems in `source` if it does not fit."""
    data = source.data
    for step in path:
        data = data[step]
    try:
        return _adapter(model).validate_python(data)  # type: ignore[no-any-return]
    except ValidationError as error:
        seen = set()
        for fault in error.errors(include_url=False):
            code, sentence, where, of_key = _explain(fault, source, path, data, model)
            if (code, where, sentence) not in seen:
                seen.add((code, where, sentence))
                source.add(code, sentence, where, of_key=of_key)
        return None


def _explain(
    fault: Any, source: Source, base: tuple[Any, ...], data: Any, model: Any
) -> tuple[str, str, tuple[Any, ...], bool]:
    """Code, sentence, path and whether the key is meant, for one error of pydantic."""
    where = base + tuple(_existing(fault["loc"], data))
    kind, value = fault["type"], fault["input"]
    item = source.item(where) or "this file"
    name = label(where, item)
    if kind.startswith("P1"):
        return kind, f"{name} {fault['ctx']['sentence']}", where, False
    if kind == "missing":
        return "P114", f'{item} has no "{fault["loc"][-1]}". Add it.', where, False
    if kind == "extra_forbidden":
        field = str(fault["loc"][-1])
        hint = did_you_mean(field, field_names(model)) or " Take it away, or see docs/reference/packs.md."
        return "P113", f'"{field}" is no field of {item}.{hint}', base + tuple(fault["loc"]), True
    if value is None and kind == "literal_error" and fault["loc"][-1] != "[key]":
        return (*_wrong_type(kind, value, name), where, False)
    if kind in ("literal_error", "enum"):
        allowed = fault["ctx"]["expected"].replace("'", "")
        if str(fault["loc"][-1]) == "[key]":
            key = fault["loc"][-2]
            return "P103", f'"{key}" in {label(where[:-1], item)} is not {allowed}.', where, True
        field = next((str(step) for step in reversed(where) if isinstance(step, str)), "")
        hint = HINTS.get(field, did_you_mean(str(value), allowed.replace(" or ", ", ").split(", ")))
        shown = "true/false" if isinstance(value, bool) else value
        return "P103", f'{field} "{shown}" of {item} is not {allowed}.{hint or " Choose one of them."}', where, False
    return (*_wrong_type(kind, value, name), where, False)


def _wrong_type(kind: str, value: Any, name: str) -> tuple[str, str]:
    """A value of the wrong kind: number, text, true/false, list, fields, empty."""
    if value is None:
        return "P115", f"{name} has no value. Write it, or take the line away."
    shown = str(value).lower() if isinstance(value, bool) else value
    if kind.startswith("bool"):
        mend = WORDS_FOR_BOOL.get(str(value), "true or false")
        return "P107", f'{name} is "{shown}". Write {mend}.'
    if kind.startswith("int"):
        return "P106", f'{name} needs a whole number, not "{shown}". Write digits without quotes and unit.'
    if kind.startswith("string"):
        if isinstance(value, dict | list):
            return "P116", f"{name} needs one text, not several values. Write the text on the line."
        return "P108", f"{name} needs text, not {shown}. Put it in quotes: '{shown}'."
    if kind.startswith(("tuple", "list")):
        return "P116", f'{name} needs a list. Write [{shown}], or a line "- …" for each.'
    if kind.startswith(("dict", "model", "mapping")):
        return "P116", f'{name} needs fields below it, not "{shown}". Write a line for each field.'
    return "P103", f'{name} "{shown}" does not fit. See docs/reference/packs.md.'


def label(path: tuple[Any, ...], item: str) -> str:
    """What a person calls the value at `path`: `Anchor 2 of TRI-6`, `"title" of TRI-6`."""
    steps = [step for step in path if step not in ("en", "zh-Hans", "he", "all", "by_language")]
    of = f" of {item}" if item else ""
    if len(steps) >= 2 and isinstance(steps[-1], int) and isinstance(steps[-2], str):
        singular = {"anchors": "Anchor", "advice": "Advice", "evidence": "Evidence for level"}.get(steps[-2])
        return f"{singular} {steps[-1]}{of}" if singular else f'"{steps[-2]}" {steps[-1]}{of}'
    words = [str(step) for step in steps if isinstance(step, str)]
    tail = (
        words[-2:]
        if len(words) >= 2 and words[-2] in ("feeds", "target", "validity_days", "day", "night")
        else words[-1:]
    )
    return f'"{".".join(tail)}"{of}' if tail else item or "The file"


def _existing(loc: Iterable[Any], data: Any) -> list[Any]:
    """The steps of a pydantic location that are steps of the data; names of union members fall out."""
    steps = []
    for step in loc:
        in_list = isinstance(data, list | tuple) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, dict) and step in data):
            data = data[step]
            steps.append(step)
    return steps


@cache
def field_names(model: Any) -> tuple[str, ...]:
    """Names of all fields of a model and of the models inside it, for "did you mean"."""
    names: set[str] = set()
    todo, seen = [model], set()
    while todo:
        current = todo.pop()
        if isinstance(current, type) and issubclass(current, BaseModel) and current not in seen:
            seen.add(current)
            for name, field in current.model_fields.items():
                names.add(field.alias or name)
                todo.append(field.annotation)
        else:
            todo.extend(getattr(current, "__args__", ()))
    return tuple(sorted(names - {"by_language", "same", "hash"}))
