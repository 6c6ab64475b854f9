"""The page that asks organizers who comes for a post that has passed to somebody else."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventsys.core.actor import Role
from eventsys.core.language import gettext as _
from eventsys.directory.words import day_words
from eventsys.invitations.models import Place
from eventsys.invitations.words import REPLIES
from eventsys.succession.forms.handovers import HandOverForm
from eventsys.succession.models import Decision
from eventsys.succession.operations.handovers import decide as decide_on
from eventsys.succession.policy import can_decide, can_list_handovers
from eventsys.succession.queries.handovers import Paths, Question, find_place, question_of, questions
from eventsys.succession.queries.liaisons import without_liaison
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

Answer = Response | BaseResponse | str
bp = Blueprint("handovers", __name__, url_prefix="/workspace/handovers")
SHOWN = 30


def own_paths() -> Paths:
    actor = current_actor()
    return None if actor.is_administrator else actor.paths(Role.ORGANIZER)


@bp.get("/")
@allowed(can_list_handovers)
def index() -> str:
    """Every place that waits, the next meeting first, and the organizations for which nobody answers."""
    found = questions(own_paths())
    shown = [(each, HandOverForm(each)) for each in found[:SHOWN]]
    lacking = without_liaison(own_paths())
    return render("succession/handovers.html", form=None, lacking=lacking, **_page(shown, len(found)))


@bp.route("/<int:place_id>", methods=["GET", "POST"])
@allowed(can_decide, find_place)
def decide(place: Place) -> Answer:
    """One place: see the question, decide."""
    question = question_of(place.id)
    if question is None:
        flash(_("This was decided meanwhile, or the post has its holder again. Nothing was changed."))
        return redirect(url_for("handovers.index"))
    form = HandOverForm(question)
    if form.carries_out(lambda: _decide(form, place)):
        flash(_said(question, form))
        return redirect(url_for("handovers.index"))
    fresh = question_of(place.id)
    if fresh is None:
        flash(_("This was decided meanwhile, or the post has its holder again. Nothing was changed."))
        return redirect(url_for("handovers.index"))
    form.show(fresh)
    return render_form("succession/handovers.html", form, lacking=[], **_page([(fresh, form)], 1))


def _decide(form: HandOverForm, place: Place) -> object:
    decision, person_id = form.decision
    return decide_on(place, decision, person_id, form["seen"].data or "", by=current_actor())


def _said(question: Question, form: HandOverForm) -> str:
    decision, person_id = form.decision
    name = next((each.name for each in question.holders if each.person_id == person_id), "")
    match decision:
        case Decision.PUT:
            return _("%(name)s is on the place for %(post)s now.", name=name, post=question.post)
        case Decision.KEEP:
            return _("The place for %(post)s stays as it is.", post=question.post)
    return _("The place for %(post)s is to be named.", post=question.post)


def _page(shown: list[tuple[Question, HandOverForm]], number: int) -> dict[str, object]:
    return {"shown": shown, "further": number - len(shown), "replies": REPLIES, "day_words": day_words}
