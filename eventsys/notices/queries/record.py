"""The first draft: what the record of a meeting says, in one language.

A sentence whose facts are missing is left out. People appear by organization and post, never by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sqlalchemy import select

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.attendance.queries import RollRow, roll
from eventsys.attendance.states import PRESENT, RollState
from eventsys.core.formats import date_short
from eventsys.core.language import current_language, use_language
from eventsys.core.language import gettext as _
from eventsys.core.names import HAN_RUN
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices.text import NoticeText

MOST_POSTS = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """The record in one language; `attended` says who came by organization and post."""

    title: str = ""
    body: str = ""
    attended: str = ""
    department: str = ""


def draft_text(meeting: Meeting) -> NoticeText:
    """The first draft in both languages."""
    zh, en = draft_in(meeting, "zh"), draft_in(meeting, "en")
    return NoticeText(
        title_zh=zh.title,
        title_en=en.title,
        body_zh=zh.body,
        body_en=en.body,
        department_zh=zh.department,
        department_en=en.department,
        attended_zh=zh.attended,
        attended_en=en.attended,
    )


def draft_in(meeting: Meeting, language: str) -> Draft:
    """The draft in one language; empty when the meeting or its office has no name in it."""
    office = getattr(meeting.convener, f"name_{language}")
    title = getattr(meeting, f"title_{language}")
    if not office or not title:
        return Draft()
    with use_language(language):
        rows = [row for row in roll(meeting) if row.state in PRESENT and row.organization_id is not None]
        items = _items(meeting.id)
        names = _names({row.organization_id for row in rows} | {item.organization_id for item in items})
        attended = _attended(rows, names)
        paragraphs = [
            _held(meeting, office, title),
            _came(attended),
            *_went(items),
            *_reported(_reporters(items, rows, names)),
        ]
        heading = _("%(office)s holds “%(meeting)s”", office=office, meeting=title)
        return Draft(heading, "".join(paragraphs), attended[:1].upper() + attended[1:], office)


def reporters(meeting: Meeting) -> list[str]:
    """Who reported, in the order of the agenda: organizations with a work report that were present, each once."""
    rows = [row for row in roll(meeting) if row.state in PRESENT and row.organization_id is not None]
    items = _items(meeting.id)
    return _reporters(items, rows, _names({item.organization_id for item in items}))


def _held(meeting: Meeting, office: str, title: str) -> str:
    day = date_short(meeting.starts_at, meeting.zone)
    return _paragraph(_("On %(day)s, %(office)s held “%(meeting)s”.", day=day, office=office, meeting=title))


def _came(attended: str) -> str:
    return _paragraph(_("It was attended by %(people)s.", people=attended)) if attended else ""


def _went(items: Iterable[Any]) -> list[str]:
    passed_over = {AgendaKind.WORK_REPORT, AgendaKind.BREAK, AgendaKind.OPENING, AgendaKind.CLOSING}
    titles = [getattr(item, f"title_{current_language()}") for item in items if item.kind not in passed_over]
    titles = [title for title in titles if title]
    if not titles:
        return []
    between = _("; ")
    sentence = _("The agenda in its order: %(items)s.", items=between.join(titles))
    return [_heading(_("Items of the meeting")), _paragraph(sentence)]


def _reported(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    if len(names) == 1:
        sentence = _("%(name)s reported on its work.", name=names[0])
    else:
        sentence = _(
            "%(number)s organizations reported on their work in turn: %(names)s.", number=len(names), names=_list(names)
        )
    return [_heading(_("Work reports")), _paragraph(sentence)]


def _reporters(items: Iterable[Any], rows: Iterable[RollRow], names: dict[int, str]) -> list[str]:
    here = {row.organization_id for row in rows}
    ids = [item.organization_id for item in items if item.kind is AgendaKind.WORK_REPORT]
    return [names[each] for each in dict.fromkeys(ids) if each in here and names.get(each)]


def _attended(rows: Iterable[RollRow], names: dict[int, str]) -> str:
    """Organizations with the same posts together, in the order of the roll."""
    posts: dict[int, list[str]] = {}
    for row in rows:
        if row.organization_id is None or not names.get(row.organization_id):
            continue
        titles = posts.setdefault(row.organization_id, [])
        title = _title(row, names[row.organization_id])
        if title and title not in titles:
            titles.append(title)
    alike: dict[tuple[str, ...], list[str]] = {}
    for organization_id, titles in posts.items():
        key = tuple(titles) if len(titles) < MOST_POSTS else ()
        alike.setdefault(key, []).append(names[organization_id])
    return _(
        "; ",
    ).join(_group(titles, organizations) for titles, organizations in alike.items())


def _group(titles: tuple[str, ...], organizations: Sequence[str]) -> str:
    if not titles:
        return _("staff of %(organizations)s", organizations=_list(organizations))
    return _("%(posts)s of %(organizations)s", posts=_list(titles), organizations=_list(organizations))


def _title(row: RollRow, organization: str) -> str:
    """The post in the current language, "" where the record has none in it; who stood in unannounced has none."""
    if row.state is RollState.REPRESENTED:
        return _("a representative")
    title = row.title.removeprefix(organization).strip()
    if current_language() == "en":
        if HAN_RUN.search(title):
            return ""
        return title[:1].lower() + title[1:] if title[1:2].islower() else title
    return title


def _list(names: Sequence[str]) -> str:
    """`甲、乙、丙`; `A, B and C`."""
    if current_language() == "zh":
        return "、".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _heading(words: str) -> str:
    return f"<h2>{escape(words, quote=False)}</h2>"


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(sentence, quote=False)}</p>"


def _items(meeting_id: int) -> Sequence[Any]:
    statement = (
        select(
            AgendaItem.kind,
            AgendaItem.title_zh,
            AgendaItem.title_en,
            AgendaItem.presenter_organization_id.label("organization_id"),
        )
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return db.session.execute(statement).all()


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    """The organizations' full names in the current language, "" for one without."""
    wanted = {each for each in ids if each is not None}
    name = Organization.name_en if current_language() == "en" else Organization.name_zh
    rows = db.session.execute(select(Organization.id, name).where(Organization.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}
