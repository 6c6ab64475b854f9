"""Who may do what in the directory: pure predicates.

Administrators keep everything; organizers, approvers and editors read; a liaison keeps the people of their own
organizations. Organizers save audiences for the organizations they organize for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from eventsys.core.actor import Actor, Role
from eventsys.directory.models import Appointment, Audience, Organization, PostKind

STAFF = (Role.ORGANIZER, Role.APPROVER, Role.EDITOR)


class Held(Protocol):
    """Somebody's record with the organizations where they hold or will hold posts."""

    @property
    def person_id(self) -> int: ...

    @property
    def organization_ids(self) -> frozenset[int]: ...


class InOrganization(Protocol):
    """Something that belongs to one organization."""

    @property
    def organization_id(self) -> int: ...


def can_read_directory(actor: Actor) -> bool:
    """The whole directory, without phone numbers and e-mail addresses."""
    return actor.is_administrator or actor.has(*STAFF)


def can_open_directory(actor: Actor) -> bool:
    """The directory's lists; a liaison's hold their own organizations only."""
    return can_read_directory(actor) or bool(actor.liaison_for)


def can_change_directory(actor: Actor) -> bool:
    """Organizations, posts and post kinds."""
    return actor.is_administrator


def can_read_organization(actor: Actor, organization: Organization) -> bool:
    return can_read_directory(actor) or organization.id in actor.liaison_for


def can_change_organization(actor: Actor, organization: Organization) -> bool:
    return can_change_directory(actor)


def can_read_post(actor: Actor, post: InOrganization) -> bool:
    return can_read_directory(actor) or post.organization_id in actor.liaison_for


def can_change_post(actor: Actor, post: InOrganization) -> bool:
    return can_change_directory(actor)


def can_keep_people(actor: Actor, organization: Organization) -> bool:
    """Add people to the organization's posts and end their appointments."""
    return actor.is_administrator or organization.id in actor.liaison_for


def can_appoint(actor: Actor, post: InOrganization) -> bool:
    """Put people on this post and take them off."""
    return actor.is_administrator or post.organization_id in actor.liaison_for


def can_change_appointment(actor: Actor, appointment: Appointment) -> bool:
    """An appointment is kept by whoever appoints to its post."""
    return can_appoint(actor, appointment.post)


def can_change_post_kind(actor: Actor, kind: PostKind) -> bool:
    return can_change_directory(actor)


def can_read_person(actor: Actor, file: Held) -> bool:
    return can_read_directory(actor) or bool(file.organization_ids & actor.liaison_for)


def can_change_person(actor: Actor, file: Held) -> bool:
    """A liaison keeps those who hold or will hold a post in their organizations."""
    return actor.is_administrator or bool(file.organization_ids & actor.liaison_for)


def can_see_contacts(actor: Actor, organization_ids: Iterable[int], person_id: int | None = None) -> bool:
    """Phone number and e-mail address of somebody with posts in these organizations.

    Organizers see those of the people asked to their meetings, on the meetings' own pages.
    """
    own = person_id is not None and person_id == actor.person_id
    return actor.is_administrator or own or not actor.liaison_for.isdisjoint(organization_ids)


def can_list_audiences(actor: Actor) -> bool:
    return can_read_directory(actor)


def can_save_audiences(actor: Actor) -> bool:
    """Save an audience for at least one organization."""
    return actor.is_administrator or actor.has(Role.ORGANIZER)


def can_own_audience(actor: Actor, organization: Organization) -> bool:
    """Save audiences in the name of this organization."""
    return actor.is_administrator or actor.holds(Role.ORGANIZER, organization.path)


def can_read_audience(actor: Actor, audience: Audience) -> bool:
    """Those of one's own organizations, and of the ones above and below."""
    path = audience.owner.path
    return actor.is_administrator or any(path.startswith(mine) or mine.startswith(path) for mine in actor.paths(*STAFF))


def can_change_audience(actor: Actor, audience: Audience) -> bool:
    return can_own_audience(actor, audience.owner)
