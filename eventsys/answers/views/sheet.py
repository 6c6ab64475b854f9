"""An organization's answer page, the same behind its link and in the portal: shown, kept while it is typed, sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import abort, make_response, redirect, request
from werkzeug.wrappers import Response

from eventsys.agenda.queries import timed_items
from eventsys.answers.forms.sheet import DraftForm, LinkDraftForm, LinkSheetForm, SheetForm, foreign_fields
from eventsys.answers.links import mark_of
from eventsys.answers.operations.documents import drop_paper, keep_papers
from eventsys.answers.operations.draft import DraftSavedMeanwhile, discard_draft, save_draft
from eventsys.answers.operations.sending import send_answers
from eventsys.answers.queries.sheet import SheetPage
from eventsys.answers.views.papers import Brought, brought
from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.columns import LINE
from eventsys.core.language import LANGUAGES, current_language, use_language
from eventsys.core.language import gettext as _
from eventsys.invitations import words
from eventsys.invitations.deadlines import whom_to_call
from eventsys.invitations.queries.story import people_of
from eventsys.web.access import current_actor
from eventsys.web.pages import render

Again = Callable[[], SheetPage | None]


def show(page: SheetPage, **more: Any) -> Response:
    """The page as it stands, with what is typed and not sent."""
    return shown(page, form_of(page), **more)


def send(page: SheetPage, again: Again, **more: Any) -> Response:
    """Send the answers, or only keep them (`do=save`), or throw away what is typed (`do=discard`).

    A refusal shows everything again, and what was typed is kept on the server too.
    """
    if foreign_fields(page):
        abort(404)
    done = redirect(address_of(page), 303)
    if request.form.get("do") in ("save", "discard") or "drop" in request.form:
        form = draft_form_of(page)
        return done if keep(page, form) else _not_kept(page, form, again, **more)
    form = form_of(page)
    by, papers = actor_of(page, form.filler.data or ""), brought(page)
    form.refuse_papers(papers.refused)
    if form.carries_out(lambda: _send(page, form, papers, by=by)):
        return done
    keep(page, draft_form_of(page), papers)
    page = again() or page
    form.again(page)
    return shown(page, form, **more)


def _send(page: SheetPage, form: SheetForm, papers: Brought, *, by: Actor) -> int:
    keep_papers(page.ask, papers.papers, by=by)
    return send_answers(page.ask, form.filled(), by=by)


def autosave(page: SheetPage, again: Again) -> Response:
    """Keep what is typed; the answer is the line that says when and by whom."""
    if foreign_fields(page):
        abort(404)
    form = draft_form_of(page)
    kept = keep(page, form)
    if not kept and form.refusal is None:
        abort(422)
    page = again() or page
    return make_response(
        render(
            "answers/draft.html",
            page=page,
            now=now(),
            draft=form,
            draft_number=page.draft_number if kept else form.seen,
        )
    )


def keep(page: SheetPage, form: DraftForm, papers: Brought | None = None) -> bool:
    """Keep what is typed; False when somebody else's is there, or the page is not genuine."""
    ask, zone, fields = page.ask, page.meeting.zone, form.fields()
    by, over = actor_of(page, request.form.get("filler", "")), request.form.get("over") == "1"
    if request.form.get("do") == "discard":
        return form.carries_out(lambda: discard_draft(ask, by=by))
    found = papers or brought(page)

    def keep_all() -> None:
        keep_papers(ask, found.papers, by=by)
        if request.form.get("drop", "").isascii() and request.form.get("drop", "").isdigit():
            drop_paper(ask, int(request.form["drop"][:9]), by=by)
        save_draft(ask, fields, by=by, seen=form.seen, zone=zone, over=over)

    return form.carries_out(keep_all)


def _not_kept(page: SheetPage, draft: DraftForm, again: Again, **more: Any) -> Response:
    form = form_of(page)
    form.form_errors += draft.form_errors or [_("This page had been open for too long. Check what you entered.")]
    form.is_stale = isinstance(draft.refusal, DraftSavedMeanwhile)
    page = again() or page
    form.again(page)
    return shown(page, form, **more)


def form_of(page: SheetPage) -> SheetForm:
    """The form of the page, filled from what was sent, else from the draft."""
    people = people_of([page.organization_id], page.meeting.zone).get(page.organization_id, [])
    if page.token:
        return LinkSheetForm(page, people)
    return SheetForm(page, people, filler=current_actor().label)


def draft_form_of(page: SheetPage) -> DraftForm:
    return LinkDraftForm(page) if page.token else DraftForm(page)


def actor_of(page: SheetPage, filler: str) -> Actor:
    """Who answers: the liaison who is signed in, or whoever holds the link and says their name."""
    if not page.token:
        return replace(current_actor(), channel=Channel.PORTAL)
    language = page.organization.language
    organization = page.organization.short(language)
    with use_language(language):
        label = f"{organization} {filler.strip()}" if filler.strip() else _("%(who)s, by its link", who=organization)
    return Actor(label=label[:LINE], channel=Channel.PORTAL, address=request.remote_addr or "")


def base_of(page: SheetPage) -> str:
    """The page's own path, below which its other addresses lie."""
    if page.token:
        return f"/o/{page.token}"
    return f"/portal/meetings/{page.meeting.id}/organizations/{page.organization_id}"


def address_of(page: SheetPage, tail: str = "") -> str:
    """An address of the page, in the language that the reader chose by address."""
    chosen = request.args.get("lang")
    return f"{base_of(page)}{tail}" + (f"?lang={chosen}" if chosen in LANGUAGES else "")


def shown(page: SheetPage, form: SheetForm, **more: Any) -> Response:
    """The page: 200, 409 when somebody else answered first, 422 with errors."""
    refused = form.is_submitted()
    template = "answers/link.html" if page.token else "answers/portal.html"
    answered = make_response(
        render(
            template,
            form=form,
            page=page,
            meeting=page.meeting,
            agenda=timed_items(page.meeting),
            contact=whom_to_call(page.meeting),
            mark=mark_of(page.ask.link_id) if page.token else "",
            base=base_of(page),
            here=address_of(page),
            tail=f"?lang={current_language()}",
            now=now(),
            words=words,
            draft=None,
            draft_number=page.draft_number,
            **more,
        )
    )
    answered.status_code = 409 if refused and form.is_stale else 422 if refused else 200
    return answered
