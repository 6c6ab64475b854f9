"""An invitee's answers. Without account, cookie or session: the page's mark stands for the CSRF token."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, ValidationError
from wtforms.validators import DataRequired, Optional

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.facts import is_address
from eventsys.invitations.operations.substitute import Named
from eventsys.invitations.queries.answer import signer
from eventsys.web.forms import BaseForm, BlockField, LineField

PURPOSE = "reply-form"


def mark_of(link_id: str) -> str:
    """The mark that a link's page puts into its forms: nobody without the page can know it."""
    return signer(PURPOSE).token(link_id)


def check_address(form: Any, field: Any) -> None:
    """One plain e-mail address, or nothing."""
    if field.data and not is_address(field.data):
        raise ValidationError(_("Enter one e-mail address, such as name@example.org, or leave it empty."))


def check_reachable(form: Any, field: Any) -> None:
    """A telephone number, where there is no e-mail address."""
    if not field.data and not form.email.data:
        raise ValidationError(_("Enter a telephone number or an e-mail address, so that they can be reached."))


class LinkForm(BaseForm):
    """A form behind a personal link. `seen` is the meeting's revision that the page showed.

    `is_free` says that the invitee owes nobody a reason: optional, observing, or a substitute.
    """

    class Meta(BaseForm.Meta):
        csrf = False

    mark = HiddenField()
    seen = HiddenField()

    def __init__(self, link_id: str, *, is_free: bool = False, **options: Any) -> None:
        self.link_id = link_id
        self.is_free = is_free
        super().__init__(**options)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if signer(PURPOSE).link_id(self.mark.data or "") == self.link_id:
            return valid
        self.form_errors.append(_("This page had been open for too long. Check what you entered, then send it again."))
        return False

    @property
    def comment_text(self) -> str:
        """The reason or remark, empty on a form that asks for none."""
        return str(self["comment"].data or "") if "comment" in self else ""

    @property
    def seen_sequence(self) -> int | None:
        """The revision that was seen, None when the form does not say."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class AcceptForm(LinkForm):
    """To come; there is nothing to fill in."""


class TentativeForm(LinkForm):
    """To answer tentatively."""

    comment = BlockField(_l("What does it depend on?"), [Optional()], limit=1000)


class DeclineForm(LinkForm):
    """Not to come; those who are asked to come say why."""

    comment = BlockField(_l("Reason"), limit=1000)

    def validate_comment(self, field: Any) -> None:
        if not self.is_free and not field.data:
            raise ValidationError(_("Say why you cannot come."))


class LeaveForm(LinkForm):
    """To ask for leave."""

    comment = BlockField(_l("Reason"), [DataRequired(_l("Say why you ask for leave."))], limit=1000)


class SubstituteForm(LinkForm):
    """Who comes instead."""

    name = LineField(_l("Name"), [DataRequired(_l("Enter the name."))], limit=120)
    title = LineField(_l("Post"), [DataRequired(_l("Enter the post."))], limit=200)
    phone = LineField(_l("Telephone"), [check_reachable], limit=40)
    email = LineField(
        _l("E-mail"), [Optional(), check_address], limit=254, description=_l("The invitation is sent there.")
    )

    @property
    def named(self) -> Named:
        return Named(self.name.data, self.title.data, self.phone.data or "", self.email.data or "")
