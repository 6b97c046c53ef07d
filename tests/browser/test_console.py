"""Whatever a page logs reaches the fixture that fails the test."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.conftest import Server
from tests.browser.console import NOT_FOUND, Console
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio]

# What is done on a page, and what the browser reports.
FAULTS = {
    "console.error('an error')": "an error",
    "console.warn('a warning')": "a warning",
    "setTimeout(() => { throw new Error('uncaught') })": "Error: uncaught",
    "void Promise.reject(new Error('rejected'))": "Error: rejected",
    "void fetch('/nowhere')": NOT_FOUND,
}


async def provoke(page: Page, console: Console, script: str) -> None:
    """Runs a script and waits for the fault that it causes."""
    await page.evaluate(script)
    await wait_for(lambda: is_reported(console), PATIENCE, "Nothing was reported.")


async def is_reported(console: Console) -> bool:
    """True once there is a fault."""
    return bool(console.faults)


@pytest.mark.parametrize(("script", "fault"), FAULTS.items())
async def test_fault_fails_the_test(page: Page, console: Console, script: str, fault: str) -> None:
    await page.goto("/healthz")
    await provoke(page, console, script)
    with pytest.raises(AssertionError):
        console.check()
    console.expect(fault)


@pytest.mark.parametrize("place", ["second page", "popup", "second context"])
async def test_every_page_is_watched(
    context: BrowserContext, browser: Browser, server: Server, console: Console, place: str
) -> None:
    if place == "second context":
        context = await browser.new_context(base_url=server.address)
    page = await context.new_page()
    await page.goto("/healthz")
    if place == "popup":
        async with page.expect_popup() as opened:
            await page.evaluate("void window.open('/healthz')")
        page = await opened.value
        await page.wait_for_load_state()
    await provoke(page, console, "console.warn('seen')")
    console.expect("seen")
    if place == "second context":
        await context.close()


async def test_other_hosts_are_faults(browser: Browser, server: Server, console: Console) -> None:
    """Also where no Content-Security-Policy prevents the request."""
    context = await browser.new_context(base_url=server.address, bypass_csp=True)
    page = await context.new_page()
    await page.goto("/healthz")
    await page.route("https://other.example/*", lambda route: route.abort())
    await provoke(page, console, "void fetch('https://other.example/a').catch(() => 0)")
    console.allow(re.compile(r"(?!https:).*", re.DOTALL))
    console.expect("https://other.example/a")
    await context.close()


async def test_expected_fault_that_does_not_occur_is_a_failure(console: Console) -> None:
    console.expect("missing")
    with pytest.raises(AssertionError):
        console.check()
    console.expected.clear()
