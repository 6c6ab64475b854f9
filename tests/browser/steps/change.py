"""Step 5: another time. The organizer sees who is told and whose answer is reset; everybody told gets one update."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.steps.answer import ACCEPTS_THEN_ASKS_LEAVE, open_link
from tests.browser.steps.story import Story, calendar_part, open_letter

RESET = 4
TOLD = 26


def move(organizer: Person, story: Story) -> None:
    """To a time that has begun, so that the roll can be closed later on this walk."""
    start = story.moved_to
    end = start + timedelta(hours=6)
    organizer.goes(story.at("/change"))
    organizer.fills(date=start.date().isoformat(), starts=f"{start:%H:%M}", ends=f"{end:%H:%M}")
    organizer.fills(end_date=end.date().isoformat() if end.date() > start.date() else "")
    organizer.fills(reply_date="", reply_time="")
    organizer.presses("See who is told")
    organizer.sees(story.say("Before it is done"), story.say("What changes"), story.say("Time"))
    organizer.sees(story.say.count("%(num)s letter", "%(num)s letters", TOLD))
    organizer.sees(story.say.count("%(num)s answer, listed below", "%(num)s answers, listed below", RESET))
    reset = organizer.page.get_by_role("region", name=story.say("Whose answer is reset"))
    expect(reset.locator("tbody tr")).to_have_count(RESET)
    organizer.presses_words(story.say.count("Save and send %(num)s letter", "Save and send %(num)s letters", TOLD))
    organizer.sees(story.say("The meeting is changed."))
    organizer.sees(story.say.count("%(num)s answer was reset.", "%(num)s answers were reset.", RESET))


def read_update(administrator: Person, story: Story) -> None:
    """Same meeting, higher SEQUENCE."""
    open_letter(administrator, ACCEPTS_THEN_ASKS_LEAVE, "Change of meeting", story.title)
    calendar = calendar_part(administrator)
    assert "METHOD:REQUEST" in calendar
    assert re.search(r"^SEQUENCE:1\s*$", calendar, re.MULTILINE), calendar


def see_change(invitee: Person, story: Story) -> None:
    """The old link shows the new time, and that answers are closed now."""
    open_link(invitee, story, ACCEPTS_THEN_ASKS_LEAVE)
    invitee.sees(story.say("The meeting was changed after you answered."), story.say("Replies are closed"))
    invitee.sees(f"{story.moved_to.hour}:{story.moved_to:%M}")
