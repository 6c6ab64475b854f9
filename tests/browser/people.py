"""People before browsers: each has a context of their own, a language, a screen, and an eye for what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, expect

from eventsys.sample_city import sample_sign_ins
from tests.browser.product import Product
from tests.browser.words import Words

ROOT = Path(__file__).resolve().parent.parent.parent
LAST_SEEN = ROOT / "build" / "browser-failed.png"
PATIENCE = 60_000
DESKTOP = (1440, 900)
PHONE = (390, 844)
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
ADDRESSES = {found.role: found.email for found in sample_sign_ins()}
PASSWORDS = {found.role: found.password for found in sample_sign_ins()}


class Person:
    """Somebody who looks at pages: the verbs are what people do, `sees` is what they must find."""

    def __init__(self, context: BrowserContext, product: Product, say: Words) -> None:
        self.context = context
        self.product = product
        self.say = say
        self.problems: list[str] = []
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_expected(message.text):
            self.problems.append(f"{self.page.url}: {message.text}")

    def goes(self, address: str) -> Page:
        """Open an address of the product; a redirect may lead elsewhere."""
        answer = self.page.goto(address if "://" in address else self.product.url + address)
        assert answer is None or answer.status < 400, f"{address}: {answer.status}"
        return self.page

    def sees(self, *texts: str, within: Locator | None = None) -> None:
        """Each text stands on the page, visible."""
        for text in texts:
            place = (within or self.page.locator("body")).get_by_text(text)
            expect(place.filter(visible=True).first, f"“{text}” on {self.page.url}").to_be_visible()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0)

    def presses(self, msgid: str, within: Locator | None = None) -> None:
        """Press the button of this source string."""
        self._named("button", self.say(msgid), within).click()

    def presses_words(self, words: str, within: Locator | None = None) -> None:
        self._named("button", words, within).click()

    def follows(self, msgid: str, within: Locator | None = None) -> None:
        """Follow the link of this source string."""
        self._named("link", self.say(msgid), within).click()

    def follows_words(self, words: str, within: Locator | None = None) -> None:
        self._named("link", words, within).click()

    def _named(self, role: Any, words: str, within: Locator | None) -> Locator:
        return (within or self.page.locator("body")).get_by_role(role, name=words, exact=True).first

    def fills(self, **fields: str) -> None:
        """Fill in fields by name; a select takes the value of the option."""
        for name, value in fields.items():
            field = self.page.locator(f'[name="{name}"]').first
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def chooses(self, name: str, value: str) -> None:
        """Choose a radio button or tick a box."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)

    def speaks(self) -> str:
        """The language that the page says it is in."""
        return str(self.page.locator("html").get_attribute("lang"))


def _is_expected(text: str) -> bool:
    """A form that is shown again with its errors is a 422 (or a 409), which the console calls an error."""
    return bool(re.search(r"the server responded with a status of (409|422)", text))


class People:
    """Opens browsers for people and closes them all; remembers who is signed in, so that each signs in once."""

    def __init__(self, browser: Browser, product: Product) -> None:
        self._browser = browser
        self.product = product
        self._signed_in: dict[str, Any] = {}

    @contextmanager
    def somebody(
        self, language: str, screen: tuple[int, int], role: str | None = None, *, sharpness: float = 1
    ) -> Iterator[Person]:
        """A browser for one person; at the end nothing may have gone wrong in it."""
        state = self.state(role, language) if role else None
        context = self._browser.new_context(
            locale=LOCALES[language],
            viewport={"width": screen[0], "height": screen[1]},
            storage_state=state,
            timezone_id="Asia/Shanghai",
            device_scale_factor=sharpness,
            reduced_motion="reduce",
        )
        person = Person(context, self.product, Words(language))
        try:
            yield person
            assert person.problems == []
        except BaseException:
            with suppress(Error):
                person.page.screenshot(path=LAST_SEEN)
            raise
        finally:
            context.close()

    def state(self, role: str, language: str) -> Any:
        """Cookies of a browser in which that role is signed in, without a language chosen."""
        if role not in self._signed_in:
            with self.somebody(language, DESKTOP) as person:
                sign_in(person, role)
                state = person.context.storage_state()
            state["cookies"] = [cookie for cookie in state["cookies"] if cookie["name"] != "lang"]
            self._signed_in[role] = state
        return self._signed_in[role]


def sign_in(person: Person, role: str) -> None:
    """Sign in on the page, as the sample city says."""
    person.goes("/account/sign-in")
    person.fills(email=ADDRESSES[role], password=PASSWORDS[role])
    person.presses("Sign in")
    person.page.wait_for_url(re.compile(r"/(workspace|portal|checkin)/"))
