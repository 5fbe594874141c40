"""Who may see and do in this room. Whoever may see a hospital may see its ledger; only some may record in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404

from beiji.programme.access import has_city_role, has_role, subjects_where
from beiji.programme.grants import FROM_ABROAD
from beiji.programme.models import Organisation, Person, RoleGrant, Subject
from beiji.programme.visible import VisibleQuerySet, filters
from beiji.records.models import Attachment

from .backing import Sheet
from .methodology import Method
from .models import Capability, Coverage, Evidence, Indicator, RollUp, Standing
from .reviews import Review
from .rules.rows import Evaluator

Role = RoleGrant.Role
READERS = (Role.MANAGER, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR)
CLINICAL = (Role.MANAGER, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR)
CHECKERS = (Role.MANAGER, Role.COORDINATOR)
#: Subjects beside the hospitals that have a ledger of their own.
BODIES = (Subject.Kind.CITY, Subject.Kind.COMMISSION, Subject.Kind.AMBULANCE, Subject.Kind.BLOOD)
RECORDERS = (Role.MANAGER, Role.COORDINATOR, Role.LEAD)


def subjects_visible_to(person: Person) -> Any:
    """Whole subjects whose ledger the person may open, without campuses and places."""
    return Subject.objects.visible_to(person).exclude(kind__in=(Subject.Kind.CAMPUS, Subject.Kind.PLACE))


@filters(Coverage, Evidence, RollUp, Standing)
def filter_visible(rows: VisibleQuerySet, person: Person) -> VisibleQuerySet:
    """The one filter for lists and single rows."""
    field = "whole" if rows.model is Evidence else "subject"
    return rows.filter(**{f"{field}__in": subjects_visible_to(person)})


def reads_the_ledger(person: Person) -> bool:
    """Whether the person has a role in which some hospital's ledger may be read."""
    return has_role(person, *READERS)


def hospitals_visible_to(person: Person, day: date) -> Any:
    """The hospitals of a day that the person may see."""
    return subjects_visible_to(person).hospitals().on(day)


def own_hospital(person: Person) -> Subject | None:
    """The hospital of which the person is the coordinator, the first of several."""
    if not has_role(person, Role.COORDINATOR):
        return None
    hospital: Subject | None = subjects_visible_to(person).hospitals().first()
    return hospital


def hospitals_or_404(person: Person, day: date) -> Any:
    """The hospitals of a day that the person may see; for somebody without such a role the pages do not exist."""
    if not reads_the_ledger(person):
        raise Http404("no such page")
    return hospitals_visible_to(person, day)


def bodies_or_404(person: Person, day: date) -> Any:
    """Bodies of the city that are no hospitals and that the person may see; who reads no ledger has no such page."""
    if not reads_the_ledger(person):
        raise Http404("no such page")
    return subjects_visible_to(person).filter(kind__in=BODIES).on(day)


def is_shown_the_self_check(person: Person) -> bool:
    """Managers of the city and coordinators of a hospital mend what the self-check finds."""
    return has_role(person, *CHECKERS)


def is_shown_the_self_check_of(person: Person, subject: Subject) -> bool:
    """Whether the person answers for this very subject."""
    return bool(subjects_where(person, Subject.objects.filter(pk=subject.pk), *CHECKERS).exists())


def self_checked_or_404(person: Person, day: date, *, hospitals: bool = True) -> Any:
    """The hospitals, or the city's other bodies, of a day whose self-check the person may read; 404 for other roles."""
    if not is_shown_the_self_check(person):
        raise Http404("no such page")
    subjects = hospitals_visible_to(person, day) if hospitals else bodies_or_404(person, day)
    return subjects_where(person, subjects, *CHECKERS)


def self_checked_hospital_or_404(person: Person, code: str, day: date) -> Subject:
    """One hospital or body whose self-check the person may read."""
    for hospitals in (True, False):
        subject: Subject | None = self_checked_or_404(person, day, hospitals=hospitals).filter(code=code).first()
        if subject is not None:
            return subject
    raise Http404("no such subject")


def hospital_or_404(person: Person, code: str) -> Subject:
    """The whole subject with this code if the person may see it; else it does not exist for him."""
    subject: Subject | None = subjects_visible_to(person).filter(code=code).first()
    if subject is None:
        raise Http404("no such subject")
    return subject


def capability_or_404(code: str) -> Capability:
    """A capability is methodology and no secret; an unknown code is 404."""
    capability: Capability | None = Capability.objects.filter(code=code).first()
    if capability is None:
        raise Http404("no such capability")
    return capability


def row_or_404(person: Person, key: int) -> Evidence:
    """One row of a subject that the person may see."""
    rows = Evidence.objects.visible_to(person).select_related(
        "whole", "subject", "capability", "edition", "place", "city"
    )
    row: Evidence | None = rows.filter(pk=key).first()
    if row is None:
        raise Http404("no such row")
    return row


