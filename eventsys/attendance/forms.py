"""Shape and wording of what is entered at the door."""

from __future__ import annotations

from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Optional, Regexp

from eventsys.attendance.models import DoorAct
from eventsys.attendance.operations import WalkIn
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.queries import organization_choices
from eventsys.web.forms import BaseForm, BlockField, LineField

KEY = Regexp(r"^[0-9a-f]{32}$")


class MarkForm(BaseForm):
    """One act for one attendee. The key was made with the page, so a repeated click records nothing twice."""

    attendee_id = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9]{1,9}$")])
    act = HiddenField(validators=[AnyOf([act.value for act in DoorAct])])
    key = HiddenField(validators=[InputRequired(), KEY])
    represented_by = LineField(_l("Who came instead"), description=_l("Name and post, as told at the door"))


class WalkInForm(BaseForm):
    """Somebody who came without having been asked."""

    key = HiddenField(validators=[InputRequired(), KEY])
    name = LineField(_l("Name"), validators=[DataRequired(_l("Enter the name"))], limit=120)
    organization_id = SelectField(_l("Organization"), coerce=int, validators=[Optional()])
    title = LineField(_l("Post"), limit=300)
    phone = LineField(_l("Phone"), limit=40)

    def offer_organizations(self) -> None:
        """Fill the list of organizations; 0 stands for none of them."""
        self.organization_id.choices = [(0, _l("Another organization")), *organization_choices()]

    def who(self) -> WalkIn:
        return WalkIn(self.name.data, self.title.data or "", self.organization_id.data or None, self.phone.data or "")


class CloseForm(BaseForm):
    """Closing the roll needs no words."""


class ReopenForm(BaseForm):
    """Opening a closed roll again."""

    reason = BlockField(_l("Why the roll is opened again"), limit=1000)
