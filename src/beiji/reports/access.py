"""Who may read which report, and who may make one."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404

from beiji.programme.access import Role, has_city_role, has_role
from beiji.programme.models import Person, Subject
from beiji.programme.visible import VisibleQuerySet, filters

from .models import Snapshot

Audience = Snapshot.Audience
#: The page for the top names no hospital; leaders read it, the city's managers make and read it.
READERS_OF_THE_PAGE = (Role.LEADER, Role.MANAGER)


@filters(Snapshot)
def filter_visible(snapshots: VisibleQuerySet, person: Person) -> VisibleQuerySet:
    """The one filter for lists and single snapshots."""
    own = Q(audience=Audience.WARD, subject__in=Subject.objects.visible_to(person))
    if has_city_role(person, *READERS_OF_THE_PAGE):
        return snapshots.filter(Q(audience=Audience.MINISTERS) | own)
    return snapshots.filter(own)


def snapshots_of(person: Person) -> VisibleQuerySet:
    """Snapshots for lists, newest first."""
    snapshots: VisibleQuerySet = Snapshot.objects.visible_to(person).select_related("subject", "city").defer("content")
    return snapshots


def may_use_room(person: Person) -> bool:
    """Whoever may read or make some report; for others the list is always empty."""
    return has_role(person, *READERS_OF_THE_PAGE, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR)


#: Reports that the list shows; older ones are found by their number.
LONGEST_LIST = 200


def newest_snapshots(person: Person, most: int = LONGEST_LIST) -> list[Snapshot]:
    """The newest reports that the person may read."""
    return list(snapshots_of(person)[:most])


def snapshot_or_404(person: Person, number: str) -> Snapshot:
    """One snapshot if the person may read it; else it does not exist for him."""
    snapshot: Snapshot | None = (
        Snapshot.objects.visible_to(person).select_related("subject", "city").filter(number=number).first()
    )
    if snapshot is None:
        raise Http404("no such report")
    return snapshot


def may_make_page(person: Person) -> bool:
    """The page for the top is made by the city's programme manager."""
    return has_city_role(person, Role.MANAGER)


def hospitals_to_report(person: Person) -> list[Subject]:
    """Hospitals of which the person may make a list."""
    return list(Subject.objects.visible_to(person).hospitals())
