"""Sending what was shown, and taking one place back."""

from __future__ import annotations

from wtforms import HiddenField

from eventsys.core.language import lazy_gettext as _l
from eventsys.web.forms import BaseForm


class SendForm(BaseForm):
    """Send exactly the list that was shown: `shown` is its mark."""

    shown = HiddenField(_l("The list as shown"))


class WithdrawForm(BaseForm):
    """Ask no longer for a place: `shown` marks who was on it."""

    shown = HiddenField(_l("The place as shown"))
