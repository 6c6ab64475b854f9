"""The meeting that a journey is about, and the people who walk it."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator

from eventsys.core.clock import now, today
from tests.browser.people import PATIENCE, PHONE, People, Person
from tests.browser.words import Words

ZONE = "Asia/Shanghai"


def _two_hours_ago() -> datetime:
    return now().astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0) - timedelta(hours=2)


@dataclass
class Story:
    """One walk: its language and screen, the meeting in both languages, and what was learned on the way."""

    people: People
    language: str
    screen: tuple[int, int]
    title_zh: str
    title_en: str
    meeting_id: int = 0
    moved_to: datetime = field(default_factory=_two_hours_ago)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def say(self) -> Words:
        return Words(self.language)

    @property
    def title(self) -> str:
        """The title as pages of this walk show it."""
        return self.say.choose(self.title_zh, self.title_en)

    @property
    def day(self) -> date:
        """The day for which the meeting is first planned."""
        return today(ZONE) + timedelta(days=10)

    def at(self, rest: str) -> str:
        """An address of the meeting's workspace."""
        return f"/workspace/meetings/{self.meeting_id}{rest}"

    def person(self, role: str) -> AbstractContextManager[Person]:
        """Somebody of the office, signed in."""
        return self.people.somebody(self.language, self.screen, role)

    def invitee(self) -> AbstractContextManager[Person]:
        """Somebody without an account, on a phone."""
        return self.people.somebody(self.language, PHONE)


def open_letter(person: Person, address: str, kind: str, title: str) -> None:
    """As administrator: open the newest letter of this kind and meeting to an address, once the worker has sent it."""
    row = person.page.locator("table.letters tbody tr").filter(has_text=person.say(kind)).filter(has_text=title)
    _reload_until(person, f"/workspace/mailbox/?q={address}", row)
    row.first.get_by_role("link").first.click()
    person.sees(person.say("Links in this letter"))


def personal_link(person: Person) -> str:
    """The link in the letter that is open."""
    link = person.page.locator("ul.letter-links a").filter(has_text=re.compile(r"/r/")).first
    return str(link.get_attribute("href"))


def calendar_part(person: Person) -> str:
    """The calendar part of the letter that is open, as it is sent."""
    return person.page.locator("pre.letter-source").first.inner_text()


def _reload_until(person: Person, address: str, wanted: Locator) -> None:
    for _turn in range(PATIENCE // 1000):
        person.goes(address)
        if wanted.count():
            return
        person.page.wait_for_timeout(1000)
    raise AssertionError(f"no such letter at {address}: {person.page.locator('table.letters').inner_text()}")
