"""The form of an organization: every place it is asked for, its questions, its note; sent once, kept while typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectField

from eventsys.answers.forms.questions import fields_of
from eventsys.answers.links import is_mark_of
from eventsys.answers.operations.rows import (
    ACCEPTED,
    BACK,
    COMING,
    DECLINED,
    LEAVE,
    NAMED,
    SUBSTITUTE,
    TENTATIVE,
    RowAnswer,
)
from eventsys.answers.operations.sending import Filled, RowsRefused
from eventsys.answers.queries.sheet import SheetPage
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.forms.answer import check_address
from eventsys.invitations.operations.substitute import Named
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER, PlaceState, ReplyRow
from eventsys.web.forms import BaseForm, BlockField, LineField
from eventsys.web.once import OnceForm

NOBODY, SOMEBODY_NEW = 0, -1
SEEN_PART = 10
UNANSWERED = frozenset({PlaceState.NO_REPLY, PlaceState.TO_BE_NAMED, PlaceState.OPTIONAL, PlaceState.PREPARED})


class PlaceForm(Form):  # type: ignore[misc]
    """The answer for one place. `seen` says who was on it when the page was opened: attendee and version."""

    seen = HiddenField()
    choice = HiddenField()
    person = SelectField(_l("Who"), coerce=int, choices=[], validate_choice=False)
    name = LineField(_l("Name"), limit=120)
    title = LineField(_l("Post"), limit=200)
    phone = LineField(_l("Telephone"), limit=40)
    email = LineField(_l("E-mail"), [check_address], limit=254)
    reason = BlockField(_l("Reason"), limit=1000)

    def __init__(
        self, row: ReplyRow, page: SheetPage, people: Sequence[tuple[int, str]], sent: Mapping[str, str] | None
    ) -> None:
        self.row, self.page = row, page
        self.problems: list[str] = []
        self.conflict = ""
        prefix = prefix_of(row.place_id)
        formdata = MultiDict(sent) if sent is not None else None
        super().__init__(formdata, prefix=prefix)
        self.person.choices = [(NOBODY, _("—")), *people, (SOMEBODY_NEW, _("Somebody not on this list"))]
        if not _is_number(self.person.data):
            self.person.data = NOBODY
        asked = [each for each in page.questions if each.of_person]
        known = {each.id: page.answers.get((each.id, row.attendee_id), "") for each in asked}
        self.questions = fields_of(asked, prefix, sent, known)
        self.now_seen()

    def now_seen(self) -> None:
        """A page that is shown knows the place as it is; a form that was sent keeps what it had seen."""
        if not self.seen.data:
            self.seen.data = seen_of(self.row)

    @property
    def attendee_and_version(self) -> tuple[int | None, int]:
        """Who was on the place and in which version; a form that does not say so is always stale."""
        attendee, _dash, version = str(self.seen.data or "").partition("-")
        if not (_is_digits(attendee) and _is_digits(version)):
            return -1, 0
        return int(attendee) or None, int(version)

    @property
    def is_named(self) -> bool:
        """Whether somebody was on the place when the page was opened."""
        return self.attendee_and_version[0] is not None

    @property
    def chosen(self) -> str:
        """The answer that was chosen, "" for none; where nobody was on the place, a name is the answer."""
        if self.is_named:
            return str(self.choice.data or "")
        return NAMED if self.person.data or self.name.data else ""

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """The answers that this place can have, as key and words; none where it waits for a name."""
        row = self.row
        if row.attendee_id is None:
            return []
        free = row.is_substitute or row.role in NEED_NOT_ANSWER
        return [
            (ACCEPTED, _("Comes")),
            (SUBSTITUTE, _("Somebody comes instead")),
            *([(BACK, _("%(whom)s comes after all", whom=row.stands_in_for()))] if row.is_substitute else []),
            *([] if free else [(LEAVE, _("Asks for leave"))]),
            (DECLINED, _("Does not come")),
            (TENTATIVE, _("Not sure yet")),
        ]

    @property
    def is_answered(self) -> bool:
        return self.row.state not in UNANSWERED

    @property
    def is_open(self) -> bool:
        """Whether its answers are shown at once: nothing is answered, something was chosen, or it needs a change."""
        return not self.is_answered or bool(self.chosen) or self.has_errors

    def check(self) -> bool:
        """Whether the row is in shape; else its problems say why."""
        self.validate()
        chosen = self.chosen
        if chosen not in ("", NAMED, *(key for key, _label in self.choices)) and not self._was_offered(chosen):
            self.problems.append(_("Choose from the list."))
        if chosen in (SUBSTITUTE, NAMED):
            self._check_named()
        elif (self.named_person or self.name.data) and not chosen:
            self.problems.append(_("Choose the answer that this name belongs to."))
        if chosen == LEAVE and not self.reason.data:
            self._refuse("reason", _("Say why leave is asked for."))
        if chosen == SUBSTITUTE and not self.reason.data:
            self._refuse("reason", _("Say why somebody comes instead."))
        if self.reason.data and not chosen:
            self.problems.append(_("Choose the answer that this reason belongs to."))
        if not chosen or chosen in COMING:
            for each in self.questions:
                each.check(is_required=bool(chosen))
        return not self.has_errors

    def _was_offered(self, chosen: str) -> bool:
        """An answer to a place that looks otherwise by now was right when it was chosen; the verb finds it stale."""
        return self.seen.data != seen_of(self.row) and chosen in COMING | {DECLINED, LEAVE}

    def _check_named(self) -> None:
        offered = {key for key, _label in self.person.choices}
        if self.person.data not in offered:
            self._refuse("person", _("Choose from the list."))
        elif self.person.data == NOBODY and not self.name.data:
            self._refuse("person", _("Choose somebody, or enter a name."))
        elif self.named_person:
            return
        elif not self.name.data:
            self._refuse("name", _("Enter the name."))
        elif not self.title.data:
            self._refuse("title", _("Enter the post."))
        elif not self.phone.data and not self.email.data:
            self._refuse("phone", _("Enter a telephone number or an e-mail address, so that they can be reached."))

    def _refuse(self, name: str, text: str) -> None:
        self[name].errors = [*self[name].errors, text]

    @property
    def has_errors(self) -> bool:
        return bool(self.problems or self.conflict or self.errors or any(each.errors for each in self.questions))

    @property
    def named_person(self) -> int:
        """Who is chosen from the list, 0 for nobody."""
        return max(int(self.person.data or 0), 0)

    @property
    def named(self) -> Named | None:
        if self.chosen not in (SUBSTITUTE, NAMED):
            return None
        if self.named_person:
            return Named(person_id=self.named_person)
        return Named(self.name.data or "", self.title.data or "", self.phone.data or "", self.email.data or "")

    def answer(self) -> RowAnswer:
        """What was filled in, for the verb."""
        attendee, version = self.attendee_and_version
        return RowAnswer(
            self.row.place_id,
            attendee,
            version,
            self.chosen,
            self.reason.data or "",
            self.named,
            {each.question.id: each.cleaned for each in self.questions},
        )

    def typed_words(self) -> list[str]:
        """What was typed here, to be shown where the place itself is no more."""
        chosen = dict(self.person.choices).get(self.named_person, "") if self.named_person else ""
        texts = (chosen, self.name.data, self.title.data, self.phone.data, self.email.data, self.reason.data)
        return [str(text) for text in texts if text]


class SheetForm(OnceForm):
    """All of it. `sent` is the number of sendings that the page knew of, `draft` that of the draft it showed."""

    mark = HiddenField()
    sent = HiddenField()
    draft = HiddenField()
    filler = LineField(_l("Your name"), limit=120)
    filler_phone = LineField(_l("Your telephone"), limit=40)
    note = BlockField(_l("Note to the convening office"), limit=1000)

    def __init__(self, page: SheetPage, people: Sequence[tuple[int, str]], *, filler: str = "") -> None:
        self.page = page
        self.is_stale = False
        self.refused_papers: Mapping[int, str] = {}
        sheet = page.sheet
        known = {"note": sheet.note, "filler": sheet.filler, "filler_phone": sheet.filler_phone} if sheet else {}
        typed = {**known, **{name: value for name, value in page.draft.items() if name in OF_SHEET}}
        super().__init__(data={**typed, "sent": page.sent_number, "draft": page.draft_number})
        self.filler.data = self.filler.data or filler
        if self.is_submitted():
            sent: Mapping[str, str] | None = request.form
        else:
            sent = page.draft or None
        self.places = [PlaceForm(row, page, people, sent) for row in page.rows]
        self.lost = [
            (place, _typed_for(sent, place.place_id)) for place in page.gone if _typed_for(sent, place.place_id)
        ]
        asked = [each for each in page.questions if not each.of_person]
        self.questions = fields_of(asked, "", sent, {each.id: page.answers.get((each.id, None), "") for each in asked})
        if not self.is_submitted():
            self._look_again()

    def _look_again(self) -> None:
        """A draft is shown beside the places as they are now: what changed since it was typed is said."""
        for place in self.places:
            if place.chosen and place.seen.data != seen_of(place.row):
                place.problems.append(_("Something changed here since this was typed. Look at it again."))
            place.seen.data = seen_of(place.row)

    @property
    def draft_seen(self) -> int | None:
        text = str(self.draft.data or "")
        return int(text) if _is_digits(text) else None

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators)) and self._is_genuine()
        checked = [place.check() for place in self.places]
        for place in self.places:
            place.problems += filter(None, [self.refused_papers.get(place.row.place_id)])
        for each in self.questions:
            each.check(is_required=True)
        answered = not any(each.errors for each in self.questions)
        if self.page.token and not self.filler.data:
            self.filler.errors = [*self.filler.errors, _("Enter your name: the office may call you.")]
            valid = False
        for gone, _words in self.lost:
            self.form_errors.append(
                _("“%(place)s” is no longer asked for. What you typed stands below.", place=gone.title() or _("Place"))
            )
        if not all(checked) or not answered or self.refused_papers:
            self.form_errors.append(_("Some answers need a change. They are marked below; nothing was sent yet."))
        return valid and all(checked) and answered and not self.lost and not self.refused_papers

    def refuse_papers(self, reasons: Mapping[int, str]) -> None:
        """Files that cannot be taken, said at their places."""
        self.refused_papers = reasons

    def _is_genuine(self) -> bool:
        """Behind a link the page's own mark stands for the token of a cookie."""
        if not self.page.token or is_mark_of(self.mark.data or "", self.page.ask.link_id):
            return True
        self.form_errors.append(_("This page had been open for too long. Check what you entered, then send it again."))
        return False

    def refuse(self, refusal: DomainError) -> None:
        """A refusal of some rows lands on those; any other as in every form."""
        super().refuse(refusal)
        if not isinstance(refusal, RowsRefused):
            return
        self.is_stale = refusal.is_stale
        for place in self.places:
            error = refusal.rows.get(place.row.place_id)
            if isinstance(error, Stale):
                place.conflict = error.message
            elif error is not None:
                _land(place, error)

    @property
    def row_errors(self) -> list[tuple[str, str]]:
        """The errors of places and questions, each with where it stands."""
        found: list[tuple[str, str]] = []
        for place in self.places:
            at = f"#{prefix_of(place.row.place_id)}row"
            found += [(str(text), at) for text in filter(None, (place.conflict, *place.problems))]
            found += [(str(text), f"#{each.id}") for each in place for text in each.errors]
            found += [(text, f"#{each.id}") for each in place.questions for text in each.errors]
        return found + [(text, f"#{each.id}") for each in self.questions for text in each.errors]

    def filled(self) -> Filled:
        """What was filled in, for the verb."""
        text = str(self.sent.data or "")
        return Filled(
            [place.answer() for place in self.places],
            int(text) if _is_digits(text) else -1,
            self.note.data or "",
            self.filler.data or "",
            self.filler_phone.data or "",
            {each.question.id: each.cleaned for each in self.questions},
        )

    def again(self, page: SheetPage) -> None:
        """After a refusal: everything as it is now, beside what was typed; the next sending knows of it."""
        self.page = page
        rows = {row.place_id: row for row in page.rows}
        for place in self.places:
            place.row = rows.get(place.row.place_id, place.row)
            place.seen.data = seen_of(place.row)
        self.sent.data, self.draft.data = page.sent_number, page.draft_number


