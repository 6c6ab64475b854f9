"""Who gets which page of this room."""

READ = {"administrator", "organizer", "approver", "editor"}
ANYBODY = {"administrator", "organizer", "approver", "editor", "liaison", "check_in", "member", "stranger", "invitee"}

ROUTES: dict[str, set[str]] = {
    "notices.index": ANYBODY,
    "notices.show": ANYBODY,
    "notices.version": ANYBODY,
    "notices.feed": ANYBODY,
    "notice_lists.index": READ,
    "notice_lists.export": READ,
    "notice_desk.show": READ,
    "notice_desk.preview": READ,
    "notice_desk.start": {"organizer", "editor"},
    "notice_desk.edit": {"organizer", "editor"},
    "notice_acts.send": {"organizer", "editor"},
    "notice_acts.sign_off": {"approver"},
    "notice_acts.give_back": {"organizer", "approver", "editor"},
    "notice_acts.make_public": {"editor"},
    "notice_acts.take_back": {"editor"},
    "notice_acts.correct": {"editor"},
}
