"""The tools of every list: filters with a cross, sort order, columns, views, export, keys."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.page_checks import (
    check_accessibility,
    check_fits_phone,
    press_keys,
    wait_until_idle,
)

pytestmark = [pytest.mark.anyio]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its table, a status with its value in the URL, a sort order, and a column."""

    path: str
    label: str
    status: str
    value: str
    sort: str
    column: str


LISTS = [
    Listed("/bills", "Bills", "Pending", "PENDING", "PERIOD_ASC", "Due on"),
    Listed("/payments", "Payments", "Succeeded", "SUCCEEDED", "CREATED_ASC", "Result"),
    Listed("/disputes", "Disputes", "Open", "OPEN", "OPENED_ASC", "Opened by"),
    Listed(
        "/deferred-actions",
        "Deferred actions",
        "Pending",
        "PENDING",
        "SCHEDULED_ASC",
        "Requested by",
    ),
]
LABELS = [it.label for it in LISTS]


@pytest.mark.parametrize("its", LISTS, ids=LABELS)
async def test_tools_of_a_list(page: Page, api: Api, its: Listed) -> None:
    """The state is in the URL, the columns and views on the device; the export has all rows."""
    await open_dispute(api, await account_with_charges(api, f"Listed {its.label}"))
    await page.goto(its.path)
    table = page.get_by_role("table", name=its.label)
    await expect(table).to_be_visible()
    await page.get_by_role("button", name="Status", exact=True).click()
    await page.get_by_role("checkbox", name=its.status, exact=True).check()
    await page.keyboard.press("Escape")
    chip = page.get_by_role("button", name=f"Status: {its.status}", exact=True)
    await expect(chip).to_be_visible()
    await expect(page).to_have_url(re.compile(f"status=.*{its.value}"))
    await page.get_by_label("Sort").select_option(its.sort)
    filtered = re.compile(f"^(?=.*status=[^&]*{its.value})(?=.*sort={its.sort})")
    await expect(page).to_have_url(filtered)
    await wait_until_idle(page)
    total = await total_of(page)
    assert total > 0
    assert await exported_rows(page) == total

    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label(its.column).uncheck()
    await expect(table.get_by_role("columnheader", name=its.column)).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Views").click()
    await page.get_by_label("Name of the view").fill("Mine")
    await page.get_by_role("button", name="Save").click()
    await page.keyboard.press("Escape")
    await check_accessibility(page)

    await page.get_by_role("button", name="Remove the filter: Status").click()
    await expect(page).not_to_have_url(re.compile("status="))
    await expect(chip).to_have_count(0)
    await page.get_by_role("button", name="Views").click()
    await page.get_by_role("button", name="Mine", exact=True).click()
    await expect(page).to_have_url(filtered)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await wait_until_idle(page)
    row = table.locator("tbody tr").first
    link = row.get_by_role("link").first
    await press_keys(page, "j")
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(table).to_have_count(0)
    await page.go_back()
    await expect(page).to_have_url(filtered)
    await wait_until_idle(page)
    await check_fits_phone(page)


async def total_of(page: Page) -> int:
    """The number of entries on all pages, as the list says."""
    text = await page.get_by_role("status").filter(has_text=re.compile(r"^[\d,]+ ")).inner_text()
    return int(text.split()[0].replace(",", ""))


async def exported_rows(page: Page) -> int:
    """The number of rows in the file that the list exports."""
    address = await page.get_by_role("link", name="Export").get_attribute("href")
    answer = await page.context.request.get(address or "")
    assert answer.ok, await answer.text()
    return len((await answer.text()).strip().split("\r\n")) - 1


