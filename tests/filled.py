"""A page's form as a browser would send it: what stands in its fields."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Reader(HTMLParser):
    """Collects every successful control of every form; forms are kept apart."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.inside: tuple[str, list[str]] | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self._add(name, given.get("value", ""))
        elif tag == "textarea":
            self.inside = (name, [])
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.inside[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.inside:
            self._add(self.inside[0], "".join(self.inside[1]).removeprefix("\n"))
            self.inside = None
        if tag == "select":
            self.select = ""

    def _add(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)


def filled(response: Any, field: str) -> dict[str, list[str]]:
    """The values of the form that has `field`, ready to be posted again."""
    reader = _Reader()
    reader.feed(response.content.decode())
    found = next(form for form in reader.forms if field in form)
    found.pop("csrfmiddlewaretoken", None)
    return found
