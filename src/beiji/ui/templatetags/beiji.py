"""`{% load beiji %}`: texts in three languages, cells, proofs, ages, ranges, icons and every component.

`{% ui "button" label=_("Save") kind="primary" %}` renders `ui/components/button.html` with exactly these values;
`{% panel title=_("To do") %} … {% endpanel %}` wraps a body. What a component takes stands in its template's first
comment and, with all states, on the catalogue page.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Engine, engines
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from beiji.ui import formats, sheets, words
from beiji.ui.addresses import address
from beiji.ui.languages import LANGUAGES, language_of, pick, picked_language
from beiji.ui.marks import cell_html, cell_name, icon_html, proof_mark

register = template.Library()

CHIP_ICONS = {"warn": "warning", "bad": "octagon", "good": "check", "info": "info"}


@register.filter
def in_language(names: Any, code: str | None = None) -> str:
    """`{{ names|in_language }}`: the current language of {"en": …, "zh-Hans": …, "he": …}."""
    return pick(names, code)


@register.filter
def label(thing: Any) -> str:
    """The name by which a person knows a thing: its `names` or `name` in the current language, else its text."""
    for attribute in ("names", "name"):
        value = getattr(thing, attribute, None)
        if value:
            return pick(value)
    return pick(thing)


@register.filter
def text_in(names: Any, code: str | None = None) -> SafeString:
    """Like `in_language`, but a text that exists only in another language carries its `lang` and `dir`."""
    other, text = picked_language(names, code), pick(names, code)
    if other is None:
        return format_html("{}", text)
    return format_html('<span lang="{}" dir="{}">{}</span>', other.pack, other.direction, text)


@register.filter
def code(value: Any) -> SafeString:
    """A code, phone, time or address inside a sentence, kept left to right."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A day as the current language writes it; a moment is first brought into the active time zone."""
    if value is None:
        return ""
    return formats.date_text(value)


