"""A change that is held, as its organizer sees it: entered, looked at, changed further by somebody else, discarded."""

from __future__ import annotations

import pytest

from tests.browser.addresses import Addresses
from tests.browser.inspection import findings, prepare
from tests.browser.people import DESKTOP, PHONE, People, Person

SCREENS = {"zh": DESKTOP, "en": PHONE}
ROOM = "市外办302会议室"


@pytest.mark.browser
@pytest.mark.parametrize("language", SCREENS)
def test_a_held_change(language: str, addresses: Addresses, people: People) -> None:
    base = addresses.of("change.change").removesuffix("/change")
    found: list[str] = []
    with (
        people.somebody(language, SCREENS[language], "organizer") as organizer,
        people.somebody(language, SCREENS[language], "administrator") as second,
    ):
        prepare(organizer)
        prepare(second)
        _enter(second, base, venue_zh="市外办303会议室")
        _enter(organizer, base, venue_zh=ROOM)
        found += findings(organizer, "before it is held")
        organizer.chooses("quiet", "own")
        organizer.presses_words(_save(organizer))
        organizer.sees(organizer.say("Enter a number of minutes between 1 and %(longest)s", longest=240))
        found += findings(organizer, "no number of minutes")
        organizer.fills(quiet_own="90")
        organizer.presses_words(_save(organizer))
        organizer.sees(organizer.say("A change is held"), ROOM)
        found += findings(organizer, "overview with a held change")
        for page in ("/change", "/held", "/cancel", "/postpone", "/invitations/"):
            organizer.goes(base + page)
            found += findings(organizer, f"{page} with a held change")
        second.presses_words(_save(second))
        second.sees(ROOM, "市外办303会议室")
        found += findings(second, "what two people entered")
        organizer.goes(f"{base}/held")
        organizer.presses("Discard this change")
        organizer.sees(organizer.say("The held change is discarded. Nothing was changed, nobody was told."))
        organizer.goes(f"{base}/held")
        organizer.sees(organizer.say("No change is held"))
        found += findings(organizer, "nothing is held")
    assert found == []


def _enter(person: Person, base: str, **facts: str) -> None:
    """The change, up to the page that says what it would do."""
    person.goes(f"{base}/change")
    person.fills(**facts)
    person.presses("See who is told")
    person.sees(person.say("Before it is done"))


def _save(person: Person) -> str:
    number = int("".join(filter(str.isdigit, person.page.locator("button[value=confirm]").inner_text())))
    return person.say.count(
        "Save; %(num)s letter goes out at that time", "Save; %(num)s letters go out at that time", number
    )
