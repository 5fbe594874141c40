"""The only write path of this room. Every function opens its own transaction and leaves an audit line."""

from .accounts import change_password, close_account, create_account, open_account, renew_code, use_code
from .bringing import Brought, Newcomer, bring_in_background, bring_people, hand_out_codes
from .city import (
    add_district,
    add_organisation,
    add_subject,
    create_city,
    decide_gate,
    end_subject,
    plan_stage,
)
from .errors import Names, ProgrammeError
from .exports import ask_for_file, decide_on_file, take_file
from .grants import allow_from_abroad, end_grant, give_from_abroad, show_watermarks
from .joining import join_people, separate_people
from .notices import choose_notices, drop_hidden, mark_read
from .own import choose_theme, clear_ended_sessions, digest_of_session, end_sessions, note_seen, note_signed_out, speak
from .people import add_person, change_person, erase_person
from .platform import end_duty, give_duty, send_test_message
from .reminding import remind
from .roles import end_role, end_roles, give_role, grant_role, leave
from .second_factor import prove, switch_off, switch_on
from .work import stop_work

__all__ = [
    "Brought",
    "Names",
    "Newcomer",
    "ProgrammeError",
    "add_district",
    "add_organisation",
    "add_person",
    "add_subject",
    "allow_from_abroad",
    "ask_for_file",
    "bring_in_background",
    "bring_people",
    "change_password",
    "change_person",
    "choose_notices",
    "choose_theme",
    "clear_ended_sessions",
    "close_account",
    "create_account",
    "create_city",
    "decide_gate",
    "decide_on_file",
    "digest_of_session",
    "drop_hidden",
    "end_duty",
    "end_grant",
    "end_role",
    "end_roles",
    "end_sessions",
    "end_subject",
    "erase_person",
    "give_duty",
    "give_from_abroad",
    "give_role",
    "grant_role",
    "hand_out_codes",
    "join_people",
    "leave",
    "mark_read",
    "note_seen",
    "note_signed_out",
    "open_account",
    "plan_stage",
    "prove",
    "remind",
    "renew_code",
    "send_test_message",
    "separate_people",
    "show_watermarks",
    "speak",
    "stop_work",
    "switch_off",
    "switch_on",
    "take_file",
    "use_code",
]  # fmt: skip
