"""The change that is held at a meeting: what it is, who will be told and when; sent now, or thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.clock import now
from eventsys.core.formats import due_in, moment
from eventsys.core.language import LANGUAGES, LazyText, current_language, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.forms.change import HeldForm
from eventsys.invitations.holding import Editing, merged
from eventsys.invitations.letters import preview
from eventsys.invitations.models import HeldChange, Obstacle
from eventsys.invitations.operations.aside import discard
from eventsys.invitations.operations.change import Reason
from eventsys.invitations.operations.hold import send_now
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.change import OPEN, Told, told
from eventsys.invitations.queries.held import LATE, editing, in_short
from eventsys.invitations.views.consequences import Consequences, changing, letter_of
from eventsys.invitations.views.done import say_changed
from eventsys.meetings.facts import problems
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("held", __name__)
SHOWN_AT_FIRST = 100
KIND_WORDS = {"time": _l("Time"), "place": _l("Location"), "link": _l("Link for joining online"), "words": _l("Words")}

OBSTACLES: dict[Obstacle, LazyText] = {
    Obstacle.OVER: _l("The meeting is over or cancelled: it can no longer be changed."),
    Obstacle.MOVED_ON: _l("The meeting was changed in another way after this was entered. Compare, then decide."),
    Obstacle.BEGUN: _l("The start of the meeting has passed: the update came too late to go out by itself."),
    Obstacle.REFUSED: _l("The meeting can no longer have these facts."),
    Obstacle.NOT_ALLOWED: _l("Whoever entered this may no longer change the meeting. Somebody who may can send it."),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """A held change as a page shows it. `going` is None when its facts can no longer be read."""

    held: HeldChange
    meeting: Meeting
    version: str
    going: Consequences | None
    problems: list[str]
    may_act: bool

    @property
    def obstacle(self) -> str:
        """Why it was stopped, "" while it waits."""
        return str(OBSTACLES[self.held.obstacle]) if self.held.obstacle else ""

    @property
    def is_late(self) -> bool:
        """Whether it should have gone out by now: nobody works through the queue, or it breaks."""
        return self.held.obstacle is None and now() > self.held.release_at + LATE

    @property
    def when(self) -> str:
        """`14:05 (in 4 minutes)`, with the day where it is another."""
        return when_due(self.held.release_at, self.meeting.zone)

    @property
    def saved(self) -> str:
        return moment(self.held.saved_at, self.meeting.zone, now())

    @property
    def is_over(self) -> bool:
        """Whether the meeting is in no state any more in which it can be changed."""
        return self.meeting.state not in OPEN

    @property
    def languages(self) -> str:
        """`22 in Chinese, 4 in English`."""
        going = self.going
        counts = [(code, going.in_language(code)) for code in LANGUAGES] if going else []
        return _(", ").join(_in_language(code, number) for code, number in counts if number)

    def kind_word(self, kind: str) -> str:
        return str(KIND_WORDS[kind])


def _in_language(code: str, number: int) -> str:
    if code == "en":
        return ngettext("%(num)s in English", "%(num)s in English", number)
    return ngettext("%(num)s in Chinese", "%(num)s in Chinese", number)


def when_due(at: datetime, zone: str) -> str:
    """The moment at which a held change goes out, and how far away it is."""
    words = moment(at, zone, now())
    return _("%(when)s (%(due)s)", when=words, due=due_in(at, now())) if at > now() else words


def panel(found: Editing, readers: Told | None = None) -> Panel | None:
    """The meeting's held change for a page, None when nothing is held; `readers` where a page has them already."""
    meeting = found.meeting
    if found.held is None:
        return None
    going, wrong = _going(found.held, meeting, readers or told(meeting, letters=False))
    return Panel(
        held=found.held,
        meeting=meeting,
        version=found.version,
        going=going,
        problems=wrong,
        may_act=can_invite(current_actor(), meeting),
    )


def _going(held: HeldChange, meeting: Meeting, readers: Told) -> tuple[Consequences | None, list[str]]:
    try:
        facts = merged(meeting, held)
    except ValueError:
        return None, []
    reason = Reason(held.reason_zh, held.reason_en)
    wrong = [problem.message for problem in problems(facts)] if held.obstacle is Obstacle.REFUSED else []
    return changing(meeting, facts, tell_words=held.tell_words, reason=reason, readers=readers), wrong


@bp.route("/workspace/meetings/<int:meeting_id>/held", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def show(meeting: Meeting) -> BaseResponse:
    """Everything about the held change; send it now, or discard it."""
    form, step = HeldForm(), request.form.get("step", "")
    if step == "send" and form.carries_out(lambda: send_now(meeting, form.seen, by=current_actor())):
        say_changed(form.result)
        return redirect(f"/workspace/meetings/{meeting.id}/")
    if step == "discard" and form.carries_out(lambda: discard(meeting, form.seen, by=current_actor())):
        flash(_("The held change is discarded. Nothing was changed, nobody was told."))
        return redirect(f"/workspace/meetings/{meeting.id}/")
    found = editing(meeting)
    return render_form(
        "invitations/held.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "overview", held=in_short(found.held)),
        held=panel(found),
        shown_at_first=SHOWN_AT_FIRST,
    )


@bp.get("/workspace/meetings/<int:meeting_id>/held/letter")
@allowed(can_invite, find_meeting)
def letter(meeting: Meeting) -> Response:
    """The letter that will go out, as it looks."""
    found = panel(editing(meeting))
    if found is None or found.going is None or not found.going.letters:
        return preview.nothing()
    language = request.args.get("in", "")
    words = letter_of(found.going, language if language in LANGUAGES else current_language())
    if words is None:
        abort(404)
    return preview.page(words, as_text=request.args.get("as") == "text")
