"""Times of the page in Chromium on a large database, and the size of its first load.

`python -m tests.benchmarks.page_loads` copies the database of the comparison with 100,000 accounts
(`--accounts`), which it builds unless it was kept; `--database NAME` copies another one, such as
that of `tenure demo --accounts 100000`. In the copy it moves 10,000 accounts below one. It prints
medians with the limit of each, and exits with 1 if one is missed. `--only PART` measures a part;
`--write` writes docs/performance.md.
"""

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median

from playwright.async_api import BrowserContext, Locator, Page

from tests.benchmarks.document import markdown, write_section
from tests.benchmarks.page_database import CHILDREN, LOADS, copied
from tests.benchmarks.page_desk import SINCE_EVENT, Desk, desk_of, opened
from tests.benchmarks.tables import show
from tests.browser.page_checks import wait_until_idle
from tests.services import BROWSER
from tests.shared import ROOT

SECTION = "page_loads"
FIRST_PAGE = 50
# How long a page is observed for long tasks after nothing is loading any more.
OBSERVED_MS = 1000
TREE = "[role=tree] [role=treeitem]"

WATCH_TREE = f"""
  whenPainted(() => countOf('{TREE}') > {FIRST_PAGE}, (at) => measured.drawn = at)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of the same kind, and the limit of their median, if there is one."""

    name: str
    values: Sequence[float]
    limit: float | None = None
    unit: str = "ms"

    @property
    def is_missed(self) -> bool:
        """True if the median is above the limit."""
        return self.limit is not None and median(self.values) > self.limit

    def row(self) -> list[str]:
        """The row of the table."""
        figures = [f"{it:,.0f}" for it in (median(self.values), max(self.values))]
        limit = "" if self.limit is None else f"at most {self.limit:,.0f} {self.unit}"
        reached = "" if self.limit is None else "no" if self.is_missed else "yes"
        return [self.name, *(f"{it} {self.unit}" for it in figures), limit, reached]


async def account_page(desk: Desk) -> list[Measured]:
    """The overview of accounts, from the navigation on."""
    found: dict[str, list[tuple[float, float]]] = {"empty cache": [], "warm cache": []}

    async def load(context: BrowserContext, path: str, into: str) -> None:
        async with opened(context, path) as page:
            await page.wait_for_timeout(OBSERVED_MS)
            measured = await page.evaluate("measured")
        paint = measured["paint"]
        after = [end - max(begin, paint) for begin, end in measured["tasks"] if end > paint]
        found[into].append((paint, max(after, default=0)))

    paths = [f"/accounts/{number}" for number in desk.subjects.numbers]
    for path in paths:
        async with desk.context() as context:
            await load(context, path, "empty cache")
    async with desk.context() as context:
        async with opened(context, paths[0]), opened(context, paths[-1]):
            pass
        for path in paths:
            await load(context, path, "warm cache")
    return [
        Measured(f"account page, {cache}: {name}", [each[place] for each in values], limit)
        for cache, values in found.items()
        for place, (name, limit) in enumerate(
            [("largest contentful paint", 1000), ("longest task after it", 100)]
        )
    ]


async def hierarchy(desk: Desk) -> list[Measured]:
    """From the navigation, or a click on the tab, to the first page of 10,000 children."""
    path = f"/accounts/{desk.subjects.head}"
    by_address: list[float] = []
    by_click: list[float] = []
    for _ in range(LOADS):
        async with (
            desk.context() as context,
            opened(context, f"{path}/hierarchy", WATCH_TREE) as page,
        ):
            by_address.append(await page.evaluate("measured.drawn"))
    async with desk.context() as context:
        for _ in range(LOADS):
            async with opened(context, path) as page:
                await page.evaluate(SINCE_EVENT, ["click", TREE, None, FIRST_PAGE])
                await page.get_by_role("tab", name="Hierarchy").click()
                by_click.append(await page.evaluate("waited"))
    below = f"hierarchy of {CHILDREN:,} children"
    return [
        Measured(f"{below}, empty cache: from its address to the children", by_address, 1000),
        Measured(f"{below}: from the click to the children", by_click, 1000),
    ]


async def search(desk: Desk) -> list[Measured]:
    """From each key to the list of its results, in the palette and in the list of accounts."""

    async def palette(page: Page) -> Locator:
        await page.keyboard.press("Control+k")
        return page.get_by_role("textbox", name="Search", exact=True)

    async def accounts(page: Page) -> Locator:
        return page.get_by_role("searchbox", name="Search accounts")

    return [
        Measured(f"search, from the key to its results: {name}", values, 150)
        for name, path, field, rows in [
            ("palette", "/jobs", palette, "[role=dialog] [data-action]"),
            ("list of accounts", "/accounts", accounts, "main tbody tr"),
        ]
        for values in [await typed(desk, path, field, rows)]
    ]


async def typed(
    desk: Desk, path: str, field: Callable[[Page], Awaitable[Locator]], rows: str
) -> list[float]:
    """Types each text twice: first to learn the results of each key, then to measure it."""
    waits: list[float] = []
    async with desk.context() as context:
        for text in desk.subjects.texts:
            texts = []
            async with opened(context, path) as page:
                await (await field(page)).focus()
                for key in text:
                    await page.keyboard.press(key)
                    await wait_until_idle(page)
                    texts.append(await page.evaluate("(rows) => textsOf(rows)", rows))
            async with opened(context, path) as page:
                await (await field(page)).focus()
                for key, before, after in zip(text, ["", *texts], texts, strict=False):
                    if before == after:
                        await page.keyboard.press(key)
                        continue
                    await page.evaluate(SINCE_EVENT, ["keydown", rows, after, 0])
                    await page.keyboard.press(key)
                    waits.append(await page.evaluate("waited"))
    return waits


async def first_load(_desk: Desk) -> list[Measured]:
    """What the page loads before the first screen shows (`npm run size`)."""
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs meanwhile
        ["node", "scripts/size.mjs"],
        check=False,
        cwd=ROOT / "frontend",
        capture_output=True,
        text=True,
    )
    script, script_limit, style, style_limit = map(float, re.findall(r"([\d.]+) KB", done.stdout))
    return [
        Measured("first load, gzipped: JavaScript", [script], script_limit, "KB"),
        Measured("first load, gzipped: style sheets", [style], style_limit, "KB"),
    ]


PARTS = {"account": account_page, "hierarchy": hierarchy, "search": search, "size": first_load}


async def main() -> int:
    """Measure and print. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.page_loads")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--database", metavar="NAME", help="copy this database instead")
    parser.add_argument("--only", choices=PARTS, help="measure only this part")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    asked = parser.parse_args()
    BROWSER.need()
    found: list[Measured] = []
    async with copied(asked.accounts, asked.database) as url, desk_of(url) as desk:
        for name, measure in PARTS.items():
            if asked.only in (None, name):
                found += await measure(desk)
    rows = [it.row() for it in found]
    titles = ["page", "median", "highest", "limit of the median", "reached"]
    show("The page in Chromium", titles, rows)
    if asked.write:
        write_section(SECTION, markdown(titles, rows))
    return int(any(it.is_missed for it in found))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
