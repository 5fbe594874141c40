"""Who looks after the installation: three duties, each with an account of its own, given and ended at the server or by the security
administrator. None of them is somebody in a city (decision 31)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from beiji.records import audit, outbox

from ..identity import PlatformGrant
from ..models import Account
from ..rules import read_username
from ..writing import change, hold_row
from .accounts import give_code, shut
from .errors import ProgrammeError


@change
def give_duty(*, username: str, duty: str, purpose: str, by: Account | None, now: datetime) -> str:
    """Give one of the three duties to an account that is nobody in a city, and make the account if there is none. Returns the code of its
    sheet.

    Raises ProgrammeError without a purpose, for a duty that there is not, for somebody of a city, and for somebody who has a duty.
    """
    if duty not in PlatformGrant.Duty.values:
        raise ProgrammeError(_("There is no such duty; choose system, security or audit."))
    if not purpose.strip():
        raise ProgrammeError(_("Say for what the duty is given; it stands in the list of duties."))
    name = read_username(username)
    account = Account.objects.filter(username=name).first()
    if account is None:
        account = Account.objects.create_user(name, None)
    hold_row(account)
    if Account.people.through.objects.filter(account=account).exists():
        raise ProgrammeError(
            _(
                "{name} is somebody in a city. Whoever looks after the installation has an account for that alone."
            ).format(name=name)
        )
    if PlatformGrant.objects.filter(account=account, ended_at__isnull=True).exists():
        raise ProgrammeError(_("{name} has a duty already; the three stay with three people.").format(name=name))
    grant = PlatformGrant.objects.create(
        account=account, duty=duty, purpose=purpose.strip(), since=now, given_by=by.pk if by else None
    )
    account.set_unusable_password()
    account.is_active = True
    account.save(update_fields=["password", "is_active"])
    audit.write("programme.duty-given", city="", by=by.pk if by else None, of=grant, now=now, duty=duty)
    return give_code(account, now)


@change
def end_duty(*, grant: PlatformGrant, by: Account | None, now: datetime) -> None:
    """End a duty and close its account; whoever is signed in with it is out at the next request.

    Raises ProgrammeError when it has ended already, or is one's own.
    """
    if by is not None and by.pk == grant.account_id:
        raise ProgrammeError(_("Nobody ends his own duty; another administrator, or whoever runs the server, does."))
    hit = PlatformGrant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(
        ended_at=now, ended_by=by.pk if by else None
    )
    if not hit:
        raise ProgrammeError(_("This duty has ended already."))
    shut(grant.account_id)
    audit.write("programme.duty-ended", city="", by=by.pk if by else None, of=grant, now=now, duty=grant.duty)


@change
def send_test_message(*, by: Account, now: datetime) -> None:
    """Ask for a message that says nothing, to see whether the way is open."""
    message = outbox.ask_for_test(now)
    audit.write("programme.test-message", city="", by=by.pk, of=message, now=now)
