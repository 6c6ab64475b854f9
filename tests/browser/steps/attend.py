"""Step 6: at the door. Nobody is absent before a person closes the roll."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.steps.story import Story

GUEST = "临时参会人"


def send_to_door(administrator: Person, story: Story) -> None:
    """The check-in role is held for one meeting: the administrator grants it."""
    administrator.goes("/workspace/accounts/")
    administrator.page.get_by_role("link").filter(
        has_text=story.say.choose("礼宾处科员", "Officer of the Protocol Division")
    ).first.click()
    administrator.follows("Grant a role")
    administrator.chooses("role", "check_in")
    administrator.fills(meeting_id=str(story.meeting_id))
    administrator.presses("Grant the role")
    administrator.sees(story.title)


def stand_at_door(door: Person, story: Story) -> None:
    """Search, arrived, undone and arrived again; somebody represented; somebody who was not asked."""
    door.goes("/checkin/")
    door.follows_words(story.title)
    search(door, story.say.choose("和平区外办", "Heping"))
    found = door.page.locator("ul.door-found > li").first
    found.locator("form button.govuk-button").first.click()
    result = door.page.locator(".result")
    door.sees(story.say("Late"), within=result)
    result.locator("button").click()
    expect(door.page.locator("ul.arrivals li")).to_have_count(0)
    search(door, "heping" if story.language == "en" else "hepingqu")
    door.page.locator("ul.door-found > li").first.locator("form button.govuk-button").first.click()
    door.sees(story.say("Late"), within=door.page.locator(".result"))

    search(door, story.say.choose("康平县", "Kangping"))
    found = door.page.locator("ul.door-found > li").first
    found.locator("summary").click()
    found.locator('input[name="represented_by"]').fill("外办科长")
    found.locator("details form button").click()
    door.sees(story.say("Represented"), "外办科长", within=door.page.locator(".result"))

    door.follows("Add a walk-in")
    door.presses("Record as arrived")
    door.sees(story.say("Enter the name"))
    door.fills(name=GUEST, title="翻译")
    door.presses("Record as arrived")
    door.sees("翻译", within=door.page.locator(".result"))
    expect(door.page.locator("ul.arrivals li")).to_have_count(3)


def search(door: Person, words: str) -> None:
    """Ask at the door page for an organization, a post or a name."""
    box = door.page.locator('.door-search input[name="q"]')
    box.fill(words)
    box.press("Enter")
    door.page.wait_for_url("**q=**")
    expect(door.page.locator("ul.door-found > li").first).to_be_visible()


def close(organizer: Person, story: Story) -> None:
    """The organizer sees who is here, closes the roll, and concludes the meeting."""
    organizer.goes(story.at("/attendance"))
    organizer.sees(story.say("The roll is open: nobody is absent before it is closed by a person."))
    organizer.sees(GUEST, story.say("Represented"))
    expect(organizer.page.locator(".tag-vermilion").filter(has_text=story.say("Absent"))).to_have_count(0)
    organizer.presses("Close the roll")
    organizer.sees(story.say("The roll is closed."), story.say("Absent"))
    organizer.goes(story.at("/sign-in-sheet"))
    organizer.sees(story.title, story.say.choose("和平区", "Heping"))
    organizer.goes(story.at("/attendance"))
    organizer.presses("Conclude the meeting")
    organizer.sees(story.say("Concluded"))
