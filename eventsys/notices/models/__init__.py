"""Tables of this room: the notice and its versions, its writing, its review, and what each office keeps for them."""

from __future__ import annotations

from eventsys.notices.models.house import AvoidedWord, NoticeSentence, ReviewPlan, ReviewPlanReviewer, ReviewPlanStep
from eventsys.notices.models.notice import (
    Notice,
    NoticeAuthor,
    NoticeState,
    NoticeVersion,
    ReviewEvent,
    VersionState,
)
from eventsys.notices.models.publishing import (
    FileForm,
    NoticeEntry,
    NoticeFile,
    NoticeRedaction,
    PlannedPublication,
    Register,
)
from eventsys.notices.models.review import NoticeReview, NoticeReviewer, StepState
from eventsys.notices.models.subscription import Subscription, SubscriptionState
from eventsys.notices.models.writing import FindingReason, NoticePicture, NoticeRevision, RevisionKind

__all__ = [
    "AvoidedWord",
    "FileForm",
    "FindingReason",
    "Notice",
    "NoticeAuthor",
    "NoticeEntry",
    "NoticeFile",
    "NoticePicture",
    "NoticeRedaction",
    "NoticeReview",
    "NoticeReviewer",
    "NoticeRevision",
    "NoticeSentence",
    "NoticeState",
    "NoticeVersion",
    "PlannedPublication",
    "Register",
    "ReviewEvent",
    "ReviewPlan",
    "ReviewPlanReviewer",
    "ReviewPlanStep",
    "RevisionKind",
    "StepState",
    "Subscription",
    "SubscriptionState",
    "VersionState",
]
