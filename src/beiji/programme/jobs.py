"""What this room has done in the background."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beiji.records.jobs import Kind
from beiji.records.models import Job
from beiji.records.running import Run

from . import access, changes, imports, queries
from .models import Person
from .pages.tables import added_words
from .rules import BRING


def _bring(run: Run) -> dict[str, Any]:
    """Add the people of a table, if whoever asked for it may still let people in."""
    starter = Person.objects.select_related("city").get(pk=str(run.job.person))
    access.enter(starter, access.today_in(starter.city, run.now), run.now)
    if not access.may_let_people_in(starter):
        raise changes.ProgrammeError(_("Whoever asked for this may not let people in any more. Nobody has been added."))
    newcomers = imports.from_text(run.given, queries.institutions())
    with run.once() as result:
        let_in = changes.bring_people(city=starter.city, newcomers=newcomers, by=starter.pk, now=run.now, tell=run.tell)
        run.keep_made([str(person.pk) for person in let_in])
        result.update(people=len(newcomers), accounts=len(let_in))
    return result


def _said(job: Job) -> str:
    return added_words(job.result.get("people", 0), job.result.get("accounts", 0))


def _page(job: Job) -> tuple[str, str]:
    """To the sheets where somebody got an account, else to the list."""
    here = {"city": job.city}
    if job.result.get("accounts"):
        return reverse("programme:sheets", kwargs={**here, "job": job.pk}), _("Sheets for the first sign-in")
    return reverse("programme:people", kwargs=here), _("To the list of people")


KINDS = (Kind(BRING, gettext_lazy("Bring people in by a table"), _bring, said=_said, page=_page),)
