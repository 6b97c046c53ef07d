"""Bills from the account down to the explanation of a charge; disputes and adjustments at each level."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.async_api import Browser, Locator, Page, StorageState, expect
from sqlalchemy import select

from tenure.billing.bills.models import Bill
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import bill_rows
from tests.browser.billing import billed, called, charged, disputed
from tests.browser.conftest import Api, Server
from tests.browser.looks import accessible, fits, settled
from tests.conftest import ANA

pytestmark = [pytest.mark.anyio]

AGENT, MANAGER, VIEWER = (f"{person}@example.com" for person in ("agent", "manager", "viewer"))


@pytest.fixture
async def office(
    browser: Browser, server: Server, signed_in: dict[str, StorageState]
) -> AsyncIterator[Api]:
    """An admin, who puts in what agents and managers then have before them."""
    context = await browser.new_context(
        base_url=server.address, storage_state=signed_in["admin@example.com"]
    )
    yield Api(context, server.address)
    await context.close()


def total(page: Page) -> Locator:
    """How the total of the bill on the screen comes about."""
    return page.get_by_role("table", name="Summary")


async def adds_up(page: Page, *lines: str) -> None:
    """The lines of the total, from top to bottom: it may take a moment until the page has read it anew."""
    rows = total(page).get_by_role("row")
    await expect(rows).to_have_text([re.compile(re.escape(line)) for line in lines])


async def dispute(page: Page, reason: str, amount: str | None = None) -> None:
    """Fills in the dialog and sends it."""
    dialog = page.get_by_role("dialog", name=re.compile("^Dispute "))
    await dialog.get_by_label("Reason").fill(reason)
    if amount is not None:
        await dialog.get_by_label("Amount").fill(amount)
    await dialog.get_by_role("button", name="Open dispute").click()
    await expect(dialog).to_be_hidden()


async def test_from_the_account_down_to_the_charge(page: Page, api: Api) -> None:
    """The list with the bill that is made and the one that runs, the chart, the bill, its PDF, the item, the charge."""
    made = await billed(api, "Bills Down")
    await called(api, made.number, minutes=20)
    await page.goto(f"/accounts/{made.number}")
    await page.get_by_role("tab", name="Bills", exact=True).click()
    bills = page.get_by_role("table", name="Bills")
    await expect(bills.get_by_role("row")).to_have_count(3)
    await expect(bills.get_by_role("row").nth(1)).to_contain_text("Pending")
    await expect(bills.get_by_role("row").nth(1)).to_contain_text("1.00 USD37.00 USD")
    await expect(bills.get_by_role("row").nth(2)).to_contain_text("36.00 USD")
    await expect(page.get_by_role("img", name="Charges of the last twelve bills")).to_be_visible()
    await expect(page.locator(".recharts-bar-rectangle")).to_have_count(2)
    await settled(page)
    await accessible(page)

    await bills.get_by_role("link", name=made.bill_number).click()
    await expect(
        page.get_by_role("heading", level=1, name=f"Bill {made.bill_number}")
    ).to_be_visible()
    await adds_up(page, "Charges36.00 USD", "Total due36.00 USD", "36.00 USD")
    pdf = await page.get_by_role("link", name="PDF").get_attribute("href")
    answer = await page.request.get(str(pdf))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    await settled(page)
    await accessible(page)

    await page.get_by_role("table", name="Items").get_by_role("link", name=made.item_name).click()
    await expect(page.get_by_role("heading", level=1, name=made.item_name)).to_be_visible()
    events = page.get_by_role("table", name="Events").get_by_role("row")
    await expect(events.nth(1)).to_contain_text("120 minutes × 0.05 USD = 6.00 USD")
    await settled(page)
    await accessible(page)
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
    await accessible(page)
    await page.keyboard.press("Escape")
    await expect(explain).to_be_focused()
    await page.goto(f"/accounts/{made.number}/bills")
    await expect(page.locator(".recharts-bar-rectangle")).to_have_count(2)
    await fits(page)


@pytest.mark.parametrize("context", [MANAGER], indirect=True)
async def test_disputed_at_each_level_and_settled_in_part(page: Page, office: Api) -> None:
    """The sums of the bill follow, and say how they come about; open disputes stand first."""
    its = await charged(office, "Bills Disputed")
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
    await adds_up(page, "Charges36.00 USD", "Disputed-3.00 USD", "Total due33.00 USD")
    await page.get_by_role("button", name="Dispute bill").click()
    await expect(amount).to_have_value("33.00")
    await dispute(page, "Service did not work", "10.00")
    await adds_up(page, "Charges36.00 USD", "Disputed-13.00 USD", "Total due23.00 USD")
    disputes = page.get_by_role("table", name="Disputes")
    await expect(disputes.get_by_role("row")).to_have_count(4)
    await settled(page)
    await accessible(page)

    await disputes.get_by_role("button", name=f"Settle: bill {its.bill_number}").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("Grant in part").click()
    await dialog.get_by_label("Granted").fill("4")
    await dialog.get_by_label("Note").fill("Four days of ten")
    await accessible(page)
    await dialog.get_by_role("button", name="Settle").click()
    await expect(dialog).to_be_hidden()
    await adds_up(
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
    await adds_up(page, "Charges36.00 USD", "Adjustments-5.00 USD", "Total due31.00 USD")
    await expect(disputes.get_by_role("button", name="Settle")).to_have_count(0)
    await page.goto(f"/accounts/{its.number}/bills")
    await expect(page.get_by_role("table", name="Disputes").get_by_role("row")).to_have_count(4)


@pytest.mark.parametrize("context", [AGENT], indirect=True)
async def test_too_much_is_said_at_its_field(page: Page, office: Api) -> None:
    its = await charged(office, "Bills Too Much")
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
    await accessible(page)
    await amount.fill("6")
    await dialog.get_by_role("button", name="Open dispute").click()
    await expect(dialog).to_be_hidden()
    await adds_up(page, "Charges36.00 USD", "Disputed-6.00 USD", "Total due30.00 USD")


@pytest.mark.parametrize("context", [AGENT], indirect=True)
async def test_an_agent_opens_but_neither_settles_nor_adjusts(page: Page, office: Api) -> None:
    """No button for it, and no address opens the dialog."""
    its = await charged(office, "Bills Agent")
    open_one = await disputed(office, its)
    for path in (f"/bills/{its.bill_number}", its.item_path, f"/accounts/{its.number}/bills"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await settled(page)
        await expect(page.get_by_role("button", name=re.compile("^Settle"))).to_have_count(0)
        await expect(page.get_by_role("button", name=re.compile("^Adjust"))).to_have_count(0)
        await expect(page.get_by_role("button", name=re.compile("^Dispute "))).to_have_count(
            0 if path.startswith("/accounts") else 1
        )
    for address in (f"dialog=settle-dispute&on={open_one}", f"dialog=adjust&on={its.bill}"):
        await page.goto(f"/bills/{its.bill_number}?{address}")
        await expect(page.get_by_role("table", name="Disputes")).to_be_visible()
        await settled(page)
        await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("context", [VIEWER], indirect=True)
async def test_a_viewer_reads_it_all_and_changes_nothing(page: Page, office: Api) -> None:
    its = await charged(office, "Bills Viewer")
    await page.goto(f"/bills/{its.bill_number}")
    await adds_up(page, "Charges36.00 USD", "Total due36.00 USD")
    await expect(
        page.get_by_role("button", name=re.compile("Dispute|Adjust|Actions for"))
    ).to_have_count(0)
    await page.goto(f"{its.item_path}?dialog=charge&on={its.charge}")
    dialog = page.get_by_role("dialog", name="Charge details")
    await expect(dialog.get_by_text("120 minutes × 0.05 USD = 6.00 USD")).to_be_visible()
    await expect(dialog.get_by_role("button", name=re.compile("Dispute|Adjust"))).to_have_count(0)


@pytest.mark.parametrize("context", [MANAGER], indirect=True)
async def test_a_manager_credits_and_charges(page: Page, office: Api) -> None:
    """Of an item, not more than is there; of the account, on its next bill."""
    its = await charged(office, "Bills Adjusted")
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
    await accessible(page)
    await dialog.get_by_label("Amount").fill("1.50")
    await dialog.get_by_role("button", name="Credit", exact=True).click()
    await expect(dialog).to_be_hidden()
    await adds_up(page, "Charges36.00 USD", "Adjustments-1.50 USD", "Total due34.50 USD")

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
    await page.get_by_role("tab", name="Events").click()
    await expect(page.get_by_text(f"Charged 9.00 USD: account {its.number}")).to_be_visible()
    # Two adjustments, the usage and the purchase fee.
    await expect(page.get_by_role("link", name=f"Bill {its.bill_number}")).to_have_count(4)


async def test_who_is_paid_sees_on_whose_bill_its_charges_are(page: Page, api: Api) -> None:
    payer = await api.new_account("Bills Payer")
    child = await charged(
        api, "Bills Paid", payer=payer["number"], parentId=payer["id"], parentPays=True
    )
    await page.goto(f"/accounts/{child.number}/bills")
    await expect(
        page.get_by_text("Charges that other accounts pay are on their bills")
    ).to_be_visible()
    brokered = page.get_by_role("table", name=re.compile("billed to other accounts"))
    usage = brokered.get_by_role("row").filter(has_text="6.00 USD")
    await expect(usage).to_contain_text("Bills Payer")
    await settled(page)
    await accessible(page)
    await usage.get_by_role("link", name=child.bill_number).click()
    await adds_up(
        page, "Charges0.00 USD", "Charges of accounts it pays for36.00 USD", "Total due36.00 USD"
    )
    of_child = (
        page.get_by_role("table", name="Items").get_by_role("row").filter(has_text="Bills Paid")
    )
    await expect(of_child).to_have_count(2)


async def test_a_bill_is_jumped_to_by_its_number(page: Page, api: Api) -> None:
    its = await charged(api, "Bills Jump")
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    await page.keyboard.type(its.bill_number.lower())
    await expect(page.get_by_role("dialog").get_by_text(f"Bill {its.bill_number}")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("heading", level=1, name=f"Bill {its.bill_number}")
    ).to_be_visible()


async def test_a_paid_bill_names_the_bills_that_owe_its_total(
    page: Page, office: Api, server: Server
) -> None:
    """Rules 6.6: each with what remains of it, by its link; what remains of the bill itself is nothing."""
    owed = await billed(office, "Bills Carried")
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
    await adds_up(
        page,
        *(
            "Previous balance36.00 USD",
            "Charges20.00 USD",
            "Payments-20.00 USD",
            "Total due36.00 USD",
        ),
        *("Remaining on this bill0.00 USD", f"Remaining on bill {owed.bill_number}"),
    )
    await expect(total(page).get_by_role("row").last).to_contain_text("36.00 USD")
    await settled(page)
    await accessible(page)
    await total(page).get_by_role("link", name=owed.bill_number).click()
    await expect(
        page.get_by_role("heading", level=1, name=f"Bill {owed.bill_number}")
    ).to_be_visible()
    await page.go_back()
    await fits(page)
