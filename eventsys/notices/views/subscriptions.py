"""Subscribing to notices: the form, the page behind the letter's link, leaving. Links show, posts act."""

from __future__ import annotations

import time
from math import ceil

from flask import Blueprint, abort, current_app, make_response, redirect, request
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, RateLimitItemPerHour
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from eventsys.core.language import current_language
from eventsys.core.transaction import write
from eventsys.extensions import csrf, limiter
from eventsys.notices.announcements import signer
from eventsys.notices.forms import LeaveForm, SubscribeForm
from eventsys.notices.models import Subscription, SubscriptionState
from eventsys.notices.operations.subscribing import can_be_confirmed, confirm_subscription, leave, subscribe
from eventsys.notices.queries.audience import subscription_by_link
from eventsys.web.access import by_link, public
from eventsys.web.pages import render, render_form

bp = Blueprint("subscriptions", __name__)
links = Blueprint("subscription_links", __name__)
csrf.exempt(links)

BY_ADDRESS = RateLimitItemPerHour(20)
BY_EMAIL = RateLimitItemPerHour(3)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def find_subscription(token: str) -> Subscription | None:
    """The subscription that a genuine link opens."""
    link_id = signer().link_id(token)
    return subscription_by_link(link_id) if link_id else None


@bp.route("/subscriptions/", methods=["GET", "POST"])
@public
def ask() -> Response:
    """Ask for the notices by mail. The answer is the same whether an address is known or not."""
    form = SubscribeForm()
    if form.validate_on_submit():
        _admit(form.email.data)
        site = current_app.extensions["eventsys.site"]()
        form.carries_out(lambda: subscribe(form.email.data, current_language(), site.name_zh, site.name_en))
        return redirect("/subscriptions/asked", 303)
    return render_form("notices/subscribe.html", form)


@bp.get("/subscriptions/asked")
@public
def asked() -> str:
    """Look into your mailbox."""
    return render("notices/subscription.html", step="asked", action="")


@links.get("/subscriptions/confirm/<token>")
@by_link(find_subscription)
def confirm(row: Subscription) -> Response:
    """Whether you really want the notices: a button, because scanners of mail open every link."""
    step = "active" if row.state is SubscriptionState.ACTIVE else "confirm" if can_be_confirmed(row) else "ended"
    return _page(step, 404 if step == "ended" else 200)


@links.post("/subscriptions/confirm/<token>")
@by_link(find_subscription)
def confirmed(row: Subscription) -> Response:
    """Confirm the subscription."""
    form = LeaveForm()
    if not form.does("confirm"):
        abort(400)
    with write():
        done = confirm_subscription(row)
    return _page("active" if done else "ended", 200 if done else 404)


@links.get("/subscriptions/leave/<token>")
@by_link(find_subscription)
def leaving(row: Subscription) -> Response:
    """Whether you really want to leave."""
    return _page("left" if row.state is SubscriptionState.LEFT else "leave")


@links.post("/subscriptions/leave/<token>")
@by_link(find_subscription)
def left(row: Subscription) -> Response:
    """Leave: by the page's button, or by the mail programme's own (RFC 8058), which brings no cookie and no mark."""
    form = LeaveForm()
    if not (form.does("leave") or request.form.to_dict() == ONE_CLICK):
        abort(400)
    with write():
        leave(row)
    return _page("left")


def _page(step: str, status: int = 200) -> Response:
    """A page of one's own; the address, which is a key, is told to nobody."""
    answer = make_response(render("notices/subscription.html", step=step, action=request.path), status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _admit(email: str) -> None:
    """Let the request through, or raise `TooManyRequests`: no mailbox and no network gets more than a few letters."""
    for item, key in ((BY_ADDRESS, get_remote_address()), (BY_EMAIL, email.strip().lower())):
        if not limiter.limiter.hit(item, "subscription", key):
            raise TooManyRequests(retry_after=_wait(item, key))


def _wait(item: RateLimitItem, key: str) -> int:
    ends = limiter.limiter.get_window_stats(item, "subscription", key).reset_time
    return max(1, ceil(ends - time.time()))
