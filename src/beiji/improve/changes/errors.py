"""The refusals of this room, as finished sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from beiji.documents.rules import fields_in
from beiji.programme.models import City
from beiji.records.refused import ChangeRefused

from ..deciding import questions_of
from ..fields import unknown_fields
from ..rules import Refusal


class ImproveError(ChangeRefused):
    """A change is refused; the words are one finished, translated sentence."""


def check_fields(city: City, body: str, now: datetime) -> None:
    """Refuse a text with a field that no number fills. Raises ImproveError."""
    if not fields_in(body):
        return
    unknown = unknown_fields(body, {q.code for q in questions_of(city, now)})
    if unknown:
        raise ImproveError(
            _(
                "Nothing fills {field}: in braces stands the code of an item, whose number of hospitals that fall short is "
                "filled in ({example}), or {hospitals} for all hospitals."
            ).format(field=f"{{{unknown[0]}}}", example="{TRI-6}", hospitals="{hospitals}")
        )


def sentence_of(refusal: Refusal) -> str:
    """Why an action cannot be moved, and what moves it instead."""
    return {
        Refusal.ONLY_PROOF_CLOSES: _(
            "Only proof closes an action: declare it done, and the evidence that meets the target will close it."
        ),
        Refusal.ONLY_PROOF_REOPENS: _(
            "Only evidence reopens an action: record what was found, and it comes back by itself."
        ),
        Refusal.IS_CLOSED: _("This action is closed by evidence; only evidence that shows otherwise opens it again."),
        Refusal.IS_WITHDRAWN: _("This action was withdrawn; plan a new one."),
        Refusal.IS_THERE: _("The action stands there already."),
        Refusal.MOVED_MEANWHILE: _("Somebody else moved it while your page was open; look where it stands now."),
    }[refusal]
