"""After the deadline: a page on which an organization asks, in words, to change its answers."""

from __future__ import annotations

from flask import abort, redirect
from werkzeug.wrappers import Response

from eventsys.answers.forms.office import LinkRequestForm, RequestForm
from eventsys.answers.links import is_mark_of, mark_of
from eventsys.answers.operations.requests import ask_for_change
from eventsys.answers.queries.sheet import SheetPage
from eventsys.answers.views.sheet import actor_of, address_of, base_of
from eventsys.core.language import gettext as _
from eventsys.invitations.deadlines import whom_to_call
from eventsys.web.access import current_actor
from eventsys.web.pages import render_form


def ask(page: SheetPage) -> Response:
    """Show the form, or send the request."""
    form = LinkRequestForm() if page.token else RequestForm()
    if not form.is_submitted():
        known = page.sheet.filler if page.sheet else ""
        form.asker.data = known or ("" if page.token else current_actor().label)
    elif page.token and not is_mark_of(form.mark.data or "", page.ask.link_id):
        abort(422)
    by = actor_of(page, form.asker.data or "")
    if form.carries_out(lambda: ask_for_change(page.ask, form.words.data, by=by, phone=form.phone.data or "")):
        return redirect(address_of(page), 303)
    return render_form(
        "answers/request_link.html" if page.token else "answers/request.html",
        form,
        page=page,
        meeting=page.meeting,
        base=base_of(page),
        back=address_of(page),
        here=address_of(page, "/request"),
        mark=mark_of(page.ask.link_id) if page.token else "",
        contact=whom_to_call(page.meeting),
        heading=_("Ask to change the answers"),
    )
