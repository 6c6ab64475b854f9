"""What a message says to a person: its words as plain text, never its HTML, never anything that loads or runs."""

from __future__ import annotations

import html
import logging
from email.message import Message

import nh3

from eventsys.incoming.text import tidy_block
from eventsys.mail import parts

log = logging.getLogger("eventsys.incoming")

SHOWN = 20_000


def words_in(raw: bytes) -> str:
    """The text that a person wrote, of its plain part, else of its HTML; "" when there is none, or none to be read."""
    try:
        found = {part.get_content_type(): part for part in reversed(list(parts.leaves(parts.opened(raw))))}
    except parts.Excess:
        return ""
    except Exception:
        log.exception("a message cannot be shown")
        return ""
    plain, marked_up = found.get("text/plain"), found.get("text/html")
    if plain is not None and (text := tidy_block(parts.text(plain), SHOWN)):
        return text
    return tidy_block(_without_markup(marked_up), SHOWN) if marked_up is not None else ""


def _without_markup(part: Message) -> str:
    return html.unescape(nh3.clean(parts.text(part), tags=set(), clean_content_tags={"script", "style", "title"}))
