"""Forms of letters: one button each."""

from __future__ import annotations

from eventsys.web.forms import BaseForm


class AgainForm(BaseForm):
    """Send once more; nothing to fill in."""
