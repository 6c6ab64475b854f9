"""The convening office reads what organizations answered, with their papers, and closes their requests."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect
from werkzeug.wrappers import Response

from eventsys.answers.forms.office import CloseForm
from eventsys.answers.models import AnswerDocument
from eventsys.answers.operations.requests import close_request
from eventsys.answers.policy import can_manage_sheet, can_see_papers, can_see_sheet
from eventsys.answers.queries.office import exported, questions_of, sheet_lines
from eventsys.answers.queries.sheet import SheetPage, find_document, find_sheet
from eventsys.answers.values import shown
from eventsys.answers.views.papers import handed_out
from eventsys.answers.views.slip import answered
from eventsys.core.errors import DomainError
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.invitations import words
from eventsys.invitations.letters.words import organization_page
from eventsys.invitations.policy import can_invite, can_see_contacts, can_see_invitations
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.rendering.tables import csv_bytes, xlsx_bytes
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
bp = Blueprint("organization_answers", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/answers")


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that an organization sent, with its meeting."""

    document: AnswerDocument
    meeting: Meeting


def find_sent(meeting_id: int, organization_id: int, document_id: int) -> Sent | None:
    """A document of the organization; one that was not sent yet is nobody's but its own."""
    page = find_sheet(meeting_id, organization_id)
    found = find_document(page, document_id) if page else None
    return Sent(found, page.meeting) if page and found and found.sent_at else None


@bp.get("/")
@allowed(can_see_invitations, find_meeting)
def index(meeting: Meeting) -> str:
    """Every organization that is asked, with what it sent as a whole."""
    return render(
        "answers/index.html",
        frame=frame(meeting, "invitations"),
        meeting=meeting,
        lines=sheet_lines(meeting.id),
        questions=questions_of(meeting.id, withdrawn=False),
        may_invite=can_invite(current_actor(), meeting),
    )


@bp.get("/list.csv")
@allowed(can_see_invitations, find_meeting)
def as_csv(meeting: Meeting) -> Response:
    """Places and organizations with their answers to the questions, as CSV."""
    header, rows = _exported(meeting)
    return _file(csv_bytes(header, rows), "text/csv; charset=utf-8", f"answers-{meeting.id}.csv")


@bp.get("/list.xlsx")
@allowed(can_see_invitations, find_meeting)
def as_xlsx(meeting: Meeting) -> Response:
    """The same as a workbook."""
    header, rows = _exported(meeting)
    return _file(xlsx_bytes(header, rows, _("Answers")), XLSX, f"answers-{meeting.id}.xlsx")


@bp.get("/<int:organization_id>")
@allowed(can_see_sheet, find_sheet)
def show(page: SheetPage) -> Response:
    """What one organization answered, its link and its requests."""
    return _page(page, CloseForm())


@bp.post("/<int:organization_id>/request")
@allowed(can_manage_sheet, find_sheet)
def close(page: SheetPage) -> Response:
    """Close the request that waits, with a word."""
    form, here = CloseForm(), _address(page)
    if form.carries_out(lambda: _close(page, form)):
        flash(_("The request is closed, and the organization is told."))
        return redirect(here, 303)
    return _page(find_sheet(page.meeting.id, page.organization_id) or page, form)


@bp.get("/<int:organization_id>/documents/<int:document_id>")
@allowed(can_see_papers, find_sent)
def document(sent: Sent) -> Response:
    """A paper that an organization handed in."""
    return handed_out(sent.document)


def _close(page: SheetPage, form: CloseForm) -> None:
    waiting = page.waiting_request
    if waiting is None:
        raise DomainError(_("This request is closed already."))
    close_request(waiting, form.reply.data or "", by=current_actor())


def _page(page: SheetPage, form: CloseForm) -> Response:
    manages = can_manage_sheet(current_actor(), page)
    return render_form(
        "answers/sheet.html",
        form,
        frame=frame(page.meeting, "invitations"),
        page=page,
        meeting=page.meeting,
        here=_address(page),
        words=words,
        manages=manages,
        link=organization_page(page.ask.link_id) if manages and page.ask.link_revoked_at is None else "",
        contacts=can_see_contacts(current_actor(), page.meeting),
        asked={row.place_id: answered(page, row.attendee_id) for row in page.rows},
        whole=answered(page, None, of_person=False),
    )


def _address(page: SheetPage) -> str:
    return f"/workspace/meetings/{page.meeting.id}/answers/{page.organization_id}"


def _exported(meeting: Meeting) -> tuple[list[str], list[list[str]]]:
    found, zone = exported(meeting.id), meeting.zone
    header = [
        *(_("Organization"), _("Post"), _("Name"), _("Answer"), _("Reason or remark")),
        *(question.label() for question in found.questions),
        *(_("Note"), _("Sent on"), _("Sent by")),
    ]
    people = [
        [row.organization(), row.title(), row.name(), str(words.STATES[row.state]), row.comment]
        + [shown(question, values.get(question.id, ""), zone) for question in found.questions]
        + ["", "", ""]
        for row, values in found.rows
    ]
    whole = [
        [line.name(), _("The organization as a whole"), "", "", ""]
        + [shown(question, values.get(question.id, ""), zone) for question in found.questions]
        + [line.note, moment(line.sent_at, zone) if line.sent_at else "", line.sent_by]
        for line, values in found.whole
    ]
    return header, people + whole


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
