"""What the API would refuse is not offered, and the page says why."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api, Server
from tests.browser.page_checks import wait_until_idle

pytestmark = [pytest.mark.anyio]


async def closed_account(api: Api, name: str) -> dict[str, Any]:
    """An account with a card that was closed with its service."""
    account = await api.new_account(name)
    card = await api.add_card(account["id"])
    await api.change_status(account["id"], "CLOSED")
    return {**account, "card": card}


def expire(server: Server, number: str) -> None:
    """Let the cards of an account expire, as time does."""
    with closing(sqlite3.connect(server.database, timeout=60)) as database, database:
        database.execute(
            "UPDATE payment_method SET expiration_year = 2020 WHERE account_id ="
            " (SELECT id FROM account WHERE number = ?)",
            (number,),
        )


async def test_expired_card_is_not_charged(page: Page, api: Api, server: Server) -> None:
    """Neither by its button nor by the address of the dialog."""
    account = await api.new_account("Expired card")
    card = await api.add_card(account["id"])
    expire(server, account["number"])
    await page.goto(f"/accounts/{account['number']}/payments")
    await expect(
        page.get_by_text("expired at the end of 03/2020 and can't be charged")
    ).to_be_visible()
    await expect(page.get_by_role("button", name="Edit expiration of")).to_be_visible()
    await expect(page.get_by_role("button", name="Charge now")).to_have_count(0)
    ids = f'["{account["id"]}","{card}"]'
    await page.goto(f"/accounts/{account['number']}/payments?dialog=charge-now&on={ids}")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("The card expired at the end of 03/2020")
    await expect(dialog.get_by_role("button", name="Charge now")).to_have_count(0)


async def test_closed_account_is_not_charged(page: Page, api: Api) -> None:
    """Its payment methods stay, and the panel says why there is no button."""
    account = await closed_account(api, "Closed and not charged")
    await page.goto(f"/accounts/{account['number']}/payments")
    await expect(page.get_by_text("A closed account can't be charged.")).to_be_visible()
    await expect(page.get_by_role("button", name="Charge now")).to_have_count(0)
    ids = f'["{account["id"]}","{account["card"]}"]'
    await page.goto(f"/accounts/{account['number']}/payments?dialog=charge-now&on={ids}")
    await expect(page.get_by_role("dialog")).to_contain_text("A closed account can't be charged.")


async def test_service_of_a_closed_account_is_not_reopened(page: Page, api: Api) -> None:
    """The account comes first."""
    account = await closed_account(api, "Closed with its service")
    await page.goto(f"/accounts/{account['number']}/assets?closed=true")
    await page.get_by_role("button", name="Actions for Internet").click()
    menu = page.get_by_role("menu")
    await expect(menu).to_contain_text("Reopen the account first")
    await expect(menu.get_by_role("menuitem", name="Events")).to_be_visible()
    await expect(menu.get_by_role("menuitem", name="Reopen")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("dialog=change-status&on={id}&choice=ACTIVE", "A reopening can't be scheduled."),
        ("dialog=change-hierarchy&on={id}", "The move of a closed account can't be scheduled."),
    ],
)
async def test_changes_of_a_closed_account_are_not_scheduled(
    page: Page, api: Api, address: str, why: str
) -> None:
    """They are made now."""
    account = await closed_account(api, "Ended for good")
    await page.goto(f"/accounts/{account['number']}?{address.format(**account)}")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(why)
    await expect(dialog.get_by_text("Now", exact=True)).to_be_visible()
    await expect(dialog.get_by_text("On a date")).to_have_count(0)
    await expect(dialog.get_by_role("button", name="Tomorrow")).to_have_count(0)


async def test_reactivation_is_not_run_before_its_inactivation(page: Page, api: Api) -> None:
    """In the lists and in the timeline of the account."""
    account = await api.new_account("Paired")
    start = await api.now() + timedelta(days=3)
    back = start + timedelta(days=7)
    await api.change_status(
        account["id"],
        "INACTIVE",
        deferUntil=start.isoformat(),
        reactivateOn=back.isoformat(),
    )
    for path in ("", "/deferred-actions"):
        await page.goto(f"/accounts/{account['number']}{path}")
        for name, runs in (("Inactivate", True), ("Reactivate", False)):
            button = page.get_by_role("button", name=f"Actions for: {name}").first
            await button.click()
            menu = page.get_by_role("menu")
            await expect(menu.get_by_role("menuitem", name="Reschedule…")).to_be_visible()
            await expect(menu.get_by_role("menuitem", name="Run now…")).to_have_count(int(runs))
            await expect(menu.get_by_text("Its inactivation runs first")).to_have_count(
                int(not runs)
            )
            # The menu takes the focus and returns it a moment later.
            await expect(menu.get_by_role("menuitem").first).to_be_focused()
            await page.keyboard.press("Escape")
            await expect(menu).to_have_count(0)
            await expect(button).to_be_focused()
    await page.goto(f"/accounts/{account['number']}/events")
    await wait_until_idle(page)
    await expect(page.get_by_role("button", name="Reschedule: ")).to_have_count(2)
    await expect(page.get_by_role("button", name="Run now: ")).to_have_count(1)
