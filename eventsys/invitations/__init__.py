"""Invitations: places, attendees, replies, leave, and every letter about a meeting's facts.

May import `agenda` and before. Moving or cancelling a scheduled meeting is done here, because it tells people.

    place:  to be named -> held by a person (withdrawn when no longer asked for)
    reply:  pending -> accepted | tentative | declined | delegated
    leave:  requested -> granted | refused
"""
