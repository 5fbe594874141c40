"""Who may see a visit, rate in it, settle and lock it; and the selectors of this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Max, Prefetch, Q, QuerySet
from django.http import Http404

from beiji.documents.access import texts
from beiji.documents.models import UserText
from beiji.programme.access import Role, has_city_role, has_role, sources_of, subject_ids_of
from beiji.programme.models import Organisation, Person, Subject
from beiji.programme.visible import VisibleQuerySet, filters
from beiji.records.models import Attachment

from . import given
from .models import Lock, Member, Note, ReplyFile, Visit
from .rules.answers import Answers, Key
from .rules.consensus import Hindrance


@filters(Visit)
def filter_visible(visits: VisibleQuerySet, person: Person) -> VisibleQuerySet:
    """The one filter for lists and single visits: whoever may see the subject may see its visits; who writes one up,
    that one."""
    of_subjects = Q(subject__in=Subject.objects.visible_to(person))
    written_up = [stream.removeprefix("visit:") for stream in sources_of(person, Role.WRITE_UP)]
    visible: VisibleQuerySet = visits.filter(of_subjects | Q(pk__in=written_up))
    return visible


def visits_of(person: Person) -> VisibleQuerySet:
    """Visits for lists; of each team only the lead and the person himself are read."""
    visits: VisibleQuerySet = Visit.objects.visible_to(person).select_related("subject")
    mine = Member.objects.filter(Q(person=person) | Q(post=Member.Post.LEAD))
    return visits.prefetch_related(Prefetch("members", queryset=mine))


def locked_visits_of(person: Person, subject: Subject) -> list[Visit]:
    """The locked visits to a subject that the person may see, the newest first."""
    rows = Visit.objects.visible_to(person).filter(subject=subject, phase=Visit.Phase.LOCKED)
    return list(rows.select_related("subject").order_by("-last_day", "id"))


def visit_or_404(person: Person, key: UUID) -> Visit:
    """One visit if the person may see it; else it does not exist for him."""
    visit: Visit | None = (
        Visit.objects.visible_to(person)
        .select_related("subject", "city")
        .prefetch_related("members__person__organisation")
        .filter(pk=key)
        .first()
    )
    if visit is None:
        raise Http404("no such visit")
    return visit


def member_of(person: Person, visit: Visit) -> Member | None:
    """The person's place on the team, if any."""
    return next((m for m in visit.members.all() if m.person_id == person.pk), None)


def _role_holds(person: Person, visit: Visit, *roles: str) -> bool:
    """Does the person hold a dated role on the visited subject today, or write this visit up? Afterwards it is gone."""
    if visit.stream in sources_of(person, Role.WRITE_UP):
        return True
    return visit.subject_id in subject_ids_of(person, *roles) or has_city_role(person, *roles)


def raters_of(visit: Visit) -> list[UUID]:
    """Who rates in a visit, the lead first."""
    rating = [m for m in visit.members.all() if m.rates]
    return [m.person_id for m in sorted(rating, key=lambda m: m.post != Member.Post.LEAD)]


def rates_in(person: Person, visit: Visit) -> bool:
    """Leads and assessors while their role on its subject lasts; the coordinator in a self-rating."""
    member = member_of(person, visit)
    if member is None or not member.rates:
        return False
    return _role_holds(person, visit, Role.LEAD, Role.ASSESSOR, Role.COORDINATOR, Role.MANAGER)


def may_rate(person: Person, visit: Visit) -> bool:
    """Whoever rates, while the visit is open."""
    return visit.phase not in (Visit.Phase.LOCKED, Visit.Phase.PLANNED) and rates_in(person, visit)


def leads(person: Person, visit: Visit) -> bool:
    """The lead of the visit's own team, while the role lasts."""
    member = member_of(person, visit)
    return member is not None and member.post == Member.Post.LEAD and rates_in(person, visit)


def may_settle(person: Person, visit: Visit) -> bool:
    """The lead, while the visit is open."""
    return leads(person, visit) and may_rate(person, visit)


def may_move(person: Person, visit: Visit) -> bool:
    """The lead or the city's manager brings an open visit into its next phase."""
    return visit.phase != Visit.Phase.LOCKED and (leads(person, visit) or may_plan(person))


