"""The list of what several hospitals lack: its columns and filters."""

from __future__ import annotations

from django.utils.translation import gettext

from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from ..queries import Picture
from .city import Shared


def columns() -> list[Column[Shared]]:
    """The columns on the screen and in a file, in one order."""
    return [
        Column("item", gettext("Item"), lambda s: f"{s.code} {s.title}", lambda s: s.code),
        Column("hospitals", gettext("Hospitals"), lambda s: s.words, lambda s: s.hospitals),
        Column("marks", gettext("Marks"), lambda s: gettext("must-pass") if s.must_pass else "", sorts=False),
        Column("count", gettext("Number of hospitals"), lambda s: s.hospitals, is_on_page=False),
    ]


def facets(picture: Picture) -> list[Facet[Shared]]:
    """Must-pass items, and the domain."""
    domains = [(d.code, pick(d.titles)) for d in picture.method.domains] if picture.method else []
    must = [("must", gettext("must-pass"))]
    return [
        Facet("show", gettext("Show"), gettext("All items"), must, lambda s: ("must",) if s.must_pass else ()),
        Facet("domain", gettext("Domain"), gettext("All domains"), domains, lambda s: (s.domain,)),
    ]
