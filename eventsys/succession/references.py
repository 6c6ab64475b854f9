"""Every column that says who a person or an account is, and what becomes of it when two records become one.

A test walks the tables: a new column that refers to a person or an account fails it until it stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Treatment(StrEnum):
    """What a merge does with a column.

    `MOVED`: rows go over as they are. `JOINED`: a verb of its own moves them, because two rows may become one.
    `KEPT`: history, which says who it was then.
    """

    MOVED = "moved"
    JOINED = "joined"
    KEPT = "kept"


OF_PERSON: Mapping[str, Treatment] = {
    "account.person_id": Treatment.JOINED,
    "agenda_item.presenter_person_id": Treatment.MOVED,
    "appointment.person_id": Treatment.JOINED,
    "attendee.person_id": Treatment.JOINED,
    "calendar_address.person_id": Treatment.JOINED,
    "distinct_people.one_id": Treatment.JOINED,
    "distinct_people.other_id": Treatment.JOINED,
    "held_role.person_id": Treatment.JOINED,
    "person.merged_into_id": Treatment.MOVED,
}

# An account that is closed because its owner has another: what it still has to do goes over, what it did stays.
OF_ACCOUNT: Mapping[str, Treatment] = {
    "answer_document.account_id": Treatment.KEPT,
    "answer_sheet.draft_account_id": Treatment.MOVED,
    "audit_entry.account_id": Treatment.KEPT,
    "change_request.account_id": Treatment.KEPT,
    "door_event.account_id": Treatment.KEPT,
    "finding_reason.account_id": Treatment.KEPT,
    "held_change.account_id": Treatment.MOVED,
    "import.account_id": Treatment.KEPT,
    "notice_author.account_id": Treatment.JOINED,
    "notice_picture.account_id": Treatment.KEPT,
    "notice_redaction.account_id": Treatment.KEPT,
    "notice_review.account_id": Treatment.MOVED,
    "notice_reviewer.account_id": Treatment.JOINED,
    "notice_revision.account_id": Treatment.KEPT,
    "phone_call.account_id": Treatment.KEPT,
    "planned_publication.account_id": Treatment.MOVED,
    "planned_reminder.account_id": Treatment.MOVED,
    "reply_event.account_id": Treatment.KEPT,
    "review_event.account_id": Treatment.KEPT,
    "review_plan_reviewer.account_id": Treatment.JOINED,
    "sign_in.account_id": Treatment.KEPT,
}
