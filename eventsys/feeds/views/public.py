"""How to subscribe to the public calendar."""

from __future__ import annotations

from flask import Blueprint, current_app

from eventsys.config import Settings
from eventsys.feeds.views.shown import subscribable
from eventsys.web.access import public
from eventsys.web.pages import render

bp = Blueprint("public_calendar", __name__)


@bp.get("/meetings/calendar")
@public
def show() -> str:
    """The address of the public calendar, and how each programme takes it."""
    settings: Settings = current_app.extensions["eventsys.settings"]
    url = f"{settings.public_url}/calendar.ics"
    zh, en = f"{url}?lang=zh", f"{url}?lang=en"
    return render("feeds/public.html", chinese=subscribable(zh, zh, en), english=subscribable(en, zh, en))
