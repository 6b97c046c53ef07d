"""Lists with amounts of many digits fit a window, and are usable on a phone."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.page_checks import SCROLLING, check_lists_on_phone, wait_until_idle

pytestmark = [pytest.mark.anyio]

AMOUNT = re.compile(r'("amount": ?)"-?[0-9.]+"')
# By the path the least width at which a list fits as a whole.
LISTS = {
    "/bills": 1280,
    "/payments": 1280,
    "/disputes": 1440,
    "/accounts": 1280,
    "/accounts/{number}/bills": 1280,
    "/accounts/{number}/payments": 1280,
    "/bills/{bill}": 1280,
}


async def in_millions(route: Route) -> None:
    """Answer with amounts of eight digits."""
    answer = await route.fetch()
    text = await answer.text()
    await route.fulfill(response=answer, body=AMOUNT.sub(r'\1"-98765432.10"', text))


@pytest.mark.parametrize("path", LISTS)
async def test_list_with_amounts_in_millions_fits(page: Page, api: Api, path: str) -> None:
    """At the usual widths nothing scrolls sideways, with every column that is shown by default."""
    its = await account_with_charges(api, "Amounts in millions")
    await open_dispute(api, its)
    await api.ask(
        """mutation ($input: RecordPaymentInput!) {
          recordPayment(input: $input) { errors { message } }
        }""",
        input={"accountId": its.id, "amount": "5", "reference": f"Invoice of {its.number}"},
    )
    await page.route("**/graphql", in_millions)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.goto(path.format(number=its.number, bill=its.bill_number))
    for width in (1440, LISTS[path], 1920):
        await page.set_viewport_size({"width": width, "height": 900})
        await wait_until_idle(page)
        tables = page.locator("table[data-list]")
        await expect(tables.first).to_be_visible()
        assert await tables.evaluate_all(SCROLLING) == [], width
    await check_lists_on_phone(page)
