"""Every list of the rooms is searched, filtered, sorted and taken away the same way, and what leaves is written down."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django_scopes import scope

from beiji.records.models import AuditLine

#: Address → who reads it, a filter with a choice, a column that sorts.
LISTS = {
    "assessments/": ("manager", "show=locked", "days"),
    "findings/": ("manager", "show=leaders", "place"),
    "decisions/": ("manager", "show=late", "due"),
    "translations/": ("manager", "language=he", "written"),
    "readiness/gaps/": ("manager", "show=must", "hospitals"),
    "actions/gaps/": ("manager", "show=must", "hospitals"),
    "actions/gaps/?subject=ginkgo": ("manager", "show=must", "level"),
}


def address(path: str, query: str) -> str:
    return f"/yangzhou/{path}{'&' if '?' in path else '?'}{query}"


def rows_of(html: str) -> list[str]:
    table = html.split("<tbody>", 1)[1].split("</tbody>", 1)[0] if "<tbody>" in html else ""
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in re.findall(r"<tr.*?</tr>", table, re.S)
    ]


def taken(demo, who: str, path: str, query: str = "") -> list[list[str]]:
    answer = demo.clients[who].get(address(path, f"file=csv&{query}"))
    assert answer.status_code == 200, path
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def lines_kept(demo) -> int:
    with scope(city=demo.city.pk):
        return AuditLine.objects.filter(kind="programme.list-taken").count()


@pytest.mark.parametrize("path", list(LISTS))
def test_a_filter_narrows_the_screen_and_the_file_alike(demo, path):
    who, chosen, _sort = LISTS[path]
    every, fitting = taken(demo, who, path), taken(demo, who, path, chosen)
    assert every[0] == fitting[0], "the same columns"
    assert len(every) > 1
    assert {tuple(row) for row in fitting} <= {tuple(row) for row in every}
    html = demo.clients[who].get(address(path, chosen)).content.decode()
    assert len(rows_of(html)) == min(50, len(fitting) - 1)
    assert 'class="filter-chip"' in html


@pytest.mark.parametrize("path", list(LISTS))
def test_a_column_sorts_both_ways(demo, path):
    who, _chosen, sort = LISTS[path]
    up, down = taken(demo, who, path, f"sort={sort}"), taken(demo, who, path, f"sort=-{sort}")
    assert sorted(up) == sorted(down)
    assert up != down
    assert f'href="?{"subject=ginkgo&amp;" if "subject" in path else ""}sort={sort}"' in (
        demo.clients[who].get(f"/yangzhou/{path}").content.decode()
    )


@pytest.mark.parametrize("path", list(LISTS))
def test_a_search_finds_the_first_row_by_its_own_words(demo, path):
    who = LISTS[path][0]
    first = taken(demo, who, path)[1]
    word = max(re.findall(r"\w+", " ".join(first)), key=len)
    hits = taken(demo, who, path, f"q={word}")[1:]
    assert first in hits
    assert all(word.casefold() in " ".join(row).casefold() for row in hits)
    assert taken(demo, who, path, "q=zzzqqq")[1:] == []
    assert "Nothing fits these filters." in demo.clients[who].get(address(path, "q=zzzqqq")).content.decode()


@pytest.mark.parametrize("path", list(LISTS))
def test_what_is_taken_is_written_down_and_guests_take_nothing(demo, path):
    who, before = LISTS[path][0], lines_kept(demo)
    taken(demo, who, path)
    assert lines_kept(demo) == before + 1
    guest = demo.clients["assessor"].get(address(path, "file=csv"))
    assert guest.status_code == 404 or guest.url.startswith("/yangzhou/exports/new/")
    assert lines_kept(demo) == before + 1