def may_read_result(person: Person, visit: Visit) -> bool:
    """Whoever may see the visit, once the hospital is asked for its word."""
    return visit.phase in (Visit.Phase.REPLY, Visit.Phase.LOCKED)


def may_read_answers(person: Person, visit: Visit) -> bool:
    """The team and the manager always; the hospital and others who may see the visit once it is theirs to answer to."""
    return may_read_result(person, visit) or rates_in(person, visit) or may_plan(person)


def may_reopen(person: Person, visit: Visit) -> bool:
    """The lead while the role lasts, or the city's manager."""
    return visit.phase == Visit.Phase.LOCKED and (leads(person, visit) or may_plan(person))


def may_use_room(person: Person) -> bool:
    """Whoever may see a hospital may see its assessments; others have no list."""
    return has_role(person, Role.MANAGER, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR, Role.WRITE_UP)


def room_or_404(person: Person) -> None:
    """For somebody without business in it the room does not exist."""
    if not may_use_room(person):
        raise Http404("no such page")


def planner_or_404(person: Person) -> None:
    """The page on which a visit is planned."""
    if not may_plan(person):
        raise Http404("not his to plan")


def visit_to_rate_or_404(person: Person, key: UUID) -> Visit:
    """A visit in which the person rates."""
    visit = visit_or_404(person, key)
    if not rates_in(person, visit):
        raise Http404("not on this team")
    return visit


def visit_to_read_or_404(person: Person, key: UUID) -> Visit:
    """A visit whose answers are open to the person."""
    visit = visit_or_404(person, key)
    if not may_read_answers(person, visit):
        raise Http404("answers are not open yet")
    return visit


def visit_to_replan_or_404(person: Person, key: UUID) -> Visit:
    """A visit whose plan the person may change or call off; whether it has begun, the change asks."""
    planner_or_404(person)
    return visit_or_404(person, key)


def visit_to_lead_or_404(person: Person, key: UUID) -> Visit:
    """A visit whose differences the person settles and which he locks."""
    visit = visit_or_404(person, key)
    if not leads(person, visit):
        raise Http404("not his to lead")
    return visit


def visit_to_run_or_404(person: Person, key: UUID) -> Visit:
    """A visit that the person brings from phase to phase: its lead, or the city's manager."""
    visit = visit_or_404(person, key)
    if not (leads(person, visit) or may_plan(person)):
        raise Http404("not his to run")
    return visit


def visit_to_answer_or_404(person: Person, key: UUID) -> Visit:
    """A visit on whose disputes the person writes the team's answer."""
    visit = visit_or_404(person, key)
    if not may_answer(person, visit):
        raise Http404("not his to answer")
    return visit


def visit_to_sign_or_404(person: Person, key: UUID) -> Visit:
    """A visit whose answers to disputes the person signs for the city."""
    visit = visit_or_404(person, key)
    if not may_sign(person, visit):
        raise Http404("not his to sign")
    return visit


def may_plan(person: Person) -> bool:
    """Visits are planned by the city's programme manager."""
    return has_city_role(person, Role.MANAGER)


def may_reply(person: Person, visit: Visit) -> bool:
    """The coordinator of the visited hospital, in the phase of the reply."""
    return visit.phase == Visit.Phase.REPLY and visit.subject_id in subject_ids_of(person, Role.COORDINATOR)


#: A dispute is answered while the hospital is heard, and afterwards: then the lock has said that it was unanswered.
ANSWERED_IN = (Visit.Phase.REPLY, Visit.Phase.LOCKED)


def may_answer(person: Person, visit: Visit) -> bool:
    """Who rates writes the team's answer to a dispute, while the role lasts."""
    return visit.phase in ANSWERED_IN and rates_in(person, visit)


def may_sign(person: Person, visit: Visit) -> bool:
    """The city's side signs it: its programme manager, or the lead of the visit where he is the city's own."""
    if visit.phase not in ANSWERED_IN:
        return False
    is_own = person.organisation is not None and person.organisation.side == Organisation.Side.CITY
    return may_plan(person) or (is_own and leads(person, visit))


def is_blind(visit: Visit) -> bool:
    """Do the assessors answer without seeing each other's word? Until the team sits down to settle."""
    return visit.phase in (Visit.Phase.DESK, Visit.Phase.ON_SITE)


