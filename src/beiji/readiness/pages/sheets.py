"""Files behind rows, as other pages list them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext

from beiji.programme.models import Person, Subject
from beiji.records.providers import HeldFile
from beiji.ui.languages import pick

from .. import access
from ..rules.rows import Method
from .wording import method_word


def sheets_of(person: Person, subject: Subject) -> Iterator[HeldFile]:
    """Raw sheets and papers behind the rows of a hospital that the person may see; two queries."""
    for sheet, items in access.sheets_seen(person, subject):
        row = sheet.evidence
        yield HeldFile(
            attachment=sheet.attachment_id,
            sha256=sheet.attachment.sha256,
            name=sheet.attachment.name,
            day=row.as_of,
            where=gettext("%(method)s: %(capability)s")
            % {"method": method_word(Method(row.method)), "capability": pick(row.capability.titles)},
            url=reverse("readiness:row", kwargs={"city": row.city_id, "row": row.pk}),
            items=items,
        )
