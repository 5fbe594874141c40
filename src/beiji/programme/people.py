"""People by name: beside what they said and did, and in the lists from which somebody is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from beiji.ui.languages import pick
from beiji.ui.listing import folded

from .models import Organisation, Person


def people_by_id(keys: Iterable[UUID | None]) -> dict[UUID, Person]:
    """People by id, with their institutions: of a record that is joined to another, that other one. One query, none where no id is given."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    people = Person.objects.filter(pk__in=wanted).select_related("organisation", "joined_to__organisation")
    return {person.pk: person.joined_to or person for person in people}


def name_of(person: Person | None) -> str:
    """A person's name, or that it was erased; empty where there is nobody."""
    return "" if person is None else pick(person.names) or _erased()


def name_in(people: Mapping[UUID, Person], key: UUID | None) -> str:
    """The name of the person with an id, of those that were read; empty where no id was kept."""
    return "" if key is None else name_of(people.get(key)) or _erased()


def _erased() -> str:
    return _("somebody whose name was erased")


def office_of(person: Person) -> str:
    """The name of the person's institution; empty where he has none."""
    return pick(person.organisation.names) if person.organisation is not None else ""


def people_to_choose(*, city_only: bool = False, also: Iterable[UUID | None] = ()) -> QuerySet[Person]:
    """People who can be chosen for something, by institution; `city_only`: without the guests. `also`: the ids of people
    who stand there already, whoever they are."""
    choosable = Q(erased_at__isnull=True, joined_to__isnull=True)
    if city_only:
        choosable &= Q(organisation__side=Organisation.Side.CITY)
    wanted = choosable | Q(pk__in=[key for key in also if key is not None])
    people: QuerySet[Person] = Person.objects.filter(wanted).select_related("organisation")
    return people.order_by("organisation__code", "code", "id")


def guests_to_choose() -> QuerySet[Person]:
    """People of visiting institutions, who can be given access as guests."""
    return people_to_choose().exclude(organisation__side=Organisation.Side.CITY).filter(organisation__isnull=False)


def search_text_of(names: Mapping[str, str], post: Mapping[str, str]) -> str:
    """Names and posts in every language, as `matching` compares them; kept beside them, since no database folds a JSON text."""
    return "\n".join(folded(words) for words in (*names.values(), *post.values()) if words)


#: Words of a search that are looked at (assumption: nobody's name and institution have more).
MOST_WORDS = 8


def matching(people: QuerySet[Person], search: str, *, also: Callable[[str], Q] | None = None) -> QuerySet[Person]:
    """Those of whom each word of a search is a part of the name, the post or the institution's name, or what `also` says of a
    folded word. One query for the institutions, one for the people."""
    words = folded(search).split()[:MOST_WORDS]
    offices = list(Organisation.objects.values_list("pk", "names")) if words else []
    for word in words:
        named = [key for key, names in offices if any(word in folded(name) for name in names.values())]
        fits = Q(search_text__contains=word) | Q(organisation__in=named)
        people = people.filter(fits | also(word) if also else fits)
    return people
