"""The reply slip: what the organization answered, on one page of paper."""

from __future__ import annotations

from werkzeug.wrappers import Response

from eventsys.answers.queries.sheet import SheetPage
from eventsys.answers.values import shown
from eventsys.answers.views.sheet import address_of
from eventsys.invitations import words
from eventsys.web.forms import BaseForm
from eventsys.web.pages import render_form


def slip(page: SheetPage) -> Response:
    """The page to be printed."""
    return render_form(
        "answers/slip.html",
        BaseForm(formdata=None, meta={"csrf": False}),
        page=page,
        meeting=page.meeting,
        words=words,
        back=address_of(page),
        asked={row.place_id: answered(page, row.attendee_id) for row in page.rows},
        whole=answered(page, None, of_person=False),
    )


def answered(page: SheetPage, attendee_id: int | None, *, of_person: bool = True) -> list[tuple[str, str]]:
    """Questions with their answers in words: about one person, or of the organization."""
    found = [
        (each.label(), shown(each, page.answers.get((each.id, attendee_id), ""), page.meeting.zone))
        for each in page.questions
        if each.of_person == of_person and (attendee_id is not None or not of_person)
    ]
    return [(label, value) for label, value in found if value]
