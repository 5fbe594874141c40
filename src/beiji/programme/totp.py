"""Codes of an app on the phone: six digits of every half minute (RFC 6238), computed by `cryptography`."""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings

PERIOD_S = 30
DIGITS = 6
#: Half minutes that a phone's clock may be wrong by, either way (RFC 6238, section 5.2, advises one).
DRIFT = 1


def new_secret() -> str:
    """160 random bits, as an app takes them (RFC 4226, section 4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def link_of(secret: str, username: str) -> str:
    """What the QR code says to an app."""
    said = urlencode({"secret": secret, "issuer": "Beiji", "digits": DIGITS, "period": PERIOD_S}, quote_via=quote)
    return f"otpauth://totp/Beiji:{quote(username)}?{said}"


def step_of(secret: str, code: str, now: datetime, after: int = 0) -> int | None:
    """The half minute to which a code belongs; None where it fits none of the present ones, or one up to `after`."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    maker = TOTP(base64.b32decode(secret), DIGITS, SHA1(), PERIOD_S, enforce_key_length=False)  # noqa: S303 - what the apps speak
    present = int(now.timestamp()) // PERIOD_S
    for step in range(present - DRIFT, present + DRIFT + 1):
        is_same = secrets.compare_digest(maker.generate(step * PERIOD_S), typed.encode())
        if is_same and step > after:
            return step
    return None


def _box() -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(f"beiji.second-factor:{settings.SECRET_KEY}".encode()).digest())
    )


def locked(secret: str) -> str:
    """The secret as it stands in the database: of no use without the installation's key."""
    return _box().encrypt(secret.encode()).decode()


def unlocked(kept: str) -> str | None:
    """The secret again; None where the installation has another key by now."""
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken:
        return None
