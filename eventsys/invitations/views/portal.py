"""A liaison's pages: what my organizations owe, and the answers for each meeting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.agenda.queries import timed_items
from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import Stale
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.invitations import words
from eventsys.invitations.deadlines import whom_to_call
from eventsys.invitations.forms.portal import AnswerRow, PortalForm
from eventsys.invitations.forms.replies import LEAVE, NameForm
from eventsys.invitations.models import Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.place import Identified
from eventsys.invitations.operations.substitute import Named, name_person, name_substitute
from eventsys.invitations.policy import can_answer_organization, is_liaison
from eventsys.invitations.queries.portal import (
    PortalMeeting,
    PortalPlace,
    find_portal_meeting,
    find_portal_place,
    owed_meetings,
    past_meetings,
)
from eventsys.invitations.queries.story import people_of
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

bp = Blueprint("portal", __name__, url_prefix="/portal")


class Row:
    """The id of a row, for a verb that reads the row itself."""

    def __init__(self, row_id: int) -> None:
        self.id = row_id


def can_answer_some(actor: Actor, page: PortalMeeting) -> bool:
    """Whether some place of the page belongs to an organization that the actor answers for."""
    return any(can_answer_organization(actor, organization_id) for organization_id in page.organization_ids)


def can_answer_place(actor: Actor, page: PortalPlace) -> bool:
    """Whether the place belongs to an organization that the actor answers for."""
    return can_answer_organization(actor, page.row.organization_id)


@bp.get("/")
@allowed(is_liaison)
def home() -> str:
    """What my organizations owe, and where they were."""
    at, ids = now(), current_actor().liaison_for
    coming = owed_meetings(ids, at)
    return render("invitations/portal.html", coming=coming, past=past_meetings(ids, at), now=at)


@bp.route("/meetings/<int:meeting_id>", methods=["GET", "POST"])
@allowed(can_answer_some, find_portal_meeting)
def show(page: PortalMeeting) -> Response:
    """The places of my organizations at one meeting, answered in one form."""
    _refuse_foreign_rows(page)
    form, meeting_id = PortalForm(page.rows, _people(page)), page.id
    if form.carries_out(lambda: form.save(_answer)):
        flash(ngettext("%(num)s answer is saved.", "%(num)s answers are saved.", form.result))
        return redirect(f"/portal/meetings/{meeting_id}", 303)
    if form.is_submitted():
        page = find_portal_meeting(meeting_id) or page
        form.again(page.rows)
    answered = make_response(render("invitations/portal_meeting.html", form=form, **_common(page)))
    answered.status_code = 409 if form.has_conflicts else 422 if form.errors else 200
    return answered


@bp.route("/meetings/<int:meeting_id>/places/<int:place_id>", methods=["GET", "POST"])
@allowed(can_answer_place, find_portal_place)
def name(page: PortalPlace) -> Response:
    """Name somebody for a place that is to be named, or a substitute for whoever is on it."""
    organization_id, meeting_id = page.row.organization_id, page.meeting.id
    form = NameForm(people_of([organization_id], page.meeting.zone).get(organization_id, []))
    if not form.is_submitted():
        form.version.data = str(page.row.version or 0)
    if form.carries_out(lambda: _name(page, form)):
        flash(_("The place has a name. Where an address is known, the invitation is on its way."))
        return redirect(f"/portal/meetings/{meeting_id}", 303)
    if form.is_submitted():
        page = find_portal_place(meeting_id, page.id) or page
    return render_form(
        "invitations/portal_name.html",
        form,
        page=page,
        meeting=page.meeting,
        version=page.row.version or 0,
        words=words,
    )


def _answer(chosen: AnswerRow) -> None:
    """One row: a name for a place that was to be named when the page was opened, else an answer."""
    by, row = current_actor(), chosen.row
    if not chosen.version_number:
        name_person(Row(row.place_id), Named(person_id=chosen.named_person), by=by, channel=Channel.PORTAL)
        return
    if row.attendee_id is None:
        raise Stale(_("The place is to be named again."), current=row)
    asks_leave = chosen.answer.data == LEAVE
    answer(
        Row(row.attendee_id),
        Reply.DECLINED if asks_leave else Reply(chosen.answer.data),
        chosen.comment.data or "",
        asks_leave,
        by=by,
        channel=Channel.PORTAL,
        version=chosen.version_number,
    )


def _name(page: PortalPlace, form: NameForm) -> int:
    by, named, version = current_actor(), form.named, form.version_number
    if page.row.attendee_id is None or not version:
        return name_person(Row(page.row.place_id), named, by=by, channel=Channel.PORTAL).id
    attendee: Identified = Row(page.row.attendee_id)
    return name_substitute(attendee, named, by=by, channel=Channel.PORTAL, version=version).id


def _refuse_foreign_rows(page: PortalMeeting) -> None:
    """A row of a place that the page does not show is somebody else's: as if it did not exist."""
    own = {f"p{row.place_id}" for row in page.rows}
    sent = {name.partition("-")[0] for name in request.form if name.startswith("p") and "-" in name}
    if sent - own:
        abort(404)


def _people(page: PortalMeeting) -> dict[int | None, list[tuple[int, str]]]:
    """Whom each organization with a place to be named can name, also where one was named meanwhile."""
    waiting = {
        row.organization_id for row in page.rows if row.attendee_id is None or f"p{row.place_id}-person" in request.form
    }
    return people_of(waiting, page.meeting.zone)


def _common(page: PortalMeeting) -> dict[str, Any]:
    return {
        "page": page,
        "meeting": page.meeting,
        "agenda": timed_items(page.meeting),
        "closes_at": page.closes_at,
        "contact": whom_to_call(page.meeting),
        "now": now(),
        "words": words,
    }
