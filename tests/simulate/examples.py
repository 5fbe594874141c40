"""Examples in the demo city for the addresses of this room: they have no arguments of their own."""

from __future__ import annotations

from beiji.simulate import access

ARGUMENTS: dict = {}
FILTERS: tuple = ()
DOORS = ((access, "may_ask", "simulate:effect"),)
