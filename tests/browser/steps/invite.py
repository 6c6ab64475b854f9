"""Step 3: the organizer chooses a saved audience, sees who gets what, and sends; the worker's letters arrive."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.steps.story import Story, calendar_part, open_letter, personal_link

AUDIENCE = "各区、县（市）分管领导和外办主任"
ASKED = 26


def choose_audience(organizer: Person, story: Story) -> None:
    """The rule is resolved today; nobody has been told yet."""
    organizer.goes(story.at("/invitations/"))
    organizer.follows("Choose people one by one")
    organizer.follows("Saved audience")
    organizer.page.locator("#audience").select_option(index=_audience_index(organizer))
    organizer.presses("Show who that is today")
    organizer.sees(story.say.count("%(num)s found", "%(num)s found", ASKED))
    expect(organizer.page.locator('input[name="picks"]:checked')).to_have_count(ASKED)
    organizer.presses("Put them on the list")
    organizer.sees(story.say("Nobody has been told yet."))


def send(organizer: Person, story: Story) -> None:
    """Every reader, language and letter stands there before anything goes out."""
    organizer.goes(story.at("/invitations/send"))
    organizer.sees("director@heping.example.org", "deputy@kangping.example.org")
    expect(organizer.page.locator("tbody tr")).to_have_count(ASKED)
    letter = organizer.page.locator("iframe").first.content_frame
    expect(letter.get_by_text(story.title_zh).first).to_be_visible()
    organizer.presses_words(story.say.count("Send %(num)s letter", "Send %(num)s letters", ASKED))
    organizer.sees(story.say.count("%(num)s letter is on its way.", "%(num)s letters are on their way.", ASKED))


def read_invitation(administrator: Person, story: Story, address: str) -> None:
    """The letter as sent: text, calendar part with an answer asked for, and the personal link."""
    open_letter(administrator, address, "Invitation", story.title)
    administrator.sees(story.say("As plain text"), story.say("Calendar part"))
    calendar = calendar_part(administrator)
    assert "METHOD:REQUEST" in calendar
    assert "SEQUENCE:0" in calendar
    story.links[address] = personal_link(administrator)


def _audience_index(organizer: Person) -> int:
    options = organizer.page.locator("#audience option").all_inner_texts()
    wanted = [
        number for number, text in enumerate(options) if text.startswith(("各区", "Deputy heads and foreign affairs"))
    ]
    assert len(wanted) == 1, options
    return wanted[0]
