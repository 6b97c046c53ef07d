"""Every screen and every dialog: accessible in light and dark, and usable at 360 px."""

import re
from typing import TypeVar

import pytest
from playwright.async_api import Page, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.console import NOT_FOUND, Console
from tests.browser.page_checks import (
    WIDE,
    check_accessibility,
    check_dialog_in_small_windows,
    check_fits_phone,
    check_screen,
    visit,
    wait_until_idle,
)

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]
T = TypeVar("T")

SCREENS = {
    "/": "Accounts by status",
    "/disputes": "Of all accounts",
    "/accounts": "Accounts",
    "/payments": "Of all accounts",
    "/accounts?status=%5B%22CLOSED%22%5D&q=zzzz": "No account matches",
    "/bills": "Of all accounts",
    "/deferred-actions": "Deferred actions",
    "/deferred-actions/calendar": "Deferred actions and bill days",
    "/catalog": "Catalog",
    "/catalog?q=zzzz": "No offer matches",
    "/jobs": "Jobs",
    "/jobs/no-such-run": "This job run doesn't exist",
    "/jobs/import": "Upload a file, check it",
    "/jobs/import/no-such-file": "This file doesn't exist",
    "/users": "admin@example.com (you)",
    "/tokens": "API tokens",
    "/webhooks": "Partner systems that are told of events",
    "/webhooks/no-such-webhook": "This webhook doesn't exist",
    "/reasons": "What agents choose from when they change a status",
    "/settings": "Business clock",
    "/audit-log?q=agent@example.com": "Created user agent@example.com as AGENT.",
    "/audit-log?q=zzzz": "No entry matches",
    "/accounts/NO-SUCH-NUMBER": "No account NO-SUCH-NUMBER",
    "/bills/NO-SUCH-BILL": "No bill NO-SUCH-BILL",
    "/bills/NO-SUCH-BILL/items/none": "This item doesn't exist",
}
TABS = [
    "",
    "/assets",
    "/hierarchy",
    "/bill-units",
    "/bills",
    "/payments",
    "/events",
    "/deferred-actions",
]

# The URL of each dialog, and a text that it contains.
DIALOGS = {
    "dialog=create-account": "New account",
    "dialog=edit-account&on={account}": "Save",
    "dialog=change-status&on={account}&choice=INACTIVE": "This affects",
    "dialog=change-status&on={account}&choice=CLOSED": "Offers can't be restored",
    "dialog=change-status&on={service}&choice=CLOSED": "I understand",
    "dialog=change-statuses&on={number}": "Inactivate 1 account",
    "dialog=change-statuses": "No accounts selected",
    "dialog=retry-status-changes&on={run}": "Nothing to retry",
    "dialog=change-hierarchy&on={account}": "New parent",
    "dialog=add-service&on={account}": "Offers to purchase with it",
    "dialog=purchase-offer&on={account}": "Quantity",
    "dialog=add-bill-unit&on={account}": "Payer",
    "dialog=change-payer&on={unit}": "Paying account",
    "dialog=add-contact&on={account}": "Street and number",
    "dialog=edit-note&on=none": "There is no such note any more.",
    "dialog=add-payment-method&on={account}": "Card numbers are never entered here.",
    "dialog=edit-expiration&on={card}": "Only the expiration date can be edited.",
    "dialog=charge-now&on={account}&on={card}": "No bill is open.",
    "dialog=record-payment&on={account}": "Any remainder goes to the oldest bills, then to credit.",
    "dialog=create-offer": "Discount offer",
    "dialog=run-deferred&on={action}": "Run now",
    "dialog=reschedule-deferred&on={action}": "New date",
    "dialog=cancel-deferred&on={action}": "Cancel this action",
    "dialog=start-job": "Business date",
    "dialog=cancel-job&on={run}": "Keep running",
    "dialog=retry-failures&on={run}": "Nothing failed in this run",
    "dialog=create-user": "The address to sign in with",
    "dialog=edit-user&on={user}": "May sign in",
    "dialog=end-sessions&on={user}": "signed out on every device",
    "dialog=create-token": "Its changes are recorded with this name",
    "dialog=create-webhook": "Leave blank to send every kind",
    "dialog=create-reason": "It cannot be changed",
    "dialog=keyboard": "Single-key shortcuts",
}
# The same for a bill with an open dispute.
BILL_SCREENS = {
    "/bills/{its.bill_number}": "Summary",
    "{its.item_path}": "Calls abroad",
    "/accounts/{its.number}/bills": "Never called",
}
BILL_DIALOGS = {
    "dialog=charge&on={its.charge}": "Charge details",
    "dialog=open-dispute&on={its.bill}": "Not due and not collected while the dispute is open",
    "dialog=open-dispute&on={its.item}": "Not due and not collected while the dispute is open",
    "dialog=open-dispute&on={its.charge}": "Not due and not collected while the dispute is open",
    "dialog=settle-dispute&on={dispute}": "Grant in part",
    "dialog=adjust&on={its.id}": "on the next bill",
    "dialog=adjust&on={its.item}": "Up to 2.00 USD",
    "dialog=adjust&on=none": "Not found",
}


