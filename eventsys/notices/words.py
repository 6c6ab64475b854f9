"""Words for the states of notices and the acts of their review."""

from __future__ import annotations

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.models import NoticeState, VersionState

STATES = {
    VersionState.DRAFT: (_l("Draft"), "dashed"),
    VersionState.IN_REVIEW: (_l("Waits for approval"), "ochre"),
    VersionState.APPROVED: (_l("Approved"), "tint"),
    VersionState.PUBLISHED: (_l("Published"), "ink"),
    VersionState.SUPERSEDED: (_l("Superseded"), "outline"),
}
ACTS = {
    "start": _l("Started from the record"),
    "save": _l("Text saved"),
    "submit": _l("Sent for approval"),
    "approve": _l("Approved"),
    "return": _l("Returned to be changed"),
    "publish": _l("Published"),
    "correct": _l("Correction started"),
    "withdraw": _l("Notice withdrawn"),
}


def state_tag(notice: NoticeState, version: VersionState) -> tuple[str, str]:
    """The state as a word, and the tone of its tag."""
    if notice is NoticeState.WITHDRAWN:
        return _("Notice withdrawn"), "grey"
    word, tone = STATES[version]
    return str(word), tone


def act_word(act: str) -> str:
    """What happened, in the current language."""
    return str(ACTS[act])
