"""The pages of a list: the focus while one turns them, and addresses of pages that it lacks."""

import re
from base64 import urlsafe_b64encode

import pytest
from playwright.async_api import Page, expect

from tests.browser.billing import account_with_charges
from tests.browser.conftest import Api
from tests.browser.page_checks import check_accessibility, wait_until_idle
from tests.browser.test_screens import ended_run

pytestmark = [pytest.mark.anyio]

PAGED = [
    "/accounts",
    "/accounts?q=a&status=ACTIVE",
    "/bills",
    "/payments",
    "/disputes",
    "/deferred-actions",
    "/deferred-actions/calendar?day=2026-12-15",
    "/catalog",
    "/jobs",
    "/jobs/import",
    "/jobs/{run}",
    "/users",
    "/tokens",
    "/webhooks",
    "/reasons",
    "/audit-log",
    "/bills/{its.bill_number}",
    "{its.item_path}",
    "/accounts/{its.number}?allNotes=true",
    "/accounts/{its.number}/assets",
    "/accounts/{its.number}/bills",
    "/accounts/{its.number}/payments",
    "/accounts/{its.number}/events",
    "/accounts/{its.number}/deferred-actions",
]
FOREIGN = urlsafe_b64encode(b'["a","b","c","d"]').decode()


async def test_wrong_page_leads_to_the_first(page: Page, api: Api) -> None:
    """Of an address with a text that is no cursor, or the cursor of another list."""
    its = await account_with_charges(api, "Wrong Page")
    run = await ended_run(api)
    for number, path in enumerate(PAGED):
        cursor = ("after=garbage", f"before={FOREIGN}", "after=1")[number % 3]
        address = path.format(its=its, run=run)
        await page.goto(f"{address}{'&' if '?' in address else '?'}{cursor}")
        message = page.get_by_text("The list doesn't have this page")
        await expect(message, address).to_be_visible()
        await expect(page.get_by_role("alert")).to_have_count(0)
        if number == 0:
            await check_accessibility(page)
        await page.get_by_role("button", name="First page").click()
        await expect(message).to_have_count(0)
        await expect(page).not_to_have_url(re.compile("after=|before="))
        await expect(page.get_by_label("Loading", exact=True)).to_have_count(0)
        await expect(page.get_by_role("alert")).to_have_count(0)


LAST = """query ($number: String!) {
  accounts(last: 1) { pageInfo { endCursor } }
  offers(last: 1) { pageInfo { endCursor } }
  account(number: $number) {
    bills(last: 1) { pageInfo { endCursor } }
    services(last: 1) { pageInfo { endCursor } }
    events(last: 1) { pageInfo { endCursor } }
    notes(last: 1) { pageInfo { endCursor } }
  }
}"""


async def test_page_whose_entries_are_gone_leads_to_the_first(page: Page, api: Api) -> None:
    """It does not say that the list is empty."""
    its = await account_with_charges(api, "Emptied Page")
    note = 'mutation ($id: ID!) { addNote(input: { accountId: $id, text: "A" }) { note { id } } }'
    await api.ask(note, id=its.id)
    found = await api.ask(LAST, number=its.number)
    own = found.pop("account")
    paths = {
        "/accounts": found["accounts"],
        "/catalog": found["offers"],
        f"/accounts/{its.number}/bills": own["bills"],
        f"/accounts/{its.number}/assets": own["services"],
        f"/accounts/{its.number}/events": own["events"],
        f"/accounts/{its.number}?allNotes=true": own["notes"],
    }
    for path, last in paths.items():
        cursor = last["pageInfo"]["endCursor"]
        await page.goto(f"{path}{'&' if '?' in path else '?'}after={cursor}")
        message = page.get_by_text("The list doesn't have this page")
        await expect(message, path).to_be_visible()
        await page.get_by_role("button", name="First page").click()
        await expect(message).to_have_count(0)
        await expect(page).not_to_have_url(re.compile("after="))


async def test_turning_pages_keeps_the_focus(page: Page) -> None:
    """Also on the last and on the first one, where the button leads no further."""
    await page.goto("/accounts")
    for name, other in (("Next", "Previous"), ("Previous", "Next")):
        button = page.get_by_role("button", name=name, exact=True)
        await button.focus()
        await expect(button).to_be_enabled()
        while await button.is_enabled():
            before = page.url
            await button.press("Enter")
            await expect(page).not_to_have_url(before)
            await expect(page.get_by_role("button", name=other, exact=True)).to_be_enabled()
            await wait_until_idle(page)
            await expect(button).to_be_focused()
        last = page.url
        await button.press("Enter")
        await expect(page).to_have_url(last)
        await expect(button).to_be_focused()