class LinkSheetForm(SheetForm):
    """The same behind a link, without a cookie."""

    class Meta(SheetForm.Meta):
        csrf = False


class DraftForm(BaseForm):
    """What is typed so far; only whose page it is is checked. `over` lets it stand instead of a later one."""

    mark = HiddenField()
    draft = HiddenField()

    def __init__(self, page: SheetPage) -> None:
        self.page = page
        self.refusal: DomainError | None = None
        super().__init__()

    @property
    def seen(self) -> int | None:
        text = str(self.draft.data or "")
        return int(text) if _is_digits(text) else None

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        return valid and (not self.page.token or is_mark_of(self.mark.data or "", self.page.ask.link_id))

    def refuse(self, refusal: DomainError) -> None:
        """Why it is not kept, for the page to say."""
        self.refusal = refusal
        super().refuse(refusal)

    def fields(self) -> dict[str, str]:
        """The typed fields of the sheet, by name."""
        known = self.page.sheet
        prefixes = tuple(prefix_of(place_id) for place_id in self.page.place_ids)
        asked = {f"q{each.id}" for each in self.page.questions}
        found = {
            name: value
            for name, value in request.form.items()
            if name in OF_SHEET or name in asked or name.startswith(prefixes)
        }
        unchanged = {name for name in OF_SHEET if found.get(name) == (getattr(known, name) if known else "")}
        return {name: value for name, value in found.items() if name not in unchanged} if _says_something(found) else {}


