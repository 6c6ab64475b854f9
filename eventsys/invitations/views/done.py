"""What is said after a meeting was changed."""

from __future__ import annotations

from flask import flash

from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.invitations.operations.change import Changed


def say_changed(result: Changed) -> None:
    """How many letters are on their way, and how many answers were reset."""
    told = ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", result.letters)
    flash(f"{_('The meeting is changed.')} {told if result.letters else _('Nobody is told.')}")
    if result.reset:
        flash(ngettext("%(num)s answer was reset.", "%(num)s answers were reset.", result.reset))
