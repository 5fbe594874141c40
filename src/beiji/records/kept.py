"""What is not as it was kept is not given out."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from .files import path_of
from .models import Attachment


class NotAsKept(Exception):
    """Something kept has been changed or has gone, past the program; the text is one finished, translated sentence."""


def content_of(attachment: Attachment) -> bytes:
    """The file, byte for byte as it was taken in. Raises NotAsKept when it is gone or another one."""
    try:
        content = path_of(attachment).read_bytes()
    except OSError:
        raise NotAsKept(
            _(
                "The file {name} is not on the server any more; ask the administrator to restore it from a backup."
            ).format(name=attachment.name)
        ) from None
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise NotAsKept(
            _(
                "The file {name} is not the one that was attached, so it is not given out; ask the administrator to restore it from a backup."
            ).format(name=attachment.name)
        )
    return content
