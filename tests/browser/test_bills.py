"""Bills from the account down to the details of a charge; disputes and adjustments per level."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Locator, Page, StorageState, expect
from pypdfium2 import PdfDocument
from sqlalchemy import select

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Bill
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import bill_rows
from tests.browser.billing import (
    account_with_bill,
    account_with_charges,
    open_dispute,
    record_usage,
)
from tests.browser.conftest import Api, Server
from tests.browser.page_checks import check_accessibility, check_fits_phone, wait_until_idle
from tests.conftest import ANA

pytestmark = [pytest.mark.anyio]

AGENT, MANAGER, VIEWER = (f"{person}@example.com" for person in ("agent", "manager", "viewer"))


@pytest.fixture
async def admin_api(
    browser: Browser, server: Server, signed_in: dict[str, StorageState]
) -> AsyncIterator[Api]:
    """The API as an admin, which prepares the data of tests for agents and managers."""
    context = await browser.new_context(
        base_url=server.address, storage_state=signed_in["admin@example.com"]
    )
    yield Api(context, server.address)
    await context.close()


def summary(page: Page) -> Locator:
    """The summary of the bill on the screen."""
    return page.get_by_role("table", name="Summary")


async def check_summary(page: Page, *lines: str) -> None:
    """Checks the lines of the summary, waiting until the page has reloaded them."""
    rows = summary(page).get_by_role("row")
    await expect(rows).to_have_text([re.compile(re.escape(line)) for line in lines])


async def dispute(page: Page, reason: str, amount: str | None = None) -> None:
    """Fills in the dispute dialog and submits it."""
    dialog = page.get_by_role("dialog", name=re.compile("^Dispute "))
    await dialog.get_by_label("Reason").fill(reason)
    if amount is not None:
        await dialog.get_by_label("Amount").fill(amount)
    await dialog.get_by_role("button", name="Open dispute").click()
    await expect(dialog).to_be_hidden()


async def test_from_account_to_charge(page: Page, api: Api) -> None:
    """The bill list with a made and a pending bill, chart, bill, PDF, item and charge."""
    made = await account_with_bill(api, "Bills Down")
    await record_usage(api, made.number, minutes=20)
    await page.goto(f"/accounts/{made.number}")
    await page.get_by_role("tab", name="Bills", exact=True).click()
    bills = page.get_by_role("table", name="Bills")
    await expect(bills.get_by_role("row")).to_have_count(3)
    await expect(bills.get_by_role("row").nth(1)).to_contain_text("Pending")
    await expect(bills.get_by_role("row").nth(1)).to_contain_text("1.00 USD")
    await expect(bills.get_by_role("row").nth(2)).to_contain_text("36.00 USD")
    await expect(page.get_by_role("img", name="Charges of the last twelve bills")).to_be_visible()
    await expect(page.locator(".recharts-bar-rectangle")).to_have_count(2)
    await wait_until_idle(page)
    await check_accessibility(page)

    await bills.get_by_role("link", name=made.bill_number).click()
    await expect(
        page.get_by_role("heading", level=1, name=f"Bill {made.bill_number}")
    ).to_be_visible()
    await check_summary(page, "Charges36.00 USD", "Total due36.00 USD", "36.00 USD")
    pdf = await page.get_by_role("link", name="PDF").get_attribute("href")
    answer = await page.request.get(str(pdf))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    await wait_until_idle(page)
    await check_accessibility(page)

    await page.get_by_role("table", name="Items").get_by_role("link", name=made.item_name).click()
    await expect(page.get_by_role("heading", level=1, name=made.item_name)).to_be_visible()
    await expect(page.locator("dl").first).to_contain_text("Net amount6.00 USD")
    events = page.get_by_role("table", name="Events").get_by_role("row")
    await expect(events.nth(1)).to_contain_text("120 minutes × 0.05 USD = 6.00 USD")
    await wait_until_idle(page)
    await check_accessibility(page)
    explain = page.get_by_role("button", name="Details: Calls abroad")
    await explain.press("Enter")
    dialog = page.get_by_role("dialog", name="Charge details")
    for words in (
        "120 minutes × 0.05 USD = 6.00 USD",
        "Browser minutes (browser-minutes)",
        "Bills Down",
        "internet",
    ):
        await expect(dialog.get_by_text(words).first).to_be_visible()
    await check_accessibility(page)
    await page.keyboard.press("Escape")
    await expect(explain).to_be_focused()
    await page.goto(f"/accounts/{made.number}/bills")
    await expect(page.locator(".recharts-bar-rectangle")).to_have_count(2)
    await check_fits_phone(page)


async def test_bill_on_paper(page: Page, api: Api) -> None:
    """Black on white also in the dark scheme, without navigation and buttons; on one A4 page."""
    name = f"Bills Paper {'of a long name ' * 8}Ltd"
    its = await account_with_charges(api, name)
    await page.emulate_media(color_scheme="dark")
    await page.goto(f"/bills/{its.bill_number}")
    await expect(summary(page)).to_be_visible()
    await wait_until_idle(page)
    await page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("banner", "navigation", "button"):
        await expect(page.get_by_role(hidden)).to_have_count(0)
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_css("color", "rgb(0, 0, 0)")
    await expect(summary(page)).to_have_css("color", "rgb(0, 0, 0)")
    await expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    items = page.get_by_role("table", name="Items")
    await expect(items.locator("xpath=..")).to_have_css("overflow-x", "visible")
    document = PdfDocument(await page.pdf(prefer_css_page_size=True))
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert len(document) == 1
    text = " ".join(document[0].get_textpage().get_text_range().split())
    for words in (f"Bill {its.bill_number}", name, "Purchase fees", "36.00 USD"):
        assert words in text
    link = page.get_by_role("link", name=name)
    assert await link.evaluate("(link) => link.scrollWidth <= link.clientWidth")
    for words in ("Search", "Timeline", "Why?", "Dispute bill"):
        assert words not in text


async def test_why_a_line_is_on_a_bill(page: Page, api: Api) -> None:
    """Rules 6.2, 6.6: the rule of an item with its amounts, and of the lines of the summary."""
    its = await account_with_charges(api, "Bills Why")
    await page.goto(f"/bills/{its.bill_number}")
    await page.get_by_role("button", name=f"Why? {its.item_name}").click()
    why = page.get_by_role("dialog")
    await expect(why).to_contain_text("The usage of this period, and what was recorded late.")
    await expect(why).to_contain_text("6.00 USD")
    await check_accessibility(page)
    await why.get_by_role("link", name="Show its events").click()
    await expect(page.get_by_role("heading", level=1, name=its.item_name)).to_be_visible()
    await page.go_back()
    await page.get_by_role("button", name="Why? Summary").click()
    await expect(why).to_contain_text("The lines add up to the total due.")


@pytest.mark.parametrize("context", [MANAGER], indirect=True)
async def test_disputes_at_each_level_and_partial_settlement(page: Page, admin_api: Api) -> None:
    """The summary of the bill follows; open disputes are listed first."""
    its = await account_with_charges(admin_api, "Bills Disputed")
    await page.goto(f"{its.item_path}?dialog=charge&on={its.charge}")
    await page.get_by_role("dialog").get_by_role("button", name="Dispute charge").click()
    amount = page.get_by_role("dialog").get_by_label("Amount")
    await expect(amount).to_have_value("6.00")
    await dispute(page, "Never called", "2")
    await page.get_by_role("button", name="Dispute item").click()
    await expect(amount).to_have_value("4.00")
    await dispute(page, "Wrong price", "1")
    await (
        page.get_by_role("navigation", name="Breadcrumb")
        .get_by_role("link", name=its.bill_number)
        .click()
    )
    await check_summary(page, "Charges36.00 USD", "Disputed-3.00 USD", "Total due33.00 USD")
    await page.get_by_role("button", name="Dispute bill").click()
    await expect(amount).to_have_value("33.00")
    await dispute(page, "Service did not work", "10.00")
    await check_summary(page, "Charges36.00 USD", "Disputed-13.00 USD", "Total due23.00 USD")
    disputes = page.get_by_role("table", name="Disputes")
    await expect(disputes.get_by_role("row")).to_have_count(4)
    await wait_until_idle(page)
    await check_accessibility(page)

    await disputes.get_by_role("button", name=f"Settle: bill {its.bill_number}").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("Grant in part").click()
    await dialog.get_by_label("Granted").fill("4")
    await dialog.get_by_label("Note").fill("Four days of ten")
    await check_accessibility(page)
    await dialog.get_by_role("button", name="Settle").click()
    await expect(dialog).to_be_hidden()
    await check_summary(
        page, "Charges36.00 USD", "Adjustments-4.00 USD", "Disputed-3.00 USD", "Total due29.00 USD"
    )
    last = disputes.get_by_role("row").last
    for words in (
        "Partly granted",
        "Credited 4.00 USD",
        "Four days of ten",
        "by manager@example.com",
    ):
        await expect(last).to_contain_text(words)
    for name, decision, state in (
        ("Calls abroad", "Deny", "Denied"),
        (its.item_name, "Grant in full", "Granted"),
    ):
        await disputes.get_by_role("button", name=f"Settle: {name}").click()
        await dialog.get_by_text(decision).click()
        await dialog.get_by_role("button", name="Settle").click()
        await expect(disputes.get_by_text(state, exact=True)).to_be_visible()
    await check_summary(page, "Charges36.00 USD", "Adjustments-5.00 USD", "Total due31.00 USD")
    await expect(disputes.get_by_role("button", name="Settle")).to_have_count(0)
    await page.goto(f"/accounts/{its.number}/bills")
    await expect(page.get_by_role("table", name="Disputes").get_by_role("row")).to_have_count(4)


@pytest.mark.parametrize("context", [AGENT], indirect=True)
async def test_too_large_amount_is_marked_at_its_field(page: Page, admin_api: Api) -> None:
    its = await account_with_charges(admin_api, "Bills Too Much")
    await page.goto(f"/bills/{its.bill_number}?dialog=open-dispute&on={its.item}")
    dialog = page.get_by_role("dialog")
    amount = dialog.get_by_label("Amount")
    await dialog.get_by_role("button", name="Open dispute").click()
    await expect(dialog.get_by_label("Reason")).to_have_accessible_description(
        re.compile("Enter a reason.")
    )
    await dialog.get_by_label("Reason").fill("Never called")
    for typed, said in (
        ("six", "Enter an amount, for example 5.00."),
        ("6.01", "up to 6.00 USD of Usage"),
        ("0", "greater than 0"),
    ):
        await amount.fill(typed)
        await dialog.get_by_role("button", name="Open dispute").click()
        await expect(amount).to_have_accessible_description(re.compile(said))
        await expect(amount).to_be_focused()
    await check_accessibility(page)
    await amount.fill("6")
    await dialog.get_by_role("button", name="Open dispute").click()
    await expect(dialog).to_be_hidden()
    await check_summary(page, "Charges36.00 USD", "Disputed-6.00 USD", "Total due30.00 USD")


@pytest.mark.parametrize("context", [AGENT], indirect=True)
async def test_agent_can_open_disputes_only(page: Page, admin_api: Api) -> None:
    """There are no buttons to settle and adjust, and no URL opens the dialogs."""
    its = await account_with_charges(admin_api, "Bills Agent")
    open_one = await open_dispute(admin_api, its)
    for path in (f"/bills/{its.bill_number}", its.item_path, f"/accounts/{its.number}/bills"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await wait_until_idle(page)
        await expect(page.get_by_role("button", name=re.compile("^Settle"))).to_have_count(0)
        await expect(page.get_by_role("button", name=re.compile("^Adjust"))).to_have_count(0)
        await expect(page.get_by_role("button", name=re.compile("^Dispute "))).to_have_count(
            0 if path.startswith("/accounts") else 1
        )
    for address in (f"dialog=settle-dispute&on={open_one}", f"dialog=adjust&on={its.bill}"):
        await page.goto(f"/bills/{its.bill_number}?{address}")
        await expect(page.get_by_role("table", name="Disputes")).to_be_visible()
        await wait_until_idle(page)
        await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("context", [VIEWER], indirect=True)
async def test_viewer_sees_bills_without_actions(page: Page, admin_api: Api) -> None:
    its = await account_with_charges(admin_api, "Bills Viewer")
    await page.goto(f"/bills/{its.bill_number}")
    await check_summary(page, "Charges36.00 USD", "Total due36.00 USD")
    await expect(
        page.get_by_role("button", name=re.compile("Dispute|Adjust|Actions for"))
    ).to_have_count(0)
    await page.goto(f"{its.item_path}?dialog=charge&on={its.charge}")
    dialog = page.get_by_role("dialog", name="Charge details")
    await expect(dialog.get_by_text("120 minutes × 0.05 USD = 6.00 USD")).to_be_visible()
    await expect(dialog.get_by_role("button", name=re.compile("Dispute|Adjust"))).to_have_count(0)


@pytest.mark.parametrize("context", [MANAGER], indirect=True)
async def test_manager_adjusts(page: Page, admin_api: Api) -> None:
    """An item up to its amount; an account on its next bill."""
    its = await account_with_charges(admin_api, "Bills Adjusted")
    await page.goto(f"/bills/{its.bill_number}")
    await page.get_by_role("button", name=f"Actions for {its.item_name}").click()
    await page.get_by_role("menuitem", name="Adjust…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Amount").fill("7")
    await dialog.get_by_label("Reason").fill("Goodwill")
    await dialog.get_by_role("button", name="Credit", exact=True).click()
    await expect(dialog.get_by_label("Amount")).to_have_accessible_description(
        re.compile("Up to 6.00 USD of Usage .* can be credited")
    )
    await check_accessibility(page)
    await dialog.get_by_label("Amount").fill("1.50")
    await dialog.get_by_role("button", name="Credit", exact=True).click()
    await expect(dialog).to_be_hidden()
    await check_summary(page, "Charges36.00 USD", "Adjustments-1.50 USD", "Total due34.50 USD")

    await page.goto(f"/accounts/{its.number}/bills")
    await page.get_by_role("button", name="Adjust account").click()
    await dialog.get_by_text("Charge", exact=True).first.click()
    await dialog.get_by_label("Amount").fill("9")
    await dialog.get_by_label("Reason").fill("Charge forgotten")
    await dialog.get_by_role("button", name="Charge", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("table", name="Bills").get_by_role("row").nth(1)).to_contain_text(
        "43.50 USD"
    )
    await page.get_by_role("tab", name="Timeline").click()
    # The notice of the change ends with a full stop.
    entry = page.get_by_text(f"Charged 9.00 USD: account {its.number}", exact=True)
    await expect(entry).to_be_visible()
    # Two adjustments, the usage and the purchase fee.
    await expect(page.get_by_role("link", name=f"Bill {its.bill_number}")).to_have_count(4)


async def test_paid_account_shows_the_bill_with_its_charges(page: Page, api: Api) -> None:
    payer = await api.new_account("Bills Payer")
    child = await account_with_charges(
        api, "Bills Paid", payer=payer["number"], parentId=payer["id"], parentPays=True
    )
    await page.goto(f"/accounts/{child.number}/bills")
    await expect(
        page.get_by_text("Charges that other accounts pay are on their bills")
    ).to_be_visible()
    brokered = page.get_by_role("table", name=re.compile("billed to other accounts"))
    usage = brokered.get_by_role("row").filter(has_text="6.00 USD")
    await expect(usage).to_contain_text("Bills Payer")
    await wait_until_idle(page)
    await check_accessibility(page)
    await usage.get_by_role("link", name=child.bill_number).click()
    await check_summary(
        page, "Charges0.00 USD", "Charges of accounts it pays for36.00 USD", "Total due36.00 USD"
    )
    of_child = (
        page.get_by_role("table", name="Items").get_by_role("row").filter(has_text="Bills Paid")
    )
    await expect(of_child).to_have_count(2)


async def test_search_finds_a_bill_by_its_number(page: Page, api: Api) -> None:
    its = await account_with_charges(api, "Bills Jump")
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await wait_until_idle(page)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    await page.keyboard.type(its.bill_number.lower())
    await expect(page.get_by_role("dialog").get_by_text(f"Bill {its.bill_number}")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("heading", level=1, name=f"Bill {its.bill_number}")
    ).to_be_visible()


async def test_paid_bill_lists_the_bills_that_owe_its_total(
    page: Page, admin_api: Api, server: Server
) -> None:
    """Rules 6.6: links to the older bills with their open amounts; its own is zero."""
    owed = await account_with_bill(admin_api, "Bills Carried")
    database = Database(f"sqlite:///{server.database}")
    paid = {"current_charges": Decimal(20), "paid": Decimal(-20), "payments": Decimal(-20)}
    try:
        async with Runtime(database, BusinessReader()).unit(ANA) as unit:
            earlier = (
                await unit.session.execute(select(Bill).where(Bill.number == owed.bill_number))
            ).scalar_one()
            end, number = earlier.period_end + timedelta(days=31), f"{owed.bill_number}-later"
            await bill_rows.bill(
                unit, earlier.bill_unit_id, end, number=number, **paid, previous_balance=Decimal(36)
            )
    finally:
        await database.close()
    await page.goto(f"/bills/{number}")
    await check_summary(
        page,
        *(
            "Previous balance36.00 USD",
            "Charges20.00 USD",
            "Payments-20.00 USD",
            "Total due36.00 USD",
        ),
        *("Remaining on this bill0.00 USD", f"Remaining on bill {owed.bill_number}"),
    )
    await expect(summary(page).get_by_role("row").last).to_contain_text("36.00 USD")
    await wait_until_idle(page)
    await check_accessibility(page)
    await summary(page).get_by_role("link", name=owed.bill_number).click()
    await expect(
        page.get_by_role("heading", level=1, name=f"Bill {owed.bill_number}")
    ).to_be_visible()
    await page.go_back()
    await check_fits_phone(page)


async def test_open_bill_behind_a_hundred_paid_ones(
    page: Page, admin_api: Api, server: Server
) -> None:
    """The dialogs of payments offer the oldest open bill, however many bills were made since."""
    account = await admin_api.new_account("Bills Long Ago")
    card = await admin_api.add_card(account["id"])
    open_bill = {"current_charges": Decimal(20)}
    paid = open_bill | {"paid": Decimal(-20)}
    await insert_bills(server, account["number"], open_bill, *[paid] * 100)
    path = f"/accounts/{account['number']}"
    await page.goto(f"{path}?dialog=record-payment&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="Apply to").click()
    await expect(page.get_by_role("option")).to_have_text(["Oldest bills", re.compile("20.00 USD")])
    await page.goto(f"{path}?dialog=charge-now&on={quote(json.dumps([account['id'], card]))}")
    await expect(dialog.get_by_label("Amount")).to_have_value("20.00")


async def test_negative_bill_is_credited_not_paid(
    page: Page, admin_api: Api, server: Server
) -> None:
    """Nobody paid a negative amount: the bill became credit of the account."""
    account = await admin_api.new_account("Bills Negative")
    adjusted = {"adjustments": Decimal(-200), "adjusted": Decimal(-200)}
    bill = {"current_charges": Decimal(80), **adjusted, "paid": Decimal(120)}
    await insert_bills(server, account["number"], bill)
    await page.goto(f"/accounts/{account['number']}/bills")
    row = page.get_by_role("table", name="Bills").get_by_role("row").nth(1)
    await expect(row.get_by_role("cell").nth(-2)).to_have_text("")
    await row.get_by_role("link").click()
    facts = page.locator("dl")
    await expect(facts.first).to_contain_text("Amount-120.00 USDCredited to the account120.00 USD")
    await expect(facts.get_by_text("Paid", exact=True)).to_have_count(1)


async def test_later_changes_to_an_earlier_bill(page: Page, admin_api: Api, server: Server) -> None:
    """They are in the summary of the next bill, but change neither its amount nor what was paid."""
    account = await admin_api.new_account("Bills Changed Later")
    earlier = {"current_charges": Decimal(25), "adjusted": Decimal(-20), "held": Decimal(5)}
    changes = {"adjustments": Decimal(-20), "disputed": Decimal(5)}
    later = {"current_charges": Decimal(30), "previous_balance": Decimal(25)} | changes
    await insert_bills(server, account["number"], earlier, later)
    await page.goto(f"/accounts/{account['number']}/bills")
    row = page.get_by_role("table", name="Bills").get_by_role("row").nth(1)
    cells = row.get_by_role("cell")
    await expect(cells.nth(-3)).to_have_text("30.00 USD")
    await expect(cells.nth(-2)).to_have_text("")
    await expect(cells.nth(-1)).to_have_text("30.00 USD")
    await row.get_by_role("link").click()
    await expect(page.locator("dl").first).to_contain_text("Amount30.00 USDPaid0.00 USD")


async def insert_bills(server: Server, number: str, *bills: dict[str, Decimal]) -> None:
    """Insert bills of an account with these amounts, one for each month from 2010 on."""
    database = Database(f"sqlite:///{server.database}")
    try:
        async with Runtime(database, BusinessReader()).unit(ANA) as unit:
            of_account = select(BillUnit.id).join(Account).where(Account.number == number)
            bill_unit = (await unit.session.execute(of_account)).scalar_one()
            for month, amounts in enumerate(bills):
                end = date(2010, 1, 10) + timedelta(days=31 * month)
                await bill_rows.bill(unit, bill_unit, end, **amounts)
    finally:
        await database.close()
