"""Forms of the tray: one button each, or the few words that an act needs."""

from __future__ import annotations

from typing import Any, Self

from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.forms.answer import check_address
from eventsys.invitations.models import PlaceRole, Reply
from eventsys.invitations.operations.substitute import Named
from eventsys.invitations.words import ROLES
from eventsys.web.forms import BaseForm, BlockField, LineField

LONGEST_NUMBER = 10


class DecideForm(BaseForm):
    """One decision on an entry as it was seen."""

    version = HiddenField()

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(formdata=None, data={"version": row.version})

    @property
    def version_number(self) -> int:
        """The version that was seen; 0, which is always stale, when the form does not say."""
        return _number(self.version.data)


class AcceptForm(DecideForm):
    """To accept a proposal: the meeting, too, has to be the one that was looked at."""

    meeting_version = HiddenField()

    @property
    def meeting_version_number(self) -> int:
        return _number(self.meeting_version.data)


class RefuseForm(DecideForm):
    """To refuse a proposal, with a word."""

    note = BlockField(_l("A word why, which goes into the letter"), [Optional()], limit=1000)


class GuestForm(DecideForm):
    """Who answered, by name and address."""

    name = LineField(_l("Name"), [InputRequired(_l("Enter the name."))], limit=120)
    title = LineField(_l("Post"), [Optional()], limit=200)
    email = LineField(
        _l("E-mail"), [Optional(), check_address], limit=254, description=_l("The invitation is sent there.")
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Filled with what the mail says: whom it names, else who answers."""
        name, address = row.name, row.address
        if row.reply is Reply.DELEGATED:
            name, address = row.other_name, row.other_address
        return cls(formdata=None, data={"version": row.version, "name": name or address, "email": address})

    @property
    def named(self) -> Named:
        return Named(self.name.data, self.title.data or "", "", self.email.data or "")


class SubstituteForm(GuestForm):
    """For whom they stand in."""

    attendee = SelectField(_l("Stands in for"), coerce=int, choices=[])

    def offer(self, people: list[tuple[int, str]], chosen: int | None) -> None:
        """Whom one can choose; nobody is chosen before somebody did, unless the mail names one."""
        self.attendee.choices = [(0, _("Choose somebody")), *people]
        if self.attendee.data is None:
            self.attendee.data = chosen or 0

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if not self.attendee.data and not self.attendee.errors:
            self.refuse(DomainError(_("Choose whom they stand in for."), field="attendee"))
            return False
        return valid


class InviteForm(GuestForm):
    """As what they are invited."""

    role = SelectField(_l("Invited as"), choices=[(role.value, words) for role, words in ROLES.items()])

    @property
    def place_role(self) -> PlaceRole:
        return PlaceRole(self.role.data)


def _number(data: Any) -> int:
    text = str(data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
