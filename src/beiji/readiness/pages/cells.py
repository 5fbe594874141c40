"""Cells of maps and lists, from standings and roll-ups."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from beiji.programme.models import Subject
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from ..caching import concerns
from ..methodology import Question
from ..queries import Picture
from ..rules.counting import is_hatched
from ..rules.gaps import is_open
from ..rules.rows import RollUp, Standing


@dataclass(frozen=True, slots=True)
class Cell:
    """What `{% cell %}` takes."""

    digit: int | None
    state: str
    proof: str
    must: bool = False
    least: bool = False
    href: str = ""
    name: str = ""


def why_url(city: str, subject: str, capability: str, query: str = "") -> str:
    """Address of the page that answers "why is this square this colour?"."""
    return address("readiness:why", city=city, subject=subject, capability=capability) + query


def capability_url(city: str, capability: str, query: str = "") -> str:
    """Address of the page of a capability over all hospitals."""
    return address("readiness:capability", city=city, capability=capability) + query


def items_url(city: str, query: str = "", **chosen: str) -> str:
    """Address of the list of all items with filters; `query`: the query string of a day in the past."""
    base = address("readiness:items", city=city) + query
    return f"{base}{'&' if query else '?'}{urlencode(chosen)}" if chosen else base


def hospital_url(city: str, subject: str, domain: str = "", query: str = "") -> str:
    """Address of a hospital's page, at one of its domains."""
    base = address("readiness:hospital", city=city, subject=subject)
    return base + query + (f"#{domain}" if domain else "")


def standing_cell(found: Standing, question: Question, *, applies: bool, href: str = "", name: str = "") -> Cell:
    """Cell of one indicator."""
    if not applies:
        return Cell(None, "not-applicable", "", href=href, name=name)
    return Cell(
        digit=found.digit,
        state=found.state.value,
        proof=found.proof.value if found.proof else "",
        must=question.must_pass and is_open(found.state),
        href=href,
        name=name,
    )


def domain_cell(picture: Picture, subject: Subject, domain: str, query: str = "") -> Cell:
    """Cell of a domain: digit of the roll-up, hatched if something in it has expired, framed if must-pass is open."""
    href = hospital_url(picture.city.pk, subject.code, domain, query)
    domains = picture.method.domains if picture.method else []
    own = next((d for d in domains if d.code == domain), None)
    name = f"{pick(subject.names)} · {pick(own.titles if own else {})}"
    score = picture.roll_ups[subject.code].domains.get(domain) if subject.code in picture.roll_ups else None
    held = [h for h in picture.held_by_subject.get(subject.code, ()) if h.domain == domain]
    questions = picture.questions.get(subject.code, ())
    about_others = picture.method is not None and own is not None and not concerns(picture.method, own, questions)
    if about_others or (held and not any(h.applies for h in held)):
        return Cell(None, "not-applicable", "", href=href, name=name)
    must = any(h.is_open for h in held)
    return roll_up_cell(score, is_stale=is_hatched(held), must=must, href=href, name=name)


def roll_up_cell(found: RollUp | None, *, is_stale: bool, must: bool, href: str, name: str) -> Cell:
    """Cell of an aggregate; "at least" where it is provisional."""
    if found is None or found.digit is None:
        return Cell(None, "not-assessed", "", must=must, href=href, name=name)
    return Cell(
        digit=found.digit,
        state="stale" if is_stale else ("met", "in-place", "below", "below")[3 - found.digit],
        proof=found.mark.value if found.mark else "",
        must=must,
        least=found.provisional,
        href=href,
        name=name,
    )
