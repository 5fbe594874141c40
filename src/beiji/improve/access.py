"""Who may see actions, findings and decisions, and who may change them. Hidden is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from beiji.programme.access import CITY_WIDE, Role, has_city_role, has_role, subjects_where
from beiji.programme.models import Organisation, Person, Subject
from beiji.programme.visible import VisibleQuerySet, filters
from beiji.records.models import Attachment

from .models import Action, Decision, Finding, Ruling
from .querysets import ActionQuerySet

#: Roles that plan actions and say what is done; the coordinator for his hospital, the manager for every subject.
PLANNERS = (Role.MANAGER, Role.COORDINATOR)
#: Roles that look at a hospital's actions.
READERS = (Role.MANAGER, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR)
#: Roles that write findings and ask for decisions.
AUTHORS = (Role.MANAGER, Role.LEAD)


def may_read(person: Person) -> bool:
    """Whether the person has any business in this room at all."""
    return has_role(person, *READERS)


def room_or_404(person: Person) -> None:
    """For somebody without business in it the room does not exist."""
    if not may_read(person):
        raise Http404("no such page")


def register_or_404(person: Person) -> None:
    """The register of decisions, for those who keep it, ask for decisions or are asked."""
    if not may_read_decisions(person):
        raise Http404("no such page")


def writer_or_404(person: Person) -> None:
    """The pages on which findings are written and decisions asked for."""
    if not may_write_findings(person):
        raise Http404("not his to write")


def planner_or_404(person: Person) -> None:
    """The pages on which actions are planned."""
    if not may_plan(person):
        raise Http404("not his to plan")


def ruler_or_404(person: Person) -> None:
    """What is asked only while a decision of the authorities is recorded."""
    if not may_rule(person):
        raise Http404("not his to record")


def sees_whole_city(person: Person) -> bool:
    """Whether the person sees every subject of the city."""
    return has_city_role(person, *CITY_WIDE)


@filters(Action)
def filter_visible_actions(actions: ActionQuerySet, person: Person) -> ActionQuerySet:
    """The one filter for lists and single actions."""
    if not may_read(person):
        return actions.none()
    if sees_whole_city(person):
        return actions
    visible = Subject.objects.visible_to(person)
    shared = Action.concerns.through.objects.filter(subject__in=visible).values("action")
    return actions.filter(subject__in=visible) | actions.filter(pk__in=shared)


@filters(Finding)
def filter_visible_findings(findings: VisibleQuerySet, person: Person) -> VisibleQuerySet:
    """All for the city's managers; for others their own, and those whose subjects they may all see."""
    if not may_read(person):
        return findings.none()
    if sees_whole_city(person):
        return findings
    through = Finding.subjects.through.objects
    hidden = through.exclude(subject__in=Subject.objects.visible_to(person)).values("finding")
    named = through.values("finding")
    return findings.filter(written_by=person.pk) | findings.filter(pk__in=named).exclude(pk__in=hidden)


@filters(Decision)
def filter_visible_decisions(decisions: VisibleQuerySet, person: Person) -> VisibleQuerySet:
    """The whole register for those who keep it; for leaders their page and what their office is asked."""
    if keeps_decisions(person):
        return decisions
    if not is_leader(person):
        return decisions.none()
    return decisions.filter(order__gt=0) | decisions.filter(owner=person.organisation_id)


def may_read_decisions(person: Person) -> bool:
    """Whoever keeps the register or asks for decisions, and the leaders who are asked."""
    return keeps_decisions(person) or is_leader(person)


def keeps_decisions(person: Person) -> bool:
    """The city's managers, and the leads of the visiting team: they see the whole register."""
    return has_role(person, *AUTHORS)


def is_leader(person: Person) -> bool:
    """A minister or mayor: he sees what stands on the page for leaders and what is asked of his own office."""
    return has_city_role(person, Role.LEADER)


def is_asked(person: Person) -> bool:
    """The city's own leaders decide; a guest reads."""
    office = person.organisation
    return is_leader(person) and office is not None and office.side == Organisation.Side.CITY


def may_rule(person: Person) -> bool:
    """The city's manager records what the authorities decided."""
    return has_city_role(person, Role.MANAGER)


def may_write_findings(person: Person) -> bool:
    """Leads of visits and the city's managers."""
    return has_role(person, *AUTHORS)


