"""Who sees what: roles are dated rows, and forgetting to ask opens no door."""

from datetime import date

import pytest
from django_scopes.exceptions import ScopeError

from beiji.programme import access, changes
from beiji.programme.models import RoleGrant, Subject
from tests.cast import NOW, TODAY


def codes(person) -> set[str]:
    return set(Subject.objects.visible_to(person).values_list("code", flat=True))


def test_a_query_that_forgets_the_city_raises(world):
    with pytest.raises(ScopeError):
        Subject.objects.count()


def test_manager_sees_every_subject_of_the_city(yangzhou):
    assert codes(yangzhou.people["manager"]) == {"ginkgo", "ginkgo-east", "ginkgo-west", "egret", "yangzhou"}


def test_coordinator_sees_the_own_hospital_with_its_campuses_and_nothing_else(yangzhou):
    assert codes(yangzhou.people["coordinator"]) == {"ginkgo", "ginkgo-east", "ginkgo-west"}


def test_leader_and_translator_see_no_subject(yangzhou):
    assert codes(yangzhou.people["leader"]) == codes(yangzhou.people["translator"]) == set()


def test_a_person_whose_roles_were_not_read_is_refused(yangzhou):
    person = type(yangzhou.people["manager"]).objects.get(code="li-wen")
    with pytest.raises(PermissionError):
        Subject.objects.visible_to(person)


def test_a_role_ends_on_its_last_day_and_not_before(yangzhou):
    person, egret = yangzhou.people["assessor"], yangzhou.subjects["egret"]
    changes.grant_role(
        person=person,
        role=RoleGrant.Role.ASSESSOR,
        subject=egret,
        since=date(2026, 11, 20),
        until=date(2026, 11, 25),
        by=None,
        now=NOW,
    )
    assert egret.pk in {r.subject_id for r in access.roles_on(person, date(2026, 11, 24))}
    assert egret.pk not in {r.subject_id for r in access.roles_on(person, date(2026, 11, 25))}


def test_a_role_with_dates_in_the_wrong_order_is_refused_in_one_sentence(yangzhou):
    with pytest.raises(changes.ProgrammeError, match="put the dates in order"):
        changes.grant_role(
            person=yangzhou.people["assessor"], role="assessor", since=TODAY, until=date(2026, 1, 1), by=None, now=NOW
        )


def test_erasing_a_person_blanks_the_name_and_closes_the_account(yangzhou):
    person = yangzhou.people["coordinator_other"]
    changes.erase_person(person=person, by=yangzhou.people["administrator"].pk, now=NOW)
    person.refresh_from_db()
    assert (person.names, person.code, person.erased_at) == ({}, "", NOW)
    assert not person.accounts.filter(is_active=True).exists()


def test_a_hospital_with_campuses_takes_no_place_of_its_own(yangzhou):
    with pytest.raises(changes.ProgrammeError, match="put each place into its campus first"):
        changes.add_subject(
            city=yangzhou.city,
            code="gate",
            kind="place",
            names={"en": "Gate"},
            parent=yangzhou.subjects["ginkgo"],
            by=None,
            now=NOW,
        )


def test_a_campus_that_ends_is_gone_from_that_day_on_and_ends_only_once(yangzhou):
    campus, by = yangzhou.subjects["ginkgo-west"], yangzhou.people["administrator"].pk
    changes.end_subject(subject=campus, until=date(2026, 12, 1), by=by, now=NOW)
    assert Subject.objects.on(date(2026, 11, 30)).filter(code="ginkgo-west").exists()
    assert not Subject.objects.on(date(2026, 12, 1)).filter(code="ginkgo-west").exists()
    with pytest.raises(changes.ProgrammeError, match="has ended already"):
        changes.end_subject(subject=campus, until=date(2026, 12, 2), by=by, now=NOW)
