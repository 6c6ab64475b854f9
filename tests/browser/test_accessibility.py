"""Every page in a real browser, filled, empty and in error, in both languages.

WCAG 2.2 AA by axe, no overflow at 320 px and at 200 % text, no error in the console, no Latin label on Chinese pages.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import ACCOUNTLESS, Address, Addresses
from tests.browser.inspection import findings, prepare
from tests.browser.people import DESKTOP, People, Person

NOBODY = "zzzz"
# Lists that a search leaves empty, by endpoint; the rest of the address.
SEARCHED = {
    "public.search": "?q=",
    "workspace.search": "?q=",
    "meeting_lists.index": "?q=",
    "replies.show": "?q=",
    "prepare.add": "?q=",
    "directory.list_people": "?q=",
    "directory.list_posts": "?q=",
    "directory.show_tree": "?q=",
    "letters.index": "?q=",
    "incoming.index": "?q=",
    "incoming.of_meeting": "?q=",
    "mailbox.index": "?q=",
    "notice_lists.index": "?show=all&q=",
    "audit.index": "?who=",
    "accounts.index": "?q=",
    "door.show": "?q=",
}
# Pages of a draft that nobody has been invited to.
OF_A_DRAFT = (
    "",
    "invitations/",
    "invitations/add?way=posts",
    "invitations/add?way=audience",
    "invitations/send",
    "invitations/remind",
    "reminders/",
    "calls/",
    "agenda/",
    "agenda/new",
    "attendance",
    "notice",
    "letters",
    "incoming",
    "preview",
)
# Forms that refuse to be sent empty, by endpoint; the rest of the address.
FORMS = {
    "security.login": "",
    "security.forgot_password": "",
    "security.change_password": "",
    "answer.show leave": "?do=leave",
    "answer.show substitute": "?do=substitute",
    "meetings.new": "",
    "agenda.new": "",
    "change.change": "",
    "change.cancel": "",
    "attendee.substitute": "",
    "attendee.name": "",
    "incoming_entry.substitute": "",
    "incoming_entry.invite": "",
    "door.walk_in": "",
    "sending.index": "",
    "notice_acts.take_back": "",
    "notice_acts.correct": "",
    "notice_house.step": "",
    "notice_text.pictures": "",
    "accounts.grant": "",
    "directory.add_organization": "",
    "directory.edit_organization": "",
    "directory.add_post": "",
    "directory.add_post_kind": "",
    "directory.add_person": "",
    "directory.edit_person": "",
    "directory.add_audience": "",
}
SEND_EMPTY = """() => {
  const typed = "textarea, input:not([type=hidden], [type=radio], [type=checkbox])";
  const form = [...document.querySelectorAll("main form[method=post]")].find((each) => each.querySelector(typed));
  for (const each of form.querySelectorAll(typed)) each.value = "";
  for (const each of form.querySelectorAll("[type=radio], [type=checkbox]")) each.checked = false;
  form.noValidate = true;
  form.requestSubmit(form.querySelector("button[type=submit].govuk-button:not(.govuk-button--secondary)"));
}"""


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page(language: str, addresses: Addresses, people: People) -> None:
    assert _of_all(addresses.pages(), language, people) == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_when_there_is_nothing_to_show(language: str, addresses: Addresses, people: People) -> None:
    pages = {page.endpoint: page for page in addresses.pages()}
    asked = [Address(name, pages[name].url + query + NOBODY, pages[name].persona) for name, query in SEARCHED.items()]
    draft = [
        Address(f"draft {rest}", f"/workspace/meetings/{addresses.draft}/{rest}", "organizer") for rest in OF_A_DRAFT
    ]
    assert _of_all([*asked, *draft], language, people) == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_with_its_errors(language: str, addresses: Addresses, people: People) -> None:
    pages = {page.endpoint: page for page in addresses.pages()}
    forms = []
    for name, query in FORMS.items():
        page = pages[name.split()[0]]
        forms.append(Address(name, page.url + query, page.persona))
    assert _of_all(forms, language, people, in_error=True) == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_review_of_a_notice(language: str, addresses: Addresses, people: People) -> None:
    """A correction of the published notice, from the editor to the approver, who returns it; then it is thrown away."""
    desk = addresses.of("notice_desk.show")
    found = []
    with people.somebody(language, DESKTOP, "editor") as editor:
        prepare(editor)
        editor.goes(desk)
        if editor.page.locator(f'a[href="{desk}/correct"]').count():
            editor.goes(f"{desk}/correct")
            editor.fills(note_zh="更正会议地点。", note_en="The place is corrected.")
            editor.presses("Start the correction")
            editor.page.wait_for_url("**/edit")
        found += _look(editor, [Address("edit", f"{desk}/edit", ""), Address("submit", f"{desk}/submit", "")])
        editor.goes(f"{desk}/submit")
        editor.presses("Send for review")
        editor.sees(editor.say("In review"))
    with people.somebody(language, DESKTOP, "approver") as approver:
        prepare(approver)
        rest = ("", "/approve", "/return")
        found += _look(approver, [Address(f"review {each}", desk + each, "") for each in rest])
        found += _refused(approver, Address("return in error", f"{desk}/return", ""))
        approver.fills(reason="请再核对。")
        approver.presses("Return it")
        approver.sees("请再核对。")
        found += findings(approver, "returned")
    assert found == []


def _of_all(pages: Iterable[Address], language: str, people: People, *, in_error: bool = False) -> list[str]:
    """What is wrong with these pages, each opened by its persona."""
    found: list[str] = []
    by_persona: dict[str, list[Address]] = {}
    for page in pages:
        by_persona.setdefault(page.persona, []).append(page)
    for persona, theirs in by_persona.items():
        with people.somebody(language, DESKTOP, None if persona in ACCOUNTLESS else persona) as person:
            prepare(person)
            for page in theirs:
                found += _refused(person, page) if in_error else _look(person, [page])
    return found


def _look(person: Person, pages: Iterable[Address]) -> list[str]:
    found = []
    for page in pages:
        person.goes(page.url)
        found += findings(person, page.endpoint)
    return found


def _refused(person: Person, page: Address) -> list[str]:
    """The form sent empty: its errors stand in a summary."""
    person.goes(page.url)
    person.page.evaluate(SEND_EMPTY)
    summary = person.page.locator(".govuk-error-summary")
    try:
        expect(summary).to_be_visible()
    except AssertionError:
        return [f"{page.endpoint} ({person.say.language}): sent empty, it shows no errors"]
    return findings(person, f"{page.endpoint} in error")