class LinkDraftForm(DraftForm):
    """The same behind a link, without a cookie."""

    class Meta(DraftForm.Meta):
        csrf = False


OF_SHEET = ("note", "filler", "filler_phone")


def prefix_of(place_id: int) -> str:
    return f"p{place_id}-"


def seen_of(row: ReplyRow) -> str:
    """Who is on a place, and in which version: `17-3`; `0-0` while nobody is."""
    return f"{row.attendee_id or 0}-{row.version or 0}"


def foreign_fields(page: SheetPage) -> list[str]:
    """Names in the request of places and questions that are not this organization's, or not this meeting's."""
    own = tuple(prefix_of(place_id) for place_id in page.place_ids)
    questions = {f"q{each.id}" for each in page.questions}
    return [
        name
        for name in (*request.form, *request.files)
        if (_is_of_place(name) and not name.startswith(own)) or (_is_of_question(name) and name not in questions)
    ]


def _is_of_place(name: str) -> bool:
    return name.startswith("p") and _is_digits(name[1:].partition("-")[0]) and "-" in name


def _is_of_question(name: str) -> bool:
    return name.startswith("q") and _is_digits(name[1:])


def _says_something(found: Mapping[str, str]) -> bool:
    """Whether anything but hidden fields was filled in; who fills it in alone is nothing."""
    found = {name: value for name, value in found.items() if name not in ("filler", "filler_phone")}
    return any(value and not name.endswith(("-seen", "-person")) for name, value in found.items()) or any(
        value not in ("", "0") for name, value in found.items() if name.endswith("-person")
    )


def _typed_for(sent: Mapping[str, str] | None, place_id: int) -> list[str]:
    prefix = prefix_of(place_id)
    hidden = {f"{prefix}seen", f"{prefix}person", f"{prefix}choice"}
    return [value for name, value in (sent or {}).items() if name.startswith(prefix) and name not in hidden and value]


def _land(place: PlaceForm, error: DomainError) -> None:
    """Put the words at the row's field, or at the row."""
    name = {"comment": "reason", "reply": "", "person": "person" if place.named_person else "name"}.get(
        error.field or "", error.field or ""
    )
    if name in place._fields:
        place[name].errors = [*place[name].errors, error.message]
    else:
        place.problems.append(error.message)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= SEEN_PART


def _is_number(value: object) -> bool:
    return isinstance(value, int)
