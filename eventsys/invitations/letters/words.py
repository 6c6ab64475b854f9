"""A letter's facts in the words of its language, as its templates need them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app

from eventsys.core.clock import to_local
from eventsys.core.formats import clock, date_short, day_full, moment, zone_name
from eventsys.core.language import choose
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.core.letters import Facts
from eventsys.core.tokens import LinkSigner
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.facts import instant_of, text_of

ORGANIZATION_LINK = "organization"
OTHER_YEAR = 1200  # a leap year: 29 February has its place in it


def context(common: Facts, facts: Facts, language: str) -> dict[str, Any]:
    """Everything that the templates of a letter about a meeting show. Call inside `use_language(language)`."""
    zone = common["zone"]
    starts_at, ends_at = (instant_of(common, name) for name in ("starts_at", "ends_at"))
    assert starts_at and ends_at
    reply_by = _reply_by(common, facts, starts_at)
    return {
        "language": language,
        "office": text_of(common, "convener", language),
        "title": text_of(common, "title", language),
        "to": addressed(facts, language),
        "name": text_of(facts, "name", language),
        "organization": text_of(facts, "organization", language),
        "posts": _posts(facts, language),
        "wanted": text_of(facts, "wanted", language),
        "role": facts.get("role", ""),
        "stands_in_for": text_of(facts, "for", language),
        "substitute": text_of(facts, "to", language),
        "former": text_of(facts, "by", language),
        "who": text_of(facts, "who", language),
        "caller": facts.get("caller", ""),
        "source": facts.get("source", ""),
        "recorded_by": facts.get("recorded_by", ""),
        "recorded": [
            (text_of(line, "who", language), line["reply"], line["note"]) for line in facts.get("recorded", ())
        ],
        "is_open_place": bool(facts.get("to_be_named")),
        "from_address": facts.get("from", ""),
        "leave": facts.get("leave", "none"),
        "when": when(starts_at, ends_at, zone),
        "when_short": _at_short(starts_at, zone),
        "zone": zone_name(zone, starts_at),
        "place": place(common, language),
        "venue": text_of(common, "venue", language),
        "address": text_of(common, "address", language),
        "online_url": common["online_url"],
        "reply_by": moment_with_year(reply_by, zone) if reply_by else "",
        "contact": contact(common),
        "notes": text_of(common, "notes", language).split("\n") if text_of(common, "notes", language) else [],
        "agenda": [
            (clock(datetime.fromisoformat(at), zone), title, presenter)
            for at, title, presenter in common["agenda"].get(language, ())
        ],
        "page": page_of(facts, language),
        "answer_page": answer_page_of(facts, language),
        "portal": answer_page_of(facts, language) or f"{public_url()}/portal/?lang={language}",
        "reply": facts.get("reply", "pending"),
        "changes": changes(common, facts, language),
        "is_changed": bool(facts.get("changes", common.get("changes", ()))),
        "reason": text_of(common, "reason", language),
        "note": facts.get("note", ""),
        "reset": bool(facts.get("reset")),
        "granted": facts.get("decision") == "granted",
        "postponed": bool(common.get("postponed")),
        "date": date_short(instant_of(common, "stamp") or starts_at, zone),
    }


def _reply_by(common: Facts, facts: Facts, starts_at: datetime) -> datetime | None:
    """The deadline: that of the reader's organization alone, where it is the later one."""
    general, own = instant_of(common, "reply_by"), instant_of(facts, "reply_by")
    return closes_at(Times(starts_at, general), own) if general and own else general


def _posts(facts: Facts, language: str) -> list[str]:
    """The posts for which somebody is to be named; several of one name (a quota) together, with their number."""
    numbers = Counter(choose(zh, en, language) for _place_id, zh, en in facts.get("places", ()))
    return [_("%(post)s × %(number)s", post=post, number=n) if n > 1 and post else post for post, n in numbers.items()]


class Times(NamedTuple):
    """The times of a meeting as a letter says them."""

    starts_at: datetime
    reply_by: datetime | None


