"""The calendar of deferred actions, and warnings about conflicts before a change is scheduled."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api
from tests.browser.page_checks import check_accessibility, check_fits_phone, wait_until_idle

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

MONTH = "/deferred-actions/calendar?month=2031-05"


async def schedule_inactivations(api: Api, name: str, *days: str) -> list[str]:
    """An account with an inactivation on each of these days; returns the ids of the actions."""
    account = await api.new_account(name)
    return [
        await api.change_status(account["id"], "INACTIVE", deferUntil=f"{day}T00:00:00Z") or ""
        for day in days
    ]


async def cancel_actions(api: Api, *ids: str) -> None:
    """Cancel deferred actions."""
    document = """mutation ($input: DeferredActionsInput!) {
      cancelDeferredActions(input: $input) { errors { message } }
    }"""
    done = await api.ask(document, input={"ids": list(ids)})
    assert done["cancelDeferredActions"]["errors"] == []


async def test_open_day_and_bulk_change(page: Page, api: Api) -> None:
    """Counts by status, the actions of the open day, a result per action, the new counts."""
    ids = await schedule_inactivations(api, "Calendar Bulk", *["2031-05-06"] * 4)
    await cancel_actions(api, ids[3])
    await page.goto(MONTH)
    await expect(page.get_by_role("heading", level=2, name="May 2031")).to_be_visible()
    await page.get_by_role("button", name="Tuesday, 6 May 2031: 3 pending, 1 cancelled").click()
    await expect(page).to_have_url(re.compile("day=2031-05-06"))
    await expect(page.get_by_role("heading", level=2, name="Tuesday, 6 May 2031")).to_be_visible()
    await expect(
        page.get_by_role("table", name="Deferred actions").get_by_role("row")
    ).to_have_count(5)
    await wait_until_idle(page)
    await check_accessibility(page)

    await page.get_by_role("checkbox", name="Select all on this page").check()
    # Somebody else is faster with one of them.
    await cancel_actions(api, ids[0])
    await page.get_by_role("toolbar").get_by_role("button", name="Reschedule").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("New date").fill("2031-05-20")
    await dialog.get_by_role("button", name="Reschedule").click()
    await expect(dialog.get_by_role("status")).to_have_text("2 actions rescheduled, 1 failed")
    results = dialog.locator("[data-result]")
    await expect(results).to_have_count(3)
    await expect(results.filter(has_text=re.compile(r"^Rescheduled\.$"))).to_have_count(2)
    await expect(results.filter(has_text="This action is CANCELLED")).to_have_count(1)
    await check_accessibility(page)
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(
        page.get_by_role("button", name="Tuesday, 6 May 2031: 2 cancelled")
    ).to_be_visible()
    await page.get_by_role("button", name="Tuesday, 20 May 2031: 2 pending").click()

    table = page.get_by_role("table", name="Deferred actions")
    steps = (
        ("Run now", "Run now", "Completed"),
        ("Cancel actions", "Cancel this action", "Cancelled"),
    )
    for word, button, status in steps:
        await (
            table.get_by_role("row")
            .filter(has_text="Pending")
            .first.get_by_role("checkbox")
            .check()
        )
        await page.get_by_role("toolbar").get_by_role("button", name=word).click()
        await dialog.get_by_role("button", name=button, exact=True).click()
        await expect(dialog).to_be_hidden()
        await expect(table.get_by_text(status, exact=True)).to_be_visible()
    await expect(
        page.get_by_role("button", name="Tuesday, 20 May 2031: 1 completed, 1 cancelled")
    ).to_be_visible()


async def test_filters_by_status_and_kind(page: Page, api: Api) -> None:
    """The filters are in the URL, and are kept between calendar and list."""
    ids = await schedule_inactivations(
        api, "Calendar Narrowed", "2031-06-10", "2031-06-10", "2031-06-12"
    )
    await cancel_actions(api, ids[0])
    await page.goto("/deferred-actions/calendar?month=2031-06")
    await expect(page.get_by_role("status", name="In this month")).to_have_text(
        "2 pending1 cancelled"
    )
    await page.get_by_role("button", name="Status").click()
    await page.get_by_role("checkbox", name="Cancelled").check()
    await expect(page.get_by_role("status", name="In this month")).to_have_text("1 cancelled")
    await expect(
        page.get_by_role("button", name="Tuesday, 10 June 2031: 1 cancelled")
    ).to_be_visible()
    await expect(page.get_by_role("button", name="Thursday, 12 June 2031: nothing")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="List", exact=True).click()
    await expect(page.get_by_role("button", name="Status: Cancelled")).to_be_visible()
    await page.get_by_role("link", name="Calendar", exact=True).click()
    await expect(page.get_by_role("button", name="Status: Cancelled")).to_be_visible()
    await page.goto("/deferred-actions/calendar?month=2031-06&kind=%5B%22MOVE_IN_HIERARCHY%22%5D")
    await expect(page.get_by_text("Nothing in this month")).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page.get_by_role("status", name="In this month")).to_have_text(
        "2 pending1 cancelled"
    )


async def test_by_keyboard(page: Page, api: Api) -> None:
    """Arrow keys select a day, Enter opens it; the next month and back."""
    await schedule_inactivations(api, "Calendar Keyboard", "2031-07-02")
    await page.goto("/deferred-actions/calendar?month=2031-07&day=2031-07-01")
    first = page.get_by_role("button", name="Tuesday, 1 July 2031: nothing")
    await expect(first).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("No deferred actions on this day")).to_be_visible()
    await first.focus()
    await page.keyboard.press("ArrowRight")
    second = page.get_by_role("button", name="Wednesday, 2 July 2031: 1 pending")
    await expect(second).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("button", name="Wednesday, 9 July 2031: nothing")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("day=2031-07-02"))
    await expect(page.get_by_role("link", name="Calendar Keyboard")).to_be_visible()
    await page.get_by_role("button", name="Next month").press("Enter")
    await expect(page.get_by_role("heading", level=2, name="August 2031")).to_be_visible()
    await expect(page).not_to_have_url(re.compile("day="))
    await page.go_back()
    await expect(second).to_have_attribute("aria-pressed", "true")


async def test_agenda_on_a_phone(page: Page, api: Api) -> None:
    await schedule_inactivations(api, "Calendar Phone", "2031-08-05", "2031-08-07")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto("/deferred-actions/calendar?month=2031-08")
    await expect(page.get_by_role("list", name="Days").get_by_role("button")).to_have_count(2)
    await page.get_by_role("button", name="Thursday, 7 August", exact=False).click()
    await expect(page.get_by_role("link", name="Calendar Phone")).to_be_visible()
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)


async def test_days_of_the_week_in_german(page: Page) -> None:
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    await page.goto(MONTH)
    await expect(page.get_by_role("heading", level=2, name="Mai 2031")).to_be_visible()
    days = page.get_by_role("columnheader")
    await expect(days).to_have_text(["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."])


async def test_warning_about_a_scheduled_closing(page: Page, api: Api) -> None:
    """Before scheduling: the closing with date and requester, and other actions around it."""
    account = await api.new_account("Conflict Account")
    now = await api.now()
    closes, before, after = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (20, 10, 30))
    await api.change_status(account["id"], "CLOSED", deferUntil=f"{closes}T00:00:00Z")
    for subject, word in ((account["id"], "account"), (account["service"], "service")):
        await page.goto(
            f"/accounts/{account['number']}?dialog=change-status&on={subject}&choice=INACTIVE"
        )
        dialog = page.get_by_role("dialog")
        await dialog.get_by_text("On a date").click()
        date = dialog.get_by_role("textbox", name="Date")
        await date.fill(after)
        await date.press("Tab")
        warning = dialog.get_by_text(f"On that day the {word} will already be closed")
        await expect(warning).to_be_visible()
        await expect(
            dialog.get_by_text(f"Close {account['name']} ({account['number']}) on", exact=False)
        ).to_be_visible()
        await expect(dialog.get_by_text("(requested by admin@example.com)")).to_be_visible()
        await wait_until_idle(page)
        await check_accessibility(page)
        await date.fill(before)
        await date.press("Tab")
        await expect(warning).to_have_count(0)
        await expect(dialog.get_by_text("Also scheduled around that day")).to_be_visible()
    await date.fill("")
    await date.press("Tab")
    await dialog.get_by_text("Now", exact=True).click()
    await dialog.get_by_label("Reactivate on").fill(after)
    await dialog.get_by_label("Reactivate on").press("Tab")
    await expect(
        dialog.get_by_text("On the reactivation date the service will already be closed")
    ).to_be_visible()
    await check_fits_phone(page)


async def test_warning_when_rescheduling_after_a_closing(page: Page, api: Api) -> None:
    account = await api.new_account("Conflict Rescheduled")
    now = await api.now()
    before, closes, after = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (10, 20, 30))
    action = await api.change_status(account["id"], "INACTIVE", deferUntil=f"{before}T00:00:00Z")
    closing = await api.change_status(account["id"], "CLOSED", deferUntil=f"{closes}T00:00:00Z")
    dialog = page.get_by_role("dialog")
    warning = dialog.get_by_text("On that day the account will already be closed")
    for moved, is_warned in ((action, True), (closing, False)):
        await page.goto(f"/accounts/{account['number']}?dialog=reschedule-deferred&on={moved}")
        await dialog.get_by_label("New date").fill(after)
        await dialog.get_by_label("New date").press("Tab")
        await expect(dialog.get_by_text("Also scheduled around that day")).to_have_count(
            0 if is_warned else 1
        )
        await expect(warning).to_have_count(1 if is_warned else 0)
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)


async def test_warning_about_a_payer_that_will_be_closed(page: Page, api: Api) -> None:
    child, parent = (
        await api.new_account("Conflict Child"),
        await api.new_account("Conflict Parent"),
    )
    now = await api.now()
    closes, after = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (20, 30))
    await api.change_status(parent["id"], "CLOSED", deferUntil=f"{closes}T00:00:00Z")
    await page.goto(f"/accounts/{child['number']}?dialog=change-hierarchy&on={child['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("New parent").press_sequentially(parent["number"])
    await page.get_by_role("option", name="Conflict Parent", exact=False).click()
    await dialog.get_by_text("On a date").click()
    await dialog.get_by_role("textbox", name="Date").fill(after)
    await dialog.get_by_role("textbox", name="Date").press("Tab")
    warning = dialog.get_by_text("On that day the new parent will already be closed")
    await expect(dialog.get_by_text("Note")).to_be_visible()
    await expect(warning).to_have_count(0)
    await dialog.get_by_role("radio", name="Conflict Parent").check()
    await expect(warning).to_be_visible()
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)
