"""A meeting's own questions: listed, worded, put in order, asked no more."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request
from werkzeug.wrappers import Response

from eventsys.answers.common import COMMON
from eventsys.answers.forms.office import QuestionForm
from eventsys.answers.operations.questions import (
    add_question,
    ask_again,
    change_question,
    order_questions,
    withdraw_question,
)
from eventsys.answers.policy import can_ask_questions
from eventsys.answers.queries.office import QuestionPage, find_question, numbers_answered, questions_of
from eventsys.answers.words import QUESTION_KINDS
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.invitations.policy import can_invite
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.once import OnceForm
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("meeting_questions", __name__, url_prefix="/workspace/meetings/<int:meeting_id>/questions")


@bp.get("/")
@allowed(can_invite, find_meeting)
def index(meeting: Meeting) -> Response:
    """What the meeting asks beside the answer."""
    return _list(meeting, OnceForm())


@bp.post("/")
@allowed(can_invite, find_meeting)
def common(meeting: Meeting) -> Response:
    """Add one of the questions that many meetings ask."""
    form, wording = OnceForm(), COMMON.get(request.form.get("common", ""))
    if wording is None and form.is_submitted() and form.validate():
        abort(400)
    if wording is not None and form.carries_out(lambda: add_question(meeting, wording, by=current_actor())):
        return redirect(_address(meeting), 303)
    return _list(meeting, form)


@bp.post("/order")
@allowed(can_invite, find_meeting)
def order(meeting: Meeting) -> Response:
    """Put the questions in order: dragged, or one step up or down."""
    form = BaseForm()
    ids = _moved([int(each) for each in request.form.getlist("order") if each.isascii() and each.isdigit()])
    if form.carries_out(lambda: order_questions(meeting, ids, by=current_actor())):
        return redirect(_address(meeting), 303)
    return _list(meeting, form)


@bp.route("/new", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def new(meeting: Meeting) -> Response:
    """Word a question."""
    form = QuestionForm()
    if form.carries_out(lambda: add_question(meeting, form.wording, by=current_actor())):
        flash(_("The question is asked on every answer page."))
        return redirect(_address(meeting), 303)
    return _form(meeting, form, None)


@bp.route("/<int:question_id>", methods=["GET", "POST"])
@allowed(can_ask_questions, find_question)
def edit(page: QuestionPage) -> Response:
    """Word it anew."""
    form = QuestionForm() if request.method == "POST" else QuestionForm.of(page.question)
    if form.carries_out(
        lambda: change_question(page.question, form.wording, by=current_actor(), version=form.version_number).id
    ):
        flash(_("The question is worded anew."))
        return redirect(_address(page.meeting), 303)
    return _form(page.meeting, form, page)


@bp.post("/<int:question_id>/withdraw")
@allowed(can_ask_questions, find_question)
def withdraw(page: QuestionPage) -> Response:
    """Ask it no more, or again."""
    form, meeting = BaseForm(), page.meeting
    verb = ask_again if request.form.get("do") == "again" else withdraw_question
    if form.carries_out(lambda: verb(page.question, by=current_actor())):
        return redirect(_address(meeting), 303)
    return _list(meeting, form)


def _moved(ids: list[int]) -> list[int]:
    """The order after one step up or down, where a button asked for it."""
    for name, step in (("up", -1), ("down", 1)):
        wanted = request.form.get(name, "")
        if wanted.isascii() and wanted.isdigit() and int(wanted) in ids:
            at = ids.index(int(wanted))
            to = min(max(at + step, 0), len(ids) - 1)
            ids[at], ids[to] = ids[to], ids[at]
    return ids


def _address(meeting: Meeting) -> str:
    return f"/workspace/meetings/{meeting.id}/questions/"


def _list(meeting: Meeting, form: BaseForm) -> Response:
    questions = questions_of(meeting.id)
    asked = {each.label_zh for each in questions if each.withdrawn_at is None}
    return render_form(
        "answers/questions.html",
        form,
        frame=frame(meeting, "invitations"),
        meeting=meeting,
        questions=[each for each in questions if each.withdrawn_at is None],
        withdrawn=[each for each in questions if each.withdrawn_at is not None],
        numbers=numbers_answered(meeting.id),
        kinds=QUESTION_KINDS,
        offered=[
            (key, choose(each.label_zh, each.label_en)) for key, each in COMMON.items() if each.label_zh not in asked
        ],
        once=OnceForm(formdata=None).once,
    )


def _form(meeting: Meeting, form: QuestionForm, page: QuestionPage | None) -> Response:
    return render_form(
        "answers/question.html",
        form,
        frame=frame(meeting, "invitations"),
        meeting=meeting,
        page=page,
        back=_address(meeting),
        heading=_("Change the question") if page else _("Ask a question"),
    )
