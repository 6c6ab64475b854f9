"""Who gets the pages of invitations."""

STAFF = {"administrator", "organizer", "approver", "editor"}
EVERYBODY = STAFF | {"liaison", "check_in", "member", "invitee", "stranger"}

ANSWERING: dict[str, set[str]] = {
    "answer.show": EVERYBODY,
    "answer.reply": EVERYBODY,
    "answer.calendar": EVERYBODY,
    "replies.show": STAFF,
    "replies.as_csv": STAFF,
    "replies.as_xlsx": STAFF,
    "attendee.show": STAFF,
    "attendee.place": STAFF,
    "on_behalf.show": {"organizer"},
    "attendee.on_behalf": {"organizer"},
    "attendee.leave": {"organizer", "approver"},
    "leave.show": {"organizer", "approver"},
    "live.show": set(),
    "attendee.substitute": {"organizer"},
    "attendee.name": {"administrator", "organizer"},
    "portal.home": {"liaison"},
}

ASKS = {"administrator", "organizer"}
ASKING: dict[str, set[str]] = {
    "prepare.add": ASKS,
    "send.send": ASKS,
    "send.letter": ASKS,
    "send.withdraw": ASKS,
    "send.withdraw_letter": ASKS,
    "attendee.send_again": ASKS,
    "change.change": ASKS,
    "change.change_letter": ASKS,
    "change.postpone": ASKS,
    "change.postpone_letter": ASKS,
    "change.cancel": ASKS,
    "change.cancel_letter": ASKS,
    "held.show": ASKS,
    "held.letter": ASKS,
}

ROUTES: dict[str, set[str]] = {**ANSWERING, **ASKING}
