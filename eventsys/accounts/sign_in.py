"""Who is signed in: binds the actor of a request and the way to the sign-in page."""

from __future__ import annotations

from flask import Flask, redirect, request

from eventsys.core.actor import ANONYMOUS, Actor


def install(app: Flask) -> None:
    """Bind the actor's loader and the sign-in page."""

    def actor() -> Actor:
        return ANONYMOUS

    app.extensions["eventsys.actor"] = actor
    app.extensions["eventsys.sign_in"] = lambda: redirect(f"/account/sign-in?next={request.path}")
