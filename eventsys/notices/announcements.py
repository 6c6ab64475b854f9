"""Letters to readers: a notice is published or corrected, and the question whether somebody really subscribed.

A letter in the outbox names the subscription and nothing that opens it: the links are made when it is rendered, from
the configured public address alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import current_app, has_request_context
from sqlalchemy import select

from eventsys.core.language import choose, use_language
from eventsys.core.language import gettext as _
from eventsys.core.letters import Facts, Kind, Rendered
from eventsys.core.outbox import Letter, LetterBatch
from eventsys.core.tokens import LinkSigner
from eventsys.extensions import db
from eventsys.notices.models import Notice, NoticeState, Subscription, SubscriptionState
from eventsys.notices.queries.audience import subscription_by_id
from eventsys.web.pages import render_plain

PUBLISHED, CORRECTED, CONFIRM = "notice_published", "notice_corrected", "subscription_confirm"
PURPOSE = "subscription"
WITHIN_DAYS = 7


def signer() -> LinkSigner:
    """Makes and checks the links of subscriptions."""
    return LinkSigner(current_app.extensions["eventsys.settings"].secret_keys, PURPOSE)


def published(common: Facts, facts: Facts, language: str) -> Rendered:
    """A notice is published."""
    with use_language(language):
        return _told(common, facts, choose(common["title_zh"], common["title_en"]), [])


def corrected(common: Facts, facts: Facts, language: str) -> Rendered:
    """A published notice was corrected."""
    with use_language(language):
        title = choose(common["title_zh"], common["title_en"])
        note = choose(common["note_zh"], common["note_en"])
        return _told(
            common, facts, _("Corrected: %(title)s", title=title), [_("What was corrected: %(note)s", note=note)]
        )


def confirm(common: Facts, facts: Facts, language: str) -> Rendered:
    """Whether this address really wants the notices: nothing else is sent before its answer."""
    with use_language(language):
        office = _office(common)
        return _words(
            office,
            _("Please confirm your subscription"),
            before=[
                _("Somebody, probably you, asked for the notices of %(office)s at this address.", office=office),
                _("Nothing is sent before you confirm it:"),
            ],
            link=_link(facts, "confirm"),
            button=_("Confirm"),
            after=[
                _("The link works for %(days)s days. If it was not you, you need do nothing.", days=WITHIN_DAYS),
            ],
        )


def _told(common: Facts, facts: Facts, subject: str, before: list[str]) -> Rendered:
    title, lead = choose(common["title_zh"], common["title_en"]), choose(common["lead_zh"], common["lead_en"])
    leave = _link(facts, "leave") if "subscription_id" in facts else ""
    after = (
        [_("You get this letter because you subscribed. To leave, open: %(url)s", url=leave)]
        if leave
        else [_("You get this letter because you were invited to the meeting.")]
    )
    words = _words(
        _office(common),
        subject,
        before=[*([title] if subject != title else []), *before, lead],
        link=_public_url() + common["path"],
        button=_("Read the notice"),
        after=after,
    )
    return Rendered(words.subject, words.text, words.html, sender_name=words.sender_name, unsubscribe_url=leave)


def _link(facts: Facts, page: str) -> str:
    """The address of a page of one's own. Its token is made for the worker only, not for a page that shows a letter."""
    row = None if has_request_context() else subscription_by_id(facts["subscription_id"])
    token = signer().token(row.link_id) if row else "…"
    return f"{_public_url()}/subscriptions/{page}/{token}"


def _public_url() -> str:
    return str(current_app.extensions["eventsys.settings"].public_url)


def _office(common: Facts) -> str:
    return choose(common.get("office_zh"), common.get("office_en")) or _("Meetings")


def _words(office: str, subject: str, **parts: object) -> Rendered:
    text, html = (
        render_plain(f"letters/accounts_letter.{ending}", subject=subject, office=office, **parts)
        for ending in ("txt", "html")
    )
    return Rendered(subject, text, html, sender_name=office)


def _stale(letters: Sequence[Letter]) -> set[int]:
    """Letters about a text that is not the public one any more, or to an address that left."""
    common = {letter.id: _common_of(letter) for letter in letters}
    standing = {
        (row.id, row.published_id)
        for row in db.session.execute(
            select(Notice.id, Notice.published_id).where(
                Notice.id.in_({each["notice_id"] for each in common.values()}), Notice.state == NoticeState.PUBLISHED
            )
        )
    }
    gone = {key for key, each in common.items() if (each["notice_id"], each["version_id"]) not in standing}
    return gone | _not_in(letters, SubscriptionState.ACTIVE)


def _not_in(letters: Sequence[Letter], state: SubscriptionState) -> set[int]:
    """Letters to a subscription that is not in this state, or has another address."""
    ids = {letter.facts["subscription_id"] for letter in letters if "subscription_id" in letter.facts}
    rows = db.session.execute(
        select(Subscription.id, Subscription.email).where(Subscription.id.in_(ids), Subscription.state == state)
    )
    there = {(row.id, row.email) for row in rows}
    return {
        letter.id
        for letter in letters
        if "subscription_id" in letter.facts and (letter.facts["subscription_id"], letter.address) not in there
    }


def _common_of(letter: Letter) -> Facts:
    found: Facts = db.session.get_one(LetterBatch, letter.batch_id).common
    return found


KINDS: tuple[Kind, ...] = (
    Kind(PUBLISHED, published, _stale),
    Kind(CORRECTED, corrected, _stale),
    Kind(CONFIRM, confirm, partial(_not_in, state=SubscriptionState.PENDING)),
)
