"""A digest of what a run's numbers hang on: two values with the same digest give the same events, whatever the order in which their parts were written."""
from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np

LENGTH = 16


def written(value: object) -> str:
    """A value as one text: fields and keys in order of their names, sets sorted, floats exactly."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = (f"{f.name}={written(getattr(value, f.name))}" for f in dataclasses.fields(value))
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{written(k)}: {written(v)}" for k, v in value.items())) + "}"
    if isinstance(value, AbstractSet):
        return "{" + ", ".join(sorted(map(written, value))) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, np.ndarray):
        return written(value.tolist())
    if isinstance(value, float) and value.is_integer():
        return repr(int(value))
    return repr(value)


def digest(value: object) -> str:
    """Sixteen hexadecimal digits."""
    return hashlib.sha256(written(value).encode()).hexdigest()[:LENGTH]
