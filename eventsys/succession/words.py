"""How consequences are said."""

from __future__ import annotations

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.words import ROLES
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.directory.words import day_words, post_words
from eventsys.succession.days import Span
from eventsys.succession.queries.merging import Comparison, Held


def role(held: HeldRole) -> str:
    """A role with what it is held for, and its last day."""
    scope = held.organization.name() if held.organization else _("One meeting") if held.meeting_id else ""
    until = _("until %(day)s", day=day_words(held.ends_on)) if held.ends_on else ""
    return " · ".join(text for text in (str(ROLES[held.role]), scope, until) if text)


def account(row: Account | None) -> str:
    """The address with which somebody signs in, and whether they can."""
    if row is None:
        return _("None")
    return row.email if row.active else _("%(email)s (closed)", email=row.email)


def appointment(held: Held) -> str:
    """A post with its days."""
    days = day_words(held.starts_on), day_words(held.ends_on) if held.ends_on else _("open")
    return f"{held.organization} · {held.title} · {days[0]} – {days[1]}"


def consequences(found: Comparison) -> list[str]:
    """Everything that happens, a sentence each, in the order in which people ask."""
    gone = found.pair.gone
    counts, appointments, roles = found.counts, found.appointments_of(gone), found.roles_of(gone)
    moved = counts.invitations - len(found.over)
    over = len(appointments) - sum(each.person_id == gone.id for join in found.joins for each in join.others)
    lines = []
    if moved:
        lines.append(ngettext("%(num)s invitation moves over.", "%(num)s invitations move over.", moved))
    if counts.answers:
        lines.append(ngettext("%(num)s answer moves with it.", "%(num)s answers move with them.", counts.answers))
    if counts.letters:
        lines.append(ngettext("%(num)s letter moves too.", "%(num)s letters move too.", counts.letters))
    if over:
        lines.append(ngettext("%(num)s appointment moves over.", "%(num)s appointments move over.", over))
    lines += [_joined(join.stays, join.span) for join in found.joins]
    if roles:
        lines.append(ngettext("%(num)s role moves over.", "%(num)s roles move over.", len(roles)))
    if counts.presents:
        lines.append(
            ngettext(
                "%(num)s agenda item names them from now on.",
                "%(num)s agenda items name them from now on.",
                counts.presents,
            )
        )
    if found.audiences:
        number = len(found.audiences)
        lines.append(
            ngettext(
                "%(num)s saved audience names them from now on.",
                "%(num)s saved audiences name them from now on.",
                number,
            )
        )
    return [*lines, _about_account(found), *_about_links(found)]


def _joined(held: Held, span: Span) -> str:
    post, first = post_words(held.organization, held.title), day_words(span.starts_on)
    if span.ends_on is None:
        return _("Both held %(post)s: it becomes one appointment since %(first)s.", post=post, first=first)
    return _(
        "Both held %(post)s: it becomes one appointment, %(first)s – %(last)s.",
        post=post,
        first=first,
        last=day_words(span.ends_on),
    )


def _about_account(found: Comparison) -> str:
    mine, theirs = found.account_of(found.pair.staying), found.account_of(found.pair.gone)
    if mine is None and theirs is None:
        return _("Neither has an account.")
    if theirs is None:
        return _("The account %(email)s stays.", email=account(mine))
    if mine is None:
        return _("The account %(email)s moves over; its owner goes on signing in with it.", email=account(theirs))
    if not theirs.active:
        return _("The account %(email)s stays; %(other)s stays closed.", email=account(mine), other=theirs.email)
    if not mine.active:
        return _(
            "The account %(email)s stays closed, and %(other)s is closed too: nobody signs in any more. "
            "To keep %(other)s, keep the other record.",
            email=mine.email,
            other=theirs.email,
        )
    return _(
        "The account %(email)s stays. %(other)s is closed and signed out everywhere; "
        "what it had to review or to publish goes over.",
        email=mine.email,
        other=theirs.email,
    )


def _about_links(found: Comparison) -> list[str]:
    if found.both_own_links:
        return [
            _("Both have a calendar by a secret address. That of the record that stays works on; the other one's ends.")
        ]
    if found.counts.links:
        return [_("The secret address of their calendar works on.")]
    return []
