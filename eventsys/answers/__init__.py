"""Answers of organizations: one page on which a liaison answers for every place that an organization is asked for.

May import `quotas` and before. What is answered is written by `invitations`' own verbs; kept here is what belongs to
the organization as a whole: what is typed and not sent yet, the note, the answers to a meeting's own questions,
documents beside a request for leave, and requests to change an answer after the deadline.

    sheet:    (typed) -> sent, as often as until the deadline
    request:  open -> closed with a word
"""
