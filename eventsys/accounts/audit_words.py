"""The audit log in words: `<kind>.<verb>`, the names of what changed, and values as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from eventsys.accounts.words import ROLES
from eventsys.core.audit import AuditEntry
from eventsys.core.formats import moment
from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.words import KINDS as ORGANIZATION_KINDS

KINDS = {
    "account": _l("Account"),
    "role": _l("Role"),
    "organization": _l("Organization"),
    "post": _l("Post"),
    "post_kind": _l("Kind of post"),
    "person": _l("Person"),
    "appointment": _l("Appointment"),
    "audience": _l("Audience"),
    "meeting": _l("Meeting"),
    "agenda": _l("Agenda"),
    "invitation": _l("Invitation"),
    "reply": _l("Reply"),
    "letter": _l("Letter"),
    "roll": _l("Roll"),
    "notice": _l("Summary notice"),
    "door": _l("Check-in"),
}

VERBS = {
    "abolish": _l("abolished"),
    "accepted": _l("accepted"),
    "add": _l("added"),
    "approve": _l("approved"),
    "archive": _l("archived"),
    "arrived": _l("arrived"),
    "cancel": _l("cancelled"),
    "change": _l("changed"),
    "close": _l("closed"),
    "conclude": _l("concluded"),
    "copy": _l("copied"),
    "correct": _l("corrected"),
    "declined": _l("declined"),
    "delegated": _l("substitute named"),
    "delete": _l("deleted"),
    "draft": _l("drafted"),
    "end": _l("ended"),
    "grant": _l("granted"),
    "invite": _l("invited by letter"),
    "leave": _l("left"),
    "leave_granted": _l("leave granted"),
    "leave_refused": _l("leave refused"),
    "left": _l("left"),
    "move": _l("moved"),
    "named": _l("named"),
    "password": _l("password set"),
    "postpone": _l("postponed"),
    "prepare": _l("prepared"),
    "publish": _l("published"),
    "remind": _l("reminded"),
    "remove": _l("removed"),
    "reopen": _l("opened again"),
    "reorder": _l("put in another order"),
    "represented": _l("represented"),
    "reset_asked": _l("new password asked for"),
    "restore": _l("restored"),
    "return": _l("returned"),
    "returned": _l("given back"),
    "revise": _l("revised"),
    "save": _l("saved"),
    "schedule": _l("scheduled"),
    "send": _l("sent"),
    "send_again": _l("sent again"),
    "send_all_again": _l("all sent again"),
    "sign_in": _l("signed in"),
    "sign_out": _l("signed out"),
    "sign_out_others": _l("other sign-ins ended"),
    "start": _l("started"),
    "stood_down": _l("stood down"),
    "submit": _l("handed in"),
    "tentative": _l("tentative"),
    "undone": _l("undone"),
    "update": _l("update sent"),
    "withdraw": _l("withdrawn"),
    "withdrawn": _l("withdrawn"),
}

FIELDS = {
    "abolished_on": _l("Abolished on"),
    "active": _l("Active"),
    "address": _l("Address of the page"),
    "address_en": _l("Address (English)"),
    "address_zh": _l("Address (Chinese)"),
    "attended_en": _l("Attended (English)"),
    "attended_zh": _l("Attended (Chinese)"),
    "attendee_id": _l("Attendee"),
    "attendees": _l("Attendees"),
    "author_en": _l("Author (English)"),
    "author_zh": _l("Author (Chinese)"),
    "body_en": _l("Text (English)"),
    "body_zh": _l("Text (Chinese)"),
    "cancelled_at": _l("Cancelled at"),
    "closed_on": _l("Closed on"),
    "comment": _l("Remark"),
    "concluded_at": _l("Concluded at"),
    "contact": _l("Contact"),
    "contact_email": _l("Contact's e-mail address"),
    "contact_name": _l("Contact"),
    "contact_phone": _l("Contact's phone"),
    "convener_id": _l("Convening organization"),
    "correction_en": _l("Correction (English)"),
    "correction_zh": _l("Correction (Chinese)"),
    "department_en": _l("Department (English)"),
    "department_zh": _l("Department (Chinese)"),
    "email": _l("E-mail address"),
    "ends_at": _l("End"),
    "ends_on": _l("Last day"),
    "first": _l("First password"),
    "from": _l("Taken from"),
    "is_current": _l("Current"),
    "items": _l("Items"),
    "kind": _l("Kind"),
    "kind_id": _l("Kind of post"),
    "language": _l("Language"),
    "leave": _l("Leave"),
    "leave_note": _l("Remark on the leave"),
    "letters": _l("Letters"),
    "meeting_id": _l("Meeting"),
    "minutes": _l("Minutes"),
    "name_en": _l("Name (English)"),
    "name_zh": _l("Name (Chinese)"),
    "note": _l("Note"),
    "note_en": _l("Note (English)"),
    "note_zh": _l("Note (Chinese)"),
    "notes_en": _l("Notes (English)"),
    "notes_zh": _l("Notes (Chinese)"),
    "number": _l("Version"),
    "online_url": _l("Online link"),
    "order": _l("Order"),
    "organization": _l("Organization"),
    "organization_id": _l("Organization"),
    "owner_id": _l("Owner"),
    "parent_id": _l("Higher organization"),
    "path": _l("Place in the tree"),
    "person_id": _l("Person"),
    "phone": _l("Phone"),
    "place_id": _l("Place at the meeting"),
    "places": _l("Places"),
    "position": _l("Order"),
    "post_id": _l("Post"),
    "postponed": _l("Postponed"),
    "presenter_en": _l("Presenter (English)"),
    "presenter_organization_id": _l("Presenting organization"),
    "presenter_person_id": _l("Presenter"),
    "presenter_zh": _l("Presenter (Chinese)"),
    "published_at": _l("Published at"),
    "reason": _l("Reason"),
    "reason_en": _l("Reason (English)"),
    "reason_zh": _l("Reason (Chinese)"),
    "replaces_id": _l("Replaces"),
    "replied_at": _l("Replied at"),
    "reply": _l("Reply"),
    "reply_by": _l("Replies close"),
    "represented_by": _l("Represented by"),
    "role": _l("Role"),
    "roll_closed_at": _l("Roll closed at"),
    "rule": _l("Rule"),
    "scheduled_at": _l("Scheduled at"),
    "sequence": _l("Update number"),
    "short_en": _l("Short name (English)"),
    "short_zh": _l("Short name (Chinese)"),
    "shown": _l("Contradictions shown"),
    "sign_ins": _l("Sign-ins"),
    "sign_ins_ended": _l("Sign-ins ended"),
    "slug": _l("Address"),
    "source": _l("Taken from"),
    "stands_in_for_id": _l("Stands in for"),
    "started_at": _l("Started at"),
    "starts_at": _l("Start"),
    "starts_on": _l("First day"),
    "state": _l("State"),
    "submitted_at": _l("Submitted at"),
    "title_en": _l("Title (English)"),
    "title_zh": _l("Title (Chinese)"),
    "told_at": _l("Told at"),
    "told_sequence": _l("Told update number"),
    "venue_en": _l("Place (English)"),
    "venue_zh": _l("Place (Chinese)"),
    "visibility": _l("Visibility"),
    "walk_in": _l("Came without an invitation"),
    "withdrawn": _l("Withdrawn"),
    "withdrawn_at": _l("Withdrawn at"),
    "withdrawn_reason_en": _l("Reason of the withdrawal (English)"),
    "withdrawn_reason_zh": _l("Reason of the withdrawal (Chinese)"),
    "zone": _l("Time zone"),
}

VALUES = {
    "draft": _l("Draft"),
    "scheduled": _l("Scheduled"),
    "in_session": _l("In session"),
    "concluded": _l("Concluded"),
    "archived": _l("Archived"),
    "cancelled": _l("Cancelled"),
    "pending": _l("No reply"),
    "accepted": _l("Accepted"),
    "tentative": _l("Tentative"),
    "declined": _l("Declined"),
    "delegated": _l("Substitute named"),
    "requested": _l("Leave requested"),
    "granted": _l("Leave granted"),
    "refused": _l("Leave refused"),
    "internal": _l("Internal"),
    "participants": _l("Participants"),
    "public": _l("Public"),
    "conference": _l("Conference"),
    "information_session": _l("Information session"),
    "working_meeting": _l("Working meeting"),
    "symposium": _l("Symposium"),
    "training": _l("Training"),
    "in_review": _l("Waits for approval"),
    "approved": _l("Approved"),
    "published": _l("Published"),
    "superseded": _l("Superseded"),
    "withdrawn": _l("Withdrawn"),
    "unpublished": _l("Not published"),
    "opening": _l("Opening"),
    "study": _l("Study"),
    "speech": _l("Speech"),
    "work_report": _l("Work report"),
    "discussion": _l("Discussion"),
    "break": _l("Break"),
    "plan": _l("Plan of work"),
    "closing": _l("Closing"),
    "other": _l("Other"),
    "zh": _l("Chinese"),
    "en": _l("English"),
}

CODED = ("role", "state", "reply", "leave", "visibility", "kind", "language")

CHANNELS = {
    "web": _l("Workspace"),
    "link": _l("Personal link"),
    "portal": _l("Organization's page"),
    "on_behalf": _l("On behalf"),
    "door": _l("Door"),
    "mail": _l("Mail"),
    "worker": _l("Worker"),
    "command": _l("Command line"),
}


def act(action: str) -> str:
    """`Meeting: scheduled`; a code that has no words stands as it is."""
    kind, _dot, verb = action.partition(".")
    words = f"{KINDS.get(kind, kind)}{{}}{VERBS.get(verb, verb)}"
    return words.format("：" if current_language() == "zh" else ": ")


def changes(entry: AuditEntry, zone: str) -> Iterator[tuple[str, str, str]]:
    """What changed: its name, what stood there before, and what stands there now."""
    for name in {**entry.before, **entry.after}:
        yield (
            str(FIELDS.get(name, name)),
            _value(name, entry.before.get(name), zone),
            _value(name, entry.after.get(name), zone),
        )


def _value(name: str, value: Any, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(_value(name, each, zone) for each in value)
    if isinstance(value, dict):
        return "；".join(f"{key}={_value(key, each, zone)}" for key, each in value.items())
    return _coded(name, value) if name in CODED else _instant(str(value), zone)


def _coded(name: str, value: str) -> str:
    """A state, a kind or a role as its word."""
    if name == "role":
        return str(next((words for role, words in ROLES.items() if role.value == value), value))
    return str(VALUES.get(value) or ORGANIZATION_KINDS.get(value) or value)  # type: ignore[call-overload]


def _instant(text: str, zone: str) -> str:
    """An instant in the office's zone; any other text as it is."""
    if len(text) < 20 or text[4:5] != "-" or "T" not in text[:11]:
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment(at, zone, datetime(1970, 1, 1, tzinfo=at.tzinfo)) if at.tzinfo else text
