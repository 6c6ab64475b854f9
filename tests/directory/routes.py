"""Who gets each page of this room; a liaison for what belongs to their own organization."""

STAFF = {"administrator", "organizer", "approver", "editor"}
ADMINISTRATOR = {"administrator"}
KEEPERS = {"administrator", "liaison"}
READERS = STAFF | {"liaison"}
ORGANIZERS = {"administrator", "organizer"}

ROUTES: dict[str, set[str]] = {
    "directory.show_tree": READERS,
    "directory.export_organizations": READERS,
    "directory.add_organization": ADMINISTRATOR,
    "directory.show_organization": READERS,
    "directory.edit_organization": ADMINISTRATOR,
    "directory.move_organization": ADMINISTRATOR,
    "directory.close_organization": ADMINISTRATOR,
    "directory.reopen_organization": ADMINISTRATOR,
    "directory.order_organization": ADMINISTRATOR,
    "directory.list_posts": STAFF,
    "directory.export_posts": STAFF,
    "directory.add_post": ADMINISTRATOR,
    "directory.show_post": READERS,
    "directory.edit_post": ADMINISTRATOR,
    "directory.abolish_post": ADMINISTRATOR,
    "directory.restore_post": ADMINISTRATOR,
    "directory.order_post": ADMINISTRATOR,
    "directory.list_post_kinds": STAFF,
    "directory.add_post_kind": ADMINISTRATOR,
    "directory.edit_post_kind": ADMINISTRATOR,
    "directory.order_post_kind": ADMINISTRATOR,
    "directory.list_people": READERS,
    "directory.export_people": READERS,
    "directory.add_person": ADMINISTRATOR,
    "directory.add_person_to_organization": KEEPERS,
    "directory.show_person": READERS,
    "directory.edit_person": KEEPERS,
    "directory.appoint_to_post": KEEPERS,
    "directory.appoint_person": KEEPERS,
    "directory.edit_appointment": KEEPERS,
    "directory.end_appointment": KEEPERS,
    "directory.list_audiences": STAFF,
    "directory.add_audience": ORGANIZERS,
    "directory.show_audience": STAFF,
    "directory.edit_audience": ORGANIZERS,
    "directory.delete_audience": ORGANIZERS,
}
