"""The menu: three parts, seven entries of each in sight, none ever left out."""

from __future__ import annotations

from django.template.loader import render_to_string

from beiji.records.providers import MenuEntry, Part
from beiji.site.context import menu_of


def entry(part: Part, order: int) -> MenuEntry:
    return MenuEntry(part, f"room{order}", f"Room {order}", f"/yangzhou/{order}/", order)


def test_a_part_shows_seven_entries_and_the_others_under_more():
    (group,) = menu_of([entry(Part.PREPARE, order) for order in (9, 3, 1, 2, 8, 4, 5, 6, 7)], "room9")
    assert [link.label for link in group.links] == [f"Room {order}" for order in range(1, 8)]
    assert [link.label for link in group.more] == ["Room 8", "Room 9"]
    assert group.is_in_more, "where one stands the rest is open"
    html = render_to_string("ui/rail.html", {"menu": [group]})
    assert "<details open>" in html
    assert html.count('class="rail-link"') == 10
    assert html.count('aria-current="page"') == 1


def test_parts_stand_in_their_order_and_have_titles_once_there_are_two():
    groups = menu_of([entry(Part.LEARN, 1), entry(Part.PREPARE, 2)], "room1")
    assert [str(group.title) for group in groups] == ["Prepare", "Learn"]
    assert menu_of([entry(Part.PREPARE, 2)], "room2")[0].title == "", "one part needs no title"