async def test_empty_lists_say_how_to_go_on(page: Page) -> None:
    """A filter that nothing meets is cleared in place."""
    for path, title in (
        ("/bills?from=2000-01-01&to=2000-01-02", "No bill matches"),
        ("/payments?from=2000-01-01&to=2000-01-02", "No payment matches"),
        ("/disputes?from=2000-01-01&to=2000-01-02", "No dispute matches"),
        ("/jobs?kind=BILL_DAY&status=CANCELLED", "No job run matches"),
    ):
        await page.goto(path)
        await expect(page.get_by_text(title)).to_be_visible()
        await page.get_by_role("button", name="Clear filters").last.click()
        await expect(page).to_have_url(re.compile(rf"{path.split('?')[0]}$"))
        await expect(page.get_by_text(title)).to_have_count(0)


async def test_dates_of_a_list_include_the_last_one(page: Page, api: Api) -> None:
    """Both dates are days of the business, as the export has them."""
    found = await api.ask("{ payments(first: 1) { nodes { businessDate } } }")
    day = found["payments"]["nodes"][0]["businessDate"]
    await page.goto("/payments")
    for label in ("From date", "To date"):
        await page.get_by_role("textbox", name=label).fill(day)
        await page.get_by_role("textbox", name=label).press("Enter")
    await expect(page).to_have_url(re.compile(f"from={day}.*to={day}|to={day}.*from={day}"))
    await wait_until_idle(page)
    assert await total_of(page) == await exported_rows(page) > 0
    await page.get_by_role("button", name="Remove the filter: To date").click()
    await expect(page.get_by_role("textbox", name="To date")).to_have_value("")


async def test_wide_windows_have_more_columns(page: Page, api: Api) -> None:
    """On a narrow one they can be chosen; the row menu stays in view while a table scrolls."""
    await api.new_account("Wide Columns")
    await page.set_viewport_size({"width": 2560, "height": 1200})
    await page.goto("/accounts?q=wide+columns")
    header = page.get_by_role("table", name="Accounts").get_by_role("columnheader", name="Balance")
    await expect(header).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 800})
    await expect(header).to_have_count(0)
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label("Balance").check()
    await expect(header).to_be_visible()
    await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto("/deferred-actions?status=PENDING")
    menu = page.get_by_role("button", name="Actions for", exact=False).first
    await expect(menu).to_be_visible()
    assert await is_inside(page, menu)
    await menu.click()
    await expect(page.get_by_role("menuitem", name="Run now…")).to_be_visible()
    await check_accessibility(page)


async def is_inside(page: Page, element: Locator) -> bool:
    """Whether the element is between the left and the right edge of the window."""
    box = await element.bounding_box()
    width = await page.evaluate("innerWidth")
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


async def test_active_tab_is_in_view_on_a_phone(page: Page, api: Api) -> None:
    """The row of tabs scrolls, the page does not."""
    account = await api.new_account("Phone Tabs")
    await page.set_viewport_size({"width": 390, "height": 844})
    for tab, name in (("/deferred-actions", "Deferred actions"), ("", "Overview")):
        await page.goto(f"/accounts/{account['number']}{tab}")
        shown = page.get_by_role("tab", name=name)
        await expect(shown).to_have_attribute("aria-selected", "true")
        assert await is_inside(page, shown)


async def test_palette_finds_everything(page: Page, api: Api) -> None:
    """Accounts best match first, then bills, logins and offers; pages for administrators."""
    its = await account_with_charges(api, "Palette Payer")
    await api.new_account("Palette Payers")
    await page.goto("/catalog")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    search = page.get_by_role("dialog", name="Search")
    field = search.get_by_role("textbox")
    results = search.get_by_role("button")
    for typed, first in {
        "palette payer": re.compile(rf"^Palette Payer{its.number}"),
        its.bill_number: re.compile(f"^Bill {its.bill_number}"),
        "browser-minutes": re.compile("^Browser minutes"),
        "webhooks": re.compile("^Go to webhooks$"),
        "audit log": re.compile("^Go to the audit log$"),
    }.items():
        await field.fill(typed)
        await expect(results.first).to_have_text(first)
    await field.fill(f"net-{its.number}")
    await expect(results.filter(has_text="Palette Payer")).to_have_count(2)
    await check_accessibility(page)
    await results.last.click()
    await expect(page).to_have_url(re.compile(rf"/accounts/{its.number}/assets$"))
