"""The address of a calendar: a random value on the row and a mark of a server key, 256 bits together."""

from __future__ import annotations

from flask import current_app

from eventsys.config import Settings
from eventsys.core.tokens import LinkSigner

PURPOSE = "calendar"


def url_of(link_id: str, language: str = "") -> str:
    """The address that a calendar programme fetches, absolute; without a language the holder's own is spoken."""
    settings = _settings()
    tail = f"?lang={language}" if language else ""
    return f"{settings.public_url}/calendar/{_signer(settings).token(link_id)}.ics{tail}"


def webcal(url: str) -> str:
    """The same address under the scheme that opens a calendar programme (`webcals` is not known to iPhones)."""
    return "webcal" + url[url.index("://") :]


def link_id_of(token: str) -> str | None:
    """The link id of a genuine token, None for anything else."""
    return _signer(_settings()).link_id(token)


def _signer(settings: Settings) -> LinkSigner:
    return LinkSigner(settings.secret_keys, PURPOSE)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["eventsys.settings"]
    return settings
