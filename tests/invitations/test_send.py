"""Sending: one letter to each, in bulk, never twice."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.letters import kind_of
from eventsys.core.outbox import Letter, LetterBatch
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.operations.send import invite
from tests import factories


def test_inviting_one_person_queues_one_letter(app):
    office = factories.organization("市外事办公室", name_en="Foreign Affairs Office")
    meeting = factories.meeting(office)
    row = factories.attendee(meeting, factories.person("李明", name_en="Li Ming"), told=False)
    by = factories.actor((Role.ORGANIZER, office))
    with write():
        assert invite(meeting, [row], by=by) == 1
        assert row.told_at is not None
        row.comment = "later in the same act"
    letter = db.session.scalars(select(Letter)).one()
    assert (letter.key, letter.kind, letter.recipient) == (f"invitation:{row.id}:s0", "invitation", "李明")
    batch = db.session.get(LetterBatch, letter.batch_id)
    for language in ("zh", "en"):
        words = kind_of("invitation").render(batch.common, letter.facts, language)
        print(words.subject, words.text, words.calendar.decode(), words.sender)
    assert kind_of("invitation").stale([letter]) == set()
