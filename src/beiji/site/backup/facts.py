"""What a database holds, asked in plain SQL, so that a database of an earlier version can be backed up before its upgrade."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .manifest import LEFT_OUT, Facts

Rows = Callable[[str], list[tuple[Any, ...]]]
#: Order-free digest of a table on PostgreSQL: the sum of 60 bits of each row's MD5. It shows whether what was loaded is
#: what was dumped; against forgery stands the SHA-256 of the dump, and the Seal.
_DIGEST = "count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text"


def gather(rows: Rows, tables: Iterable[str], *, with_digests: bool) -> Facts:
    """Counts of all tables but those that no backup holds, migrations, cities with the head of their seal, attached files."""
    present = sorted(set(tables))

    def of(table: str, columns: str) -> list[tuple[Any, ...]]:
        return rows(f'SELECT {columns} FROM "{table}"') if table in present else []  # noqa: S608 - our own names

    counts, digests = {}, {}
    for table in present:
        if table in LEFT_OUT:
            continue
        ((number, *digest),) = rows(f'SELECT {_DIGEST if with_digests else "count(*)"} FROM "{table}" t')  # noqa: S608
        counts[table] = int(number)
        if digest:
            digests[table] = str(digest[0])
    seals = of("records_seal", "city, number, digest")
    heads = {city: f"{number} {digest}" for city, number, digest in sorted(seals, key=lambda seal: seal[1])}
    return Facts(
        counts=counts,
        digests=digests,
        migrations=tuple(sorted((str(app), str(name)) for app, name in of("django_migrations", "app, name"))),
        cities={str(code): heads.get(code, "") for (code,) in of("programme_city", "code")},
        files={str(digest): int(size) for digest, size in of("records_attachment", "DISTINCT sha256, size")},
    )
