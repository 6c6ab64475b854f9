"""Whom one could ask: the candidates of a choice, and what stands against each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from eventsys.core.clock import to_local
from eventsys.directory.queries import Candidate, candidates, people_search, post_search
from eventsys.extensions import db
from eventsys.invitations.facts import is_address
from eventsys.invitations.models import Attendee, Place
from eventsys.meetings.models import Meeting

FOUND_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """The posts and the people that the meeting has asked for so far."""

    post_ids: frozenset[int]
    person_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pick:
    """A candidate with what the organizer has to know. `key` names them in a form."""

    key: str
    candidate: Candidate
    is_asked: bool

    @property
    def is_unnamed(self) -> bool:
        """Nobody holds the post: it becomes a place to be named."""
        return self.candidate.person_id is None

    @property
    def lacks_address(self) -> bool:
        return not self.is_unnamed and not is_address(self.candidate.email)


def day_of(meeting: Meeting) -> date:
    """The day on which posts are looked at: that of the meeting."""
    return to_local(meeting.starts_at, meeting.zone).date()


def asked(meeting: Meeting) -> Asked:
    """Who is asked so far, from two queries."""
    posts = select(Place.post_id).where(
        Place.meeting_id == meeting.id, Place.withdrawn_at.is_(None), Place.post_id.is_not(None)
    )
    people = select(Attendee.person_id).where(
        Attendee.meeting_id == meeting.id, Attendee.is_current, Attendee.person_id.is_not(None)
    )
    return Asked(
        frozenset(row for row in db.session.scalars(posts) if row),
        frozenset(row for row in db.session.scalars(people) if row),
    )


def picks(meeting: Meeting, rule: Mapping[str, Any]) -> list[Pick]:
    """The candidates of a rule, those already asked marked."""
    so_far = asked(meeting)
    return [_pick(candidate, so_far) for candidate in candidates(rule, day_of(meeting))]


def found(meeting: Meeting, q: str) -> list[Pick]:
    """Candidates by name, post or organization: people first, then posts."""
    on = day_of(meeting)
    people = [row.id for row in people_search(q, FOUND_LIMIT, on=on)]
    posts = [row.id for row in post_search(q, on, FOUND_LIMIT)]
    return picks(meeting, {"person_ids": people, "post_ids": posts})


def picked(meeting: Meeting, keys: Iterable[str]) -> list[Pick]:
    """The picks of these keys, as the directory has them now; those that are no more are left out."""
    wanted = {key: parse_key(key) for key in keys}
    rule = {
        "post_ids": [post_id for post_id, _person in wanted.values() if post_id],
        "person_ids": [person_id for post_id, person_id in wanted.values() if person_id and not post_id],
    }
    return [pick for pick in picks(meeting, rule) if pick.key in wanted]


def key_of(candidate: Candidate) -> str:
    """`12.34`: post and person, 0 for none."""
    return f"{candidate.post_id or 0}.{candidate.person_id or 0}"


def parse_key(key: str) -> tuple[int, int]:
    """Post and person of a key; (0, 0), which is nobody, for anything else."""
    post, _point, person = key.partition(".")
    fits = post.isascii() and person.isascii() and post.isdigit() and person.isdigit() and len(key) < 20
    return (int(post), int(person)) if fits else (0, 0)


def _pick(candidate: Candidate, so_far: Asked) -> Pick:
    taken = candidate.post_id in so_far.post_ids if candidate.person_id is None else False
    is_asked = taken or candidate.person_id in so_far.person_ids
    return Pick(key_of(candidate), candidate, is_asked)
