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
    "ask": _l("What organizations are asked for"),
    "held_change": _l("Held change"),
    "planned_reminder": _l("Planned reminder"),
    "phone_call": _l("Telephone call"),
    "reply": _l("Reply"),
    "answer": _l("Answers of an organization"),
    "letter": _l("Letter"),
    "sending": _l("Sending of letters"),
    "roll": _l("Roll"),
    "notice": _l("Summary notice"),
    "notice_register": _l("Register of notices"),
    "door": _l("Check-in"),
    "calendar": _l("Calendar address"),
    "incoming": _l("Incoming mail"),
    "import": _l("Import"),
    "export": _l("Export"),
}

VERBS = {
    "abolish": _l("abolished"),
    "accept": _l("accepted"),
    "accepted": _l("accepted"),
    "add": _l("added"),
    "add_picture": _l("picture added"),
    "add_word": _l("word to avoid added"),
    "apply": _l("entered"),
    "approve": _l("approved"),
    "archive": _l("archived"),
    "arrived": _l("arrived"),
    "assign": _l("another reviewer asked"),
    "bounce": _l("returned by a mail server"),
    "cancel": _l("cancelled"),
    "change": _l("changed"),
    "close": _l("closed"),
    "conclude": _l("concluded"),
    "copy": _l("copied"),
    "correct": _l("corrected"),
    "create": _l("created"),
    "declined": _l("declined"),
    "delegated": _l("substitute named"),
    "delete": _l("deleted"),
    "discard": _l("discarded"),
    "draft": _l("drafted"),
    "end": _l("ended"),
    "extend": _l("given more time"),
    "grant": _l("granted"),
    "hand_over": _l("post passed on, decided who comes"),
    "hold": _l("held"),
    "invite": _l("invited by letter"),
    "leave": _l("left"),
    "leave_granted": _l("leave granted"),
    "leave_refused": _l("leave refused"),
    "left": _l("left"),
    "join": _l("joined with another"),
    "keep_apart": _l("confirmed to be somebody else"),
    "merge": _l("merged with another record"),
    "merge_away": _l("merged into another record"),
    "merged": _l("given up, because two records became one"),
    "move": _l("moved"),
    "named": _l("named"),
    "note": _l("noted"),
    "password": _l("password set"),
    "pause": _l("paused"),
    "postpone": _l("postponed"),
    "prepare": _l("prepared"),
    "plan": _l("time of publication set"),
    "publish": _l("published"),
    "redact": _l("words taken out"),
    "put_back": _l("put back"),
    "receive": _l("received"),
    "refuse": _l("refused"),
    "release": _l("put into effect"),
    "pass": _l("passed"),
    "remind": _l("reminded"),
    "renew": _l("made anew"),
    "remove_word": _l("word to avoid removed"),
    "resend": _l("sent again"),
    "remove": _l("removed"),
    "reopen": _l("opened again"),
    "reorder": _l("put in another order"),
    "represented": _l("represented"),
    "reset_asked": _l("new password asked for"),
    "restore": _l("restored"),
    "resume": _l("resumed"),
    "return": _l("returned"),
    "returned": _l("given back"),
    "revise": _l("revised"),
    "revoke": _l("revoked"),
    "save": _l("saved"),
    "schedule": _l("scheduled"),
    "send": _l("sent"),
    "send_again": _l("sent again"),
    "send_all_again": _l("all sent again"),
    "set_review": _l("steps of review set"),
    "set_sentence": _l("sentence of the first draft set"),
    "settle": _l("settled"),
    "sign_in": _l("signed in"),
    "sign_out": _l("signed out"),
    "sign_out_others": _l("other sign-ins ended"),
    "start": _l("started"),
    "stop": _l("stopped"),
    "stood_down": _l("stood down"),
    "submit": _l("handed in"),
    "substitute": _l("substitute named"),
    "switch_off": _l("switched off"),
    "switch_on": _l("switched on"),
    "take": _l("taken out"),
    "tentative": _l("tentative"),
    "undone": _l("undone"),
    "unplan": _l("time of publication taken back"),
    "update": _l("update sent"),
    "withdraw": _l("withdrawn"),
    "write": _l("written"),
    "withdrawn": _l("withdrawn"),
}

