"""Who is signed in: the cookie's secret, the row behind it, and the way to the sign-in page and back.

The cookie (signed, not encrypted) holds a random secret and when it was last used. The row says whether the sign-in is
still open and how old it is. A page view writes nothing to the database: it renews the time in the cookie.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask, current_app, g, make_response, redirect, request, session
from werkzeug.wrappers import Response

from eventsys.accounts import security
from eventsys.accounts.forms import SignInForm, local_path
from eventsys.accounts.operations import begin_sign_in, secret_hash
from eventsys.accounts.queries import find_sign_in, load_actor
from eventsys.accounts.queries.actors import SignedIn
from eventsys.core.actor import ANONYMOUS, Actor, Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.web.access import guard_of
from eventsys.web.kept import KeptForm, kept_form, unsealed
from eventsys.web.pages import render_form

SECRET, SEEN = "sign_in", "seen"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
RENEW = timedelta(minutes=5)
STAFF = (Role.ADMINISTRATOR, Role.ORGANIZER, Role.APPROVER, Role.EDITOR)


def install(app: Flask) -> None:
    """Bind Flask-Security, the actor's loader and the sign-in page."""
    security.install(app)
    app.extensions["eventsys.actor"] = _actor
    app.extensions["eventsys.sign_in"] = ask


def _actor() -> Actor:
    found = current_sign_in()
    return found.actor if found else ANONYMOUS


def current_sign_in() -> SignedIn | None:
    """The open sign-in of this browser, looked up once a request."""
    if "signed_in" not in g:
        g.signed_in = _find()
    found: SignedIn | None = g.signed_in
    return found


def _find() -> SignedIn | None:
    secret, seen, moment = session.get(SECRET), session.get(SEEN, 0), int(time.time())
    if not secret:
        return None
    found = None
    if moment - seen < IDLE.total_seconds():
        found = find_sign_in(secret_hash(secret), now() - ABSOLUTE)
    if found is None:
        forget()
        return None
    if moment - seen >= RENEW.total_seconds() and _for_members_only():
        session[SEEN] = moment
    return replace(found, actor=replace(found.actor, address=request.remote_addr or ""))


def _for_members_only() -> bool:
    """Whether this page needs a sign-in; others may be kept by caches, so they set no cookie."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    guard = guard_of(app, request.endpoint or "")
    return guard is not None and guard.needs_sign_in


def begin(account_id: int) -> SignedIn:
    """Sign this browser in: a new secret, a new session, and a row for it."""
    secret = secrets.token_urlsafe(32)
    actor = replace(load_actor(account_id), address=request.remote_addr or "")
    with write():
        row = begin_sign_in(account_id, secret, browser=request.user_agent.string, by=actor)
        found = SignedIn(row.id, actor)
    login = session.get("_user_id")
    session.clear()
    g.pop("csrf_token", None)
    session.update({SECRET: secret, SEEN: int(time.time()), "_user_id": login})
    g.signed_in, g.actor = found, actor
    return found


def forget() -> None:
    """Take the sign-in out of this browser's cookie."""
    for name in (SECRET, SEEN, "_user_id", "_fresh", "_id", "fs_paa", "fs_cc"):
        session.pop(name, None)
    g.signed_in = None
    g.actor = ANONYMOUS


def home_of(actor: Actor) -> str:
    """The first page of somebody who signed in."""
    if actor.has(*STAFF):
        return "/workspace/"
    if actor.has(Role.LIAISON):
        return "/portal/"
    return "/checkin/" if actor.has(Role.CHECK_IN) else "/workspace/"


def ask() -> Response:
    """The way to the sign-in page. A POST is answered with the page itself, which carries what was typed."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return redirect(sign_in_url(request.full_path.rstrip("?")))
    return page(kept_form(), request.path if request.method == "POST" else "")


def sign_in_url(path: str = "") -> str:
    """The sign-in page that leads to this path of ours."""
    path = local_path(path)
    return "/account/sign-in?" + urlencode({"next": path}) if path else "/account/sign-in"


def page(kept: KeptForm | None, path: str = "", status: int = 401) -> Response:
    """The sign-in page with what was typed elsewhere sealed into it."""
    form = SignInForm(formdata=None)
    form.kept.data = kept.sealed(_secret()) if kept else ""
    form.next.data = local_path(path)
    answer = make_response(render_form("security/login_user.html", form))
    answer.status_code = status
    return answer


def kept_in(text: str | None) -> KeptForm | None:
    """What was typed before signing in, None when nothing was or it was not sealed here."""
    kept = unsealed(text, _secret()) if text else None
    return kept if kept is not None and local_path(kept.path) else None


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
