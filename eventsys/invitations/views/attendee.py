"""One place's story in the workspace, and what the convening office does there: decide, answer on behalf, name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from eventsys.core.actor import Actor, Channel
from eventsys.core.errors import DomainError
from eventsys.core.formats import moment
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.core.outbox import UNDELIVERED, LetterState
from eventsys.core.reasons import OUR_REASONS, reason_words
from eventsys.invitations import words
from eventsys.invitations.deadlines import is_open
from eventsys.invitations.forms.replies import LeaveDecisionForm, NameForm, OnBehalfForm, SubstituteOnBehalfForm
from eventsys.invitations.models import Attendee, Leave
from eventsys.invitations.operations.leave import LeaveDecision, decide_leave, decision_of
from eventsys.invitations.operations.on_behalf import SUBSTITUTE, Entered, Entry, enter
from eventsys.invitations.operations.resend import knows, resend
from eventsys.invitations.operations.substitute import name_person
from eventsys.invitations.policy import (
    can_answer_for,
    can_decide_leave,
    can_invite,
    can_name_person,
    can_see_contacts,
    can_see_invitations,
    can_see_letters_of,
)
from eventsys.invitations.queries.conflicts import conflicts
from eventsys.invitations.queries.replies import row_of
from eventsys.invitations.queries.story import (
    AttendeePage,
    Page,
    PlacePage,
    Step,
    find_attendee,
    find_on_place,
    find_place,
    people_of,
    story,
)
from eventsys.invitations.views.matrix import conflict_lines
from eventsys.invitations.views.on_behalf import said
from eventsys.meetings.models import Meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render, render_form
from eventsys.web.workspace import frame

WAITING_LEAVE = "/workspace/leave/"
EXPLAINED = (LetterState.DEFERRED, *UNDELIVERED)
bp = Blueprint("attendee", __name__, url_prefix="/workspace/meetings/<int:meeting_id>")


def of_meeting(policy: Callable[[Actor, Meeting], bool]) -> Callable[[Actor, Page], bool]:
    """The policy on a meeting, asked of a page about one of its places."""

    def ask(actor: Actor, page: Page) -> bool:
        return policy(actor, page.meeting)

    return ask


@bp.get("/attendees/<int:attendee_id>")
@allowed(of_meeting(can_see_invitations), find_attendee)
def show(page: AttendeePage) -> Response:
    """The story, and what can be done."""
    return _render(page)


@bp.get("/invitations/places/<int:place_id>")
@allowed(of_meeting(can_see_invitations), find_on_place)
def place(page: Page) -> str:
    """One place's story: the part that opens beside the list where a script asks for it, else a page of its own."""
    found = conflicts(page.meeting).by_place.get(page.place.id, ())
    context = {**panel_of_place(page), "wrong": conflict_lines(found)}
    if request.headers.get("HX-Request"):
        return render("invitations/place_panel.html", **context)
    return render("invitations/place.html", frame=frame(page.meeting, "invitations"), **context)


@bp.route("/attendees/<int:attendee_id>/answer", methods=["GET", "POST"])
@allowed(of_meeting(can_answer_for), find_attendee)
def on_behalf(page: AttendeePage) -> Response:
    """Enter an answer that reached the office by telephone, on paper or otherwise."""
    form, where = OnBehalfForm(), _address(page)
    if not form.is_submitted():
        form = OnBehalfForm.of(page.attendee)
    if form.carries_out(lambda: _answer(page, form)):
        flash(said(form.result))
        return redirect(where, 303)
    return _render(page, form, "answer")


@bp.route("/attendees/<int:attendee_id>/leave", methods=["GET", "POST"])
@allowed(of_meeting(can_decide_leave), find_attendee)
def leave(page: AttendeePage) -> Response:
    """Grant or refuse leave."""
    form, where = LeaveDecisionForm(), _address(page)
    if not form.is_submitted():
        return redirect(where)
    if form.carries_out(lambda: _decide(page, form)):
        flash(_("The decision is made. The person and the organization's liaisons are told."))
        return redirect(WAITING_LEAVE if form.back.data else where, 303)
    return _render(page, form, "leave")


