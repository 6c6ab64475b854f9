"""The verbs of a notice. Each writes the change, the audit entry and the line of the review record together."""

from eventsys.notices.operations.assigning import assign_reviewer
from eventsys.notices.operations.publication import publish, start_correction, withdraw
from eventsys.notices.operations.reminding import remind_reviewers, remind_when_due
from eventsys.notices.operations.review import approve, return_version, submit
from eventsys.notices.operations.writing import draft_from_record, restore, save_version

__all__ = [
    "approve",
    "assign_reviewer",
    "draft_from_record",
    "publish",
    "remind_reviewers",
    "remind_when_due",
    "restore",
    "return_version",
    "save_version",
    "start_correction",
    "submit",
    "withdraw",
]
