"""The agenda of a meeting: its items, their order, their clock times."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from eventsys.agenda.advice import overrun_words
from eventsys.agenda.forms import ItemForm, NewItemForm
from eventsys.agenda.models import AgendaItem
from eventsys.agenda.operations import add_item, change_item, move_item, remove_item, reorder
from eventsys.agenda.policy import can_change_agenda, can_change_item
from eventsys.agenda.queries import find_item, overrun, timed_items
from eventsys.agenda.timeline import timeline
from eventsys.agenda.words import item_kind_word
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.meetings.forms import ActForm
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_read_meeting
from eventsys.meetings.queries import find_meeting
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form
from eventsys.web.workspace import frame

bp = Blueprint("agenda", __name__)


@bp.get("/workspace/meetings/<int:meeting_id>/agenda/")
@allowed(can_read_meeting, find_meeting)
def index(meeting: Meeting) -> Response:
    """The items with their clock times, as a picture and as a list."""
    return _index(meeting, ActForm())


@bp.route("/workspace/meetings/<int:meeting_id>/agenda/new", methods=["GET", "POST"])
@allowed(can_change_agenda, find_meeting)
def new(meeting: Meeting) -> Response:
    """Another item at the end; sent twice, it is added once."""
    form = NewItemForm()
    if not form.searches and form.carries_out(lambda: add_item(meeting, form.facts(), by=current_actor()).id):
        flash(_("The item is on the agenda."))
        again = "agenda.new" if "again" in request.form else "agenda.index"
        return redirect(url_for(again, meeting_id=meeting.id))
    return _form_page(form, meeting, None)


@bp.route("/workspace/meetings/<int:meeting_id>/agenda/<int:item_id>/edit", methods=["GET", "POST"])
@allowed(can_change_item, find_item)
def edit(item: AgendaItem) -> Response:
    """One item again."""
    form = ItemForm.over(item)
    if not form.searches and form.carries_out(
        lambda: change_item(item, form.facts(), form.version_number, by=current_actor())
    ):
        flash(_("The item is saved."))
        return redirect(url_for("agenda.index", meeting_id=item.meeting_id))
    return _form_page(form, item.meeting, item)


@bp.route("/workspace/meetings/<int:meeting_id>/agenda/<int:item_id>/remove", methods=["GET", "POST"])
@allowed(can_change_item, find_item)
def remove(item: AgendaItem) -> Response:
    """Take an item off the agenda, after a look at what it says."""
    form, meeting = ActForm(), item.meeting
    if form.carries_out(lambda: remove_item(item, by=current_actor())):
        flash(_("The item is off the agenda. The audit log keeps what it said."))
        return redirect(url_for("agenda.index", meeting_id=meeting.id))
    return render_form(
        "agenda/remove.html", form=form, item=item, frame=frame(meeting, "agenda"), kind_word=item_kind_word
    )


@bp.post("/workspace/meetings/<int:meeting_id>/agenda/order")
@allowed(can_change_agenda, find_meeting)
def order(meeting: Meeting) -> Response:
    """Put the items in order: one up, one down, or all of them after a drag."""
    form = ActForm()
    if form.carries_out(lambda: _reorder(meeting)):
        return redirect(url_for("agenda.index", meeting_id=meeting.id, **form.result))
    return _index(meeting, form)


def _reorder(meeting: Meeting) -> dict[str, str]:
    """Carry out the button that was pressed, else the order that was dragged; where the keyboard goes on."""
    for name, step in (("up", -1), ("down", 1)):
        if name in request.form:
            number = _number(request.form[name])
            item = find_item(meeting.id, number)
            if item is None:
                raise DomainError(_("Somebody else removed this item meanwhile."))
            move_item(item, step, by=current_actor())
            return {"moved": f"{name}-{number}"}
    reorder(meeting, [_number(text) for text in request.form.getlist("order")], by=current_actor())
    return {}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _index(meeting: Meeting, form: ActForm) -> Response:
    items = timed_items(meeting)
    minutes = sum(item.minutes for item in items)
    over = overrun(meeting, minutes)
    return render_form(
        "agenda/index.html",
        form=form,
        meeting=meeting,
        frame=frame(meeting, "agenda"),
        items=items,
        minutes=minutes,
        length=int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        warning=overrun_words(over) if over else "",
        picture=timeline(meeting, items),
        may_change=can_change_agenda(current_actor(), meeting),
        moved=request.args.get("moved", ""),
        kind_word=item_kind_word,
    )


def _form_page(form: ItemForm, meeting: Meeting, item: AgendaItem | None) -> Response:
    return render_form("agenda/item.html", form=form, meeting=meeting, item=item, frame=frame(meeting, "agenda"))
