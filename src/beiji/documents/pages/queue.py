"""One text of the queue beside the field for its translation, in words."""

from __future__ import annotations

from typing import Any

from beiji.ui.languages import language_of

from .. import access
from ..models import UserText


def text_page(text: UserText, language: str, answered: str, *, may_follow: bool) -> dict[str, Any]:
    """The original, its wording when the page was opened if that was another (`answered`: its hash), and the newest
    proposal; where the text stands only for whoever may go there."""
    versions = access.versions_of(text)
    source = versions[-1]
    return {
        "text": text,
        "source": source,
        "before": next((v for v in versions if v.hash == answered != source.hash), None),
        "language": language,
        "wanted_language": language_of(language).name,
        "source_language": language_of(source.language).name,
        "where": text.where if may_follow else "",
        "proposal": access.proposal_of(text, language),
    }