# Where a verb has words of its own for one kind of record.
ACTS = {
    "planned_reminder.plan": _l("planned"),
    "reply.leave": _l("leave asked for"),
    "role.grant": _l("given"),
}

FIELDS = {
    "abolished_on": _l("Abolished on"),
    "active": _l("Active"),
    "address": _l("Address of the page"),
    "address_en": _l("Address (English)"),
    "address_zh": _l("Address (Chinese)"),
    "alarms": _l("Reminders in the calendar"),
    "apart_from": _l("Somebody else than"),
    "appointments": _l("Appointments"),
    "at": _l("Time"),
    "attended_en": _l("Attended (English)"),
    "attended_zh": _l("Attended (Chinese)"),
    "attendee_id": _l("Attendee"),
    "attendees": _l("Attendees"),
    "author_en": _l("Author (English)"),
    "author_zh": _l("Author (Chinese)"),
    "body_en": _l("Text (English)"),
    "body_zh": _l("Text (Chinese)"),
    "called_at": _l("Called at"),
    "capacity": _l("Places in all"),
    "cancelled_at": _l("Cancelled at"),
    "changed": _l("Parts changed"),
    "closed_on": _l("Closed on"),
    "code": _l("Code in index numbers"),
    "comment": _l("Remark"),
    "concluded_at": _l("Concluded at"),
    "contact": _l("Contact"),
    "contact_email": _l("Contact's e-mail address"),
    "contact_name": _l("Contact"),
    "contact_phone": _l("Contact's phone"),
    "convener_id": _l("Convening organization"),
    "correction_en": _l("Correction (English)"),
    "correction_zh": _l("Correction (Chinese)"),
    "created_at": _l("Made at"),
    "current": _l("On the place now"),
    "days_before": _l("Days before the deadline"),
    "decision": _l("Decision"),
    "department_en": _l("Department (English)"),
    "department_zh": _l("Department (Chinese)"),
    "disclosure_en": _l("Disclosure (English)"),
    "disclosure_zh": _l("Disclosure (Chinese)"),
    "due_at": _l("Due at"),
    "email": _l("E-mail address"),
    "ends_at": _l("End"),
    "ends_on": _l("Last day"),
    "file": _l("File"),
    "further": _l("Further places"),
    "findings": _l("Findings of the check"),
    "first": _l("First password"),
    "form": _l("Form of the file"),
    "from": _l("Taken from"),
    "in_order": _l("In order"),
    "instead": _l("Write instead"),
    "invitations": _l("Invitations moved"),
    "is_current": _l("Current"),
    "is_on": _l("Switched on"),
    "items": _l("Items"),
    "kind": _l("Kind"),
    "kind_id": _l("Kind of post"),
    "language": _l("Language"),
    "leave": _l("Leave"),
    "leave_note": _l("Remark on the leave"),
    "letters": _l("Letters"),
    "meeting_id": _l("Meeting"),
    "merged": _l("The other record"),
    "merged_into": _l("Merged into"),
    "merged_into_id": _l("Merged into"),
    "minutes": _l("Minutes"),
    "name_en": _l("Name (English)"),
    "name_zh": _l("Name (Chinese)"),
    "note": _l("Note"),
    "note_en": _l("Note (English)"),
    "note_zh": _l("Note (Chinese)"),
    "notes_en": _l("Notes (English)"),
    "notes_zh": _l("Notes (Chinese)"),
    "not_written": _l("Rows not written"),
    "number": _l("Version"),
    "obstacle": _l("Why it was stopped"),
    "observers": _l("Observers"),
    "online_url": _l("Online link"),
    "order": _l("Order"),
    "organization": _l("Organization"),
    "organizations": _l("Organizations"),
    "organization_id": _l("Organization"),
    "owner_id": _l("Owner"),
    "parent_id": _l("Higher organization"),
    "path": _l("Place in the tree"),
    "person_id": _l("Person"),
    "phone": _l("Phone"),
    "place_id": _l("Place at the meeting"),
    "places": _l("Places"),
    "places_to_be_named": _l("Places to be named"),
    "planned_by": _l("Planned by"),
    "position": _l("Order"),
    "post": _l("Post"),
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
    "release_at": _l("Takes effect"),
    "replaces_id": _l("Replaces"),
    "replied_at": _l("Replied at"),
    "reply": _l("Reply"),
    "reply_by": _l("Replies close"),
    "represented_by": _l("Represented by"),
    "revision": _l("Saved text"),
    "revoked_at": _l("Revoked at"),
    "role": _l("Role"),
    "roles": _l("Roles"),
    "roll_closed_at": _l("Roll closed at"),
    "rule": _l("Rule"),
    "said": _l("What came"),
    "scheduled_at": _l("Scheduled at"),
    "sequence": _l("Update number"),
    "short_en": _l("Short name (English)"),
    "short_zh": _l("Short name (Chinese)"),
    "sheets": _l("Kinds of rows"),
    "shown": _l("Contradictions shown"),
    "sign_ins": _l("Sign-ins"),
    "sign_ins_ended": _l("Sign-ins ended"),
    "size": _l("Size"),
    "slug": _l("Address"),
    "source": _l("Taken from"),
    "stands_in_for_id": _l("Stands in for"),
    "started_at": _l("Started at"),
    "starts_at": _l("Start"),
    "starts_on": _l("First day"),
    "state": _l("State"),
    "step": _l("Step of review"),
    "steps": _l("Steps of review"),
    "stood_in": _l("Stood in for the reviewer"),
    "subject_en": _l("Subject class (English)"),
    "subject_zh": _l("Subject class (Chinese)"),
    "submitted_at": _l("Submitted at"),
    "title_en": _l("Title (English)"),
    "title_zh": _l("Title (Chinese)"),
    "told_at": _l("Told at"),
    "told_sequence": _l("Told update number"),
    "time_of_day": _l("Time of day"),
    "unchanged": _l("Rows unchanged"),
    "venue_en": _l("Place (English)"),
    "venue_zh": _l("Place (Chinese)"),
    "visibility": _l("Visibility"),
    "walk_in": _l("Came without an invitation"),
    "whom": _l("Spoke to"),
    "withdrawn": _l("Withdrawn"),
    "withdrawn_at": _l("Withdrawn at"),
    "withdrawn_reason_en": _l("Reason of the withdrawal (English)"),
    "withdrawn_reason_zh": _l("Reason of the withdrawal (Chinese)"),
    "words": _l("Words"),
    "written": _l("Rows written"),
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
    "mail_waiting": _l("To be decided"),
    "mail_applied": _l("Taken in"),
    "mail_refused": _l("Proposal refused"),
    "mail_undone": _l("Undone"),
    "mail_settled": _l("Settled"),
    "mail_kept": _l("On record only"),
}

OBSTACLES = {
    "over": _l("meeting over or cancelled"),
    "moved_on": _l("meeting changed meanwhile"),
    "begun": _l("start has passed"),
    "refused": _l("facts not possible"),
    "not_allowed": _l("author may no longer change it"),
}

CODED = ("role", "state", "reply", "leave", "visibility", "kind", "language", "obstacle")

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
    words = f"{KINDS.get(kind, kind)}{{}}{ACTS.get(action) or VERBS.get(verb, verb)}"
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
    if name == "obstacle":
        return str(OBSTACLES.get(value, value))
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
