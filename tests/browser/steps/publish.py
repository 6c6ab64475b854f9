"""Step 7: from the record to a public notice, through an approver who returns it once."""

from __future__ import annotations

import re
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.steps.story import Story

ADDED_ZH = "会议强调，要抓紧抓好各项工作落实。"
ADDED_EN = "The meeting asked everybody to see the work through."
MENDED_ZH = "会议要求，各单位会后及时传达。"
RETURNED = "请补充会后传达要求。"
ACTS = (
    ("Meeting", "drafted"),
    ("Meeting", "scheduled"),
    ("Agenda", "put in another order"),
    ("Invitation", "sent"),
    ("Reply", "accepted"),
    ("Reply", "leave granted"),
    ("Invitation", "reminded"),
    ("Meeting", "changed"),
    ("Invitation", "update sent"),
    ("Roll", "closed"),
    ("Meeting", "concluded"),
    ("Summary notice", "handed in"),
    ("Summary notice", "returned"),
    ("Summary notice", "approved"),
    ("Summary notice", "published"),
)


def write(editor: Person, story: Story) -> None:
    """The first draft holds what the record knows; the editor writes on in the rich-text editor."""
    editor.goes(story.at("/notice"))
    editor.sees(story.say("No notice has been started"))
    editor.presses("Start from the record")
    editor.sees(story.say("The first draft stands. It holds only what the record knows; read it and write the rest."))
    expect(editor.page.locator(".ql-editor").first).to_contain_text("康平县代表参加会议")
    _write_on(editor, 0, ADDED_ZH)
    _write_on(editor, 1, ADDED_EN)
    editor.fills(author_zh="秘书处", author_en="Secretariat", department_zh="综合处", department_en="General Division")
    editor.presses("Save")
    editor.sees(story.say("The text is saved."), ADDED_ZH, ADDED_EN)


def send_for_approval(editor: Person, story: Story) -> None:
    """Who wrote it cannot approve it."""
    editor.goes(story.at("/notice"))
    editor.follows("Send for review…")
    editor.presses("Send for review")
    editor.sees(story.say("The text waits for review."), story.say("In review"))


def give_back(approver: Person, story: Story) -> None:
    """The approver's first page leads there; a reason goes with the text."""
    approver.goes("/workspace/notices/?show=mine")
    approver.page.locator("a.meeting-link").filter(has_text=story.title).click()
    approver.sees(story.say("Read both texts, then pass them or send them back."), ADDED_ZH)
    approver.follows("Return…")
    approver.fills(reason=RETURNED)
    approver.presses("Return it")
    approver.sees(story.say("The text is a draft again, with your reason beside it."))


def mend(editor: Person, story: Story) -> None:
    """The reason stands above the text while it is mended."""
    editor.goes(story.at("/notice"))
    editor.sees(RETURNED)
    editor.follows("Edit the text")
    editor.sees(story.say("Returned to be changed"), RETURNED)
    _write_on(editor, 0, MENDED_ZH)
    editor.presses("Save")
    editor.sees(story.say("The text is saved."), MENDED_ZH)


def approve(approver: Person, story: Story) -> None:
    """Exactly what will be published."""
    approver.goes(story.at("/notice"))
    approver.follows("Review…")
    approver.sees(MENDED_ZH)
    approver.presses("Pass")
    approver.sees(story.say("The text is approved. An editor can publish it now."))


def publish(editor: Person, story: Story) -> None:
    """At an address that stays."""
    editor.goes(story.at("/notice"))
    editor.follows("Publish…")
    editor.presses("Publish")
    editor.sees(story.say("The notice is published."), story.say("Published"))


def read(reader: Person, story: Story) -> None:
    """From the list to the text, and in the feed."""
    reader.goes("/notices/")
    reader.page.locator("ul.notice-list a").filter(has_text=story.title).first.click()
    reader.sees(story.title, story.say.choose(MENDED_ZH, ADDED_EN))
    expect(reader.page.locator("dl.byline")).to_contain_text(story.say.choose("综合处", "General Division"))
    address = reader.page.url
    assert re.search(r"/notices/\d{4}/[^/?]+$", address), address
    feed = reader.product.url + f"/notices/feed.atom?lang={story.language}"
    with urlopen(feed, timeout=60) as answer:
        text = answer.read().decode()
    assert story.title in text
    assert address.removeprefix(reader.product.url) in text


def find_acts(administrator: Person, story: Story) -> None:
    """Who did what, on this meeting alone, back to its draft."""
    administrator.goes(f"/workspace/audit/?meeting={story.meeting_id}")
    administrator.sees(story.title)
    found = _acts_here(administrator)
    older = administrator.page.get_by_role("link", name=story.say("Older"), exact=True)
    while older.count():
        administrator.goes(str(older.get_attribute("href")))
        found |= _acts_here(administrator)
    colon = story.say.choose("：", ": ")
    missing = {f"{story.say(kind)}{colon}{story.say(verb)}" for kind, verb in ACTS} - found
    assert missing == set(), found


def _acts_here(administrator: Person) -> set[str]:
    return set(administrator.page.locator("table.audit-table tbody tr td:nth-child(3)").all_inner_texts())


def _write_on(editor: Person, number: int, words: str) -> None:
    """Put the caret at the end of a text and write another paragraph."""
    text = editor.page.locator(".ql-editor").nth(number)
    text.click()
    text.press("Control+End")
    text.press("Enter")
    editor.page.keyboard.insert_text(words)
    expect(text).to_contain_text(words)
