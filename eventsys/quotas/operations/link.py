"""The link to an organization's answer page: taken back, or made anew."""

from __future__ import annotations

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import check_version
from eventsys.invitations.models import Ask
from eventsys.quotas.operations.lock import lock_ask


def revoke_link(ask: Ask, version: int, *, by: Actor) -> None:
    """Let the link open nothing any more; its liaisons can still sign in. Raises `Stale` and `DomainError`."""
    row = lock_ask(ask.id)
    check_version(row, version)
    if row.link_revoked_at is not None:
        raise DomainError(_("This link was revoked already."))
    row.link_revoked_at = now()
    _record("ask.revoke", row, by)


def renew_link(ask: Ask, version: int, *, by: Actor) -> None:
    """Make a new link; the one before it opens nothing any more. Raises `Stale`."""
    row = lock_ask(ask.id)
    check_version(row, version)
    row.link_id, row.link_revoked_at = new_link_id(), None
    _record("ask.renew", row, by)


def _record(action: str, row: Ask, by: Actor) -> None:
    audit.record(action, row, by=by, label=row.organization.name(), meeting_id=row.meeting_id)
