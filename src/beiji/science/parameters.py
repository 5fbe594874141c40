"""The parameter register: the only home of a medical or operational number.

Every row of ``data/parameters.csv`` carries a value with unit, a plausible range, whether it was seen in a source, derived, or assumed, and the source or
the reason. The loader refuses a row without a source, a value outside its own range, a repeated name, and a number that is not finite. Published
tables that are not scalars (Sacco's deterioration table, injury mixes) lie beside it, each row with its own source.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

KINDS = ("seen", "derived", "assumption")
COLUMNS = ("name", "value", "unit", "low", "high", "kind", "source", "used_by")


class ParameterError(ValueError):
    """A register or an override that must not be used; ``faults`` holds every fault found, one sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Parameter:
    """One row: ``value``, ``low`` and ``high`` in ``unit``; ``used_by`` names the functions or stages that read it."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    kind: str
    source: str
    used_by: str


@dataclass(frozen=True)
class Register:
    """All parameters by name. Immutable: :meth:`with_values` gives a changed copy."""

    rows: Mapping[str, Parameter]
    changed: tuple[str, ...] = ()
    digest: str = field(default="")

    def __getitem__(self, name: str) -> float:
        return self.row(name).value

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def row(self, name: str) -> Parameter:
        """Return the whole row; an unknown name raises :class:`ParameterError` with the nearest known one."""
        try:
            return self.rows[name]
        except KeyError:
            raise ParameterError([_unknown(name, self.rows)]) from None

    def sampled(self, index: int, *, seed: int = 1, kinds: tuple[str, ...] = ("derived", "assumption")) -> Register:
        """Return the register with every row of these kinds drawn from its range: triangular from low over the value to high.

        For rankings over what is not known: ``index`` 0, 1, … are parameter sets. A row's draw is keyed by (seed, index, name), so a new row moves no
        other. Engine keys (``hospital.*``, ``city.*``) are the city's own data and stay; so do switches and rows whose range is one point.
        """
        values = {
            row.name: _triangular(row, _keyed_uniform(f"{seed}/{index}/{row.name}"))
            for row in self.rows.values()
            if row.kind in kinds and row.low < row.high and row.unit != "switch" and not row.name.startswith(("hospital.", "city."))
        }
        return self.with_values(values)

    def names(self, prefix: str = "") -> list[str]:
        """Return the names that begin with ``prefix``, in file order."""
        return [name for name in self.rows if name.startswith(prefix)]

    def with_values(self, values: Mapping[str, float]) -> Register:
        """Return a register with other values; unknown names, NaN and values outside the row's range are refused, all at once."""
        faults, rows = [], dict(self.rows)
        for name, value in values.items():
            if name not in rows:
                faults.append(_unknown(name, rows))
                continue
            row = rows[name]
            if not math.isfinite(value) or not row.low <= value <= row.high:
                faults.append(
                    f"{name} = {value:g} {row.unit} is outside {row.low:g} to {row.high:g}. Give a value within the range of the register."
                )
            rows[name] = Parameter(name, float(value), row.unit, row.low, row.high, row.kind, row.source, row.used_by)
        if faults:
            raise ParameterError(faults)
        changed = tuple(sorted({*self.changed, *values}))
        return Register(MappingProxyType(rows), changed, _digest(rows.values()))


@lru_cache(maxsize=1)
def register() -> Register:
    """Return the shipped register; raises :class:`ParameterError` naming every faulty row."""
    return read_register(data_text("parameters.csv"), place="parameters.csv")


def read_register(text: str, *, place: str) -> Register:
    """Parse a register from CSV text; ``place`` is the file name used in messages."""
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ParameterError([f"{place}: the columns must be {', '.join(COLUMNS)}."])
    faults: list[str] = []
    rows: dict[str, Parameter] = {}
    for line, raw in enumerate(reader, start=2):
        where = f"{place}:{line}"
        row = _parse(where, raw, faults)
        if row is None:
            continue
        if row.name in rows:
            faults.append(f"{where}: {row.name} is given twice. Keep one row.")
        rows[row.name] = row
    if faults:
        raise ParameterError(faults)
    return Register(MappingProxyType(rows), (), _digest(rows.values()))


def _parse(where: str, raw: Mapping[str | None, str | None], faults: list[str]) -> Parameter | None:
    """Read one row; append its faults and return ``None`` when it cannot be used."""
    if None in raw or any(raw.get(column) is None for column in COLUMNS):
        faults.append(f"{where}: the row needs exactly {len(COLUMNS)} cells. Quote texts that contain a comma.")
        return None
    cells = {column: (raw[column] or "").strip() for column in COLUMNS}
    name = cells["name"]
    try:
        value, low, high = (float(cells[column]) for column in ("value", "low", "high"))
    except ValueError:
        faults.append(f"{where}: value, low and high of {name} must be numbers.")
        return None
    before = len(faults)
    if not all(map(math.isfinite, (value, low, high))) or not low <= value <= high:
        faults.append(f"{where}: {name} = {value:g} is outside its own range {low:g} to {high:g}.")
    if cells["kind"] not in KINDS:
        faults.append(f'{where}: kind "{cells["kind"]}" of {name} must be one of {", ".join(KINDS)}.')
    faults.extend(
        f"{where}: {name} has no {column.replace('_', ' ')}. Fill it in; an assumed value says why it was assumed."
        for column in ("name", "unit", "source", "used_by")
        if not cells[column]
    )
    if len(faults) > before:
        return None
    return Parameter(name, value, cells["unit"], low, high, cells["kind"], cells["source"], cells["used_by"])


def data_text(name: str) -> str:
    """Return a shipped data file of this package as text."""
    return (resources.files("beiji.science") / "data" / name).read_text(encoding="utf-8")


def data_rows(name: str) -> list[dict[str, str]]:
    """Return a shipped table as one dict per row; a row whose ``source`` is empty raises :class:`ParameterError`."""
    rows = list(csv.DictReader(data_text(name).splitlines()))
    faults = [
        f"{name}:{line}: the row has no source."
        for line, row in enumerate(rows, start=2)
        if not (row.get("source") or "").strip()
    ]
    if faults:
        raise ParameterError(faults)
    return rows


def load_register(path: Path | None = None) -> Register:
    """Return the shipped register, or one read from ``path`` (a study that keeps its own file of the same form)."""
    return register() if path is None else read_register(path.read_text(encoding="utf-8"), place=path.name)


def _keyed_uniform(key: str) -> float:
    """A number in (0, 1) that depends on the key alone."""
    return (int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") + 0.5) / 2.0**64


def _triangular(row: Parameter, u: float) -> float:
    """Triangular by inversion, kept inside the range."""
    share = (row.value - row.low) / (row.high - row.low)
    if u < share:
        drawn = row.low + math.sqrt(u * (row.high - row.low) * (row.value - row.low))
    else:
        drawn = row.high - math.sqrt((1.0 - u) * (row.high - row.low) * (row.high - row.value))
    return min(max(drawn, row.low), row.high)


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"{name} is no parameter of the register." + (f" Did you mean {near[0]}?" if near else "")


def _digest(rows: Iterable[Parameter]) -> str:
    text = "\n".join(f"{row.name}={row.value!r}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()
