"""Appointments: a person on a post from one day to another, both included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Appointment, Person, Post
from eventsys.directory.operations.ending import day_before
from eventsys.directory.operations.facts import SecondHolder, checked_day
from eventsys.directory.operations.present import locked_person
from eventsys.directory.operations.recording import record_change, record_new, snapshot
from eventsys.directory.queries.posts import Holder, overlapping_holders
from eventsys.directory.words import day_words
from eventsys.extensions import db

BOTH, REPLACE = "both", "replace"


def appoint(
    person: Person, post: Post, starts_on: date, ends_on: date | None = None, *, beside: str = "", by: Actor
) -> Appointment:
    """Put the person on the post. `beside` answers the question of a second holder: "both" hold it, or "replace".

    Raises `SecondHolder` while that question is open, `DomainError` for reversed dates, an abolished post, or a person
    who holds this post then already.
    """
    on, who = locked(Post, post.id), locked_person(person.id)
    _check_days(on, starts_on, ends_on)
    _settle(overlapping_holders(on.id, starts_on, ends_on), who, starts_on, beside, by=by)
    row = Appointment(person_id=who.id, post_id=on.id, starts_on=starts_on, ends_on=ends_on)
    db.session.add(row)
    db.session.flush()
    record_new("appointment.add", row, by=by, label=_label(who, on))
    return row


def revise_appointment(
    appointment: Appointment, starts_on: date, ends_on: date | None, version: int, *, beside: str = "", by: Actor
) -> Appointment:
    """Correct the dates. Raises as `appoint` does, and `Stale`."""
    row = locked(Appointment, appointment.id)
    check_version(row, version)
    _check_days(row.post, starts_on, ends_on)
    others = overlapping_holders(row.post_id, starts_on, ends_on, besides=row.id)
    _settle(others, row.person, starts_on, beside, by=by)
    before = snapshot(row)
    row.starts_on, row.ends_on = starts_on, ends_on
    db.session.flush()
    record_change("appointment.revise", row, before, by=by, label=_label(row.person, row.post))
    return row


def end_appointment(appointment: Appointment, ends_on: date, version: int, *, by: Actor) -> Appointment:
    """End it with that day. Raises `DomainError` for a day before it started, `Stale`."""
    row = locked(Appointment, appointment.id)
    check_version(row, version)
    _check_order(row.starts_on, ends_on)
    checked_day(ends_on, "ends_on")
    _check_abolition(row.post, ends_on)
    before = snapshot(row)
    row.ends_on = ends_on
    db.session.flush()
    record_change("appointment.end", row, before, by=by, label=_label(row.person, row.post))
    return row


def _settle(others: Sequence[Holder], who: Person, starts_on: date, beside: str, *, by: Actor) -> None:
    """End the appointments in the way, leave them, or ask."""
    if any(holder.person_id == who.id for holder in others):
        raise DomainError(_("This person already holds this post at that time."), field="starts_on")
    if others and beside not in {BOTH, REPLACE}:
        raise SecondHolder(others)
    if beside == REPLACE:
        for holder in others:
            _replace(holder, starts_on, by=by)


def _replace(holder: Holder, starts_on: date, *, by: Actor) -> None:
    if holder.starts_on >= starts_on:
        raise DomainError(
            _(
                "%(person)s starts on the same day or later. Let both hold the post, or change the dates.",
                person=holder.name,
            ),
            field="beside",
        )
    row = locked(Appointment, holder.appointment_id)
    before = snapshot(row)
    row.ends_on = day_before(starts_on)
    db.session.flush()
    record_change("appointment.end", row, before, by=by, label=_label(row.person, row.post))


def _check_days(post: Post, starts_on: date, ends_on: date | None) -> None:
    checked_day(starts_on, "starts_on")
    if ends_on is not None:
        checked_day(ends_on, "ends_on")
        _check_order(starts_on, ends_on)
    if post.abolished_on is not None and starts_on >= post.abolished_on:
        raise DomainError(
            _("This post is abolished from %(day)s on. Choose an earlier day.", day=day_words(post.abolished_on)),
            field="starts_on",
        )
    _check_abolition(post, ends_on)


def _check_abolition(post: Post, ends_on: date | None) -> None:
    if post.abolished_on is not None and (ends_on is None or ends_on >= post.abolished_on):
        raise DomainError(
            _("This post is abolished from %(day)s on. Choose an earlier day.", day=day_words(post.abolished_on)),
            field="ends_on",
        )


def _check_order(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise DomainError(_("The last day is before the first day. Choose a later last day."), field="ends_on")


def _label(person: Person, post: Post) -> str:
    return f"{person.name('zh')} · {post.organization.name('zh')}{post.title('zh')}"
