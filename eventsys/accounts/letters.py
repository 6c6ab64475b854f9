"""Letters about accounts: the invitation, the way to a new password, and word that a password was changed.

A letter in the outbox names the account and nothing that opens it: the link is made when the letter is rendered, from
the configured public address alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import current_app, has_request_context
from sqlalchemy import select

from eventsys.accounts.models import Account
from eventsys.accounts.store import INVITATION_WITHIN, RESET_WITHIN, store, token_of
from eventsys.core.language import choose, use_language
from eventsys.core.language import gettext as _
from eventsys.core.letters import Facts, Kind, Rendered, never_stale
from eventsys.core.outbox import Letter
from eventsys.extensions import db
from eventsys.web.pages import render_plain

INVITATION, RESET, CHANGED = "account_invitation", "password_reset", "password_changed"
PATHS = {INVITATION: "invitation", RESET: "reset"}


def invitation(common: Facts, facts: Facts, language: str) -> Rendered:
    """The invitation to set a first password."""
    with use_language(language):
        return _words(
            common,
            _("Your account for meetings"),
            before=[
                _greeting(facts),
                _("you are invited to an account with which you take part in preparing meetings."),
                _("You sign in with this address: %(email)s. Set your password first:", email=facts["email"]),
            ],
            link=_link(INVITATION, facts),
            button=_("Set the password"),
            after=[
                _("The link works for %(days)s days and is yours alone.", days=INVITATION_WITHIN.days),
                _("If you did not expect this letter, you need do nothing."),
            ],
        )


def reset(common: Facts, facts: Facts, language: str) -> Rendered:
    """The link to a new password, asked for on the sign-in page."""
    hours = int(RESET_WITHIN.total_seconds() // 3600)
    with use_language(language):
        return _words(
            common,
            _("Set a new password"),
            before=[
                _greeting(facts),
                _("somebody, probably you, asked for a new password for %(email)s.", email=facts["email"]),
            ],
            link=_link(RESET, facts),
            button=_("Set a new password"),
            after=[
                _("The link works for %(hours)s hours and once only.", hours=hours),
                _("If it was not you, you need do nothing: your password stays as it is."),
            ],
        )


def changed(common: Facts, facts: Facts, language: str) -> Rendered:
    """Word that the password was changed, so that a stolen account is noticed."""
    with use_language(language):
        return _words(
            common,
            _("Your password was changed"),
            before=[
                _greeting(facts),
                _("the password of your account %(email)s was changed just now.", email=facts["email"]),
                _("If it was not you, set a new password at once and tell an administrator:"),
            ],
            link=_public_url() + "/account/forgotten",
            button=_("Set a new password"),
            after=[],
        )


def _greeting(facts: Facts) -> str:
    return _("Dear %(name)s,", name=choose(facts["name_zh"], facts["name_en"]))


def _link(kind: str, facts: Facts) -> str:
    """The address of the page. Its token is made for the worker only: a page that shows the letter shows no key."""
    account = None if has_request_context() else store.find_user(id=facts["account_id"])
    token = token_of(account, kind) if account else "…"
    return f"{_public_url()}/account/{PATHS[kind]}/{token}"


def _public_url() -> str:
    return str(current_app.extensions["eventsys.settings"].public_url)


def _words(common: Facts, subject: str, **parts: Any) -> Rendered:
    office = choose(common.get("office_zh"), common.get("office_en")) or _("Meetings")
    text, html = (
        render_plain(f"letters/accounts_letter.{ending}", subject=subject, office=office, **parts)
        for ending in ("txt", "html")
    )
    return Rendered(subject, text, html, sender_name=office)


def _gone(kind: str, letters: Sequence[Letter]) -> set[int]:
    """Letters whose account is closed or has another address, and invitations that were accepted meanwhile."""
    to = {letter.id: (letter.facts["account_id"], letter.address) for letter in letters}
    ids = {account_id for account_id, _address in to.values()}
    open_accounts = select(Account.id, Account.email).where(Account.id.in_(ids), Account.active)
    if kind == INVITATION:
        open_accounts = open_accounts.where(Account.password.is_(None))
    waiting = {(row.id, row.email) for row in db.session.execute(open_accounts)}
    return {letter_id for letter_id, reader in to.items() if reader not in waiting}


KINDS: tuple[Kind, ...] = (
    Kind(INVITATION, invitation, partial(_gone, INVITATION)),
    Kind(RESET, reset, partial(_gone, RESET)),
    Kind(CHANGED, changed, never_stale),
)
