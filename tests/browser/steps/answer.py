"""Step 4: invitees answer by their links, the liaison in the portal, the organizer on behalf of those who telephone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.steps.story import Story, open_letter

ACCEPTS_THEN_ASKS_LEAVE = "director@heping.example.org"
NAMES_SUBSTITUTE = "deputy@shenhe.example.org"
REASON = "当日须陪同外宾，请予准假。"
GRANTED = "同意，请另报材料。"


def open_link(invitee: Person, story: Story, address: str) -> None:
    """The link of a letter, which is in Chinese; readers of English switch with one click."""
    invitee.goes(story.links[address])
    assert invitee.speaks() == "zh-Hans"
    if story.language == "en":
        invitee.follows_words("English")
    invitee.sees(story.title)


def accept_then_ask_leave(invitee: Person, story: Story) -> None:
    """Twenty seconds on a phone, and a change of mind; no cookie is set."""
    open_link(invitee, story, ACCEPTS_THEN_ASKS_LEAVE)
    invitee.sees(story.title, story.say("Can you come?"), story.say("Agenda"))
    agenda = invitee.page.locator("ol.timeline li")
    expect(agenda.nth(1)).to_contain_text(story.say.choose("各区汇报工作", "Reports of the districts"))
    invitee.presses("I will come")
    invitee.sees(story.say("Your answer"), story.say("Accepted"), story.say("Add to calendar"))
    invitee.follows("Change my answer")
    invitee.page.locator("a.answer").filter(has_text=story.say("Ask for leave")).click()
    invitee.presses("Ask for leave")
    invitee.sees(story.say("Say why you ask for leave."))
    invitee.fills(comment=REASON)
    invitee.presses("Ask for leave")
    invitee.sees(story.say("Leave requested"), story.say("The convening office has still to decide."), REASON)
    assert invitee.context.cookies() == []


def name_substitute(invitee: Person, story: Story) -> None:
    """Somebody else comes: the post, the name and how to reach them."""
    open_link(invitee, story, NAMES_SUBSTITUTE)
    invitee.page.locator("a.answer").filter(has_text=story.say("Somebody comes instead")).click()
    invitee.fills(title="政府办副主任", name="代会同志", phone="024-00001234")
    invitee.presses("Name the substitute")
    invitee.sees(story.say("Substitute named"), story.say("Your answer"))
    invitee.sees("政府办副主任")
    assert invitee.context.cookies() == []


def answer_in_portal(liaison: Person, story: Story) -> None:
    """The liaison of Dadong District answers for both of its places in one form."""
    liaison.goes("/portal/")
    liaison.page.locator("a.todo-link").filter(has_text=story.title).first.click()
    liaison.sees(story.say.choose("大东", "Dadong"))
    chosen = liaison.page.locator("input[name$=-choice][value=accepted]")
    expect(chosen).to_have_count(2)
    for place in chosen.all():
        place.check()
    liaison.presses("Send the answers")
    expect(liaison.page.locator(".place-head").filter(has_text=story.say("Accepted"))).to_have_count(2)


def see_answers(organizer: Person, story: Story) -> None:
    """Counts, matrix and table say the same."""
    organizer.goes(story.at("/"))
    organizer.sees(story.say.count("Decide on %(num)s leave request", "Decide on %(num)s leave requests", 1))
    organizer.sees(story.say("%(count)s answered", count=4))
    organizer.page.locator("ul.tabs a").filter(has_text=story.say("Invitations")).click()
    row = organizer.page.locator("table.matrix tr").filter(has_text=story.say.choose("沈河", "Shenhe"))
    organizer.sees(story.say("Substitute"), within=row)
    organizer.goes(story.at("/invitations/?view=table&show=answered"))
    expect(organizer.page.locator("tbody tr")).to_have_count(4)
    organizer.sees(story.say("Leave requested"), REASON)


def grant_leave(organizer: Person, story: Story) -> None:
    """The decision stands beside the place; whoever asked is told."""
    organizer.goes(story.at("/invitations/?show=leave_requested"))
    organizer.page.locator("table.matrix a.tag-link").first.click()
    organizer.chooses("decision", "grant")
    organizer.fills(note=GRANTED)
    organizer.presses("Decide and send")
    organizer.sees(
        story.say("The decision is made. The person and the organization's liaisons are told."), story.say("On leave")
    )


def answer_on_behalf(organizer: Person, story: Story) -> None:
    """A telephone call, entered as such."""
    organizer.goes(story.at("/invitations/?view=table&show=no_reply"))
    row = organizer.page.locator("tbody tr").filter(has_text=story.say.choose("皇姑", "Huanggu")).first
    row.locator("a.tag-link").click()
    organizer.follows("Answer on behalf")
    organizer.chooses("answer", "accepted")
    organizer.fills(source="phone", comment="来电告知")
    organizer.presses("Enter the answer")
    organizer.sees(
        story.say.count("%(num)s answer is entered, on behalf.", "%(num)s answers are entered, on behalf.", 1),
        story.say("On behalf, by the convening office"),
    )


def remind(organizer: Person, story: Story) -> None:
    """Only the twenty-one who have not answered; nobody twice on one day."""
    organizer.goes(story.at("/invitations/"))
    organizer.page.locator(".meeting-head .next").get_by_role("link").click()
    expect(organizer.page.locator("tbody tr:not(.group)")).to_have_count(21)
    organizer.presses_words(story.say.count("Send %(num)s reminder", "Send %(num)s reminders", 21))
    organizer.sees(story.say.count("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", 21))
    organizer.goes(story.at("/invitations/remind"))
    organizer.sees(story.say("Everybody was reminded today"))


def read_decision(administrator: Person, story: Story) -> None:
    """The letter with the decision reached the one who asked."""
    open_letter(administrator, ACCEPTS_THEN_ASKS_LEAVE, "Decision on leave", story.title)
    administrator.sees(GRANTED)