@bp.route("/attendees/<int:attendee_id>/substitute", methods=["GET", "POST"])
@allowed(of_meeting(can_answer_for), find_attendee)
def substitute(page: AttendeePage) -> Response:
    """Enter who comes instead."""
    form, list_address = SubstituteOnBehalfForm(_people(page)), f"/workspace/meetings/{page.meeting.id}/attendees/"
    if not form.is_submitted():
        form.version.data = str(page.attendee.version)
    if form.carries_out(lambda: _substitute(page, form)):
        flash(_("The substitute is on the place."))
        return redirect(f"{list_address}{form.result}", 303)
    return _render(page, form, "substitute")


@bp.post("/attendees/<int:attendee_id>/resend")
@allowed(of_meeting(can_invite), find_attendee)
def send_again(page: AttendeePage) -> Response:
    """Send the invitation, or the cancellation, once more as it stands now."""
    form, where = BaseForm(), _address(page)
    if form.carries_out(lambda: _resend(page)):
        flash(_("The notice is on its way once more."))
        return redirect(where, 303)
    return _render(page, form)


@bp.route("/invitations/places/<int:place_id>/name", methods=["GET", "POST"])
@allowed(of_meeting(can_name_person), find_place)
def name(page: PlacePage) -> Response:
    """Name somebody for a place that is to be named."""
    form, meeting_id = NameForm(_people(page)), page.meeting.id
    if form.carries_out(lambda: name_person(page, form.named, by=current_actor()).id):
        flash(_("The place has a name. Where an address is known, the invitation is on its way."))
        return redirect(f"/workspace/meetings/{meeting_id}/attendees/{form.result}", 303)
    again = find_place(meeting_id, page.id) if form.is_submitted() else page
    return render_form(
        "invitations/name.html",
        form,
        frame=frame(page.meeting, "invitations"),
        meeting=page.meeting,
        page=again or page,
        row=row_of(meeting_id, page.id),
    )


def _answer(page: AttendeePage, form: OnBehalfForm) -> Entered:
    comment = form.comment.data or ""
    entry = Entry(page.place.id, page.id, form.version_number, form.answer.data, comment)
    return enter([entry], form.heard, by=current_actor())


def _decide(page: AttendeePage, form: LeaveDecisionForm) -> Attendee:
    decision = LeaveDecision(form.decision.data)
    return decide_leave(page, decision, form.note.data or "", by=current_actor(), version=form.version_number)


def _substitute(page: AttendeePage, form: SubstituteOnBehalfForm) -> int:
    entry = Entry(page.place.id, page.id, form.version_number, SUBSTITUTE, "", form.named)
    return enter([entry], form.heard, by=current_actor()).attendees[0]


def _resend(page: AttendeePage) -> None:
    if not resend(page, by=current_actor()):
        raise DomainError(
            _("Nothing was sent: a letter still waits in the queue, or the notice was sent again within the last hour.")
        )


def _people(page: Page) -> list[tuple[int, str]]:
    organization_id = page.place.organization_id
    return people_of([organization_id], page.meeting.zone).get(organization_id, [])


def _address(page: AttendeePage) -> str:
    return f"/workspace/meetings/{page.meeting.id}/attendees/{page.id}"


def _render(page: AttendeePage, form: BaseForm | None = None, opened: str = "") -> Response:
    if form is not None and form.is_submitted():
        page = find_attendee(page.meeting.id, page.id) or page
    return render_form(
        "invitations/attendee.html",
        form or BaseForm(formdata=None),
        frame=frame(page.meeting, "invitations"),
        opened=opened,
        **panel(page, form if opened == "leave" else None),
    )


