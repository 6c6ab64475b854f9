"""Letters about an account go into the outbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from eventsys.accounts.models import Account
from eventsys.core.outbox import Recipient, enqueue
from eventsys.core.tokens import new_link_id
from eventsys.directory.models import Organization, OrganizationKind, Person
from eventsys.extensions import db


def send_letter(kind: str, account: Account) -> None:
    """Queue a letter about the account. Its link is made when it is rendered: the outbox holds no key to anything."""
    key = f"{kind}:{account.id}:{new_link_id()}"
    enqueue(kind, office_facts(), [(key, recipient(account.person, account.email), facts(account))])


def facts(account: Account) -> dict[str, Any]:
    """What a letter says about the account."""
    person = account.person
    return {"account_id": account.id, "name_zh": person.name_zh, "name_en": person.name_en, "email": account.email}


def recipient(person: Person, email: str) -> Recipient:
    """To whom it goes, in the person's own language."""
    language = person.language or "zh"
    return Recipient(person.name(language), email, language)


def office_facts() -> dict[str, str]:
    """The name of the office that writes."""
    row = db.session.execute(
        select(Organization.name_zh, Organization.name_en)
        .order_by((Organization.kind == OrganizationKind.OFFICE).desc(), Organization.position, Organization.id)
        .limit(1)
    ).first()
    return {"office_zh": row.name_zh, "office_en": row.name_en} if row else {}
