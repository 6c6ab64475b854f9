"""Choosing whom to invite: people by name, posts by kind, or a saved audience. Nobody is told here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.directory.fields import number_of
from eventsys.directory.queries import audience_choices, audiences_of, post_kind_choices
from eventsys.directory.words import KINDS
from eventsys.invitations.forms.prepare import PrepareForm
from eventsys.invitations.models import PlaceRole
from eventsys.invitations.operations.prepare import Prepared, prepare
from eventsys.invitations.policy import can_invite
from eventsys.invitations.queries.prepare import Pick, found, picks
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("prepare", __name__)
WAYS = ("search", "posts", "audience")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for, as the address says it, and the picks that came of it (None before anything is asked)."""

    way: str
    q: str
    audience_id: int
    organization_kinds: Sequence[str]
    post_kind_ids: Sequence[int]
    picks: list[Pick] | None = None

    @property
    def free(self) -> list[Pick]:
        """The picks that are not on the list yet."""
        return [pick for pick in self.picks or () if not pick.is_asked]

    @property
    def chosen_at_once(self) -> bool:
        """Whether all are ticked to begin with: a rule means everybody, a search only some."""
        return self.way != "search"


@bp.route("/workspace/meetings/<int:meeting_id>/invitations/add", methods=["GET", "POST"])
@allowed(can_invite, find_meeting)
def add(meeting: Meeting) -> Response | str:
    """Choose, tick, prepare; then on to sending."""
    form = PrepareForm()
    form.picks.data = request.form.getlist("picks")
    role = PlaceRole(form.role.data) if form.role.data in set(PlaceRole) else PlaceRole.REQUIRED
    if form.carries_out(lambda: prepare(meeting, form.picks.data, role, by=current_actor())):
        _say(form.result)
        return redirect(f"/workspace/meetings/{meeting.id}/invitations/send")
    return render_form(
        "invitations/prepare.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "invitations"),
        choice=_choice(meeting),
        audiences=audience_choices(current_actor()),
        post_kinds=post_kind_choices(),
        organization_kinds=[(kind.value, str(label)) for kind, label in KINDS.items()],
    )


def _choice(meeting: Meeting) -> Choice:
    way = request.args.get("way", "")
    choice = Choice(
        way if way in WAYS else WAYS[0],
        request.args.get("q", "").strip(),
        number_of(request.args.get("audience")),
        [kind for kind in request.args.getlist("organization_kinds") if kind in set(KINDS)],
        request.args.getlist("post_kinds", int),
    )
    return replace(choice, picks=_picks(meeting, choice))


def _picks(meeting: Meeting, choice: Choice) -> list[Pick] | None:
    if choice.way == "search":
        return found(meeting, choice.q) if choice.q else None
    if choice.way == "audience":
        audiences = audiences_of(current_actor(), {choice.audience_id}) if choice.audience_id else []
        return picks(meeting, audiences[0].rule) if audiences else None
    if not choice.organization_kinds and not choice.post_kind_ids:
        return None
    rule = {"organization_kinds": choice.organization_kinds, "post_kind_ids": choice.post_kind_ids}
    return picks(meeting, rule)


def _say(result: Prepared) -> None:
    """What was done, and what the organizer has to know about it, after the redirect."""
    places = ngettext("%(num)s place is prepared.", "%(num)s places are prepared.", result.places)
    flash(f"{places} {_('Nobody has been told yet.')}")
    if result.already:
        flash(ngettext("%(num)s was on the list already.", "%(num)s were on the list already.", result.already))
    if result.to_be_named:
        flash(
            ngettext(
                "Nobody holds %(num)s of the posts: its place is to be named.",
                "Nobody holds %(num)s of the posts: their places are to be named.",
                result.to_be_named,
            )
        )
    if result.without_address:
        flash(
            ngettext(
                "%(num)s person has no e-mail address and cannot be told by letter.",
                "%(num)s people have no e-mail address and cannot be told by letter.",
                result.without_address,
            )
        )
