"""Before sending: who gets what in which language, and every letter to read. And taking one place back."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.language import LANGUAGES, current_language, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.letters import Rendered
from eventsys.core.sending import pause_now
from eventsys.extensions import db
from eventsys.invitations.facts import Invitee, Liaison, common_facts
from eventsys.invitations.forms.send import SendForm, WithdrawForm
from eventsys.invitations.letters import preview
from eventsys.invitations.models import Place
from eventsys.invitations.operations.send import INVITATION, OPEN, mark_of_list, send_prepared
from eventsys.invitations.operations.tell import WITHDRAWAL
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, readers_of_withdrawal, withdraw_place
from eventsys.invitations.policy import can_invite, can_withdraw
from eventsys.invitations.queries.outgoing import Outgoing
from eventsys.invitations.queries.send import outgoing
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("send", __name__)
SHOWN_AT_FIRST = 100


@bp.route("/workspace/meetings/<int:meeting_id>/invitations/send", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def send(meeting: Meeting) -> BaseResponse:
    """What would go out now; sending queues it, and the worker does the rest."""
    form = SendForm()
    if form.carries_out(lambda: send_prepared(meeting, form.shown.data or "", by=current_actor())):
        flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", form.result))
        return redirect(f"/workspace/meetings/{meeting.id}/invitations/")
    going = outgoing(meeting)
    form.shown.data = mark_of_list(meeting, going.invitees, going.liaisons)
    return render_form("invitations/send.html", form=form, **_context(meeting, going), can_send=meeting.state in OPEN)


@bp.get("/workspace/meetings/<int:meeting_id>/invitations/send/letter")
@allowed(can_invite, find_meeting)
def letter(meeting: Meeting) -> Response:
    """One of the letters that wait, in its reader's language or the one of `in`; `as=text` for the plain text."""
    going = outgoing(meeting)
    reader = reader_of(going, request.args.get("to", ""))
    if reader is None and not going.letters:
        return preview.nothing()
    if reader is None:
        abort(404)
    language = request.args.get("in", "")
    words = preview.shown(
        INVITATION, common_facts(meeting), reader, language=language if language in LANGUAGES else None
    )
    return preview.page(words, as_text=request.args.get("as") == "text")


def reader_of(going: Outgoing, key: str) -> Invitee | Liaison | None:
    """The reader with this key (`own-7`, `liaisons-3`); for no key the first, if possible of the page's language."""
    readers: dict[str, Invitee | Liaison] = {f"own-{row.attendee_id}": row for row in going.reachable}
    readers |= {f"liaisons-{row.person_id}": row for row in going.liaisons}
    if key:
        return readers.get(key)
    mine = (row for row in readers.values() if row.language == current_language())
    return next(mine, next(iter(readers.values()), None))


def _context(meeting: Meeting, going: Outgoing) -> dict[str, object]:
    show = request.args.get("show", "")
    lines = going.lines(show)
    limit = len(lines) if "all" in request.args else SHOWN_AT_FIRST
    return {
        "meeting": meeting,
        "frame": frame(meeting, "invitations"),
        "going": going,
        "show": show,
        "lines": lines[:limit],
        "more": max(0, len(lines) - limit),
        "reader": request.args.get("read", ""),
        "subjects": _subjects(meeting, going),
        "pause": pause_now(),
    }


def _subjects(meeting: Meeting, going: Outgoing) -> list[tuple[str, str]]:
    """The subject in each language that letters go out in, as language and text."""
    reader = reader_of(going, "")
    if reader is None:
        return []
    common = common_facts(meeting)
    used = [code for code in LANGUAGES if going.in_language(code)]
    return [(code, preview.shown(INVITATION, common, reader, language=code).subject) for code in used]


def find_place(meeting_id: int, place_id: int) -> Place | None:
    """The place if it is this meeting's."""
    statement = (
        select(Place)
        .options(joinedload(Place.meeting).joinedload(Meeting.convener), joinedload(Place.organization))
        .options(joinedload(Place.post))
        .where(Place.id == place_id, Place.meeting_id == meeting_id)
    )
    return db.session.scalars(statement).one_or_none()


@bp.route("/workspace/meetings/<int:meeting_id>/invitations/places/<int:place_id>/withdraw", methods=["GET", "POST"])
@allowed(can_withdraw, find_place)
def withdraw(place: Place) -> BaseResponse:
    """Who is no longer asked, and whether they are told."""
    form = WithdrawForm()
    meeting = place.meeting
    back = f"/workspace/meetings/{meeting.id}/invitations/"
    if form.carries_out(lambda: withdraw_place(place, form.shown.data or "", by=current_actor())):
        letters = form.result.letters
        told = ngettext("%(num)s letter says so.", "%(num)s letters say so.", letters)
        flash(f"{_('The place is withdrawn.')} {told if letters else _('Nobody had been told, so nothing is sent.')}")
        return redirect(back)
    people = people_of(place)
    form.shown.data = mark_of_place(place, people)
    readers = readers_of_withdrawal(place, people)
    return render_form(
        "invitations/withdraw.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        place=place,
        people=people,
        readers=readers,
        subjects=[(row.language, _withdrawal(meeting, row).subject) for row in readers[:1]],
        back=back,
    )


@bp.get("/workspace/meetings/<int:meeting_id>/invitations/places/<int:place_id>/withdraw/letter")
@allowed(can_withdraw, find_place)
def withdraw_letter(place: Place) -> Response:
    """The letter that says that they need not attend."""
    readers = readers_of_withdrawal(place, people_of(place))
    if not readers:
        return preview.nothing()
    language = request.args.get("in", "")
    words = _withdrawal(place.meeting, readers[0], language if language in LANGUAGES else None)
    return preview.page(words, as_text=request.args.get("as") == "text")


def _withdrawal(meeting: Meeting, reader: Invitee | Liaison, language: str | None = None) -> Rendered:
    return preview.shown(WITHDRAWAL, common_facts(meeting), reader, language=language)
