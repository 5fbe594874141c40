"""Texts with all that is needed to show them in any language, in two queries however many they are."""

from __future__ import annotations

from typing import Any

from django.db import models


class UserTextQuerySet(models.QuerySet[Any]):
    """User texts of a city."""

    def with_words(self) -> UserTextQuerySet:
        """Versions, translations and approvals prefetched; `words_of` then asks the database nothing."""
        return self.prefetch_related("versions", "translations__approval")
