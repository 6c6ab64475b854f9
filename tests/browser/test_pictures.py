"""The pictures of the README and the documents: the sample city as it is on the first day.

`EVENTSYS_PICTURES=1 python -m pytest -m browser tests/browser/test_pictures.py` writes them to docs/pictures/;
otherwise the pages are opened and looked at all the same.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from tests.browser.addresses import ACCOUNTLESS, Addresses
from tests.browser.people import DESKTOP, PHONE, ROOT, People, Person

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 200_000
READING = (1280, 720)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page by its endpoint, who looks at it, in which language and on which screen, and what stands there."""

    endpoint: str
    persona: str
    language: str
    screen: tuple[int, int]
    shows: str
    query: str = ""


PICTURES = {
    "workspace-meeting": Picture("workspace.meeting", "organizer", "zh", DESKTOP, "Replies by organization"),
    "invitations": Picture("replies.show", "organizer", "en", DESKTOP, "Answered"),
    "reply-phone": Picture("answer.show", "invitee", "zh", PHONE, "Can you come?"),
    "public-notice": Picture("notices.show", "stranger", "en", READING, "Take it with you"),
    "public-notice-phone": Picture("notices.show", "stranger", "zh", PHONE, "Notices"),
    "home-organizer": Picture("workspace.home", "organizer", "zh", DESKTOP, "To do"),
    "checkin-phone": Picture("door.show", "check_in", "zh", PHONE, "Just arrived", "?q=和平"),
    "form-error": Picture("meetings.new", "organizer", "zh", DESKTOP, "Set the end to a time after the start"),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", PICTURES)
def test_the_page_of_the_picture(name: str, people: People, addresses: Addresses) -> None:
    picture = PICTURES[name]
    role = None if picture.persona in ACCOUNTLESS else picture.persona
    sharpness = 1.5 if picture.screen == PHONE else 1
    with people.somebody(picture.language, picture.screen, role, sharpness=sharpness) as person:
        person.goes(addresses.of(picture.endpoint) + picture.query)
        if name == "form-error":
            _err(person)
        person.sees(person.say(picture.shows))
        if os.environ.get("EVENTSYS_PICTURES"):
            _write(person, name)


def _err(person: Person) -> None:
    person.fills(title_zh="驻沈领事机构工作座谈会", date="2027-03-18", starts="14:00", ends="13:00")
    person.fills(venue_zh="市外办203会议室", contact_email="mishuchu")
    person.presses("Save draft")


def _write(person: Person, name: str) -> None:
    person.page.evaluate("document.fonts.ready")
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    person.page.screenshot(path=path, animations="disabled")
    assert path.stat().st_size < LARGEST