def panel(page: AttendeePage, decision: BaseForm | None = None) -> dict[str, Any]:
    """What the story of a place shows, on its own page or beside the list."""
    actor, attendee = current_actor(), page.attendee
    open_for_staff = page.place.withdrawn_at is None and is_open(page.meeting, Channel.ON_BEHALF)
    decided = decision_of(attendee)
    waits = attendee.leave is Leave.REQUESTED and attendee.is_current
    decides = (waits or decided is not None) and open_for_staff and can_decide_leave(actor, page.meeting)
    contacts, letters = can_see_contacts(actor, page.meeting), can_see_letters_of(actor, page.meeting)
    return {
        "page": page,
        "meeting": page.meeting,
        "row": row_of(page.meeting.id, page.place.id),
        "steps": [_step(page, step, contacts=contacts, letters=letters) for step in story(page)],
        "decision": (decision or LeaveDecisionForm.of(attendee)) if decides else None,
        "decided": str(words.LEAVES[attendee.leave]) if decided else "",
        "may_resend": can_invite(actor, page.meeting) and knows(page.meeting, page.place, attendee),
        "may_answer": open_for_staff and can_answer_for(actor, page.meeting),
        "contacts": contacts,
        "here": _address(page),
        "words": words,
    }


def panel_of_place(page: Page) -> dict[str, Any]:
    """The same by its place, whether or not anybody is on it."""
    if isinstance(page, AttendeePage):
        return panel(page)
    actor, meeting = current_actor(), page.meeting
    letters = can_see_letters_of(actor, meeting)
    return {
        "page": page,
        "meeting": meeting,
        "row": row_of(meeting.id, page.place.id),
        "steps": [_step(page, step, contacts=False, letters=letters) for step in story(page)],
        "decision": None,
        "decided": "",
        "may_answer": False,
        "here": "",
        "words": words,
    }


def _step(page: Page, step: Step, *, contacts: bool, letters: bool) -> dict[str, Any]:
    """A step in words: when, what, and who by which door; whose it is where several were on the place.

    A mail server's answer may repeat the address, which is for those who may see `contacts`.
    """
    attendee, people = (page.attendee, page.people) if isinstance(page, AttendeePage) else (None, ())
    notes = [step.who] if len(people) > 1 or not step.attendee_id else []
    if step.letter:
        what = str(words.LETTERS.get(step.letter, step.letter))
        notes += [str(words.LANGUAGE_WORDS[step.letter_language]), str(words.LETTER_STATES[step.letter_state])]  # type: ignore[index]
        if step.next_try:
            notes.append(_("next try %(when)s", when=moment(step.next_try, page.meeting.zone)))
        explained = step.letter_state in EXPLAINED and (contacts or step.reason in OUR_REASONS)
        notes += [reason_words(step.reason, with_address=contacts)] if explained else []
    else:
        what = str(words.ACTS.get(step.act, step.act))
        notes += _door(step, contacts=contacts)
        notes += [_("“%(text)s”", text=step.comment)] if step.comment else []
    waits = attendee is not None and attendee.leave is Leave.REQUESTED and step.attendee_id == attendee.id
    last_wish = waits and step.act == "leave"
    return {
        "when": moment(step.at, page.meeting.zone),
        "what": what,
        "note": choose("；", "; ").join(filter(None, notes)),
        "href": _more_about(page, step, contacts=contacts, letters=letters),
        "is_mine": last_wish and attendee is not None and step.at == attendee.replied_at,
    }


def _door(step: Step, *, contacts: bool) -> list[str]:
    """By which door an answer came and from whom; by mail how certain that is, and the address for those who see it."""
    notes = [str(words.CHANNEL_SENTENCES[step.channel])] if step.channel else []
    if step.channel is Channel.MAIL:
        notes += [str(words.MAIL_TRUST[step.source])] if step.source in words.MAIL_TRUST else []
        return notes + ([_("from %(address)s", address=step.by)] if contacts and step.by else [])
    notes += [str(words.SOURCES[step.source])] if step.source in words.SOURCES else []
    notes += [_("told by %(who)s", who=step.caller)] if step.caller else []
    return notes + ([step.by] if step.by and step.channel is not Channel.LINK else [])


def _more_about(page: Page, step: Step, *, contacts: bool, letters: bool) -> str | None:
    """The page of a letter, or of the mails from whoever answered by mail, for those who may read them."""
    if letters and step.letter_id:
        return f"/workspace/letters/{step.letter_id}"
    if not contacts or step.channel is not Channel.MAIL or isinstance(page, PlacePage):
        return None
    name = page.attendee.title() or page.attendee.name()
    return f"/workspace/meetings/{page.meeting.id}/incoming?{urlencode({'q': name})}"
