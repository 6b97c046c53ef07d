"""Checks of every screen, and what tests must wait for before they go on.

Every screen is accessible in both color schemes, and fits the width of a small phone.
"""

from weakref import WeakKeyDictionary

import pytest
from playwright.async_api import Page, Request, ViewportSize, expect

from tests.shared import IN_CI, ROOT

WIDE = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# The document is the same in both color schemes, so the dark one needs only the rules about colors.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES: dict[str, dict[str, object]] = {
    "light": {"type": "tag", "values": WCAG},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}

# Resolves after a pause, once the page has nothing else to do: if it was busy, it has sent its next
# request by then. Chromium may give no idle time after changes of the window's size, hence the
# timeout.
PAUSE = """() => new Promise((done) =>
  setTimeout(() => requestIdleCallback(() => done(true), { timeout: 1000 }), 100))"""
PENDING_REQUESTS: WeakKeyDictionary[Page, "PendingRequests"] = WeakKeyDictionary()

# No rule of these needs the style sheets, which axe would load again.
SCAN = """async (rules) => {
  // Popovers are outside of the landmarks, and a dialog hides the heading of its screen.
  const off = { region: { enabled: false } }
  if (document.querySelector('[role=dialog]')) off['page-has-heading-one'] = { enabled: false }
  const options = { runOnly: rules, rules: off, resultTypes: ['violations'], preload: false }
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
# Words on two lines, and numbers such as A-1003; not those that have no room on one.
BROKEN_WORDS = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  const found = []
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{N}]+(-\p{N}+)*/gu)) {
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
      if (lines.size > 1 && word.length <= 20) found.push(`${word} in ${text.data.slice(0, 100)}`)
    }
  }
  return found
}"""
# Buttons and links of the dialog that scrolling does not bring into view, or that something covers.
OUT_OF_REACH = """() => [...document.querySelectorAll('[aria-modal=true] :is(button, a[href])')]
  .filter((button) => !button.disabled && button.checkVisibility())
  .filter((button) => {
    button.scrollIntoView({ block: 'nearest' })
    const { left, right, top, bottom } = button.getBoundingClientRect()
    if (left < 0 || top < 0 || right > innerWidth + 1 || bottom > innerHeight + 1) return true
    return !button.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))
  })
  .map((button) => button.ariaLabel ?? button.textContent)"""
# Words of the labels of stacked rows, which are no texts of the document, that have no room.
BROKEN_LABELS = r"""(tables) => tables.flatMap((table) => {
  const range = document.createRange()
  const canvas = document.createElement('canvas').getContext('2d')
  return [...table.querySelectorAll('td[data-label]')].flatMap((cell) => {
    range.selectNodeContents(cell)
    const room = range.getBoundingClientRect().left - cell.getBoundingClientRect().left
    canvas.font = getComputedStyle(cell, '::before').font
    return cell.dataset.label.split(/[ -]/)
      .filter((word) => room > 0 && canvas.measureText(word).width > room)
  })
})"""
# Cells of stacked rows that are below a label without having one, and those with cut content.
ODD_CELLS = """(tables) => tables.flatMap((table) =>
  [...table.querySelectorAll('tbody tr')].flatMap((row) => {
    const cells = [...row.cells].filter((cell) => cell.innerText.trim() !== '')
    const label = cells.findIndex((cell) => cell.dataset.label)
    const below = label < 0 ? [] : cells.slice(label)
    const cut = cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
    return [...below.filter((cell) => cell.dataset.place === 'line'), ...cut]
      .map((cell) => cell.innerText.slice(0, 100))
  }))"""
SCROLLING = """(tables) => tables.map((table) => table.parentElement)
  .filter((around) => around.scrollWidth > around.clientWidth)
  .map((around) => around.innerText.slice(0, 100))"""


async def wait_until_idle(page: Page) -> None:
    """Waits until no request has been pending for a moment and nothing is loading."""
    requests = PENDING_REQUESTS[page]
    started = -1
    while requests.pending or requests.started != started:
        started = requests.started
        await page.wait_for_function(PAUSE)
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


