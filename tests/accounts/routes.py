"""Who gets each page of this room."""

STAFF = {"organizer", "approver", "editor"}
ADMINISTRATOR = {"administrator"}
MEMBERS = {"administrator", *STAFF, "liaison", "check_in", "member"}
EVERYBODY = {*MEMBERS, "stranger", "invitee"}

ROUTES: dict[str, set[str]] = {
    "security.login": EVERYBODY,
    "security.logout": EVERYBODY,
    "security.forgot_password": EVERYBODY,
    "security.forgotten_sent": EVERYBODY,
    "security.reset_password": EVERYBODY,
    "security.accept_invitation": EVERYBODY,
    "security.change_password": MEMBERS,
    "security.list_sign_ins": MEMBERS,
    "security.end_one": MEMBERS,
    "security.end_others": MEMBERS,
    "accounts.index": ADMINISTRATOR,
    "accounts.export": ADMINISTRATOR,
    "accounts.choose_person": ADMINISTRATOR,
    "accounts.show": ADMINISTRATOR,
    "accounts.invite": ADMINISTRATOR,
    "accounts.close": ADMINISTRATOR,
    "accounts.reopen": ADMINISTRATOR,
    "accounts.grant": ADMINISTRATOR,
    "accounts.end": ADMINISTRATOR,
    "audit.index": ADMINISTRATOR,
    "audit.export": ADMINISTRATOR,
}
