"""Sign-in, the state of screens in the URL, and messages for invalid input and outages."""

import re

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Api, Server
from tests.browser.console import UNAUTHENTICATED, Console
from tests.browser.page_checks import check_accessibility, check_fits_phone

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


@pytest.mark.parametrize("context", ["nobody"], indirect=True)
async def test_signed_out_user_gets_the_sign_in_form(page: Page) -> None:
    await page.goto("/deferred-actions")
    await expect(page.get_by_label("E-mail")).to_be_visible()


@pytest.mark.parametrize("context", ["nobody"], indirect=True)
async def test_sign_in_returns_to_the_requested_page(
    context: BrowserContext, server: Server, console: Console
) -> None:
    console.expect(UNAUTHENTICATED)  # The wrong password.
    page = await context.new_page()
    await page.goto("/deferred-actions?status=%5B%22PENDING%22%5D")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await check_accessibility(page)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Enter your e-mail address")).to_be_visible()
    await page.get_by_label("E-mail").fill("admin@example.com")
    await page.get_by_label("Password", exact=True).fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("wrong")
    await page.get_by_label("Password", exact=True).fill(server.passwords["admin@example.com"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Status: Pending")).to_be_visible()
    await page.get_by_role("button", name="admin@example.com", exact=False).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await check_fits_phone(page)


async def test_filters_are_in_the_url(page: Page) -> None:
    await page.goto("/accounts")
    await page.get_by_role("button", name="Status").click()
    await page.get_by_label("Inactive").check()
    await expect(page).to_have_url(re.compile("INACTIVE"))
    await page.reload()
    await expect(page.get_by_role("button", name="Status: Inactive")).to_be_visible()
    rows = page.get_by_role("row")
    await expect(rows.nth(1).get_by_text("Inactive")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("button", name="Status", exact=True)).to_be_visible()


async def test_list_below_an_unknown_account_is_empty(page: Page) -> None:
    await page.goto("/accounts?below=A-999999")
    await expect(page.get_by_text("No account matches")).to_be_visible()


@pytest.mark.parametrize(
    "search",
    ["month=9999-12", "day=9999-12-31", "month=0001-01", "month=2026-13", "day=0000-01-01"],
)
async def test_calendar_shows_the_current_month_instead_of_an_impossible_one(
    page: Page, search: str
) -> None:
    """Also of a month that has none before or after it."""
    await page.goto("/deferred-actions/calendar")
    month = page.get_by_role("heading", level=2).first
    current = await month.inner_text()
    await page.goto(f"/deferred-actions/calendar?{search}")
    await expect(month).to_have_text(current)
    await expect(page.get_by_role("status", name="In this month")).to_be_visible()


@pytest.mark.parametrize("path", ["deferred-actions", "payments", "bills", "disputes", "audit-log"])
async def test_list_ignores_dates_without_a_day_before_or_after(page: Page, path: str) -> None:
    await page.goto(f"/{path}?from=0001-01-01&to=9999-12-31")
    await expect(page.locator("main").get_by_role("heading", level=1)).to_be_visible()
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_pages_forward_and_back(page: Page) -> None:
    await page.goto("/accounts?sort=NUMBER_ASC")
    first = page.get_by_role("row").nth(1).get_by_role("link").first
    number = await first.inner_text()
    await page.get_by_role("button", name="Next").click()
    await expect(first).not_to_have_text(number)
    await page.get_by_role("button", name="Previous").click()
    await expect(first).to_have_text(number)


async def test_the_back_button_closes_a_dialog(page: Page) -> None:
    await page.goto("/accounts")
    await page.get_by_role("button", name="New account").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_invalid_input_is_marked_at_its_field(page: Page, api: Api) -> None:
    account = await api.new_account("Wrong Input")
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=INACTIVE"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("On a date").click()
    await dialog.get_by_role("button", name="Inactivate on this date").click()
    date = dialog.get_by_role("textbox", name="Date")
    await expect(date).to_have_accessible_description(re.compile("Choose a date, or Now"))
    await expect(date).to_be_focused()
    await date.fill("2020-01-01")
    await dialog.get_by_role("button", name="Inactivate on this date").click()
    await expect(date).to_have_attribute("aria-invalid", "true")
    await check_accessibility(page)


async def test_taken_number_is_marked_at_its_field(page: Page, api: Api) -> None:
    account = await api.new_account("Number Taken")
    await page.goto("/accounts?dialog=create-account")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Second")
    await dialog.get_by_label("Number").fill(account["number"])
    await dialog.get_by_role("button", name="Create account").click()
    await expect(dialog.get_by_label("Number")).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_label("Number")).to_be_focused()


async def test_outage_is_shown_and_can_be_retried(page: Page, context: BrowserContext) -> None:
    await page.goto("/accounts")
    await expect(page.get_by_role("table")).to_be_visible()
    error = {"message": "The database does not answer.", "extensions": {"code": "INTERNAL"}}
    body = {"data": None, "errors": [error]}
    await context.route("**/graphql", lambda route: route.fulfill(json=body))
    await page.get_by_role("link", name="Jobs").click()
    await expect(page.get_by_text("The database does not answer.")).to_be_visible()
    await check_accessibility(page)
    await context.unroute_all()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("The database does not answer.")).to_have_count(0)
