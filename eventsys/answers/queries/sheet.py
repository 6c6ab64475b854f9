"""One organization's answer page: what it is asked for, what was answered, what is typed and not sent yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import contains_eager, defer

from eventsys.accounts.queries import office_day
from eventsys.answers.links import link_id_of
from eventsys.answers.models import AnswerDocument, AnswerSheet, ChangeRequest, Question, QuestionAnswer
from eventsys.core.actor import Channel
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.core.tokens import LINK_ID_LENGTH
from eventsys.directory.models import Organization, Post
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at, is_open
from eventsys.invitations.models import Ask, Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.answer import LINK_OUTLIVES, Convener
from eventsys.invitations.queries.portal import visible
from eventsys.invitations.queries.shapes import ReplyRow
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.web.access import current_actor

NOBODY = "-" * LINK_ID_LENGTH
Answers = Mapping[tuple[int, int | None], str]
"""Answers to questions, by question and attendee (None: of the organization)."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A place that the organization had been asked for and is not any more."""

    place_id: int
    title_zh: str
    title_en: str

    def title(self) -> str:
        return choose(self.title_zh, self.title_en)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """An organization's page at one meeting. `token` is that of the link by which it was opened, "" in the portal."""

    ask: Ask
    meeting: Meeting
    organization: Organization
    sheet: AnswerSheet | None
    rows: tuple[ReplyRow, ...]
    gone: tuple[Gone, ...]
    questions: tuple[Question, ...]
    answers: Answers
    documents: tuple[AnswerDocument, ...]
    requests: tuple[ChangeRequest, ...]
    token: str = ""

    @property
    def id(self) -> int:
        return self.ask.id

    @property
    def organization_id(self) -> int:
        return self.ask.organization_id

    @property
    def closes_at(self) -> datetime:
        return closes_at(self.meeting, self.ask.reply_by)

    @property
    def may_answer(self) -> bool:
        return is_open(self.meeting, Channel.PORTAL, own=self.ask.reply_by)

    @property
    def sent_number(self) -> int:
        return self.sheet.sent_number if self.sheet else 0

    @property
    def draft(self) -> dict[str, str]:
        """What is typed and not sent, by the names of the form's fields."""
        return dict(self.sheet.draft or {}) if self.sheet else {}

    @property
    def draft_number(self) -> int:
        return self.sheet.draft_number if self.sheet else 0

    @property
    def place_ids(self) -> frozenset[int]:
        """The places that the organization is or was asked for."""
        return frozenset(row.place_id for row in self.rows) | frozenset(place.place_id for place in self.gone)

    def documents_of(self, place_id: int) -> list[AnswerDocument]:
        return [each for each in self.documents if each.place_id == place_id]

    @property
    def waiting_request(self) -> ChangeRequest | None:
        """The request that the office has not closed yet."""
        return next((each for each in self.requests if each.closed_at is None), None)


def find_by_token(token: str) -> SheetPage | None:
    """The page behind a genuine link that is neither revoked nor expired, of an organization that still exists."""
    return _page(
        Ask.link_id == (link_id_of(token) or NOBODY),
        Ask.link_revoked_at.is_(None),
        Meeting.ends_at > now() - LINK_OUTLIVES,
        or_(Organization.closed_on.is_(None), Organization.closed_on > office_day()),
        token=token,
    )


def find_own(meeting_id: int, organization_id: int) -> SheetPage | None:
    """The page of one of the organizations that the present actor answers for."""
    if organization_id not in current_actor().liaison_for:
        return None
    return _page(Ask.meeting_id == meeting_id, Ask.organization_id == organization_id)


def find_sheet(meeting_id: int, organization_id: int) -> SheetPage | None:
    """The page of any organization, for the office."""
    return _page(Ask.meeting_id == meeting_id, Ask.organization_id == organization_id)


def own_organizations(meeting_id: int) -> list[tuple[int, str]]:
    """The organizations of the present actor that are asked to a meeting, as id and name, in the directory's order."""
    ids = current_actor().liaison_for
    if not ids:
        return []
    rows = db.session.execute(
        select(Organization.id, Organization.name_zh, Organization.name_en)
        .where(
            exists().where(Place.meeting_id == meeting_id, Place.organization_id == Organization.id, *visible(ids)),
            exists().where(Meeting.id == meeting_id, Meeting.state != MeetingState.DRAFT),
        )
        .order_by(Organization.position, Organization.sort_key, Organization.id)
    )
    return [(row.id, choose(row.name_zh, row.name_en)) for row in rows]