@register.filter
def day_short(value: dt.date | dt.datetime | None) -> str:
    """A day where room is scarce."""
    return "" if value is None else formats.date_short(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A day with its clock time in the active time zone."""
    return "" if value is None else formats.datetime_text(value)


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """A number as the current language writes it; nothing for None."""
    return "" if value is None or value == "" else formats.number_text(value, digits=digits)


@register.filter
def bare_cells(rows: str) -> SafeString:
    """Rows of a table in which a cell without content is empty for `:empty` too, whatever the layout of the template."""
    return mark_safe(_BLANK_CELL.sub(r"\1</td>", rows))  # noqa: S308 - takes spaces out of a rendered template


_BLANK_CELL = re.compile(r"(<td\b[^>]*>)\s+</td>")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """One sign of the sprite. It is hidden from readers; a bare one needs a `title`."""
    return icon_html(name, title)


@register.simple_tag
def proof(kind: str | int | None, word: bool = True) -> SafeString:
    """`{% proof "seen" %}`: mark and word; `word=False` leaves the word to screen readers."""
    said = words.proof_word(kind)
    if not said:
        return mark_safe("")
    return format_html(
        '<span class="proof-word">{}<span{}>{}</span></span>',
        proof_mark(kind),
        "" if word else mark_safe(' class="sr"'),
        said,
    )


@register.simple_tag
def word(digit: int | None) -> str:
    """`{% word 2 %}`: the word of a level."""
    return words.level_word(digit)


@register.simple_tag
def state_word(state: str | None) -> str:
    """`{% state_word "stale" %}`: what a standing says."""
    return words.state_word(state)


@register.simple_tag
def cell(
    digit: int | None = None,
    state: str | None = None,
    proof: str | int | None = None,
    name: str = "",
    must: bool = False,
    href: str = "",
    least: bool = False,
    size: str = "",
    tabindex: str = "",
) -> SafeString:
    """A readiness cell. Give `digit` and `state` as the ledger derives them, `proof` for the corner mark, `name` for what
    it is about, `must` for an open must-pass item, `least` for a provisional roll-up ("at least"), `href` for the why."""
    return cell_html(digit, state, proof, name=name, must=must, href=href, least=least, size=size, tabindex=tabindex)


@register.simple_tag
def cell_of(thing: Any, name: str | None = None, href: str | None = None, size: str = "") -> SafeString:
    """The cell of anything that has `digit`, `state` and `proof`, and may have `must`, `least`, `href` and `name`;
    a `name` or `href` given here goes before its own."""
    read = thing.get if isinstance(thing, dict) else partial(getattr, thing)
    return cell_html(
        read("digit", None),
        read("state", None),
        read("proof", None),
        name=read("name", "") if name is None else name,
        must=read("must", False),
        href=read("href", "") if href is None else href,
        least=read("least", False),
        size=size,
    )


@register.simple_tag
def sort_mark(direction: str | None) -> SafeString:
    """The sign beside a sorted column's head: `ascending`, `descending` or nothing."""
    return icon_html("sort-up" if direction == "ascending" else "sort-down") if direction else mark_safe("")


@register.simple_tag
def chip(kind: str, text: Any, icon: str | None = None) -> SafeString:
    """A message chip: `good`, `warn`, `bad`, `info`, `exercise`, `outline`, or `unknown`. Warn and bad bring their sign."""
    sign = CHIP_ICONS.get(kind, "") if icon is None else icon
    return format_html('<span class="chip" data-kind="{}">{}{}</span>', kind, icon_html(sign) if sign else "", text)


@register.simple_tag
def cell_words(
    digit: int | None = None,
    state: str | None = None,
    proof: str | int | None = None,
    must: bool = False,
    least: bool = False,
) -> str:
    """What a cell shows, in words: for the table twin of a map."""
    return cell_name(digit, state, proof, must=must, least=least)


@register.simple_tag
def level_of(digit: str) -> str:
    """The word of a digit written as text, as loops in templates give it."""
    return words.level_word(int(digit))


@register.simple_tag
def message_kind(kind: str = "") -> str:
    """The kind of a message; Django's levels are understood."""
    first = (kind or "info").split()[-1]
    return {"success": "good", "warning": "warn", "error": "bad", "debug": "quiet"}.get(first, first)


@register.simple_tag
def message_icon(kind: str = "") -> SafeString:
    """The sign of a message's kind."""
    return icon_html(CHIP_ICONS.get(message_kind(kind), "info"))


@register.simple_tag
def control(field: Any, autocomplete: str = "") -> SafeString:
    """The control of a bound field, with the kind of entry that browsers and password managers may fill in."""
    attributes = {"autocomplete": autocomplete} if autocomplete else {}
    made: SafeString = field.as_widget(attrs=attributes)
    return made


@register.simple_tag(takes_context=True)
def ui(context: Context, component: str, **values: Any) -> SafeString:
    """Render `component` with these values and nothing else (but the request and the CSRF token)."""
    return render_component(component, values, context)


def _engine() -> Engine:
    return engines["django"].engine  # type: ignore[attr-defined]


def render_component(name: str, values: dict[str, Any], context: Context | None = None) -> SafeString:
    """A component as markup; `context` lends the request so that forms carry their token."""
    shared = {} if context is None else {key: context[key] for key in ("request", "csrf_token") if key in context}
    html = _engine().get_template(f"ui/components/{name}.html").render(Context({**shared, **values}))
    return mark_safe(html.strip())  # noqa: S308 - a rendered template; no space of the file's layout before and after it


class _Wrapper(template.Node):
    """A block tag whose body becomes `body` of the component with the same name."""

    def __init__(self, name: str, values: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.values, self.nodelist = name, values, body

    def render(self, context: Context) -> SafeString:
        values = {key: value.resolve(context) for key, value in self.values.items()}
        slots: dict[str, SafeString] = {}
        with context.push(**{SLOTS: slots}):
            body = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered by the template engine
        return render_component(self.name, {**values, **slots, "body": body}, context)


SLOTS = "slots of the component"


class _Slot(template.Node):
    """What stands between `{% slot "sub" %}` and `{% endslot %}` becomes the value `sub` of the component round it."""

    def __init__(self, name: str, body: NodeList) -> None:
        self.name, self.nodelist = name, body

    def render(self, context: Context) -> SafeString:
        text = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered by the template engine
        context[SLOTS][self.name] = text
        return mark_safe("")


@register.tag
def slot(parser: Parser, token: Token) -> _Slot:
    """`{% slot "sub" %} … {% endslot %}` inside a block component: a value with markup of its own."""
    name = token.split_contents()[1].strip("\"'")
    body = parser.parse(("endslot",))
    parser.delete_first_token()
    return _Slot(name, body)


def _wrapping(name: str) -> None:
    def compile_tag(parser: Parser, token: Token) -> _Wrapper:
        bits = token.split_contents()[1:]
        values = token_kwargs(bits, parser)
        if bits:
            raise template.TemplateSyntaxError(f"{{% {name} %}} takes named values only, not {bits[0]!r}")
        body = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return _Wrapper(name, values, body)

    register.tag(name, compile_tag)


#: Components that take a body; pyproject.toml names them to the formatter.
WRAPPING = (
    "panel",
    "level",
    "field",
    "message",
    "disclosure",
    "menu",
    "nothing",
    "why",
    "page_head",
    "table",
    "listed",
)
for _name in WRAPPING:
    _wrapping(_name)


@register.simple_tag(takes_context=True)
def html_attributes(context: Context) -> SafeString:
    """`lang`, `dir`, theme, density and mode of a page for `<html>`; theme and density come from cookies."""
    language = language_of()
    cookies = getattr(context.get("request"), "COOKIES", {})
    extra = ""
    if cookies.get("beiji_theme") in ("light", "dark"):
        extra += f' data-theme="{cookies["beiji_theme"]}"'
    if context.get("density") in ("desk", "touch", "wall") or cookies.get("beiji_density") in ("desk", "touch"):
        extra += f' data-density="{context.get("density") or cookies["beiji_density"]}"'
    if context.get("mode") == "exercise":
        extra += ' data-mode="exercise"'
    return format_html('lang="{}" dir="{}"{}', language.pack, language.direction, mark_safe(extra))  # noqa: S308 - closed words


@register.inclusion_tag("ui/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """The three languages, each in its own script; a form, so that the choice is kept."""
    request = context.get("request")
    try:
        action = reverse("set_language")
    except NoReverseMatch:
        action = ""
    here = request.get_full_path() if request is not None else ""
    return {
        "languages": LANGUAGES,
        "current": language_of().code,
        "action": action,
        "next": here,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or nothing where the house is built without that room."""
    try:
        return reverse(name, args=args) if args else address(name, **kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag
def with_query(address: str, **values: Any) -> str:
    """`{% with_query plan_url subject=code as link %}`: an address with its question, safely quoted."""
    return f"{address}?{urlencode(values)}"


@register.simple_tag
def style_sheet() -> str:
    """The address of the one sheet that every page has."""
    return reverse("ui:sheet", args=[sheets.whole().digest])


@register.simple_tag
def modules() -> list[str]:
    """The house's own JavaScript modules; each works alone."""
    return [f"ui/js/{name}.js" for name in MODULES]


MODULES = ("theme", "menu", "errors", "grid", "forms", "picking", "keeping", "folding", "live")
