"""Addresses of calendars; texts of meetings for those invited; when an attendee's row last changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWN = "revoked_at IS NULL AND organization_id IS NULL"
OF_ORGANIZATION = "revoked_at IS NULL AND organization_id IS NOT NULL"
SINCE_EVER = "19700101T000000Z"

END, FREE_AND_END = "\r\nEND:VEVENT\r\n", "\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
FOLD, FOLDED = "\r\n ", "\x1f"
FOLDED_AT, PART = 74, 500
OF_A_READER = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "SUMMARY", "DESCRIPTION", "BEGIN", "END")
LABELS = {
    "zh": ("线上参会：", "联系人：", "备注：", "，"),
    "en": ("Join online: ", "Contact: ", "Notes: ", ", "),
}
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
FACTS = (
    *("id", "state", "calendar_zh", "calendar_en", "online_url", "contact_name", "contact_phone", "contact_email"),
    *("notes_zh", "notes_en"),
)
TEXTS = ("inside_zh", "inside_en", "prepared_at", "modified_at")
MEETING = sa.table("meeting", *(sa.column(name) for name in (*FACTS, *TEXTS)))
MOMENTS = ("told_at", "replied_at", "leave_decided_at", "link_revoked_at")
ATTENDEE = sa.table("attendee", *(sa.column(name) for name in ("id", "modified_at", "created_at", *MOMENTS)))
PLACE = sa.table("place", *(sa.column(name) for name in ("modified_at", "created_at", "told_at", "withdrawn_at")))
EVENT = sa.table("reply_event", sa.column("attendee_id"), sa.column("at"))


def upgrade() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_address_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calendar_address_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("link_id", name=op.f("uq_calendar_address_link_id")),
    )
    for column in ("person_id", "organization_id"):
        op.create_index(op.f(f"ix_calendar_address_{column}"), "calendar_address", [column])
    for name, columns, condition in (
        ("uq_calendar_address_own", ["person_id"], OWN),
        ("uq_calendar_address_organization", ["organization_id", "person_id"], OF_ORGANIZATION),
    ):
        where = {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}
        op.create_index(name, "calendar_address", columns, unique=True, **where)
    for table in ("attendee", "place"):
        op.add_column(table, sa.Column("modified_at", sa.String(length=16), nullable=False, server_default=SINCE_EVER))
    _say_when_each_changed()
    op.add_column("meeting", sa.Column("prepared_at", sa.String(length=16), nullable=True))
    for name in ("inside_zh", "inside_en"):
        op.add_column("meeting", sa.Column(name, sa.String(length=20000), nullable=False, server_default=""))
    _prepare_what_those_invited_see()
    _replace_end(END, FREE_AND_END)


def downgrade() -> None:
    _replace_end(FREE_AND_END, END)
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    for name in ("inside_en", "inside_zh", "prepared_at"):
        op.execute(f"ALTER TABLE meeting DROP COLUMN {name}")
    for table in ("place", "attendee"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN modified_at")
    op.drop_table("calendar_address")


def _replace_end(one: str, other: str) -> None:
    """Public meetings take nobody's time who subscribes to them; only the line itself begins at a line's start."""
    texts = {name: sa.func.replace(MEETING.c[name], one, other) for name in ("calendar_zh", "calendar_en")}
    op.execute(sa.update(MEETING).values(**texts))


def _say_when_each_changed() -> None:
    """The newest moment that a row or its history tells."""
    last = sa.select(sa.func.max(EVENT.c.at)).where(EVENT.c.attendee_id == ATTENDEE.c.id).scalar_subquery()
    known = [*(ATTENDEE.c[name] for name in MOMENTS), last]
    op.execute(sa.update(ATTENDEE).values(modified_at=_latest(ATTENDEE.c.created_at, *known)))
    op.execute(sa.update(PLACE).values(modified_at=_latest(PLACE.c.created_at, PLACE.c.told_at, PLACE.c.withdrawn_at)))


def _latest(first: Any, *others: Any) -> Any:
    """The latest instant as iCalendar writes it; those that are NULL do not count."""
    several = [first, *(sa.func.coalesce(each, first) for each in others)]
    if op.get_bind().dialect.name == "sqlite":
        return sa.func.strftime("%Y%m%dT%H%M%SZ", sa.func.max(*several) if others else first)
    return sa.func.to_char(sa.func.timezone("UTC", sa.func.greatest(*several)), 'YYYYMMDD"T"HH24MISS"Z"')


def _prepare_what_those_invited_see() -> None:
    """From the public text: without what is a reader's own, with the link, the contact and the notes."""
    connection = op.get_bind()
    ids = connection.execute(sa.select(MEETING.c.id).where(MEETING.c.calendar_zh != "")).scalars().all()
    facts = sa.select(*(MEETING.c[name] for name in FACTS))
    write = sa.update(MEETING).where(MEETING.c.id == sa.bindparam("the_id"))
    write = write.values(
        inside_zh=sa.bindparam("zh"), inside_en=sa.bindparam("en"), prepared_at=_latest(MEETING.c.modified_at)
    )
    for first in range(0, len(ids), PART):
        rows = connection.execute(facts.where(MEETING.c.id.in_(ids[first : first + PART]))).all()
        connection.execute(write, [{"the_id": row.id, **{code: _inside(row, code) for code in LABELS}} for row in rows])


def _inside(row: Any, code: str) -> str:
    lines = {line.partition(":")[0].partition(";")[0]: line for line in _lines(getattr(row, f"calendar_{code}"))}
    shared = [line for name, line in lines.items() if name not in OF_A_READER]
    added = "".join(map(_continued, _more(row, code)))
    return "\r\n".join((lines["SUMMARY"].removeprefix("SUMMARY:"), *shared, lines["DESCRIPTION"])) + added


def _lines(vevent: str) -> list[str]:
    unfolded = vevent.removesuffix("\r\n").replace(FOLD, FOLDED).split("\r\n")
    return [line.replace(FOLDED, FOLD) for line in unfolded]


def _more(row: Any, code: str) -> Iterator[str]:
    online, contact, notes, comma = LABELS[code]
    other = {"zh": "en", "en": "zh"}[code]
    stands = row.state != "cancelled"
    who = comma.join(each for each in (row.contact_name, row.contact_phone, row.contact_email) if each)
    said = getattr(row, f"notes_{code}") or getattr(row, f"notes_{other}")
    for label, value, shown in ((online, row.online_url, stands), (contact, who, True), (notes, said, stands)):
        if value and shown:
            yield label + value


def _continued(value: str) -> str:
    """The text as another line of the description: escaped, and folded at 75 octets."""
    clean = CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = "\\n" + clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    folded, octets = FOLD, 0
    for character in escaped:
        size = len(character.encode())
        if octets + size > FOLDED_AT:
            folded, octets = folded + FOLD, 0
        folded, octets = folded + character, octets + size
    return folded
