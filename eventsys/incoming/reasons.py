"""Why an entry stands as it does, beside what `mail.received.Reason` says about the message itself."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """A closed set, so that it can be said in both languages (`words.REASONS`)."""

    OLD_TIME = "old-time"
    OLDER = "older"
    OLDER_THAN_PAGE = "older-than-page"
    REPEATED = "repeated"
    DEADLINE = "deadline"
    OVER = "over"
    CANCELLED = "cancelled"
    NO_LONGER_ASKED = "no-longer-asked"
    UNVERIFIED = "unverified"
    UNINVITED = "uninvited"
    AMBIGUOUS = "ambiguous"
    UNKNOWN_MEETING = "unknown-meeting"
    CONTRADICTS = "contradicts"
    NO_CHOICE = "no-choice"
    NO_DELEGATE = "no-delegate"
    SECOND_HAND = "second-hand"
    HAS_PLACE = "has-place"
    WILL_NOT_STAND_IN = "will-not-stand-in"
    REFUSED = "refused"
    TOO_SOON = "too-soon"
    NO_LETTER = "no-letter"
    SAME_FACTS = "same-facts"
    REPLACED = "replaced"
    TOO_MUCH = "too-much"
    FAULT = "fault"
