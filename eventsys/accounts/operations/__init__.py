"""The verbs of accounts: sign-ins, passwords, accounts, roles."""

from eventsys.accounts.operations.sign_ins import (
    begin_sign_in,
    end_other_sign_ins,
    end_sign_in,
    secret_hash,
    send_reset,
    set_password,
)

__all__ = ["begin_sign_in", "end_other_sign_ins", "end_sign_in", "secret_hash", "send_reset", "set_password"]
