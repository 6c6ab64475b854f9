"""The link at which an organization answers: a token of its own purpose over its ask's random value."""

from __future__ import annotations

from eventsys.invitations.letters.words import ORGANIZATION_LINK
from eventsys.invitations.queries.answer import signer

FORM_PURPOSE = "organization-form"


def token_of(link_id: str) -> str:
    """The token in the address `/o/<token>`."""
    return signer(ORGANIZATION_LINK).token(link_id)


def link_id_of(token: str) -> str | None:
    """The link of a genuine token, None for anything else."""
    return signer(ORGANIZATION_LINK).link_id(token)


def mark_of(link_id: str) -> str:
    """The mark that the page puts into its forms instead of a cookie's token: nobody without the page can know it."""
    return signer(FORM_PURPOSE).token(link_id)


def is_mark_of(mark: str, link_id: str) -> bool:
    """Whether a form brought the mark of this very link."""
    return signer(FORM_PURPOSE).link_id(mark) == link_id
