"""What becomes of a place whose post has passed to somebody else; never without somebody's word."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.operations.place import Answering, current_attendee, lock_place, put_down
from eventsys.invitations.operations.send import invite
from eventsys.invitations.operations.substitute import put_on_person
from eventsys.invitations.operations.succession import ancestors, step_down
from eventsys.meetings.models import Meeting
from eventsys.succession.models import Decision, PlaceDecision
from eventsys.succession.queries.handovers import Question, about, question_of


def decide(place: Place, decision: Decision, person_id: int | None, seen: str, *, by: Actor) -> PlaceDecision:
    """Put a holder of the post (`person_id`) on the place, keep who is on it, or leave it to be named.

    Whoever steps down is told where they knew of the meeting, their answer stays in its history; whoever is put on is
    invited where somebody knew of the place already, else prepared. `seen` is the mark of the question as it was shown.
    Raises `Stale` when it has changed, `DomainError` when there is none any more or the person cannot be put on.
    """
    row, meeting = lock_place(place.id)
    question = question_of(row.id)
    if question is None:
        raise DomainError(_("This was decided meanwhile, or the post has its holder again. Nothing was changed."))
    if question.mark != seen:
        raise Stale(_("Something about this place has changed. Look at it again, then decide."), current=row)
    match decision:
        case Decision.PUT:
            _clear(row, meeting, by=by)
            _put_on(question, row, meeting, person_id or 0, by=by)
        case Decision.OPEN:
            _clear(row, meeting, by=by)
    return _remember(question, row, decision, by=by)


def _clear(place: Place, meeting: Meeting, *, by: Actor) -> None:
    """Take everybody off: the one who is on it, and those who handed it on to them."""
    present = current_attendee(place)
    chain = [present, *ancestors(present)] if present is not None else _handed_on(place)
    for each in chain:
        row = locked(Attendee, each.id)
        if row.is_current or row.link_revoked_at is None:
            step_down(Answering(meeting, place, row), by=by, channel=by.channel)
    db.session.flush()


def _handed_on(place: Place) -> list[Attendee]:
    """Who could still be reached about the place though nobody is on it."""
    statement = select(Attendee).where(Attendee.place_id == place.id, Attendee.link_revoked_at.is_(None))
    return list(db.session.scalars(statement.order_by(Attendee.id)))


def _put_on(question: Question, place: Place, meeting: Meeting, person_id: int, *, by: Actor) -> None:
    if person_id not in {each.person_id for each in question.holders}:
        raise DomainError(_("Choose who holds the post on the day of the meeting."), field="choice")
    attendee = put_on_person(place, meeting, person_id)
    put_down("named", Answering(meeting, place, attendee), {}, by=by, channel=by.channel, comment="")
    if question.anybody_knows and attendee.email:
        invite(meeting, [attendee], by=by)


def _remember(question: Question, place: Place, decision: Decision, *, by: Actor) -> PlaceDecision:
    row = db.session.scalars(select(PlaceDecision).where(PlaceDecision.place_id == place.id)).one_or_none()
    if row is None:
        row = PlaceDecision(place_id=place.id)
        db.session.add(row)
    left = question.left.attendee_id if question.left and decision is Decision.KEEP else 0
    row.about = about(left, question.holders)
    row.decision, row.at, row.by = decision, now(), by.label
    db.session.flush()
    audit.record(
        "invitation.hand_over",
        place,
        by=by,
        after={"decision": decision.value, "post": f"{question.organization}{question.post}"},
        label=question.left.name if question.left else question.post,
        meeting_id=place.meeting_id,
    )
    return row
