"""A browser that is signed in to the page on a large database, and scripts that observe it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, BrowserContext, Page, StorageState, async_playwright

from tenure.identity.actions import create_user
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.page_database import Subjects, prepare
from tests.browser.page_checks import PENDING_REQUESTS, WIDE, PendingRequests, wait_until_idle
from tests.conftest import ANA
from tests.server import served
from tests.services import CHROMIUM, REDIS_URL

EMAIL = "page-loads@example.com"
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking"]

# From the start of each document on.
OBSERVE = """
  const measured = { paint: 0, tasks: [], drawn: null }
  window.measured = measured
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) measured.paint = startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      measured.tasks.push([startTime, startTime + duration])
  }).observe({ type: 'longtask', buffered: true })
  // The time at which a condition was painted.
  window.whenPainted = (holds, done) => {
    const look = () => {
      if (!holds()) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => done(performance.now())))
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true, characterData: true })
    look()
  }
  window.countOf = (selector) => document.querySelectorAll(selector).length
  window.textsOf = (selector) =>
    [...document.querySelectorAll(selector)].map((element) => element.textContent).join('\\n')
"""
# Milliseconds from the next event of a kind to the time at which a condition was painted.
SINCE_EVENT = """([kind, selector, texts, count]) => {
  let began
  addEventListener(kind, (event) => { began = event.timeStamp }, { capture: true, once: true })
  const holds = () => began !== undefined &&
    (texts === null ? countOf(selector) > count : textsOf(selector) === texts)
  window.waited = new Promise((done) => whenPainted(holds, (at) => done(at - began)))
}"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A served database, and a browser with the session of an admin."""

    browser: Browser
    address: str
    state: StorageState
    subjects: Subjects

    @asynccontextmanager
    async def context(self) -> AsyncIterator[BrowserContext]:
        """A browser context with an empty cache."""
        context = await self.browser.new_context(
            base_url=self.address, storage_state=self.state, viewport=WIDE
        )
        yield context
        await context.close()


@asynccontextmanager
async def opened(context: BrowserContext, path: str, script: str = "") -> AsyncIterator[Page]:
    """A new page that has loaded a path, observed by a script from its start on."""
    page = await context.new_page()
    PENDING_REQUESTS[page] = PendingRequests(page)
    await page.add_init_script(f"{OBSERVE}{script}")
    await page.goto(path)
    await wait_until_idle(page)
    yield page
    await page.close()


@asynccontextmanager
async def desk_of(url: str) -> AsyncIterator[Desk]:
    """Serves a database, and signs in to it."""
    subjects = await prepare(url)
    database = Database(url)
    async with Runtime(database, BusinessReader(clock_settable=True)).unit(ANA) as unit:
        _, password = await create_user(unit, email=EMAIL, role=Role.ADMIN)
    await database.close()
    settings = {
        "TENURE_DATABASE_URL": url,
        "TENURE_BROKER_URL": REDIS_URL,
        "TENURE_SECRET_KEY": "x" * 40,
        "TENURE_CLOCK": "settable",
        "TENURE_RATE_LIMIT_POINTS": "1000000000",
    }
    with TemporaryDirectory() as folder, served(Path(folder), **settings) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            context = await browser.new_context(base_url=address)
            answer = await context.request.post(
                "/auth/sign-in",
                data={"email": EMAIL, "password": password},
                headers={"origin": address},
            )
            assert answer.ok, await answer.text()
            yield Desk(browser, address, await context.storage_state(), subjects)
            await browser.close()
