"""The administrator's pages of accounts and roles."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from eventsys.accounts import words
from eventsys.accounts.forms import ActForm, InviteForm, RoleForm
from eventsys.accounts.letters import INVITATION
from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.operations import close_account, end_role, grant_role, invite_person, reopen_account
from eventsys.accounts.operations.letters import office_facts
from eventsys.accounts.policy import can_administer
from eventsys.accounts.queries import office_zone
from eventsys.accounts.queries.people import (
    Filters,
    MeetingId,
    Member,
    account_of_person,
    find_member,
    find_role,
    meeting_choices,
    member_export,
    member_page,
)
from eventsys.accounts.views.files import as_file
from eventsys.core.actor import Role
from eventsys.core.clock import now, to_local
from eventsys.core.language import gettext as _
from eventsys.core.letters import Rendered, kind_of
from eventsys.directory.models import Person
from eventsys.directory.queries import find_organization, organization_choices, people_search
from eventsys.directory.queries.lists import Cursor
from eventsys.extensions import db
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

bp = Blueprint("accounts", __name__, url_prefix="/workspace/accounts")


def _filters() -> Filters:
    asked = {name: request.args.get(name, "")[:100] for name in ("q", "state", "role")}
    return Filters(**asked)


@bp.get("/")
@allowed(can_administer)
def index() -> str:
    """Everybody with an account or a role."""
    filters = _filters()
    asked = {name: getattr(filters, name) for name in ("q", "state", "role") if getattr(filters, name)}
    found = member_page(filters, Cursor(request.args.get("after", ""), request.args.get("before", "")))
    return render(
        "accounts/index.html",
        filters=filters,
        page=found,
        words=words,
        states=[("", _("Every account")), *((key, state[0]) for key, state in words.STATES.items())],
        roles=[("", _("Every role")), *((role.value, name) for role, name in words.ROLES.items())],
        zone=office_zone(),
        now=now(),
        export="?" + urlencode(asked) if asked else "",
        previous=_paged(asked, "before", found.previous),
        next=_paged(asked, "after", found.next),
    )


def _paged(asked: dict[str, str], name: str, cursor: str | None) -> str | None:
    return "/workspace/accounts/?" + urlencode({**asked, name: cursor}) if cursor else None


@bp.get("/export.<any(csv, xlsx):ending>")
@allowed(can_administer)
def export(ending: str) -> Response:
    """The list as it is filtered, as a file."""
    header = [_("Name"), _("Posts"), _("E-mail address"), _("Account"), _("Roles"), _("Last sign-in")]
    return as_file(ending, "accounts", header, [_line(member) for member in member_export(_filters())])


def _line(member: Member) -> list[str]:
    seen = member.last_sign_in_at
    return [
        member.name,
        "; ".join(member.posts),
        member.email,
        str(words.STATES[member.state][0]),
        "; ".join(f"{words.ROLES[held.role]} {held.scope}".strip() for held in member.roles),
        to_local(seen, office_zone()).strftime("%Y-%m-%d %H:%M") if seen else "",
    ]


@bp.get("/invite")
@allowed(can_administer)
def choose_person() -> str:
    """Find the person of the directory who is to be invited, or to hold a role."""
    q = request.args.get("q", "")[:100]
    return render("accounts/choose.html", q=q, people=people_search(q) if q else [])


@bp.get("/people/<int:person_id>")
@allowed(can_administer, find_member)
def show(member: Member) -> Response:
    """One person's account and roles."""
    return _member_page(member, ActForm())


@bp.route("/people/<int:person_id>/invite", methods=["GET", "POST"])
@allowed(can_administer, find_member)
def invite(member: Member) -> Response:
    """See the letter, then send it: for the first time or again."""
    person = db.session.get_one(Person, member.person_id)
    form = InviteForm(data={"email": member.email or person.email})
    if form.carries_out(lambda: invite_person(person, form.email.data, by=current_actor())):
        flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
        return redirect(f"/workspace/accounts/people/{member.person_id}")
    letter = _preview(person, form.email.data or "")
    return render_form("accounts/invite.html", form, member=member, letter=letter, to=person.language or "zh")


def _preview(person: Person, email: str) -> Rendered:
    facts = {"account_id": 0, "name_zh": person.name_zh, "name_en": person.name_en, "email": email}
    return kind_of(INVITATION).render(office_facts(), facts, person.language or "zh")


@bp.post("/people/<int:person_id>/close")
@allowed(can_administer, account_of_person)
def close(account: Account) -> Response:
    """Nobody signs in with this account any more."""
    done = _("The account is closed; its sign-ins have ended.")
    return _acted(lambda: close_account(account, by=current_actor()), account.person_id, done)


@bp.post("/people/<int:person_id>/reopen")
@allowed(can_administer, account_of_person)
def reopen(account: Account) -> Response:
    """Its owner may sign in again."""
    done = _("The account is open again.")
    return _acted(lambda: reopen_account(account, by=current_actor()), account.person_id, done)


def _acted(verb: Callable[[], object], person_id: int, done: str) -> Response:
    """Carry out a button's verb; a refusal stands on the person's page."""
    form = ActForm()
    if form.carries_out(verb):
        flash(done)
        return redirect(f"/workspace/accounts/people/{person_id}")
    return _member_page(find_member(person_id), form)


def _member_page(member: Member | None, form: ActForm) -> Response:
    return render_form("accounts/member.html", form, member=member, words=words, zone=office_zone(), now=now())


@bp.route("/people/<int:person_id>/grant", methods=["GET", "POST"])
@allowed(can_administer, find_member)
def grant(member: Member) -> Response:
    """Let this person hold a role."""
    form = RoleForm.asked(organization_choices(), meeting_choices())
    if form.carries_out(lambda: _grant(member, form)):
        flash(_("%(name)s holds the role from now on.", name=member.name))
        return redirect(f"/workspace/accounts/people/{member.person_id}")
    return render_form("accounts/grant.html", form, member=member)


def _grant(member: Member, form: RoleForm) -> HeldRole:
    organization = find_organization(form.organization_id.data) if form.organization_id.data else None
    meeting = MeetingId(form.meeting_id.data) if form.meeting_id.data else None
    return grant_role(
        db.session.get_one(Person, member.person_id),
        Role(form.role.data),
        organization,
        meeting,
        ends_on=form.ends_on.data,
        by=current_actor(),
    )


@bp.post("/roles/<int:role_id>/end")
@allowed(can_administer, find_role)
def end(held: HeldRole) -> Response:
    """This person no longer holds the role."""
    return _acted(lambda: end_role(held, by=current_actor()), held.person_id, _("The role has ended."))
