"""The form that makes a snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from beiji.programme.models import Subject
from beiji.ui.fields import ChoiceField, DayField, DayForm, offer
from beiji.ui.languages import pick

from .models import Snapshot


class SnapshotForm(DayForm):
    """Audience, hospital where it is a list, and the day it shows."""

    audience = ChoiceField(label=_("Report"))
    hospital = ChoiceField(label=_("Hospital"), required=False)
    as_of = DayField(label=_("As of"), required=False)

    def __init__(self, *args: Any, hospitals: Sequence[Subject], with_page: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audiences = [c for c in Snapshot.Audience.choices if with_page or c[0] != Snapshot.Audience.MINISTERS]
        self.hospitals = {s.code: s for s in hospitals}
        offer(self, "audience", audiences if hospitals else audiences[:1])
        offer(self, "hospital", [(s.code, pick(s.names)) for s in hospitals], blank="–")

    def said(self) -> dict[str, Any]:
        """What the change takes; a report that is no list is about no hospital."""
        values = self.cleaned_data
        is_list = values["audience"] == Snapshot.Audience.WARD
        subject = self.hospitals.get(values["hospital"]) if is_list else None
        return {"audience": values["audience"], "as_of": values["as_of"], "subject": subject}
