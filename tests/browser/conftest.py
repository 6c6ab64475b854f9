"""One product and one browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import services
from tests.browser.addresses import ACCOUNTLESS, VIEWERS, Addresses
from tests.browser.people import People
from tests.browser.product import Product, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, freshly started on an empty folder."""
    with running(tmp_path_factory.mktemp("product") / "data") as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own browser."""
    program = services.chromium()
    assert program, "chromium is not installed; leave these tests out with -m 'not browser'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def people(chromium: Browser, product: Product) -> People:
    """Opens browsers for people."""
    return People(chromium, product)


@pytest.fixture(scope="session")
def addresses(product: Product, people: People) -> Addresses:
    """Every page on the data of the product that runs; each role has signed in."""
    for persona in VIEWERS:
        if persona not in ACCOUNTLESS:
            people.state(persona, "zh")
    return Addresses(product)
