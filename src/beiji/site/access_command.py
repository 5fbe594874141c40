"""`beiji doctor access PERSON URL`: does the address open for somebody now, and which rule decides."""

from __future__ import annotations

from django.utils import timezone
from django_scopes import scope

from beiji.output import CommandError
from beiji.programme import access, explaining, queries
from beiji.programme.explaining import Said
from beiji.programme.models import RoleGrant
from beiji.records.refused import ChangeRefused


def run(who: str, typed: str) -> int:
    """Print the answer; 0 when the address opens, else 1. Raises CommandError when nobody of the address's city is called so."""
    address, now = explaining.path_of(typed), timezone.now()
    city = address.split("/")[1]
    person = queries.person_called(who, city)
    if person is None:
        raise CommandError(f"nobody in {city or 'the city of this address'} has the user name {who}.")
    refusal = "this is no page of the person's city; copy the address from the browser."
    with scope(city=city), access.city_time(person.city):
        try:
            verdict = explaining.explain(person, queries.grants_of(person), address, now, refusal)
        except ChangeRefused as refused:
            raise CommandError(str(refused)) from None
    print(f"{address} {'opens' if verdict.opens else 'stays closed'} for {who} at {now:%Y-%m-%d %H:%M} UTC.")
    for said in verdict.holding:
        rule = f" ({said.rule})" if said.rule else ""
        print(f"  {'for' if said.opens else 'against'}: {_words(said)}{rule}")
    if not verdict.holding:
        print("  against: no role holds now")
    for said in verdict.others:
        print(f"  would open it, {said.state}: {_words(said)}")
    return 0 if verdict.opens else 1


def _words(said: Said) -> str:
    grant = said.grant
    where = grant.subject.code if grant.subject else "the whole city"
    days = f"{grant.since}–{grant.until or ''}"
    approval = f", approval {grant.approval}" if grant.approval else ""
    return f"{RoleGrant.Role(grant.role).value} on {where}, {days}{approval}"
