"""Step 2: the organizer drafts a meeting, gives it an agenda, looks at it and schedules it."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.steps.story import Story

ITEMS = (
    ("opening", "5", "宣布开会", "Opening words"),
    ("plan", "30", "部署下一阶段工作", "The work ahead"),
    ("work_report", "20", "各区汇报工作", "Reports of the districts"),
)


def draft(organizer: Person, story: Story) -> None:
    """A first try with two errors keeps every word; the second makes the draft."""
    organizer.goes("/workspace/")
    organizer.follows("New meeting")
    organizer.sees(story.say("Saving makes a draft. Nothing is sent."))
    organizer.fills(**_facts(story), ends="13:00", contact_email="no address")
    organizer.chooses("visibility", "public")
    organizer.presses("Save draft")
    summary = organizer.page.locator(".govuk-error-summary")
    expect(summary.get_by_role("link")).to_have_count(2)
    organizer.sees(story.say("Set the end to a time after the start"), within=summary)
    organizer.sees(story.say("Enter one e-mail address, such as name@example.org"), within=summary)
    for name, value in _facts(story).items():
        expect(organizer.page.locator(f'[name="{name}"]').first).to_have_value(value)
    organizer.fills(ends="16:00", contact_email="secretariat@office.example.org")
    organizer.presses("Save draft")
    organizer.sees(story.say("The draft is saved. Nothing has been sent."), story.title, story.say("No agenda yet"))
    found = re.search(r"/meetings/(\d+)/agenda", organizer.page.url)
    assert found, organizer.page.url
    story.meeting_id = int(found[1])


def set_agenda(organizer: Person, story: Story) -> None:
    """Three items in the wrong order; the buttons put them right, and the clock times follow."""
    organizer.follows("Add the first item")
    for number, (kind, minutes, title_zh, title_en) in enumerate(ITEMS):
        organizer.fills(kind=kind, minutes=minutes, title_zh=title_zh, title_en=title_en)
        organizer.presses("Add" if number == len(ITEMS) - 1 else "Add, then another one")
        organizer.sees(story.say("The item is on the agenda."))
    report = story.say.choose(ITEMS[2][2], ITEMS[2][3])
    plan = story.say.choose(ITEMS[1][2], ITEMS[1][3])
    lines = organizer.page.locator(".agenda-edit > li")
    expect(lines.nth(2)).to_contain_text(report)
    expect(lines.nth(2)).to_contain_text("14:35–14:55")
    organizer.presses_words(story.say("Move up: %(title)s", title=report))
    expect(lines.nth(1)).to_contain_text(report)
    expect(lines.nth(1)).to_contain_text("14:05–14:25")
    expect(lines.nth(2)).to_contain_text(plan)
    expect(lines.nth(2)).to_contain_text("14:25–14:55")


def schedule(organizer: Person, story: Story) -> None:
    """The preview shows what readers will see in both languages; scheduling sends nothing."""
    organizer.goes(story.at("/preview"))
    organizer.sees(story.say("This is a draft: nobody but your office sees it, and nothing has been sent."))
    frames = organizer.page.locator("iframe")
    expect(frames).to_have_count(4)
    for number, title in ((2, story.title_zh), (3, story.title_en)):
        frames.nth(number).scroll_into_view_if_needed()
        inside = frames.nth(number).content_frame
        expect(inside.get_by_role("heading", name=title)).to_be_visible()
    organizer.presses("Schedule")
    organizer.sees(story.say("The meeting is scheduled. Nothing has been sent: invitations go out when you send them."))
    organizer.sees(story.say("Scheduled"), story.say("Nobody is invited yet"))


def _facts(story: Story) -> dict[str, str]:
    return {
        "title_zh": story.title_zh,
        "title_en": story.title_en,
        "kind": "conference",
        "date": story.day.isoformat(),
        "starts": "14:00",
        "venue_zh": "市外办301会议室",
        "venue_en": "Room 301, Foreign Affairs Office",
        "reply_date": (story.day - timedelta(days=3)).isoformat(),
        "reply_time": "17:00",
        "contact_name": "秘书处",
        "contact_phone": "024-86488535",
        "notes_zh": "请携带汇报材料。",
        "notes_en": "Please bring your report.",
    }
