"""What one process keeps in memory for the next who asks: a few values by key, safe for threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

V = TypeVar("V")


class Recent(Generic[V]):
    """At most `most` values; the one that nobody has asked for longest goes first.

    The key must name everything that the value rests on, also the state of the database: nothing here ever expires.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The kept value, or a new one. Of several who ask at once one makes it and the others wait for it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            try:
                value = make()
                with self._lock:
                    self._values[key] = value
                    while len(self._values) > self.most:
                        self._values.popitem(last=False)
                return value
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def get_or_read(self, key: Hashable, read: Callable[[], V]) -> V:
        """The same for what stands in the database. In an open transaction it is read anew and not kept: what was written
        there may be rolled back."""
        return read() if is_in_transaction() else self.get_or_make(_in_database(key), read)

    def has_read(self, key: Hashable) -> bool:
        """Whether `get_or_read` would not have to read."""
        with self._lock:
            return not is_in_transaction() and _in_database(key) in self._values

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def __len__(self) -> int:
        return len(self._values)


def _in_database(key: Hashable) -> Hashable:
    return connection.alias, str(connection.settings_dict["NAME"]), key


def is_in_transaction() -> bool:
    """Whether what is read now may never be committed."""
    return bool(connection.in_atomic_block)
