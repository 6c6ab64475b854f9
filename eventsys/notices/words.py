"""Words for the states of notices, the acts and steps of their review, and how texts came to be saved."""

from __future__ import annotations

from typing import Protocol

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.models import NoticeState, RevisionKind, StepState, VersionState

STATES = {
    VersionState.DRAFT: (_l("Draft"), "dashed"),
    VersionState.IN_REVIEW: (_l("In review"), "ochre"),
    VersionState.APPROVED: (_l("Approved"), "tint"),
    VersionState.PUBLISHED: (_l("Published"), "ink"),
    VersionState.SUPERSEDED: (_l("Superseded"), "outline"),
}
ACTS = {
    "start": _l("Started from the record"),
    "save": _l("Text saved"),
    "submit": _l("Sent for review"),
    "pass": _l("Step passed"),
    "remind": _l("Reviewers reminded"),
    "assign": _l("Another reviewer asked"),
    "approve": _l("Approved"),
    "return": _l("Returned to be changed"),
    "publish": _l("Published"),
    "correct": _l("Correction started"),
    "withdraw": _l("Notice withdrawn"),
    "plan": _l("Time of publication set"),
    "unplan": _l("Time of publication taken back"),
    "hold": _l("Not published at the set time"),
    "redact": _l("Words taken out, as the law demands"),
}
STEPS = {
    StepState.WAITING: (_l("Not yet its turn"), "outline"),
    StepState.OPEN: (_l("Waits"), "ochre"),
    StepState.PASSED: (_l("Passed"), "pine"),
    StepState.RETURNED: (_l("Returned to be changed"), "vermilion"),
    StepState.ENDED: (_l("Not reached"), "grey"),
}
REVISIONS = {
    RevisionKind.RECORD: _l("Started from the record"),
    RevisionKind.SAVED: _l("Saved"),
    RevisionKind.AUTOSAVED: _l("Saved while writing"),
    RevisionKind.FACTS: _l("Facts taken over from the record"),
    RevisionKind.RESTORED: _l("Returned to an earlier text"),
    RevisionKind.CORRECTION: _l("Correction started"),
}


class Stepped(Protocol):
    """Something with the state of a step."""

    @property
    def state(self) -> StepState: ...


def step_word(step: Stepped) -> tuple[str, str]:
    """The state of a step as a word, and the tone of its tag."""
    word, tone = STEPS[step.state]
    return str(word), tone


def revision_word(kind: RevisionKind) -> str:
    """How a text came to be saved."""
    return str(REVISIONS[kind])


def state_tag(notice: NoticeState, version: VersionState) -> tuple[str, str]:
    """The state as a word, and the tone of its tag."""
    if notice is NoticeState.WITHDRAWN:
        return _("Notice withdrawn"), "grey"
    word, tone = STATES[version]
    return str(word), tone


def act_word(act: str) -> str:
    """What happened, in the current language."""
    return str(ACTS[act])
