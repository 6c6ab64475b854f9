"""What a reader's first view costs: at most 60 kB over the wire, and nothing moves while it loads."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.addresses import Addresses
from tests.browser.product import Product

pytestmark = pytest.mark.browser

LARGEST = 60_000
MOVED = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) moved += each.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(moved)));
})"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("endpoint", ["notices.show", "public.search", "subscriptions.ask"])
def test_a_first_view_is_small_and_stands_still(
    chromium: Browser, product: Product, addresses: Addresses, endpoint: str, language: str, width: int
) -> None:
    path = next(page.url for page in addresses.pages() if page.endpoint == endpoint)
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    octets: list[float] = []

    def loaded(event: dict[str, Any]) -> None:
        octets.append(event["encodedDataLength"])

    network.on("Network.loadingFinished", loaded)
    answer = page.goto(f"{product.url}{path}?lang={language}", wait_until="networkidle")
    moved = page.evaluate(MOVED)
    context.close()
    assert answer is not None and answer.status == 200
    assert len(octets) > 3
    assert sum(octets) <= LARGEST
    assert moved == 0
