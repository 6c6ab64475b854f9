"""Who gets the pages that several domains share."""

EVERYBODY = {
    "administrator",
    "organizer",
    "approver",
    "editor",
    "liaison",
    "check_in",
    "member",
    "invitee",
    "stranger",
}
SIGNED_IN = EVERYBODY - {"stranger", "invitee"}

ROUTES: dict[str, set[str]] = {
    "machine.healthz": EVERYBODY,
    "machine.readyz": EVERYBODY,
    "machine.robots": EVERYBODY,
    "machine.sitemap": EVERYBODY,
    "public.home": EVERYBODY,
    "public.search": EVERYBODY,
    "public.export": EVERYBODY,
    "public.accessibility": EVERYBODY,
    "public.privacy": EVERYBODY,
    "workspace.home": SIGNED_IN,
    "workspace.search": SIGNED_IN,
    "log.index": {"administrator", "organizer", "approver"},
    "log.export": {"administrator", "organizer", "approver"},
    "workspace.meeting": {"administrator", "organizer", "approver", "editor"},
}
