"""The form that makes a snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import Subject
from beiji.ui.fields import DayField, DayForm
from beiji.ui.languages import pick

from .models import Snapshot


class SnapshotForm(DayForm):
    """Audience, hospital where it is a list, and the day it shows."""

    audience = forms.ChoiceField(label=_("Report"))
    hospital = forms.ChoiceField(label=_("Hospital"), required=False)
    as_of = DayField(label=_("As of"), required=False)

    def __init__(self, *args: Any, hospitals: Sequence[Subject], with_page: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audiences = [c for c in Snapshot.Audience.choices if with_page or c[0] != Snapshot.Audience.MINISTERS]
        self.fields["audience"].choices = audiences if hospitals else audiences[:1]
        self.fields["hospital"].choices = [("", "—"), *((s.code, pick(s.names)) for s in hospitals)]
