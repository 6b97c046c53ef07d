"""What is asked of every screen: nothing that axe finds, in light and in dark, and nothing wider than a small phone."""

from weakref import WeakKeyDictionary

import pytest
from playwright.async_api import Page, Request, expect

from tests.shared import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Milliseconds, and how many of them in a row make for quiet.
MOMENT, MOMENTS = 25, 5
TRAFFIC: WeakKeyDictionary[Page, "Traffic"] = WeakKeyDictionary()
# The complaints that a test expects of its page; the fixture `page` fails on any other.
EXPECTED_COMPLAINTS: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"

SCAN = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html + ' ' + (node.any[0]?.message ?? node.all[0]?.message ?? '')).join('\\n    ')}`)
}"""


async def settled(page: Page) -> None:
    """Nothing loads any more, and for a moment nothing has begun to."""
    quiet = 0
    while quiet < MOMENTS:
        await page.wait_for_timeout(MOMENT)
        quiet = 0 if TRAFFIC[page].under_way else quiet + 1
    await expect(page.get_by_label("Loading", exact=True)).to_have_count(0)


class Traffic:
    """What a page has asked for and not been answered yet."""

    def __init__(self, page: Page) -> None:
        self.under_way: set[Request] = set()
        page.on("request", self.began)
        page.on("requestfinished", self.ended)
        page.on("requestfailed", self.ended)

    def began(self, request: Request) -> None:
        """One more."""
        self.under_way.add(request)

    def ended(self, request: Request) -> None:
        """One less."""
        self.under_way.discard(request)


async def accessible(page: Page) -> None:
    """Axe finds nothing against WCAG 2.0 to 2.2, A and AA, in light and in dark."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        if found := await page.evaluate(SCAN, RULES):
            pytest.fail("\n".join([f"axe, {scheme}:", *found]), pytrace=False)


async def fits(page: Page) -> None:
    """At 360 px nothing has to be scrolled sideways."""
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.wait_for_timeout(60)
    wider = "[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 150))"
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        pytest.fail(f"wider than 360 px: {await page.evaluate(wider)}", pytrace=False)