def when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """`2024年8月22日（周四）9:00–11:30`, `Thursday 22 August 2024, 09:00–11:30`; both days where they differ."""
    first, last = _at(starts_at, zone), _at(ends_at, zone)
    if to_local(starts_at, zone).date() == to_local(ends_at, zone).date():
        return f"{first}–{clock(ends_at, zone)}"
    return _("%(start)s to %(end)s", start=first, end=last)


def changes(common: Facts, facts: Facts, language: str) -> list[tuple[str, str, str]]:
    """What a change letter points out: label, new words, old words ("" where this reader never saw them)."""
    before = {**common, **common.get("before", {})}
    named = facts.get("changes", common.get("changes", ()))
    pairs = [(label, words(common, language), words(before, language)) for name, label, words in SHOWN if name in named]
    if facts.get("unseen"):
        return [(str(label), new, "") for label, new, _old in pairs]
    return [(str(label), new, old) for label, new, old in pairs if old != new]


def place(common: Facts, language: str) -> str:
    """Venue and address on one line."""
    parts = (text_of(common, "venue", language), text_of(common, "address", language))
    return choose("，", ", ", language).join(part for part in parts if part) or _("none")


def _time(common: Facts, language: str) -> str:
    starts_at, ends_at = (datetime.fromisoformat(common[name]) for name in ("starts_at", "ends_at"))
    return when(starts_at, ends_at, common["zone"])


def _online(common: Facts, language: str) -> str:
    return common["online_url"] or _("none")


SHOWN = (("time", _l("Time"), _time), ("place", _l("Location"), place), ("link", _l("Online"), _online))


def moment_with_year(at: datetime, zone: str) -> str:
    """A deadline, with its year."""
    return moment(at, zone, at.replace(year=OTHER_YEAR))


def _at(at: datetime, zone: str) -> str:
    return _("%(day)s, %(clock)s", day=day_full(at, zone), clock=clock(at, zone))


def _at_short(at: datetime, zone: str) -> str:
    """For a subject: `2024年8月22日9:00`, `22 August 2024, 09:00`."""
    return _("%(date)s, %(clock)s", date=date_short(at, zone), clock=clock(at, zone))


def addressed(facts: Facts, language: str) -> str:
    """`沈河区外办主任李明`, `Li Ming, Director, Shenhe District`; a liaison is called so.

    A name that says the post itself stands alone.
    """
    organization, title, name = (text_of(facts, part, language) for part in ("organization", "title", "name"))
    title = _("liaison") if "places" in facts else title
    if title and title in name:
        return name
    if language == "zh":
        return organization + title + name
    return ", ".join(part for part in (name, title, organization) if part)


def contact(common: Facts) -> str:
    """Name, telephone and address of whom to ask, on one line."""
    parts = (common["contact_name"], common["contact_phone"], common["contact_email"])
    return choose("，", ", ").join(part for part in parts if part)


def page_of(facts: Facts, language: str) -> str:
    """The address of the invitee's own page, in their language; "" in a letter to a liaison."""
    if "link" not in facts:
        return ""
    signer = LinkSigner(current_app.extensions["eventsys.settings"].secret_keys, "reply")
    return f"{public_url()}/r/{signer.token(facts['link'])}?lang={language}"


def answer_page_of(facts: Facts, language: str) -> str:
    """The address at which a liaison answers for the organization, "" in a letter that was queued without one."""
    if not facts.get("answer_link"):
        return ""
    return f"{organization_page(facts['answer_link'])}?lang={language}"


def organization_page(link_id: str) -> str:
    """The address of an organization's answer page."""
    signer = LinkSigner(current_app.extensions["eventsys.settings"].secret_keys, ORGANIZATION_LINK)
    return f"{public_url()}/o/{signer.token(link_id)}"


def public_url() -> str:
    """The installation's own address, never that of a request."""
    return str(current_app.extensions["eventsys.settings"].public_url)