def may_change_finding(person: Person, finding: Finding) -> bool:
    """Its author, or the city's manager."""
    return has_city_role(person, Role.MANAGER) or (may_write_findings(person) and finding.written_by == person.pk)


def subjects_to_plan_for(person: Person) -> Any:
    """Whole subjects for which the person may plan actions: the manager also for the city itself."""
    parts = (Subject.Kind.CAMPUS, Subject.Kind.PLACE)
    return subjects_where(person, Subject.objects.exclude(kind__in=parts), *PLANNERS)


def hospitals_to_plan_for(person: Person) -> Any:
    """Hospitals for which the person may plan actions."""
    return subjects_to_plan_for(person).filter(kind=Subject.Kind.HOSPITAL)


def subjects_seen_by(person: Person) -> Any:
    """Whole subjects that the person may see."""
    parts = (Subject.Kind.CAMPUS, Subject.Kind.PLACE)
    return Subject.objects.visible_to(person).exclude(kind__in=parts)


def hospitals_seen_by(person: Person) -> Any:
    """Hospitals that the person may see."""
    return Subject.objects.visible_to(person).filter(kind=Subject.Kind.HOSPITAL)


def may_change_decision(person: Person, decision: Decision) -> bool:
    """Whoever asked for it, or the city's manager."""
    return may_rule(person) or (may_write_findings(person) and decision.asked_by == person.pk)


def may_plan_for(person: Person, subject: Subject) -> bool:
    """Whether the person may plan and change actions of this subject."""
    return bool(subjects_to_plan_for(person).filter(pk=subject.pk).exists())


def may_plan(person: Person) -> bool:
    """Whether the person may plan actions for anybody."""
    return has_role(person, *PLANNERS)


def action_or_404(person: Person, key: UUID) -> Action:
    """One action if the person may see it; else it does not exist for him."""
    action: Action | None = Action.objects.visible_to(person).with_state().for_lines().filter(pk=key).first()
    if action is None:
        raise Http404("no such action")
    return action


def action_to_change_or_404(person: Person, key: UUID) -> Action:
    """One action that the person may change."""
    actions = Action.objects.visible_to(person).with_state().select_related("subject", "capability")
    action: Action | None = actions.filter(pk=key).first()
    if action is None or not may_plan_for(person, action.subject):
        raise Http404("not his to change")
    return action


def subject_to_plan_for_or_404(person: Person, code: str) -> Subject:
    """A subject for which the person may plan."""
    subject: Subject | None = subjects_to_plan_for(person).filter(code=code).first()
    if subject is None:
        raise Http404("no such subject")
    return subject


def finding_or_404(person: Person, key: UUID) -> Finding:
    """One finding that the person may see."""
    finding: Finding | None = (
        Finding.objects.visible_to(person).prefetch_related("subjects", "capabilities").filter(pk=key).first()
    )
    if finding is None:
        raise Http404("no such finding")
    return finding


def decision_or_404(person: Person, key: UUID) -> Decision:
    """One decision that the person may see."""
    decision: Decision | None = Decision.objects.visible_to(person).select_related("owner").filter(pk=key).first()
    if decision is None:
        raise Http404("no such decision")
    return decision


def finding_to_change_or_404(person: Person, key: UUID) -> Finding:
    """One finding that the person may change."""
    finding = finding_or_404(person, key)
    if not may_change_finding(person, finding):
        raise Http404("not his to change")
    return finding


def decision_to_change_or_404(person: Person, key: UUID) -> Decision:
    """One decision whose words the person may change."""
    decision = decision_or_404(person, key)
    if not may_change_decision(person, decision):
        raise Http404("not his to change")
    return decision


def scan_or_404(person: Person, decision: UUID, ruling: int) -> Attachment:
    """The scan of the signed decision, for whoever may see the decision."""
    row = decision_or_404(person, decision)
    ruling_row = Ruling.objects.filter(decision=row, pk=ruling, scan__isnull=False).select_related("scan").first()
    if ruling_row is None or ruling_row.scan is None:
        raise Http404("no such scan")
    return ruling_row.scan


def decision_to_rule_or_404(person: Person, key: UUID) -> Decision:
    """One decision on which the person may record what the authorities said."""
    decision = decision_or_404(person, key)
    if not may_rule(person):
        raise Http404("not his to rule")
    return decision
