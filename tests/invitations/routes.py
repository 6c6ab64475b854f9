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
    "attendee.on_behalf": {"organizer"},
    "attendee.leave": {"organizer", "approver"},
    "attendee.substitute": {"organizer"},
    "attendee.name": {"administrator", "organizer"},
    "portal.home": {"liaison"},
    "portal.show": {"liaison"},
    "portal.name": {"liaison"},
}

ASKING: dict[str, set[str]] = dict.fromkeys(
    (
        "prepare.add",
        "send.send",
        "send.letter",
        "send.withdraw",
        "remind.show",
        "remind.letter",
        "change.change",
        "change.change_letter",
        "change.postpone",
        "change.postpone_letter",
        "change.cancel",
        "change.cancel_letter",
    ),
    {"administrator", "organizer"},
)

ROUTES: dict[str, set[str]] = {**ANSWERING, **ASKING}