async def visit(page: Page, address: str) -> None:
    """Open an address. In CI the page is loaded; otherwise only if it is the first of the test.

    Loading takes most of the time of a check. Links within the page lead to addresses like this.
    """
    if IN_CI or page.url == "about:blank":
        await page.goto(address)
    else:
        await _follow(page, address)


async def navigate(page: Page, address: str) -> None:
    """Navigate to a screen with a heading, without reloading the page."""
    await _follow(page, address)
    await expect(page.get_by_role("heading", level=1)).to_be_attached()


async def _follow(page: Page, address: str) -> None:
    await page.evaluate(
        "(to) => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')) }",
        address,
    )
    await page.wait_for_url(address)
    await wait_until_idle(page)


async def check_screen(page: Page) -> None:
    """Checks a screen that has been loaded: accessible, and usable on a phone."""
    await wait_until_idle(page)
    await page.set_viewport_size(WIDE)
    await check_best_practices(page)
    await check_fits_phone(page)


class PendingRequests:
    """The requests of a page without a response."""

    def __init__(self, page: Page) -> None:
        self.pending: set[Request] = set()
        self.started = 0
        page.on("request", self.start)
        page.on("requestfinished", self.finish)
        page.on("requestfailed", self.finish)

    def start(self, request: Request) -> None:
        """Add a request."""
        self.started += 1
        self.pending.add(request)

    def finish(self, request: Request) -> None:
        """Remove a request that has succeeded or failed."""
        self.pending.discard(request)


async def check_accessibility(page: Page) -> None:
    """Axe finds no violation of WCAG 2.2 AA in both color schemes."""
    await _check_rules(page, RULES)


async def check_best_practices(page: Page) -> None:
    """The same, and no violation of the best practices of axe."""
    practices = {"type": "tag", "values": [*WCAG, "best-practice"]}
    await _check_rules(page, RULES | {"light": practices})


async def _check_rules(page: Page, by_scheme: dict[str, dict[str, object]]) -> None:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    current = await page.locator("html").get_attribute("data-mantine-color-scheme")
    # The scheme of the last check first, because changing it takes as long as some of the rules.
    for scheme, rules in sorted(by_scheme.items(), key=lambda it: it[0] != current):
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        if found := await page.evaluate(SCAN, rules):
            pytest.fail("\n".join([f"{page.url}, {scheme}:", *found]), pytrace=False)


async def check_fits_phone(page: Page) -> None:
    """At a width of 360 px the page does not scroll horizontally, and no word is broken."""
    await page.set_viewport_size(PHONE)
    await page.wait_for_function("innerWidth === 360")
    await page.evaluate(TWO_FRAMES)
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found = await page.evaluate(TOO_WIDE)
        pytest.fail(f"{page.url} is wider than 360 px: {found}", pytrace=False)
    if broken := await page.evaluate(BROKEN_WORDS):
        pytest.fail(f"{page.url} breaks words at 360 px: {broken}", pytrace=False)


async def check_dialog_in_small_windows(page: Page) -> None:
    """Every button of the open dialog can be reached on a small phone and in a low window."""
    for width, height in ((360, 640), (1440, 700)):
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_function("size => innerHeight === size", arg=height)
        await page.evaluate(TWO_FRAMES)
        if found := await page.evaluate(OUT_OF_REACH):
            pytest.fail(f"{page.url} at {width} x {height}: out of reach: {found}", pytrace=False)


async def check_lists_on_phone(page: Page) -> None:
    """At 360 px each row of a list is a stack of lines, and still a row to screen readers."""
    await check_fits_phone(page)
    tables = page.locator("table[data-list]")
    for check in (SCROLLING, BROKEN_LABELS, ODD_CELLS):
        assert await tables.evaluate_all(check) == []
    for table in await tables.all():
        rows = table.get_by_role("row")
        headers = await rows.first.get_by_role("columnheader").count()
        assert headers > 1
        assert await rows.last.get_by_role("cell").count() == headers
    await check_accessibility(page)