def _page(*conditions: ColumnElement[bool], token: str = "") -> SheetPage | None:
    found = db.session.execute(
        select(Ask, AnswerSheet)
        .join(Meeting, Meeting.id == Ask.meeting_id)
        .join(Convener, Convener.id == Meeting.convener_id)
        .join(Organization, Organization.id == Ask.organization_id)
        .outerjoin(AnswerSheet, AnswerSheet.ask_id == Ask.id)
        .where(Meeting.state != MeetingState.DRAFT, *conditions)
        .options(
            contains_eager(Ask.meeting)
            .options(defer(Meeting.calendar_zh), defer(Meeting.calendar_en), defer(Meeting.search_text))
            .contains_eager(Meeting.convener.of_type(Convener)),
            contains_eager(Ask.organization),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return None
    ask, sheet = found
    of_organization = visible([ask.organization_id])
    rows = tuple(replies.rows(ask.meeting_id, only=of_organization))
    gone = _gone(ask.meeting_id, of_organization)
    if not rows and not gone:
        return None
    questions = _questions(ask.meeting_id)
    return SheetPage(
        ask,
        ask.meeting,
        ask.organization,
        sheet,
        rows,
        gone,
        questions,
        _answers(ask.id) if questions else {},
        _documents(ask.id),
        _requests(ask.id),
        token,
    )


def _gone(meeting_id: int, of_organization: Sequence[ColumnElement[bool]]) -> tuple[Gone, ...]:
    first = (
        select(Attendee.name_zh, Attendee.name_en, Attendee.place_id)
        .where(Attendee.place_id == Place.id, Attendee.stands_in_for_id.is_(None))
        .correlate(Place)
    )
    rows = db.session.execute(
        select(
            Place.id,
            Post.title_zh,
            Post.title_en,
            first.with_only_columns(Attendee.name_zh).limit(1).scalar_subquery().label("name_zh"),
            first.with_only_columns(Attendee.name_en).limit(1).scalar_subquery().label("name_en"),
        )
        .outerjoin(Post, Post.id == Place.post_id)
        .where(Place.meeting_id == meeting_id, Place.withdrawn_at.is_not(None), *of_organization)
        .order_by(Place.position, Place.id)
    )
    return tuple(Gone(row.id, row.title_zh or row.name_zh or "", row.title_en or row.name_en or "") for row in rows)


def _questions(meeting_id: int) -> tuple[Question, ...]:
    statement = select(Question).where(Question.meeting_id == meeting_id, Question.withdrawn_at.is_(None))
    return tuple(db.session.scalars(statement.order_by(Question.position, Question.id)))


def _answers(ask_id: int) -> dict[tuple[int, int | None], str]:
    rows = db.session.execute(
        select(QuestionAnswer.question_id, QuestionAnswer.attendee_id, QuestionAnswer.value).where(
            QuestionAnswer.ask_id == ask_id
        )
    )
    return {(row.question_id, row.attendee_id): row.value for row in rows}


def _documents(ask_id: int) -> tuple[AnswerDocument, ...]:
    statement = select(AnswerDocument).where(AnswerDocument.ask_id == ask_id).order_by(AnswerDocument.id)
    return tuple(db.session.scalars(statement))


def _requests(ask_id: int) -> tuple[ChangeRequest, ...]:
    statement = select(ChangeRequest).where(ChangeRequest.ask_id == ask_id).order_by(ChangeRequest.number)
    return tuple(db.session.scalars(statement))


def find_document(page: SheetPage, document_id: int) -> Any:
    """One of the page's documents, None when it is somebody else's."""
    return next((each for each in page.documents if each.id == document_id), None)


def content_of(document: AnswerDocument) -> bytes:
    """The bytes of a document."""
    return db.session.scalars(select(AnswerDocument.content).where(AnswerDocument.id == document.id)).one()
