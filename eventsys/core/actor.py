"""Who acts: the person behind a request, a link, the worker or a command, with the roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A function in the product, held for an organization (the administrator's for the installation)."""

    ADMINISTRATOR = "administrator"
    ORGANIZER = "organizer"
    APPROVER = "approver"
    EDITOR = "editor"
    LIAISON = "liaison"
    CHECK_IN = "check_in"


class Channel(StrEnum):
    """By which door an act came in."""

    WEB = "web"
    LINK = "link"
    PORTAL = "portal"
    ON_BEHALF = "on_behalf"
    DOOR = "door"
    MAIL = "mail"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Held:
    """A role and what it is held for: an organization with its tree path, or one meeting (check-in staff)."""

    role: Role
    organization_id: int | None = None
    path: str = ""
    meeting_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks. Carries everything that a policy needs, so that policies stay pure.

    `label` is how the audit log names them; `liaison_for` are the ids of the organizations they answer for (where no
    nearer liaison exists); `attendee_id` is set for an invitee who came by a personal link.
    """

    label: str = ""
    account_id: int | None = None
    person_id: int | None = None
    held: tuple[Held, ...] = ()
    liaison_for: frozenset[int] = frozenset()
    attendee_id: int | None = None
    channel: Channel = Channel.WEB
    address: str = ""

    @property
    def signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_administrator(self) -> bool:
        return any(held.role is Role.ADMINISTRATOR for held in self.held)

    def has(self, *roles: Role) -> bool:
        """Whether one of the roles is held for anything at all."""
        return any(held.role in roles for held in self.held)

    def holds(self, role: Role, path: str) -> bool:
        """Whether the role is held for the organization at this tree path, or for one above it."""
        return any(held.role is role and path.startswith(held.path) for held in self.held if held.path)

    def checks_in(self, meeting_id: int) -> bool:
        """Whether they are check-in staff of this meeting."""
        return any(held.role is Role.CHECK_IN and held.meeting_id == meeting_id for held in self.held)

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """The tree paths for which one of the roles is held: the filter of a list."""
        return tuple(sorted({held.path for held in self.held if held.role in roles and held.path}))


ANONYMOUS = Actor()
WORKER = Actor(label="worker", channel=Channel.WORKER)
COMMAND = Actor(label="command line", held=(Held(Role.ADMINISTRATOR),), channel=Channel.COMMAND)
