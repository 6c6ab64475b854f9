"""Choosing whom to invite, and as what."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.models import PlaceRole
from eventsys.web.forms import BaseForm

ROLES = (
    (PlaceRole.REQUIRED.value, _l("Must attend")),
    (PlaceRole.OPTIONAL.value, _l("May attend")),
    (PlaceRole.OBSERVER.value, _l("Observes")),
    (PlaceRole.CHAIR.value, _l("Chairs the meeting")),
)


class PicksField(SelectMultipleField):  # type: ignore[misc]
    """Candidates by key; the verb looks them up, so any text is taken here."""

    def pre_validate(self, form: Any) -> None:
        return


class PrepareForm(BaseForm):
    """Who, and as what."""

    picks = PicksField(_l("Whom to invite"), choices=[])
    role = RadioField(
        _l("As what are they asked?"), choices=ROLES, default=PlaceRole.REQUIRED.value, validators=[InputRequired()]
    )
