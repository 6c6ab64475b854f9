"""Forms of this room: the notice itself, its acts, and what an office keeps for its notices."""

from __future__ import annotations

from eventsys.notices.forms.house import OrderForm, PositionForm, ReviewerForm, SentenceForm, StepForm, WordForm
from eventsys.notices.forms.notice import (
    ActForm,
    CheckedForm,
    CorrectionForm,
    LeaveForm,
    NoticeForm,
    PictureForm,
    PublishForm,
    RedactForm,
    RegisterForm,
    ReturnForm,
    RichTextField,
    StartForm,
    SubscribeForm,
    TakeForm,
    WithdrawForm,
    checked_form,
    reason_name,
    seen,
    words,
)

__all__ = [
    "ActForm",
    "CheckedForm",
    "CorrectionForm",
    "LeaveForm",
    "NoticeForm",
    "OrderForm",
    "PictureForm",
    "PositionForm",
    "PublishForm",
    "RedactForm",
    "RegisterForm",
    "ReturnForm",
    "ReviewerForm",
    "RichTextField",
    "SentenceForm",
    "StartForm",
    "StepForm",
    "SubscribeForm",
    "TakeForm",
    "WithdrawForm",
    "WordForm",
    "checked_form",
    "reason_name",
    "seen",
    "words",
]