def must_answer_first(person: Person, visit: Visit, has_answered: bool) -> bool:
    """Whether nobody's word on a question, nor that of the round before, may lead the person: his own is not in yet."""
    return is_blind(visit) and rates_in(person, visit) and not has_answered


def hidden_from(person: Person, visit: Visit, answers: Answers) -> list[Key]:
    """Keys on which others have spoken and the person must not yet know what: on the ward, before his own answer."""
    if not is_blind(visit) or not rates_in(person, visit):
        return []
    return [key for key in answers.all_keys() if person.pk not in answers.by_key.get(key, {})]


def hindrances_shown_to(person: Person, visit: Visit, answers: Answers, hindrances: list[Hindrance]) -> list[Hindrance]:
    """What keeps a visit from its lock, without what would tell another's answer before one's own is in."""
    hidden = hidden_from(person, visit, answers)
    return [h for h in hindrances if h.key not in hidden]


def answers_shown_to(person: Person, visit: Visit, answers: Answers) -> Answers:
    """What a person may see of the answers: the other assessors' word on a key only once the own word on it is in.

    Leads settling differences and people who do not rate see all, but not before the visit has left the ward; the
    city's manager sees all from the start. Takes the hidden ones out of `answers` and returns it.
    """
    if not may_read_answers(person, visit):
        return Answers()
    answers.hide(hidden_from(person, visit, answers))
    return answers


def shown_answers(person: Person, visit: Visit) -> Answers:
    """What stands in a visit now, as far as the person may see it."""
    return answers_shown_to(person, visit, given.answers_of(visit))


def visit_before(visit: Visit) -> Visit | None:
    """The last locked visit of the same subject and kind before this one."""
    kinds = [Visit.Kind.SELF] if visit.kind == Visit.Kind.SELF else [k for k in Visit.Kind if k != Visit.Kind.SELF]
    before: Visit | None = (
        Visit.objects.filter(subject=visit.subject, phase=Visit.Phase.LOCKED, kind__in=kinds)
        .filter(last_day__lt=visit.first_day)
        .order_by("-last_day")
        .first()
    )
    return before


def notes_of(visit: Visit, ids: Iterable[UUID]) -> list[tuple[Note, UserText]]:
    """Notes by the ids of their operations, with their texts and all words; five queries however many."""
    wanted = list(ids)
    notes = list(Note.objects.filter(visit=visit, pk__in=wanted)) if wanted else []
    if not notes:
        return []
    words = texts([note.text_id for note in notes])
    return [(note, words[note.text_id]) for note in notes]


def reasons_of(visit: Visit, ids: Iterable[UUID]) -> dict[UUID, UserText]:
    """Texts of the reasons that some answers and settlements gave, by the ids of their operations."""
    return {note.pk: text for note, text in notes_of(visit, ids)}


def attachments_by_id(ids: Iterable[UUID]) -> dict[UUID, Attachment]:
    """Files by id."""
    wanted = list(ids)
    return {a.pk: a for a in Attachment.objects.filter(pk__in=wanted)} if wanted else {}


def attachment_or_404(person: Person, visit: Visit, key: UUID) -> Attachment:
    """A file that stands in this visit or came with a reply to it, for whoever may read its answers."""
    attached = {k for keys in given.answers_of(visit).attachments.values() for k in keys}
    is_here = key in attached or ReplyFile.objects.filter(reply__visit=visit, attachment=key).exists()
    attachment = attachments_by_id([key]).get(key) if is_here and may_read_answers(person, visit) else None
    if attachment is None:
        raise Http404("no such file")
    return attachment


def locks_of(visit: Visit) -> list[Lock]:
    """Every lock of a visit, the newest first."""
    return list(Lock.objects.filter(visit=visit))


def latest_round() -> int:
    """The highest round that any visit of the city belongs to; 1 before the first."""
    return Visit.objects.aggregate(latest=Max("round"))["latest"] or 1


def subjects_to_visit(day: date) -> QuerySet[Subject]:
    """Whole subjects of the city that exist on a day; hospitals first."""
    subjects: QuerySet[Subject] = (
        Subject.objects.exclude(kind__in=(Subject.Kind.CAMPUS, Subject.Kind.PLACE)).on(day).order_by("order", "code")
    )
    return subjects
