"""Plain pages for what went wrong: what to do next, never a stack trace, and what was typed is kept."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from eventsys.core.actor import ANONYMOUS
from eventsys.core.language import lazy_gettext as _l
from eventsys.extensions import db
from eventsys.web.access import ask_to_sign_in, current_actor, guard_of
from eventsys.web.kept import kept_form
from eventsys.web.language import requested_language
from eventsys.web.pages import render

TEXTS = {
    400: (_l("This request could not be read"), _l("Go back, check what you entered, and send it again.")),
    403: (_l("You may not do this"), _l("Your roles do not cover it. Ask an administrator if they should.")),
    404: (
        _l("This page is not here"),
        _l("Check the address. The page may have been withdrawn, or is not meant for you."),
    ),
    405: (_l("This address does not take that"), _l("Go back and use the buttons of the page.")),
    413: (_l("That is too large"), _l("Shorten it or send it in parts.")),
    422: (_l("Something needs to be changed"), _l("Go back and follow the notes at the fields.")),
    429: (_l("Too many attempts"), _l("Wait some minutes, then try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("It has been logged. Try again; if it stays so, tell the office."),
    ),
    503: (_l("The records cannot be reached just now"), _l("Nothing was changed. Wait a moment, then try again.")),
}


def install(app: Flask) -> None:
    """Answer every error with a page of its own."""
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(Exception, _broken)


def error_page(status: int, *, kept: bool = False) -> Response:
    """The page of a status code; `kept` shows what was typed, to be sent again."""
    heading, advice = TEXTS.get(status, TEXTS[400])
    form = kept_form() if kept else None
    answer = make_response(
        render("errors/error.html", status=status, heading=str(heading), advice=str(advice), kept=form), status
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    answer = error_page(error.code)
    for name in ("Retry-After", "Allow"):
        value = dict(error.get_headers()).get(name)
        if value:
            answer.headers[name] = value
    return answer


def _form_expired(error: CSRFError) -> Response:
    guard = guard_of(current_app._get_current_object(), request.endpoint or "")  # type: ignore[attr-defined]
    if guard is not None and guard.needs_sign_in and not current_actor().signed_in:
        return make_response(ask_to_sign_in())
    return error_page(400, kept=True)


def _database_away(error: DBAPIError) -> Response:
    current_app.logger.exception("the database did not answer")
    _forget_database()
    return error_page(503, kept=request.method == "POST")


def _broken(error: Exception) -> Response:
    current_app.logger.exception("unexpected error")
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    _forget_database()
    return error_page(500, kept=request.method == "POST")


def _forget_database() -> None:
    """The page is made without the database: nobody is signed in on it and nothing is looked up."""
    db.session.rollback()
    g.actor = ANONYMOUS
    g.language = g.get("language") or requested_language()
    g.without_database = True
