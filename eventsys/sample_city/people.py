"""Who works in the sample city's offices: accounts, roles and how to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from flask_security.utils import hash_password

from eventsys.accounts.models import Account
from eventsys.accounts.operations import create_account, grant_role
from eventsys.accounts.queries import load_actor
from eventsys.core.actor import COMMAND, Actor, Channel, Role
from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.directory.sample import SampleCity
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.sample_city.times import FOUNDED

PASSWORD = "shenyang-sample-2024"  # noqa: S105 - of the sample city alone, printed at every start


@dataclass(frozen=True, slots=True)
class SampleSignIn:
    """A role with the address and the password that open it."""

    role: str
    email: str
    password: str = PASSWORD


# Role, Chinese title of the post in the office, address to sign in with.
STAFF: tuple[tuple[Role, str, str], ...] = (
    (Role.ADMINISTRATOR, "综合处一级主任科员", "administrator@example.org"),
    (Role.ORGANIZER, "秘书处处长", "organizer@example.org"),
    (Role.EDITOR, "综合处处长", "editor@example.org"),
    (Role.APPROVER, "副主任（分管综合）", "approver@example.org"),
    (Role.CHECK_IN, "礼宾处科员", "door@example.org"),
)
LIAISON = "联络员"


def sample_sign_ins() -> list[SampleSignIn]:
    """How to sign in as each role."""
    found = [SampleSignIn(role.value, email) for role, _title, email in STAFF]
    return [*found, SampleSignIn(Role.LIAISON.value, "liaison@example.org")]


class Staff:
    """The people who play the history."""

    def __init__(self, city: SampleCity, accounts: dict[Role, int]) -> None:
        self._city = city
        self._accounts = accounts

    def actor(self, role: Role) -> Actor:
        """The one who holds this role, as they would act on a page."""
        return load_actor(self._accounts[role])

    def stand_at_door(self, meeting: Meeting) -> None:
        """The check-in staff's role, which is held for one meeting."""
        person = db.session.get_one(Account, self._accounts[Role.CHECK_IN]).person
        with write():
            grant_role(person, Role.CHECK_IN, meeting=meeting, by=COMMAND)


def give_accounts(city: SampleCity) -> Staff:
    """Accounts and roles; every district has a liaison, one of whom can sign in."""
    password_hash = hash_password(PASSWORD)
    accounts: dict[Role, int] = {}
    with played_at(FOUNDED), write():
        for role, title, email in STAFF:
            person = city.people[(city.office.id, title)]
            accounts[role] = create_account(person, email, password_hash=password_hash, by=COMMAND).id
            if role is Role.ADMINISTRATOR:
                grant_role(person, role, by=COMMAND)
            elif role is not Role.CHECK_IN:
                grant_role(person, role, city.office, by=COMMAND)
        for number, part in enumerate(city.parts):
            person = city.people[(part.id, LIAISON)]
            grant_role(person, Role.LIAISON, part, by=COMMAND)
            if number == 2:
                accounts[Role.LIAISON] = create_account(
                    person, "liaison@example.org", password_hash=password_hash, by=COMMAND
                ).id
    return Staff(city, accounts)


def by_link(name: str, attendee_id: int) -> Actor:
    """An invitee who came by the personal link."""
    return Actor(label=name, attendee_id=attendee_id, channel=Channel.LINK)