def evaluator_on(person: Person, subject: Subject) -> Evaluator | None:
    """As whom the person records on a hospital: its own coordinator is never from outside; None if not at all."""
    here = Subject.objects.filter(pk=subject.pk)
    if subjects_where(person, here, Role.COORDINATOR).exists():
        return Evaluator.SELF
    if has_city_role(person, Role.MANAGER):
        return Evaluator.CITY
    if subjects_where(person, here, Role.LEAD).exists():
        office = person.organisation
        return (
            Evaluator.PEER if office is not None and office.kind == Organisation.Kind.HOSPITAL else Evaluator.EXTERNAL
        )
    return None


def evaluator_or_404(person: Person, subject: Subject) -> Evaluator:
    """As `evaluator_on`; for others the page of recording does not exist."""
    evaluator = evaluator_on(person, subject)
    if evaluator is None or not office_of(person):
        raise Http404("may not record here")
    return evaluator


def outside_evaluator_or_404(person: Person, subject: Subject) -> None:
    """What is asked only by whoever records what was found from outside."""
    if not evaluator_or_404(person, subject).is_outside:
        raise Http404("records for his own hospital")


def row_for_the_city_or_404(person: Person, key: int) -> Evidence:
    """One row, for whoever acts for the city on its hospital; only the city strikes off."""
    row = row_or_404(person, key)
    if evaluator_or_404(person, row.whole) is not Evaluator.CITY:
        raise Http404("only the city strikes off")
    return row


def reads_the_standard(person: Person) -> bool:
    """Whoever reads a ledger, whoever approves translations, and guests from abroad, to whom it is all that is open."""
    return has_role(person, *READERS, Role.TRANSLATOR, *FROM_ABROAD)


def reads_the_standard_alone(person: Person) -> bool:
    """Guests from abroad: the method without the city's people."""
    return not has_role(person, *READERS, Role.TRANSLATOR)


def signing_kind(person: Person) -> str:
    """What the person may stand for: the clinical meaning, the translation, or nothing (empty)."""
    if has_role(person, *CLINICAL):
        return Review.Kind.CLINICAL
    return Review.Kind.TRANSLATION if has_role(person, Role.TRANSLATOR) else ""


def signing_kind_or_404(person: Person) -> str:
    """As `signing_kind`; for somebody who stands for nothing there is no signing."""
    kind = signing_kind(person)
    if not kind:
        raise Http404("may not sign")
    return kind


def review_kind(person: Person) -> str:
    """The kind of review that is shown to the person."""
    return signing_kind(person) or Review.Kind.CLINICAL


def may_export_reviews(person: Person) -> bool:
    """Managers of the city take its signatures to the packs."""
    return has_city_role(person, Role.MANAGER)


def reviews_may_be_taken_or_404(person: Person) -> None:
    """The file of signatures does not exist for anybody else."""
    if not may_export_reviews(person):
        raise Http404("no such page")


def indicator_or_404(method: Method, code: str) -> Indicator:
    """An item of the standard in force, with its texts."""
    found: Indicator | None = (
        Indicator.objects.filter(domain__pack=method.pack, code=code).select_related("domain__pack").first()
    )
    if found is None:
        raise Http404("no such indicator")
    return found


def own_review_or_404(person: Person, key: str) -> Review:
    """A signature of the person's own."""
    found: Review | None = Review.objects.filter(by=person.pk, pk=key).first() if key.isdecimal() else None
    if found is None:
        raise Http404("no such signature")
    return found


def evaluators_for(hospital: Subject) -> Any:
    """People who can have watched a hospital from outside: anybody with an institution that is not its own."""
    return (
        Person.objects.filter(erased_at__isnull=True, organisation__isnull=False)
        .exclude(organisation__subject=hospital)
        .select_related("organisation")
        .order_by("organisation__code", "code", "id")
    )


def sheet_or_404(evidence: Evidence, key: Any) -> Attachment:
    """A file behind a row that the person may see."""
    sheet = evidence.sheets.select_related("attachment").filter(attachment=key).first()
    if sheet is None:
        raise Http404("no such file")
    attachment: Attachment = sheet.attachment
    return attachment


def sheets_seen(person: Person, subject: Subject) -> list[tuple[Sheet, list[str]]]:
    """Files behind the rows of a subject that the person may see, with the codes of the items that read their capability."""
    rows = Evidence.objects.visible_to(person).filter(whole=subject)
    sheets = list(Sheet.objects.filter(evidence__in=rows).select_related("attachment", "evidence__capability"))
    reading: dict[int, list[str]] = {}
    read = {sheet.evidence.capability_id for sheet in sheets}
    pairs = Indicator.objects.filter(capability__in=read).values_list("capability", "code").distinct() if read else ()
    for capability, code in pairs:
        reading.setdefault(capability, []).append(code)
    return [(sheet, sorted(reading.get(sheet.evidence.capability_id, ()))) for sheet in sheets]


def office_of(person: Person) -> str:
    """The office in whose name the person records; empty if he has none."""
    return person.organisation.code if person.organisation is not None else ""


def may_record_on(person: Person, subject: Subject) -> bool:
    """Coordinators on their hospital, leads on the visited one, managers everywhere."""
    return bool(subjects_where(person, Subject.objects.filter(pk=subject.pk), *RECORDERS).exists())
