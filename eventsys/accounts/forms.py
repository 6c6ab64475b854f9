"""What is typed about accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request
from flask_security.forms import ChangePasswordForm as LibraryChangeForm
from flask_security.forms import LoginForm as LibraryLoginForm
from flask_security.forms import ResetPasswordForm as LibraryResetForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired

from eventsys.accounts.words import ROLE_HINTS, ROLES
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import ChoiceField, DayField, RadiosField
from eventsys.web.forms import BaseForm, LineField

LONGEST_EMAIL = 320


def local_path(text: str | None) -> str:
    """An address of this site as a path with its query; "" for anything else, or for none."""
    text = text or ""
    odd = any(ord(character) < 33 or character == "\\" for character in text)
    return text if text.startswith("/") and not text.startswith("//") and not odd else ""


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Library:
    """What our pages expect of a form and Flask-Security's forms lack."""

    conflicts: ClassVar[list[Any]] = []

    class Meta(BaseForm.Meta):
        """Field errors without a locale of their own."""


class SignInForm(Library, LibraryLoginForm):
    """Address and password; says the same whatever of the two was wrong, and whether or not there is an account."""

    remember = None
    email = EmailField(filters=[_stripped], validators=[DataRequired(_l("Enter your e-mail address."))])
    password = PasswordField(validators=[DataRequired(_l("Enter a password."))])
    kept = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email.label.text = _("E-mail address")
        self.password.label.text = _("Password")
        self.next.data = local_path(self.next.data or request.args.get("next"))

    def validate_next(self, field: HiddenField) -> None:
        """Only addresses of this site stand here already."""

    def validate(self, **options: Any) -> bool:
        if super().validate(**options):
            return True
        if self.ifield is not None:
            self.email.errors, self.password.errors = [], []
            self.form_errors.append(_("E-mail address or password is wrong. Check both and try again."))
        return False


class ResetPasswordForm(Library, LibraryResetForm):
    """A new password, twice, by a link in a letter."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.password.label.text = _("New password")
        self.password_confirm.label.text = _("New password again")


class ChangePasswordForm(Library, LibraryChangeForm):
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.password.label.text = _("Present password")
        self.new_password.label.text = _("New password")
        self.new_password_confirm.label.text = _("New password again")


class ForgottenForm(BaseForm):
    """The address to which the link goes."""

    email = LineField(
        _l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))], limit=LONGEST_EMAIL, name="email"
    )


class ActForm(BaseForm):
    """A button: nothing is typed."""


class InviteForm(BaseForm):
    """The address to which the invitation goes, and with which the person will sign in."""

    email = LineField(
        _l("E-mail address"),
        [InputRequired(_l("Enter an e-mail address like name@example.org."))],
        limit=LONGEST_EMAIL,
        description=_l("The invitation goes there, and the person signs in with it."),
    )


class RoleForm(BaseForm):
    """A role, and what it is held for."""

    role = RadiosField(
        _l("Role"),
        [InputRequired(_l("Choose a role."))],
        choices=[(role.value, words, {"hint": ROLE_HINTS[role]}) for role, words in ROLES.items()],
    )
    organization_id = ChoiceField(_l("Organization"), description=_l("For every role but check-in and administrator."))
    meeting_id = ChoiceField(_l("Meeting"), description=_l("For check-in only."))
    ends_on = DayField(_l("Last day"), description=_l("Leave it empty while no end is known."))

    @classmethod
    def asked(cls, organizations: list[tuple[int, str]], meetings: list[tuple[int, str]]) -> RoleForm:
        """The form with what can be chosen from."""
        form = cls()
        form.organization_id.choices = [(0, _("None")), *organizations]
        form.meeting_id.choices = [(0, _("None")), *meetings]
        return form
