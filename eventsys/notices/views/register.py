"""What an office keeps in its register of government information."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from eventsys.core.language import gettext as _
from eventsys.directory.models import Organization
from eventsys.notices.forms import RegisterForm, seen, words
from eventsys.notices.operations.register import Kept, keep_register
from eventsys.notices.policy import can_keep_house
from eventsys.notices.queries.house import find_office
from eventsys.notices.queries.register import own_register
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render_form

bp = Blueprint("notice_register", __name__)


@bp.route("/workspace/notices/offices/<int:organization_id>/register", methods=["GET", "POST"])
@allowed(can_keep_house, find_office)
def edit(office: Organization) -> Response:
    """The code in index numbers, and what is usual; notices published from then on have an entry."""
    row = own_register(office.id)
    form = RegisterForm(obj=row)
    names = ("subject_zh", "subject_en", "disclosure_zh", "disclosure_en")
    kept = Kept(words(form.code), **{name: words(form[name]) for name in names})
    if form.carries_out(lambda: keep_register(office, kept, seen(form) if row else None, by=current_actor())):
        flash(_("The register is kept. Notices published from now on have an index number."))
        return redirect(f"/workspace/notices/offices/{office.id}/register")
    return render_form("notices/register.html", form, office=office, kept=row)
