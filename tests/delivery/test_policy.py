"""Who may see letters, their addresses and their local copies, and who may send them again."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from eventsys.core.actor import Actor, Held, Role
from eventsys.delivery import policy


@dataclass(frozen=True)
class Seen:
    convener_path: str
    organization_id: int | None


OWN = Seen("/1/2/", 7)
BELOW = Seen("/1/2/3/", 7)
FOREIGN = Seen("/1/9/", 8)
OF_ACCOUNT = Seen("", None)
LETTERS = (OWN, BELOW, FOREIGN, OF_ACCOUNT)


def holding(role: Role) -> Actor:
    liaison = frozenset({7}) if role is Role.LIAISON else frozenset()
    path = "" if role is Role.ADMINISTRATOR else "/1/2/"
    return Actor(account_id=1, held=(Held(role, 2, path),), liaison_for=liaison)


@pytest.mark.parametrize(
    ("role", "read", "address", "again"),
    [
        (Role.ADMINISTRATOR, set(LETTERS), set(LETTERS), set(LETTERS)),
        (Role.ORGANIZER, {OWN, BELOW}, {OWN, BELOW}, {OWN, BELOW}),
        (Role.APPROVER, {OWN, BELOW}, set(), set()),
        (Role.EDITOR, set(), set(), set()),
        (Role.LIAISON, {OWN, BELOW}, {OWN, BELOW}, set()),
        (Role.CHECK_IN, set(), set(), set()),
    ],
)
def test_one_letter(role: Role, read: set[Seen], address: set[Seen], again: set[Seen]) -> None:
    actor = holding(role)
    assert {each for each in LETTERS if policy.can_read_letter(actor, each)} == read
    assert {each for each in LETTERS if policy.can_see_address(actor, each)} == address
    assert {each for each in LETTERS if policy.can_send_again(actor, each)} == again
    assert {each for each in LETTERS if policy.can_open_letter(actor, each)} == again


@pytest.mark.parametrize(
    ("role", "listed", "mailbox"),
    [
        (Role.ADMINISTRATOR, True, True),
        (Role.ORGANIZER, True, True),
        (Role.APPROVER, True, False),
        (Role.EDITOR, False, False),
        (Role.LIAISON, True, False),
        (Role.CHECK_IN, False, False),
    ],
)
def test_lists(role: Role, listed: bool, mailbox: bool) -> None:
    assert (policy.can_list_letters(holding(role)), policy.can_open_mailbox(holding(role))) == (listed, mailbox)
