"""The verbs of the directory: the only place that writes it."""

from eventsys.directory.operations.appointments import appoint, end_appointment, revise_appointment
from eventsys.directory.operations.audiences import delete_audience, revise_audience, save_audience
from eventsys.directory.operations.facts import (
    AudienceFacts,
    LikelyDuplicate,
    OrganizationFacts,
    PersonFacts,
    PostFacts,
    PostKindFacts,
    SecondHolder,
    checked_email,
    checked_phone,
)
from eventsys.directory.operations.ordering import Direction, reorder_organization, reorder_post, reorder_post_kind
from eventsys.directory.operations.organizations import (
    add_organization,
    close_organization,
    move_organization,
    reopen_organization,
    revise_organization,
)
from eventsys.directory.operations.people import add_person, add_person_to_post, revise_person
from eventsys.directory.operations.posts import (
    abolish_post,
    add_post,
    add_post_kind,
    restore_post,
    revise_post,
    revise_post_kind,
)
from eventsys.directory.operations.present import locked_person

__all__ = [
    "AudienceFacts",
    "Direction",
    "LikelyDuplicate",
    "OrganizationFacts",
    "PersonFacts",
    "PostFacts",
    "PostKindFacts",
    "SecondHolder",
    "abolish_post",
    "add_organization",
    "add_person",
    "add_person_to_post",
    "add_post",
    "add_post_kind",
    "appoint",
    "checked_email",
    "checked_phone",
    "close_organization",
    "delete_audience",
    "end_appointment",
    "locked_person",
    "move_organization",
    "reopen_organization",
    "reorder_organization",
    "reorder_post",
    "reorder_post_kind",
    "restore_post",
    "revise_appointment",
    "revise_audience",
    "revise_organization",
    "revise_person",
    "revise_post",
    "revise_post_kind",
    "save_audience",
]
