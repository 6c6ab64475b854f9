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
    "place": _l("Place"),
    "reply": _l("Reply"),
    "leave": _l("Leave"),
    "letter": _l("Letter"),
    "attendance": _l("Attendance"),
    "roll": _l("Roll"),
    "notice": _l("Summary notice"),
}

VERBS = {
    "abolish": _l("abolished"),
    "accept": _l("accepted"),
    "add": _l("added"),
    "answer": _l("answered"),
    "approve": _l("approved"),
    "arrive": _l("arrived"),
    "cancel": _l("cancelled"),
    "change": _l("changed"),
    "close": _l("closed"),
    "conclude": _l("concluded"),
    "copy": _l("copied"),
    "correct": _l("corrected"),
    "delete": _l("deleted"),
    "discard": _l("discarded"),
    "draft": _l("drafted"),
    "edit": _l("edited"),
    "end": _l("ended"),
    "grant": _l("granted"),
    "invite": _l("invited by letter"),
    "leave": _l("left"),
    "mark": _l("marked"),
    "move": _l("moved"),
    "name": _l("named"),
    "password": _l("password set"),
    "postpone": _l("postponed"),
    "prepare": _l("prepared"),
    "publish": _l("published"),
    "refuse": _l("refused"),
    "remind": _l("reminded"),
    "remove": _l("removed"),
    "reopen": _l("opened again"),
    "reorder": _l("put in another order"),
    "request": _l("asked for"),
    "reset_asked": _l("new password asked for"),
    "restore": _l("restored"),
    "return": _l("returned"),
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
    "submit": _l("handed in"),
    "substitute": _l("substitute named"),
    "take_back": _l("taken back"),
    "undo": _l("undone"),
    "update": _l("update sent"),
    "withdraw": _l("withdrawn"),
}

FIELDS = {
    "active": _l("Active"),
    "address_en": _l("Address (English)"),
    "address_zh": _l("Address (Chinese)"),
    "closed_on": _l("Closed on"),
    "contact": _l("Contact"),
    "convener_id": _l("Convening organization"),
    "email": _l("E-mail address"),
    "ends_at": _l("End"),
    "ends_on": _l("Last day"),
    "first": _l("First password"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "name_en": _l("Name (English)"),
    "name_zh": _l("Name (Chinese)"),
    "note": _l("Note"),
    "organization": _l("Organization"),
    "organization_id": _l("Organization"),
    "parent_id": _l("Higher organization"),
    "path": _l("Place in the tree"),
    "person_id": _l("Person"),
    "phone": _l("Phone"),
    "position": _l("Order"),
    "post_id": _l("Post"),
    "reason": _l("Reason"),
    "reason_en": _l("Reason (English)"),
    "reason_zh": _l("Reason (Chinese)"),
    "reply": _l("Reply"),
    "reply_by": _l("Replies close"),
    "role": _l("Role"),
    "sequence": _l("Update number"),
    "short_en": _l("Short name (English)"),
    "short_zh": _l("Short name (Chinese)"),
    "sign_ins": _l("Sign-ins"),
    "sign_ins_ended": _l("Sign-ins ended"),
    "starts_at": _l("Start"),
    "starts_on": _l("First day"),
    "state": _l("State"),
    "title_en": _l("Title (English)"),
    "title_zh": _l("Title (Chinese)"),
    "venue_en": _l("Place (English)"),
    "venue_zh": _l("Place (Chinese)"),
    "visibility": _l("Visibility"),
    "zone": _l("Time zone"),
}

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
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(_value(name, each, zone) for each in value)
    if isinstance(value, dict):
        return "；".join(f"{key}={_value(key, each, zone)}" for key, each in value.items())
    if name == "role":
        return str(next((words for role, words in ROLES.items() if role.value == value), value))
    return _instant(value, zone) if isinstance(value, str) else str(value)


def _instant(text: str, zone: str) -> str:
    """An instant in the office's zone; any other text as it is."""
    if len(text) < 20 or text[4:5] != "-" or "T" not in text[:11]:
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment(at, zone, datetime(1, 1, 1, tzinfo=at.tzinfo)) if at.tzinfo else text
