"""Examples in the demo city for the addresses of this room; they belong to the hospital ginkgo."""

from __future__ import annotations

from typing import Any

from beiji.assess import access, given
from beiji.assess.models import Reply, Visit
from beiji.programme.models import Subject


def _visits() -> Any:
    return Visit.objects.filter(subject__code="ginkgo").order_by("-first_day")


def _visit() -> Any:
    """The visit that runs; the newest where none does."""
    visit = _visits().exclude(phase=Visit.Phase.LOCKED).first() or _visits().first()
    return visit and visit.pk


def _planned() -> Any:
    return Visit.objects.filter(phase=Visit.Phase.PLANNED).values_list("pk", flat=True).first()


def _locked() -> Any:
    return _visits().filter(phase=Visit.Phase.LOCKED).values_list("pk", flat=True).first()


def _dispute() -> Reply | None:
    disputes = Reply.objects.filter(visit__subject__code="ginkgo", stance=Reply.Stance.DISPUTE)
    return disputes.order_by("-at").first()


def _file() -> Any:
    """A file that stands in the visit."""
    attached = given.answers_of(Visit.objects.get(pk=_visit())).attachments if _visit() else {}
    return next((key for keys in attached.values() for key in keys), None)


ARGUMENTS = {"visit": _visit, "indicator": lambda: "TRI-2", "attachment": _file}
DISPUTE = {
    "visit": lambda: getattr(_dispute(), "visit_id", None),
    "reply": lambda: getattr(_dispute(), "pk", None),
}
PAGES = {
    "assess:replan": {"visit": _planned},
    "assess:cancellation": {"visit": _planned},
    "assess:reopening": {"visit": _locked},
    "assess:reply": {"visit": _locked},
    "assess:team-answer": DISPUTE,
    "assess:signature": DISPUTE,
}
FILTERS = ((Subject, "assess:"), (Visit, "assess:visit"))
DOORS = ((access, "may_use_room", "assess:visits"), (access, "may_read_answers", "assess:attachment"))
