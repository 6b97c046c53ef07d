"""The same form in two tabs, submitted in both: nothing is done twice, and the second says so."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page

from tests.browser.conftest import Api
from tests.browser.page_checks import check_accessibility, wait_until_idle
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

# A change of the status that is on the screen already is told before it can be submitted.
SAID = re.compile("Another tab has just done the same|was just changed by somebody else")
FOUND = """query ($id: ID!) { account(id: $id) {
  notes { totalCount } deferredActions { totalCount } payments { totalCount }
  events(filter: { kind: [STATUS_CHANGE] }) { totalCount }
} }"""
Form = Callable[[Page, dict[str, Any]], Awaitable[Locator]]


async def pay(page: Page, account: dict[str, Any]) -> Locator:
    """A payment; its button."""
    await page.goto(f"/accounts/{account['number']}?dialog=record-payment&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Amount").fill("5")
    await dialog.get_by_label("Reference").fill("Two tabs")
    return dialog.get_by_role("button", name="Record payment", exact=True)


async def inactivate(page: Page, account: dict[str, Any]) -> Locator:
    """A change of the status now."""
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=INACTIVE"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("Vacation")
    await page.keyboard.press("Escape")
    return dialog.get_by_role("button", name="Inactivate", exact=True)


async def defer(page: Page, account: dict[str, Any]) -> Locator:
    """A change of the status on a date."""
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=INACTIVE"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Next Monday").click()
    return dialog.get_by_role("button", name="Inactivate on this date", exact=True)


async def note(page: Page, account: dict[str, Any]) -> Locator:
    """A note."""
    await page.goto(f"/accounts/{account['number']}")
    notes = page.get_by_role("region", name="Notes")
    await notes.get_by_label("New note").fill("Called twice")
    return notes.get_by_role("button", name="Add note", exact=True)


FORMS: dict[str, tuple[Form, str, int]] = {
    "payment": (pay, "payments", 1),
    "status change": (inactivate, "events", 2),
    "deferred action": (defer, "deferredActions", 1),
    "note": (note, "notes", 1),
}


async def count_of(api: Api, account: dict[str, Any], counted: str) -> int:
    """How much of it there is."""
    return int((await api.ask(FOUND, id=account["id"]))["account"][counted]["totalCount"])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("order", ["one after the other", "at once"])
async def test_same_form_in_two_tabs(page: Page, api: Api, form: str, order: str) -> None:
    fill, counted, once = FORMS[form]
    account = await api.new_account(f"Two tabs {form} {order}")
    other = await page.context.new_page()
    buttons = [await fill(tab, account) for tab in (page, other)]
    for tab in (page, other):
        await wait_until_idle(tab)
    before = await count_of(api, account, counted)
    said = [tab.get_by_role("alert").filter(has_text=SAID) for tab in (page, other)]
    if order == "at once":
        await asyncio.gather(*(button.click() for button in buttons))
    else:
        await buttons[0].click()
        await wait_until_idle(page)
        await buttons[1].click(force=True)
    await expect_one(said)
    made = await count_of(api, account, counted) - before
    assert made == once
    second = other if await said[1].count() else page
    await check_accessibility(second)


async def expect_one(said: list[Locator]) -> None:
    """One of the two tabs says it."""

    async def is_said() -> bool:
        return [await it.count() > 0 for it in said].count(True) == 1

    await wait_for(is_said, PATIENCE, "No tab says that another one has done the same.")
