"""The sample city: Shenyang, its model meeting of 22 August 2024, and a coming meeting to try everything on.

A composition root of its own: it plays the history with the real verbs, at the times they would have been used, so that
letters, answers, attendance and the audit log are what they would be. Officials are named by their posts; nobody in it
is a real person.
"""

from __future__ import annotations

from sqlalchemy import select

from eventsys.accounts.models import Account
from eventsys.core.actor import COMMAND
from eventsys.core.clock import played_at
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.directory.sample import organizations_of_shenyang
from eventsys.extensions import db
from eventsys.sample_city.calendars import play_calendars
from eventsys.sample_city.coming import play_coming_meeting, play_draft
from eventsys.sample_city.files import play_import
from eventsys.sample_city.model import play_model_meeting
from eventsys.sample_city.people import SampleSignIn, give_accounts, sample_sign_ins
from eventsys.sample_city.times import FOUNDED

__all__ = ["SampleSignIn", "create", "exists", "sample_sign_ins"]


def create() -> list[SampleSignIn]:
    """Fill an empty database; returns how to sign in as each role. Raises `ValueError` when it is not empty."""
    if db.session.scalar(select(Organization.id).limit(1)) is not None:
        raise ValueError("the directory is not empty: the sample city needs a database of its own")
    with played_at(FOUNDED), write():
        city = organizations_of_shenyang(COMMAND)
    staff = give_accounts(city)
    play_model_meeting(city, staff)
    coming = play_coming_meeting(city, staff)
    play_draft(city, staff)
    staff.stand_at_door(coming)
    play_calendars(staff)
    play_import(staff)
    return sample_sign_ins()


def exists() -> bool:
    """Whether this database holds the sample city."""
    first = sample_sign_ins()[0].email
    return db.session.scalar(select(Account.id).where(Account.email == first)) is not None
