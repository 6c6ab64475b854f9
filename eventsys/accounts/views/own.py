"""One's own account: signing in and out, passwords, the list of sign-ins.

The views of Flask-Security check and decide; around each stands what they lack: limits, our sign-ins, one unit of work.
The blueprint and its endpoints have the names that Flask-Security asks for.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, session
from flask_login import current_user
from flask_security import views as library
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from eventsys.accounts import limits, sign_in
from eventsys.accounts.forms import ActForm, ForgottenForm, local_path
from eventsys.accounts.models import Account
from eventsys.accounts.operations import end_other_sign_ins, end_sign_in, send_reset, set_password
from eventsys.accounts.queries import find_account, load_actor, office_zone, open_sign_ins
from eventsys.accounts.security import inner_token
from eventsys.accounts.store import account_of, store
from eventsys.core.actor import Actor, Channel
from eventsys.core.language import gettext as _
from eventsys.core.transaction import write
from eventsys.web import access
from eventsys.web.access import current_actor, public
from eventsys.web.kept import KeptForm
from eventsys.web.pages import render, render_form

bp = Blueprint("security", __name__)


@bp.route("/account/sign-in", methods=["GET", "POST"], endpoint="login")
@public
def sign_in_page() -> Response:
    """Sign in, then go on where one came from, with what was typed there."""
    if current_actor().signed_in:
        return _onward()
    email = request.form.get("email", "")
    if request.method == "POST":
        limits.admit(email)
    answer = make_response(library.login())
    if request.method == "GET":
        return answer
    if "_user_id" not in session:
        limits.failed()
        current_app.logger.warning("a sign-in from %s failed", request.remote_addr)
        return answer
    limits.succeeded(email)
    sign_in.begin(current_user.id)
    return _onward()


def _onward() -> Response:
    kept = sign_in.kept_in(request.form.get("kept"))
    if kept is not None:
        return _kept_page(kept)
    wanted = local_path(request.values.get("next"))
    return redirect(wanted or sign_in.home_of(current_actor()))


def _kept_page(kept: KeptForm) -> Response:
    return make_response(render("accounts/kept.html", kept=kept, home=sign_in.home_of(current_actor())))


@bp.post("/account/sign-out", endpoint="logout")
@public
def sign_out() -> Response:
    """End this sign-in, here and in every copy of its cookie."""
    found = sign_in.current_sign_in()
    if found is not None:
        account = _own_account()
        with write():
            end_sign_in(account, found.id, by=found.actor)
    library.logout()
    session.clear()
    sign_in.forget()
    flash(_("You are signed out."))
    return redirect("/account/sign-in")


@bp.route("/account/forgotten", methods=["GET", "POST"], endpoint="forgot_password")
@public
def forgotten() -> Response:
    """Ask for a letter with a link to a new password; the answer is the same whether there is an account or not."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_form("security/forgot_password.html", form)
    limits.admit_letter(form.email.data)
    account = find_account(form.email.data)
    with write():
        if account is not None and account.active:
            send_reset(account, by=current_actor())
    return redirect("/account/forgotten/sent")


@bp.get("/account/forgotten/sent")
@public
def forgotten_sent() -> str:
    """What happens now, the same for every address."""
    return render("security/forgot_password_sent.html")


@bp.route("/account/reset/<token>", methods=["GET", "POST"], endpoint="reset_password")
@public
def reset_password(token: str) -> Response:
    """A new password by the link of a letter."""
    return _set_by_link(token, "password_reset")


@bp.route("/account/invitation/<token>", methods=["GET", "POST"], endpoint="accept_invitation")
@public
def accept_invitation(token: str) -> Response:
    """The first password by the link of an invitation."""
    return _set_by_link(token, "account_invitation")


def _set_by_link(token: str, letter: str) -> Response:
    answer = _password_page(account_of(token, letter))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _password_page(account: Account | None) -> Response:
    if account is None:
        return make_response(render("security/link_ended.html"), 404)
    answer = make_response(library.reset_password(inner_token(account)))
    if not _written(None):
        return answer
    session.clear()
    sign_in.forget()
    flash(_("Your password is set. Sign in with it."))
    return redirect("/account/sign-in")


@bp.route("/account/password", methods=["GET", "POST"], endpoint="change_password")
@access.signed_in
def change_password() -> Response:
    """A new password for somebody who knows the present one; all other sign-ins end."""
    found = sign_in.current_sign_in()
    if found is None:
        abort(404)
    email = _own_account().email
    if request.method == "POST":
        limits.admit(email)
    identity = session.get("_user_id")
    answer = make_response(library.change_password())
    if not _written(found.id):
        return answer
    limits.succeeded(email)
    session["_user_id"] = identity
    flash(_("Your password is changed. All your other sign-ins have ended."))
    return redirect("/account/sign-ins")


def _written(keep: int | None) -> bool:
    """Whether Flask-Security changed a password in this request; then it is written, in one unit of work."""
    account = store.taken()
    if account is None or account.password is None:
        return False
    with write():
        set_password(account, account.password, by=_actor_of(account), keep=keep)
    return True


def _own_account() -> Account:
    account = store.find_user(id=current_actor().account_id)
    if account is None:
        abort(404)
    return account


def _actor_of(account: Account) -> Actor:
    """The account's owner, who acts by a link when nobody is signed in."""
    actor = current_actor()
    if actor.signed_in:
        return actor
    return replace(load_actor(account.id), channel=Channel.LINK, address=request.remote_addr or "")


@bp.get("/account/sign-ins")
@access.signed_in
def list_sign_ins() -> str:
    """Where this account is signed in."""
    found = sign_in.current_sign_in()
    account = _own_account()
    rows = open_sign_ins(account.id, sign_in.ABSOLUTE)
    here = found.id if found else None
    return render("accounts/sign_ins.html", account=account, rows=rows, here=here, zone=office_zone())


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
@access.signed_in
def end_one(sign_in_id: int) -> Response:
    """End one of one's own sign-ins."""
    account = _own_account()
    if all(row.id != sign_in_id for row in open_sign_ins(account.id, sign_in.ABSOLUTE)):
        abort(404)
    if ActForm().carries_out(lambda: end_sign_in(account, sign_in_id, by=current_actor())):
        flash(_("That sign-in has ended."))
    return redirect("/account/sign-ins")


@bp.post("/account/sign-ins/end-others")
@access.signed_in
def end_others() -> Response:
    """End all sign-ins of this account but this one."""
    found = sign_in.current_sign_in()
    account = _own_account()
    if ActForm().carries_out(lambda: end_other_sign_ins(account, found.id if found else None, by=current_actor())):
        flash(_("All your other sign-ins have ended."))
    return redirect("/account/sign-ins")


@bp.errorhandler(CSRFError)
def page_too_old(error: CSRFError) -> Response:
    """A page from before the last sign-in or sign-out: start again, nothing typed elsewhere is lost."""
    if current_actor().signed_in:
        return _onward()
    if request.endpoint == "security.login":
        flash(_("This page was open too long. Please sign in again."))
        return sign_in.page(sign_in.kept_in(request.form.get("kept")), request.form.get("next", ""), status=400)
    return redirect("/account/sign-in")


@bp.errorhandler(TooManyRequests)
def too_many(error: TooManyRequests) -> Response:
    """The limit is reached: say until when, and what can be done."""
    minutes = max(1, -(-int(error.retry_after or 60) // 60))  # type: ignore[arg-type]
    answer = make_response(render("security/too_many.html", minutes=minutes), 429)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer
