"""What an office keeps for its notices, in pages: steps of review, words to avoid, sentences of the first draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from eventsys.accounts.words import ROLES
from eventsys.core.language import gettext as _
from eventsys.directory.models import Organization
from eventsys.notices.forms import OrderForm, PositionForm, SentenceForm, StepForm, WordForm
from eventsys.notices.models import ReviewPlan
from eventsys.notices.operations.house import (
    add_word,
    remove_step,
    remove_word,
    set_order,
    set_sentence,
    set_step,
)
from eventsys.notices.policy import can_keep_house, can_list_notices, can_see_house, can_set_steps
from eventsys.notices.queries.house import (
    find_office,
    offices_of,
    own_plan,
    own_sentences,
    own_words,
    sentences_of,
    words_of,
)
from eventsys.notices.queries.register import register_of
from eventsys.notices.queries.review import DEFAULT, Plan, as_plan, plan_for, staff_of
from eventsys.notices.sentences import BY_KEY, SENTENCES, Part, Sentence, placeholders
from eventsys.web.access import allowed, current_actor
from eventsys.web.pages import render, render_form

bp = Blueprint("notice_house", __name__, url_prefix="/workspace/notices/offices")


@dataclass(frozen=True, slots=True)
class InOffice:
    """An office with one of its sentences."""

    office: Organization
    sentence: Sentence


def find_sentence(organization_id: int, key: str) -> InOffice | None:
    """The office and the sentence of this key."""
    office = find_office(organization_id)
    return InOffice(office, BY_KEY[key]) if office is not None and key in BY_KEY else None


def may_word(actor: Any, subject: InOffice) -> bool:
    """Whether the actor keeps the office's sentences."""
    return can_keep_house(actor, subject.office)


def find_office_of_word(organization_id: int, word_id: int) -> Organization | None:
    """The office of a word."""
    return find_office(organization_id)


def find_office_of_step(organization_id: int, position: int) -> Organization | None:
    """The office of a step, None beyond the one after its last."""
    office = find_office(organization_id)
    return office if office is not None and 1 <= position <= len(plan_for(office.path).steps) + 1 else None


@bp.get("/")
@allowed(can_list_notices)
def index() -> str:
    """The offices whose staff the reader is."""
    return render("notices/offices.html", offices=offices_of(current_actor()))


@bp.get("/<int:organization_id>/")
@allowed(can_see_house, find_office)
def show(office: Organization) -> Response:
    """Everything that counts for the office's notices, and where it comes from."""
    return _page(office, WordForm())


@bp.post("/<int:organization_id>/words")
@allowed(can_keep_house, find_office)
def word(office: Organization) -> Response:
    """Put words on the list."""
    form = WordForm()
    if form.carries_out(lambda: add_word(office, form.facts(), by=current_actor())):
        flash(_("The words stand on the list."))
        return redirect(_path(office))
    return _page(office, form)


@bp.post("/<int:organization_id>/words/<int:word_id>/remove")
@allowed(can_keep_house, find_office_of_word)
def forget(office: Organization) -> Response:
    """Take words off the list."""
    number = int((request.view_args or {})["word_id"])
    if PositionForm().carries_out(lambda: remove_word(office, number, by=current_actor())):
        flash(_("The words are off the list."))
    return redirect(_path(office))


@bp.route("/<int:organization_id>/sentences/<key>", methods=["GET", "POST"])
@allowed(may_word, find_sentence)
def sentence(subject: InOffice) -> Response:
    """Reword a sentence of the first draft in both languages."""
    office, one = subject.office, subject.sentence
    own, counting = own_sentences(office.id), sentences_of(office.path)
    rows = {language: own.get((one.key, language)) for language in ("zh", "en")}
    data: dict[str, Any] = {}
    for language, row in rows.items():
        data[f"words_{language}"] = counting.get((one.key, language), one.words[language])
        data[f"version_{language}"] = row.version if row else 0
    form = SentenceForm(data=data)

    def both() -> None:
        for language in ("zh", "en"):
            words, seen = form[f"words_{language}"].data or "", form[f"version_{language}"].data or 0
            if words != data[f"words_{language}"] or seen != data[f"version_{language}"]:
                set_sentence(office, one.key, language, words, seen, by=current_actor())

    if form.carries_out(both):
        flash(_("The next first draft uses these words."))
        return redirect(_path(office))
    return render_form(
        "notices/sentence.html",
        form,
        office=office,
        sentence=one,
        back=_path(office),
        known={language: placeholders(language, each=one.part is Part.EACH) for language in ("zh", "en")},
    )


@bp.route("/<int:organization_id>/steps/<int:position>", methods=["GET", "POST"])
@allowed(can_set_steps, find_office_of_step)
def step(office: Organization) -> Response:
    """Set one step of review; the one after the last adds it."""
    position = int((request.view_args or {})["position"])
    plan, row = plan_for(office.path), own_plan(office.id)
    known = plan.steps[position - 1] if position <= len(plan.steps) else None
    form = StepForm(data=StepForm.values(known, row.version if row else 0) if known else _new(row))
    form.offer(staff_of(office.path), position)
    if form.carries_out(lambda: set_step(office, position, form.step(), form.version.data or 0, by=current_actor())):
        flash(_("The steps count for texts that are sent from now on."))
        return redirect(_path(office))
    return render_form("notices/step.html", form, office=office, position=position, known=known, back=_path(office))


@bp.post("/<int:organization_id>/steps/<int:position>/remove")
@allowed(can_set_steps, find_office_of_step)
def drop(office: Organization) -> Response:
    """Take a step away."""
    form, position = PositionForm(), int((request.view_args or {})["position"])
    if form.carries_out(lambda: remove_step(office, position, form.version.data or 0, by=current_actor())):
        flash(_("The step is gone. Texts on their way keep the steps they were sent with."))
    else:
        flash(" ".join(str(error) for error in form.form_errors))
    return redirect(_path(office))


@bp.post("/<int:organization_id>/order")
@allowed(can_set_steps, find_office)
def order(office: Organization) -> Response:
    """In order, or all at once."""
    form = OrderForm()
    wanted = form.in_order.data == "yes"
    if form.carries_out(lambda: set_order(office, wanted, form.version.data or 0, by=current_actor())):
        flash(_("The steps count for texts that are sent from now on."))
    else:
        flash(" ".join(str(error) for error in form.form_errors))
    return redirect(_path(office))


def _page(office: Organization, form: WordForm) -> Response:
    actor, row = current_actor(), own_plan(office.id)
    plan = as_plan(row) if row is not None else plan_for(office.path)
    own, counting = own_words(office.id), words_of(office.path)
    mine = {word.id for word in own}
    sentences = sentences_of(office.path)
    return render_form(
        "notices/house.html",
        form,
        office=office,
        plan=plan,
        who=_who(plan, office),
        version=row.version if row else 0,
        origin=_origin(plan, office),
        order=OrderForm(formdata=None, data={"in_order": "yes" if plan.in_order else "no"}),
        words=own,
        inherited=[each for each in counting if each.id not in mine],
        sentences=[
            (each, {code: sentences.get((each.key, code), each.words[code]) for code in ("zh", "en")})
            for each in SENTENCES
        ],
        changed={key for key, _language in sentences},
        register=register_of(office.path),
        may_keep=can_keep_house(actor, office),
        may_set=can_set_steps(actor, office),
        base=_path(office),
    )


def _who(plan: Plan, office: Organization) -> list[str]:
    """Who may take each step, in words."""
    names = {each.account_id: each.name for each in staff_of(office.path)}
    gone = _("an account without a role here")
    found = []
    for each in plan.steps:
        parts = [str(ROLES[each.role])] if each.role else []
        parts += [names.get(account_id, gone) for account_id in each.named]
        if each.substitutes:
            stand_in = _(", ").join(names.get(account_id, gone) for account_id in each.substitutes)
            parts.append(_("substitute: %(names)s", names=stand_in))
        found.append(_("; ").join(parts))
    return found


def _origin(plan: Plan, office: Organization) -> str:
    if plan.owner_id == office.id:
        return ""
    if plan is DEFAULT:
        return _("Nobody has set steps yet: one approver who did not write the text passes it.")
    return _("These steps are those of an organization above; changing one makes the office's own.")


def _new(row: ReviewPlan | None) -> dict[str, Any]:
    return {"version": row.version if row else 0, "who": "approver"}


def _path(office: Organization) -> str:
    return f"/workspace/notices/offices/{office.id}/"
