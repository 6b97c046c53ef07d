"""Writes the screenshots of README.md and docs/desk.md: `make screenshots`.

They show the demonstration data on a fixed day, so that they change only if the page does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import update

from tenure.demo import company
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.models import BusinessRow
from tenure.settings.queries import BusinessReader
from tests.browser.conftest import FLAGS, create_users
from tests.browser.page_checks import PENDING_REQUESTS, PendingRequests, wait_until_idle
from tests.server import served
from tests.services import BROWSER, CHROMIUM
from tests.shared import ROOT

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
DOCS = ROOT / "docs"
MAX_BYTES = 160_000
WIDE, TALL, PHONE = (1280, 760), (1280, 900), (390, 844)
# The banner of the set clock is for tests.
HIDE_BANNER = """() => document.querySelectorAll('[role=status]').forEach((element) => {
  if (element.textContent.startsWith('Test clock')) element.style.display = 'none'
})"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file in docs, and the screen on it. `{number}` and `{id}` are those of the account."""

    file: str
    path: str
    account: str = ""
    scheme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = WIDE


PICTURES = [
    Picture("screenshot.png", "/accounts/{number}", "Joana Marques"),
    Picture("desk/home.png", "/"),
    Picture("desk/account-dark.png", "/accounts/{number}", "Brightwater Logistics", "dark"),
    Picture(
        "desk/change.png",
        "/accounts/{number}?dialog=change-status&on={id}&choice=INACTIVE",
        "Harborline Hotels",
        size=TALL,
    ),
    Picture("desk/hierarchy.png", "/accounts/{number}/hierarchy", "Harborline Hotels"),
    Picture("desk/timeline-dark.png", "/accounts/{number}/events", "Joana Marques", "dark"),
    Picture("desk/jobs.png", "/jobs"),
    Picture("desk/phone.png", "/accounts/{number}", "Larkspur Studio", size=PHONE),
    Picture("desk/phone-dark.png", "/", scheme="dark", size=PHONE),
]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A server with the demonstration data, and a browser."""

    browser: Browser
    address: str
    password: str

    @asynccontextmanager
    async def page(
        self, scheme: Literal["light", "dark"], size: tuple[int, int]
    ) -> AsyncIterator[Page]:
        """A page of a signed-in manager."""
        context = await self.browser.new_context(
            base_url=self.address,
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            locale="en-GB",
        )
        answer = await context.request.post(
            "/auth/sign-in",
            data={"email": "admin@example.com", "password": self.password},
            headers={"origin": self.address},
        )
        assert answer.ok, await answer.text()
        page = await context.new_page()
        PENDING_REQUESTS[page] = PendingRequests(page)
        yield page
        await context.close()


@asynccontextmanager
async def demonstration() -> AsyncIterator[Demonstration]:
    """Builds the data in a temporary folder and serves it."""
    BROWSER.need()
    with TemporaryDirectory() as name:
        folder = Path(name)
        password = await build(folder / "tenure.db")
        settings = {"TENURE_CLOCK": "settable", "TENURE_RATE_LIMIT_POINTS": "1000000000"}
        with served(folder, **settings) as address:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                yield Demonstration(browser, address, password)
                await browser.close()


async def build(path: Path) -> str:
    """The demonstration company on the fixed day. Returns the password of the admin."""
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    async with database.engine.begin() as connection:
        await connection.execute(update(BusinessRow).values(clock_set_to=NOW))
    await company.build_company(Runtime(database, BusinessReader(clock_settable=True)))
    await database.close()
    return (await create_users(path))["admin@example.com"]


async def show(page: Page, path: str, account: str) -> None:
    """Open a screen and wait until it has loaded."""
    found = await find(page.context, account) if account else {}
    await page.goto(path.format(**found))
    await expect(page.get_by_role("heading", level=1).first).to_be_attached()
    if "dialog=" in path:
        await expect(page.get_by_role("dialog").locator("[data-impact]")).to_be_visible()
    await expect(page.locator("[class*=Skeleton-root]")).to_have_count(0)
    await wait_until_idle(page)
    await page.evaluate(HIDE_BANNER)


async def find(context: BrowserContext, name: str) -> dict[str, Any]:
    """The id and number of an account."""
    query = """query ($name: String!) {
      accounts(first: 1, filter: { search: $name }) { nodes { id number } }
    }"""
    answer = await context.request.post(
        "/graphql", data={"query": query, "variables": {"name": name}}
    )
    return dict((await answer.json())["data"]["accounts"]["nodes"][0])


async def main() -> None:
    """Write all pictures."""
    (DOCS / "desk").mkdir(exist_ok=True)
    async with demonstration() as its:
        for picture in PICTURES:
            async with its.page(picture.scheme, picture.size) as page:
                await show(page, picture.path, picture.account)
                file = DOCS / picture.file
                await page.screenshot(path=file)
                size = file.stat().st_size
                print(f"{picture.file}: {size:,} bytes")
                assert size <= MAX_BYTES, f"{picture.file} is larger than {MAX_BYTES:,} bytes"


if __name__ == "__main__":
    asyncio.run(main())
