"""The replies of one meeting as a picture: one square a place, a row an organization, the numbers beside it."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.core.language import gettext as _
from eventsys.invitations.queries.replies import Counts, OrganizationCounts, by_organization
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Row:
    """One organization: its squares as (shape, count), and its numbers with the list each leads to."""

    name: str
    squares: list[tuple[str, int]]
    numbers: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """All rows, the last of which is the total, and the words above the columns."""

    headings: list[str]
    rows: list[Row]
    total: Row
    counts: Counts
    base: str


def reply_picture(meeting: Meeting) -> Picture:
    """The picture and its table, from one query."""
    base = f"/workspace/meetings/{meeting.id}/invitations/"
    organizations = by_organization(meeting.id)
    whole = _sum([each.counts for each in organizations])
    return Picture(
        headings=[
            _("Places"),
            _("Accepted"),
            _("Substitute"),
            _("Tentative"),
            _("Leave or declined"),
            _("No reply"),
            _("To be named"),
        ],
        rows=[_row(each, base) for each in organizations],
        total=Row(_("Total"), [], _numbers(whole, f"{base}?")),
        counts=whole,
        base=base,
    )


def _row(each: OrganizationCounts, base: str) -> Row:
    link = f"{base}?organization={each.organization_id or 0}&"
    return Row(each.name() or _("Without an organization"), _squares(each.counts), _numbers(each.counts, link))


def _squares(counts: Counts) -> list[tuple[str, int]]:
    return [
        ("full", counts.accepted),
        ("outline", counts.substitute),
        ("half", counts.tentative),
        ("dash", counts.on_leave + counts.declined),
        ("mine", counts.leave_requested + counts.to_be_named),
        ("empty", counts.no_reply + counts.prepared + counts.optional),
    ]


def _numbers(counts: Counts, link: str) -> list[tuple[int, str]]:
    away = "show=leave_requested&show=on_leave&show=declined"
    return [
        (counts.places, link.rstrip("?&")),
        (counts.accepted, f"{link}show=accepted"),
        (counts.substitute, f"{link}show=substitute"),
        (counts.tentative, f"{link}show=tentative"),
        (counts.leave_requested + counts.on_leave + counts.declined, f"{link}{away}"),
        (counts.no_reply, f"{link}show=no_reply"),
        (counts.to_be_named, f"{link}show=to_be_named"),
    ]


def _sum(several: list[Counts]) -> Counts:
    names = Counts.__dataclass_fields__
    return Counts(**{name: sum(getattr(each, name) for each in several) for name in names})
