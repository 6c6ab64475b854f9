"""The verbs of accounts: sign-ins, passwords, accounts, roles."""

from eventsys.accounts.operations.accounts import close_account, create_account, invite_person, reopen_account
from eventsys.accounts.operations.roles import FOR_ORGANIZATION, end_role, grant_role
from eventsys.accounts.operations.sign_ins import (
    begin_sign_in,
    end_other_sign_ins,
    end_sign_in,
    secret_hash,
    send_reset,
    set_password,
)

__all__ = [
    "FOR_ORGANIZATION",
    "begin_sign_in",
    "close_account",
    "create_account",
    "end_other_sign_ins",
    "end_role",
    "end_sign_in",
    "grant_role",
    "invite_person",
    "reopen_account",
    "secret_hash",
    "send_reset",
    "set_password",
]
