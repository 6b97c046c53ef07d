"""Checks of every screen, and what tests must wait for before they go on.

Every screen is accessible in both color schemes, and fits the width of a small phone.
"""

from weakref import WeakKeyDictionary, WeakSet

import pytest
from playwright.async_api import Page, Request, expect

from tests.shared import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# A page is idle after this number of polls without a pending request. Each poll ends when the page
# has nothing else to do, so that a page which is busy for long has sent its next request by then.
IDLE_POLLS = 5
POLL = "() => new Promise((done) => setTimeout(() => requestIdleCallback(() => done(true)), 25))"
PENDING_REQUESTS: WeakKeyDictionary[Page, "PendingRequests"] = WeakKeyDictionary()
# The console errors that a test expects of its page; the fixture `page` fails on others.
EXPECTED_ERRORS: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
# Pages whose test makes requests fail; the browser reports each of them as a console error.
OFFLINE_PAGES: WeakSet[Page] = WeakSet()
OFFLINE_ERRORS = (
    "Failed to load resource: net::ERR_FAILED",
    "TypeError: tenure-module-not-loaded",
)
NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"

SCAN = """async (rules) => {
  const options = { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] }
  const found = await axe.run(document, options)
  const reason = (node) => node.any[0]?.message ?? node.all[0]?.message ?? ''
  return found.violations.map(({ id, nodes }) => {
    const lines = nodes.slice(0, 3).map((node) => `${node.html} ${reason(node)}`)
    return `${id}: ${lines.join('\\n    ')}`
  })
}"""


# Resolves after the layout has followed a new window size.
TWO_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(done)))"""
TOO_WIDE = """[...document.querySelectorAll('body *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 150))"""


async def wait_until_idle(page: Page) -> None:
    """Waits until no request has been pending for a moment and nothing is loading."""
    idle_polls = 0
    while idle_polls < IDLE_POLLS:
        await page.wait_for_function(POLL)
        idle_polls = 0 if PENDING_REQUESTS[page].pending else idle_polls + 1
    await expect(page.get_by_label("Loading", exact=True)).to_have_count(0)


async def press_keys(page: Page, *keys: str) -> None:
    """Press keys that act on the screen; they do nothing while a dialog or a menu is open."""
    await expect(page.locator("[role=dialog], [role=menu]")).to_have_count(0)
    for key in keys:
        await page.keyboard.press(key)


async def go_to(page: Page, key: str) -> None:
    """Go to a screen by the key g and another one."""
    await press_keys(page, "g")
    await expect(page.get_by_role("list", name="Keys after g")).to_be_visible()
    await press_keys(page, key)


class PendingRequests:
    """The requests of a page without a response."""

    def __init__(self, page: Page) -> None:
        self.pending: set[Request] = set()
        page.on("request", self.start)
        page.on("requestfinished", self.finish)
        page.on("requestfailed", self.finish)

    def start(self, request: Request) -> None:
        """Add a request."""
        self.pending.add(request)

    def finish(self, request: Request) -> None:
        """Remove a request that has succeeded or failed."""
        self.pending.discard(request)


async def check_accessibility(page: Page) -> None:
    """Axe finds no violation of WCAG 2.0 to 2.2, A and AA, in the light and the dark scheme."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        if found := await page.evaluate(SCAN, RULES):
            pytest.fail("\n".join([f"axe, {scheme}:", *found]), pytrace=False)


async def check_fits_phone(page: Page) -> None:
    """At a width of 360 px the page does not scroll horizontally."""
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.wait_for_function("innerWidth === 360")
    await page.evaluate(TWO_FRAMES)
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        pytest.fail(f"wider than 360 px: {await page.evaluate(TOO_WIDE)}", pytrace=False)