def parts(entries: dict[str, T], size: int) -> list[list[tuple[str, T]]]:
    """The entries in parts of this size: those of a part are opened on one page."""
    pairs = list(entries.items())
    return [pairs[at : at + size] for at in range(0, len(pairs), size)]


@pytest.mark.parametrize("screens", parts(SCREENS, 5))
async def test_screens(page: Page, screens: list[tuple[str, str]]) -> None:
    for path, text in screens:
        # The check of the screen before has left it as narrow as a phone.
        await page.set_viewport_size(WIDE)
        await visit(page, path)
        await expect(page.get_by_text(text).first).to_be_visible()
        await check_screen(page)


async def test_unknown_path(page: Page, console: Console) -> None:
    """The server responds with 404, which the browser logs, and the page explains it."""
    console.expect(NOT_FOUND)
    answer = await page.goto("/nowhere/at-all")
    assert answer
    assert answer.status == 404
    await expect(page.get_by_text("This page doesn't exist")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    await check_screen(page)


async def test_tabs_of_an_account(page: Page, api: Api) -> None:
    busiest = await api.ask(
        """{ deferredActions(filter: { status: [PENDING] }, first: 1) {
          nodes { account { number name } }
        } }"""
    )
    account = busiest["deferredActions"]["nodes"][0]["account"]
    for tab in TABS:
        await visit(page, f"/accounts/{account['number']}{tab}")
        await expect(page.get_by_role("heading", level=1, name=account["name"])).to_be_visible()
        await check_screen(page)


async def check_dialog(page: Page, text: str) -> None:
    """The open dialog has the text, passes the checks of a screen, and is closed by Escape."""
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text(text).first).to_be_visible()
    await check_screen(page)
    await check_dialog_in_small_windows(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page).not_to_have_url(re.compile("dialog="))


@pytest.mark.parametrize("dialogs", parts(DIALOGS, 6))
async def test_dialogs(page: Page, api: Api, dialogs: list[tuple[str, str]]) -> None:
    found = await api.ask(
        """{
          accounts(first: 1, filter: { status: [ACTIVE] }) { nodes { id number billUnits { id } } }
          deferredActions(filter: { status: [PENDING] }, first: 1) { nodes { id } }
          users(first: 1) { nodes { id } }
        }"""
    )
    for address, text in dialogs:
        account = found["accounts"]["nodes"][0]
        if "{service}" in address:
            account = {**account, **await api.new_account("Dialog Test")}
        if "{card}" in address:
            account = await api.new_account("Card Dialog")
            account["card"] = await api.add_card(account["id"])
        if "{run}" in address:
            account["run"] = await ended_run(api)
        ids = {
            "account": account["id"],
            "number": account["number"],
            "service": account.get("service"),
            "card": account.get("card"),
            "run": account.get("run"),
            "user": found["users"]["nodes"][0]["id"],
            "unit": account.get("billUnits", [{"id": ""}])[0]["id"],
            "action": found["deferredActions"]["nodes"][0]["id"],
        }
        await visit(page, f"/accounts/{account['number']}?{address.format(**ids)}")
        await check_dialog(page, text)


async def test_screens_of_bills(page: Page, api: Api) -> None:
    its = await account_with_charges(api, "Bill Screen")
    await open_dispute(api, its)
    for path, text in BILL_SCREENS.items():
        await visit(page, path.format(its=its))
        await expect(page.get_by_text(text).first).to_be_visible()
        await check_screen(page)


async def test_dialogs_of_bills(page: Page, api: Api) -> None:
    its = await account_with_charges(api, "Bill Dialog")
    dispute = await open_dispute(api, its)
    for address, text in BILL_DIALOGS.items():
        await visit(page, f"/bills/{its.bill_number}?{address.format(its=its, dispute=dispute)}")
        await check_dialog(page, text)


async def ended_run(api: Api) -> str:
    """The id of a finished run without any action."""
    document = "mutation ($input: StartJobInput!) { startJob(input: $input) { jobRun { id } } }"
    done = await api.ask(document, input={"kind": "DEFERRED_ACTIONS", "businessDate": "2026-10-11"})
    return str(done["startJob"]["jobRun"]["id"])


async def test_calendar_and_menus(page: Page, api: Api) -> None:
    account = await api.new_account("Calendar Test")
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=INACTIVE"
    )
    await page.get_by_text("On a date").click()
    await page.get_by_role("button", name="Open the calendar").first.click()
    await expect(page.get_by_role("button", name="Next month", exact=True)).to_be_visible()
    await check_accessibility(page)
    await page.goto(f"/accounts/{account['number']}/assets")
    await page.get_by_role("button", name="Actions for", exact=False).first.click()
    await expect(page.get_by_role("menuitem", name="Inactivate…")).to_be_visible()
    await check_accessibility(page)


async def test_search_from_anywhere(page: Page, api: Api) -> None:
    account = await api.new_account("Spotlight Test")
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await wait_until_idle(page)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    await page.keyboard.type(account["number"])
    await expect(page.get_by_role("dialog").get_by_text("Spotlight Test")).to_be_visible()
    await check_accessibility(page)
    await check_fits_phone(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Spotlight Test")).to_be_visible()
