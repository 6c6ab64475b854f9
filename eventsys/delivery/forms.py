"""Forms of letters: a button, or a reason and a button."""

from __future__ import annotations

from wtforms.validators import DataRequired

from eventsys.core.language import lazy_gettext as _l
from eventsys.core.sending import LONGEST_REASON
from eventsys.web.forms import BaseForm, LineField


class AgainForm(BaseForm):
    """Send once more; nothing to fill in."""


class PauseForm(BaseForm):
    """Let no letter leave; every organizer is shown why."""

    reason = LineField(
        _l("Why sending is paused"),
        [DataRequired(_l("Say why: every organizer is shown the reason."))],
        limit=LONGEST_REASON,
        description=_l("Shown to every organizer on the pages where letters are sent and listed."),
    )


class ResumeForm(BaseForm):
    """Let letters leave again; nothing to fill in."""
