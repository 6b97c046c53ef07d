"""What is typed into a search while its earlier words are still on their way to the URL is kept."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

TEXT = "A-13131 Northwind 02"
SLOWDOWN = 6
PAUSES_MS = [15, 55]


@dataclass(frozen=True, slots=True)
class Search:
    """A list, the name of its search field, and the parameter in the URL."""

    path: str
    label: str
    parameter: str = "q"


SEARCHES = [
    Search("/accounts", "Search accounts"),
    Search("/catalog", "Search offers"),
    Search("/audit-log", "Search the audit log"),
    Search("/audit-log", "Actor", "actor"),
]


@pytest.mark.parametrize("its", SEARCHES, ids=lambda its: its.label)
async def test_typing_is_kept_on_a_slow_machine(page: Page, api: Api, its: Search) -> None:
    """Each pause between two keys meets another moment of the navigation."""
    session = await page.context.new_cdp_session(page)
    await page.goto(its.path)
    field = page.get_by_role("searchbox", name=its.label)
    await field.click()
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    for pause in PAUSES_MS:
        await field.press_sequentially(TEXT, delay=pause)
        await _in_url(page, its, TEXT)
        await expect(field).to_have_value(TEXT)
        await page.get_by_role("button", name="Clear the search").click()
        await _in_url(page, its, None)
        await expect(field).to_have_value("")
        await field.click()


async def test_back_undoes_a_search(page: Page, api: Api) -> None:
    """A search that the agent leaves by Back is not mistaken for one that was overtaken."""
    await page.goto("/accounts?q=north")
    field = page.get_by_role("searchbox", name="Search accounts")
    await expect(field).to_have_value("north")
    await page.get_by_role("link", name="Today").first.click()
    await page.go_back()
    await expect(field).to_have_value("north")
    await field.press("End")
    await field.press_sequentially("wind")
    await page.wait_for_url("**northwind**")
    await page.get_by_role("button", name="Status", exact=True).click()
    await page.get_by_role("checkbox", name="Closed", exact=True).check()
    await page.wait_for_url("**CLOSED**")
    await page.go_back()
    await expect(field).to_have_value("northwind")


async def _in_url(page: Page, its: Search, text: str | None) -> None:
    def matches(url: str) -> bool:
        return parse_qs(urlsplit(url).query).get(its.parameter, [None])[0] == text

    await page.wait_for_url(matches, wait_until="commit")
