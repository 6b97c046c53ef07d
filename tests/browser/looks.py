"""What is asked of every screen: nothing that axe finds, in light and in dark, and nothing wider than a small phone."""

import pytest
from playwright.async_api import Page, expect

from tests.shared import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Those whose answer the colors can change.
OF_COLOR = ["color-contrast", "link-in-text-block"]

SCAN = """async (runOnly) => {
  const found = await axe.run(document, { runOnly, resultTypes: ['violations'] })
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html + ' ' + (node.any[0]?.message ?? node.all[0]?.message ?? '')).join('\\n    ')}`)
}"""


async def settled(page: Page) -> None:
    """Nothing loads any more."""
    await page.wait_for_load_state("networkidle")
    await expect(page.get_by_label("Loading", exact=True)).to_have_count(0)


async def accessible(page: Page) -> None:
    """Axe finds nothing against WCAG 2.0 to 2.2, A and AA, in light and in dark."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme, rules in (("light", {"type": "tag", "values": RULES}), ("dark", {"type": "rule", "values": OF_COLOR})):
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        if found := await page.evaluate(SCAN, rules):
            pytest.fail("\n".join([f"axe, {scheme}:", *found]), pytrace=False)


async def fits(page: Page) -> None:
    """At 360 px nothing has to be scrolled sideways."""
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.wait_for_timeout(60)
    wider = "[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 150))"
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        pytest.fail(f"wider than 360 px: {await page.evaluate(wider)}", pytrace=False)
