"""The second factor of an account: switched on with a code of the app, proved at each sign-in, switched off by its owner or with a new
code on paper from the administrator."""

from __future__ import annotations

from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from beiji.records import audit

from .. import totp
from ..access import signed_in_as
from ..identity import SecondFactor
from ..models import Account
from ..rules import new_code, read_code
from ..writing import change, hold_row
from .errors import ProgrammeError

#: Codes on paper for whoever has lost the phone.
RECOVERY_CODES = 10


@change
def switch_on(*, account: Account, secret: str, code: str, now: datetime) -> list[str]:
    """From now on the app is asked for. Returns the recovery codes, which are kept nowhere.

    Raises ProgrammeError where it is on already, or the code does not fit the secret.
    """
    hold_row(account)
    step = totp.step_of(secret, code, now)
    if step is None:
        sentence = _("This code does not fit. Look whether the phone's clock is right, and type the newest one.")
        raise ProgrammeError(sentence, field="code")
    codes = [new_code() for _number in range(RECOVERY_CODES)]
    _row, is_new = SecondFactor.objects.get_or_create(
        account=account,
        defaults={
            "secret": totp.locked(secret), "recovery": [_digest(account, one) for one in codes], "last_step": step, "since": now,
        },
    )  # fmt: skip
    if not is_new:
        raise ProgrammeError(_("The second factor is on already."))
    _tell("programme.second-factor-on", account, now)
    return codes


@change
def prove(*, account: Account, code: str, now: datetime) -> bool:
    """Whether a code of the app, or one of the recovery codes, is good. It is good once."""
    hold_row(account)
    row = SecondFactor.objects.filter(account=account).first()
    if row is None:
        return False
    secret = totp.unlocked(row.secret)
    step = totp.step_of(secret, code, now, row.last_step) if secret else None
    if step is not None:
        return SecondFactor.objects.filter(pk=row.pk, last_step__lt=step).update(last_step=step) == 1
    digest = _digest(account, code)
    if digest not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != digest]
    row.save(update_fields=["recovery"])
    _tell("programme.recovery-code-used", account, now)
    return True


@change
def switch_off(*, account: Account, now: datetime) -> None:
    """The password alone counts again; whoever calls has looked who asks. Nothing happens where it is off."""
    if SecondFactor.objects.filter(account=account).delete()[0]:
        _tell("programme.second-factor-off", account, now)


def _digest(account: Account, code: str) -> str:
    return salted_hmac("beiji.recovery", f"{account.pk}:{read_code(code)}", algorithm="sha256").hexdigest()


def _tell(kind: str, account: Account, now: datetime) -> None:
    for city, person in signed_in_as(account):
        audit.write(kind, city=city, by=person, of=account, now=now)
