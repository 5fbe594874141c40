"""What belongs to somebody's account: where he is signed in."""

from __future__ import annotations

import uuid6
from django.db import models


class SignedIn(models.Model):
    """A browser in which an account is signed in. The key of its session lets in whoever holds it, so only a digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    account = models.ForeignKey("programme.Account", on_delete=models.CASCADE, related_name="signed_in")
    session_digest = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=40, help_text="browser/system, as the browser says itself")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="last contact, to a few minutes")

    def __str__(self) -> str:
        return f"{self.account_id} {self.device}"
