"""Payment methods, collected and recorded payments, overdue bills, the catalog, a bill day."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Api
from tests.browser.page_checks import (
    check_accessibility,
    check_fits_phone,
    go_to,
    wait_until_idle,
)
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

STEPS = [
    "Deferred actions",
    "Monthly fees",
    "Nonpaying bill units",
    "Bills",
    "Purchase fees",
    "Payments",
]
EDITABLE = "input:not([type=hidden]), textarea, select, [contenteditable=true]"


@pytest.fixture
async def short_payment_term(api: Api, real_time: None) -> AsyncIterator[None]:
    """A payment term of one day during the test."""
    before = (await api.ask("{ settings { paymentTermDays } }"))["settings"]["paymentTermDays"]
    await set_payment_term(api, 1)
    yield
    await set_payment_term(api, before)


async def set_payment_term(api: Api, days: int) -> None:
    """Set the days from the billing of a bill to its due date."""
    document = """mutation ($days: Int!) {
      updateSettings(input: { paymentTermDays: $days }) { errors { message } }
    }"""
    assert (await api.ask(document, days=days))["updateSettings"]["errors"] == []


async def account_with_bill(api: Api, name: str, *, token: str | None = None) -> dict[str, Any]:
    """An account with a plan of 30 a month, two days after the due date of its first bill."""
    now = await api.now()
    account = await api.new_account(name, billingDayOfMonth=(now + timedelta(days=1)).day)
    if token:
        await api.add_card(account["id"], token)
    code = f"plan-{uuid4().hex[:8]}"
    document = "mutation ($input: {}!) {{ {}(input: $input) {{ errors {{ message }} }} }}"
    for kind, field, given in (
        (
            "CreateOfferInput",
            "createOffer",
            {"code": code, "name": "Plan", "kind": "CHARGE", "monthlyFee": "30"},
        ),
        ("PurchaseOfferInput", "purchaseOffer", {"accountId": account["id"], "offerCode": code}),
    ):
        done = await api.ask(document.format(kind, field), input=given)
        assert done[field]["errors"] == [], done
    await api.set_clock(now + timedelta(days=4))
    account["run"] = await run_bill_day(api)
    return account


async def run_bill_day(api: Api) -> str:
    """Run today's bill day and wait for its end; returns the newest run that made bills."""
    start = "mutation { startJob(input: { kind: BILL_DAY }) { jobRun { id } } }"
    run_id = (await api.ask(start))["startJob"]["jobRun"]["id"]
    runs = "{ jobRuns(first: 10) { nodes { id status kind totals { kind } } } }"

    async def finished_runs() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = (await api.ask(runs))["jobRuns"]["nodes"]
        started = next(run for run in found if run["id"] == run_id)
        return found if started["status"].startswith("DONE") else None

    found = await wait_for(finished_runs, PATIENCE, "The bill day did not end.")
    return str(next(run["id"] for run in found if {"kind": "BILLS_MADE"} in run["totals"]))


def balance(page: Page) -> Locator:
    """The balance in the header of the account."""
    return page.locator("[data-balance]")


async def select_option(page: Page, field: Locator, option: str) -> None:
    """Select an option by name."""
    await field.click()
    await page.get_by_role("option", name=option).click()


async def test_add_card_and_edit_its_expiration(page: Page, api: Api) -> None:
    """A card needs a token of the gateway; only its expiration can be edited."""
    account = await api.new_account("Card Holder")
    await page.goto(f"/accounts/{account['number']}/payments")
    await expect(page.get_by_text("No payment methods")).to_be_visible()
    await page.get_by_role("button", name="Add payment method").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Card numbers are never entered here.")).to_be_visible()
    await dialog.get_by_role("button", name="Add payment method").click()
    await expect(dialog.get_by_text("Enter the token from the gateway")).to_be_visible()
    await dialog.get_by_role("textbox", name="Token").fill("4111 1111 1111 1111")
    await dialog.get_by_role("textbox", name="Brand").fill("Visa")
    await dialog.get_by_role("textbox", name="Last four digits").fill("4242")
    await dialog.get_by_role("textbox", name="Expires").fill("03/31")
    await dialog.get_by_role("button", name="Add payment method").click()
    await expect(dialog.get_by_text("Card numbers aren't accepted")).to_be_visible()
    await dialog.get_by_role("textbox", name="Token").fill("tok_ok")
    await dialog.get_by_role("button", name="Add payment method").click()
    await expect(dialog).to_be_hidden()
    card = page.get_by_role("listitem").filter(has_text="Visa ···· 4242")
    await expect(card).to_contain_text("expires 03/2031")
    await expect(card).to_contain_text("Default")

    await card.get_by_role("button", name="Edit expiration of Visa ···· 4242").click()
    await expect(dialog.get_by_text("Only the expiration date can be edited.")).to_be_visible()
    await expect(dialog.locator(EDITABLE)).to_have_count(1)
    field = dialog.get_by_role("textbox", name="Expires")
    await expect(field).to_be_focused()
    await field.fill("13/33")
    await dialog.get_by_role("button", name="Save").click()
    await expect(field).to_have_accessible_description("Enter month and year, for example 08/30.")
    await field.fill("0333")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    await expect(card).to_contain_text("expires 03/2033")


async def test_other_payment_methods_cannot_be_edited(page: Page, api: Api) -> None:
    """An invoice has no expiration to edit; it can be made the default."""
    account = await api.new_account("By Invoice")
    await api.add_card(account["id"])
    await page.goto(
        f"/accounts/{account['number']}/payments?dialog=add-payment-method&on={account['id']}"
    )
    dialog = page.get_by_role("dialog")
    await select_option(page, dialog.get_by_role("combobox", name="Kind"), "Invoice")
    await expect(dialog.get_by_role("textbox", name="Token")).to_have_count(0)
    await dialog.get_by_label("Make default").uncheck()
    await dialog.get_by_role("button", name="Add payment method").click()
    await expect(dialog).to_be_hidden()
    invoice = page.get_by_role("listitem").filter(has_text="Customer pays by the due date")
    await expect(invoice.get_by_role("button", name="Edit", exact=False)).to_have_count(0)
    await invoice.get_by_role("button", name="Make default: Invoice").click()
    await expect(invoice).to_contain_text("Default")
    found = await api.ask(
        "query ($id: ID!) { account(id: $id) { paymentMethods { id kind } } }", id=account["id"]
    )
    [method] = [it["id"] for it in found["account"]["paymentMethods"] if it["kind"] == "INVOICE"]
    await page.goto(f"/accounts/{account['number']}/payments?dialog=edit-expiration&on={method}")
    await expect(dialog.get_by_text("There is no credit card with this id")).to_be_visible()
    await expect(dialog.locator(EDITABLE)).to_have_count(0)


async def test_expiring_card_is_marked(page: Page, api: Api) -> None:
    """A card expires in the current month of the business clock."""
    account, now = await api.new_account("Expiring"), await api.now()
    await api.add_card(account["id"], expirationMonth=now.month, expirationYear=now.year)
    await page.goto(f"/accounts/{account['number']}/payments")
    await expect(page.locator("[data-validity=expiring]")).to_contain_text(
        "expires at the end of this month"
    )


async def test_overdue_bill_is_paid(page: Page, api: Api, short_payment_term: None) -> None:
    """Every tab shows the overdue banner; after a partial and a full payment it disappears."""
    account = await account_with_bill(api, "Late Payer")
    await page.goto(f"/accounts/{account['number']}")
    banner = page.get_by_role("region", name="Overdue since")
    await expect(banner).to_be_visible()
    overdue = await api.ask(
        """query ($id: ID!) { account(id: $id) {
          overdue { amount } bills(first: 5) { nodes { number status } }
        } }""",
        id=account["id"],
    )
    owed = overdue["account"]["overdue"]["amount"]
    [bill] = [it["number"] for it in overdue["account"]["bills"]["nodes"] if it["status"] == "OPEN"]
    sentence = page.get_by_text(f"{float(owed):.2f} USD overdue", exact=True)
    await expect(sentence).to_be_visible()
    await expect(page.get_by_text("overdue since", exact=False)).to_have_count(1)
    await expect(banner).to_contain_text(
        "A payment with an invalid card will inactivate this account."
    )
    await expect(balance(page)).to_have_text(f"{float(owed):.2f} USD")
    await page.get_by_role("tab", name="Timeline").click()
    await expect(banner).to_be_visible()
    await wait_until_idle(page)
    await check_accessibility(page)

    await banner.get_by_role("button", name="Record a payment").click()
    dialog = page.get_by_role("dialog")
    amount = dialog.get_by_role("textbox", name="Amount")
    await expect(amount).to_have_value(f"{float(owed):.2f}")
    await dialog.get_by_role("button", name="Record payment").click()
    await expect(dialog.get_by_text("Enter the reference of the payment")).to_be_visible()
    await amount.fill("10.001")
    await dialog.get_by_role("textbox", name="Reference").fill("TRANSFER-1")
    await select_option(
        page, dialog.get_by_role("combobox", name="Apply to"), f"{bill}: {float(owed):.2f} USD open"
    )
    await expect(amount).to_have_value("10.001")
    await dialog.get_by_role("button", name="Record payment").click()
    await expect(dialog.get_by_text("10.001 has too many decimals for USD")).to_be_visible()
    await amount.fill("10")
    await dialog.get_by_role("button", name="Record payment").click()
    await expect(dialog).to_be_hidden()
    rest = f"{float(owed) - 10:.2f} USD"
    await expect(balance(page)).to_have_text(rest)
    await expect(page.get_by_text(f"{rest} overdue", exact=True)).to_be_visible()

    await page.get_by_role("tab", name="Payments").click()
    row = page.get_by_role("table", name="Payments").get_by_role("row").nth(1)
    await expect(row).to_contain_text(
        re.compile(f"10.00 USD.*Succeeded.*Payment received.*{bill}.*TRANSFER-1")
    )
    await page.get_by_role("button", name="Record a payment").last.click()
    await select_option(
        page, dialog.get_by_role("combobox", name="Apply to"), f"{bill}: {rest} open"
    )
    await dialog.get_by_role("textbox", name="Reference").fill("TRANSFER-2")
    await dialog.get_by_role("button", name="Record payment").click()
    await expect(dialog).to_be_hidden()
    await expect(banner).to_have_count(0)
    await expect(balance(page)).to_have_text("0.00 USD")
    await expect(page.get_by_role("table", name="Payments").get_by_role("row")).to_have_count(3)


async def test_failed_card(page: Page, api: Api, short_payment_term: None) -> None:
    """The account is inactive; the banner explains how to reactivate it, the payment its error."""
    account = await account_with_bill(api, "Expired Card", token="tok_expired")
    await page.goto(f"/accounts/{account['number']}/payments")
    banner = page.get_by_role("region", name="Overdue since")
    await expect(banner).to_contain_text("A payment failed, so the account was inactivated.")
    row = page.get_by_role("table", name="Payments").get_by_role("row").nth(1)
    await expect(row).to_contain_text(re.compile("Failed.*Card expired.*Visa ···· 4242"))
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)
    await page.set_viewport_size({"width": 1280, "height": 800})
    await banner.get_by_role("button", name="Record a payment").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Reference").fill("CASH")
    await dialog.get_by_role("button", name="Record payment").click()
    await expect(dialog).to_be_hidden()
    await expect(banner).to_have_count(0)
    await expect(page.locator("[data-why]")).to_have_count(0)


async def test_bill_day_shows_steps_and_totals(
    page: Page, api: Api, short_payment_term: None
) -> None:
    """The completed steps with their counts, and the totals."""
    account = await account_with_bill(api, "Billed", token="tok_ok")
    await page.goto(f"/jobs/{account['run']}")
    steps = page.get_by_role("list", name="Steps").get_by_role("listitem")
    await expect(steps).to_have_text(
        [re.compile(f"^{name}(Completed|Nothing)") for name in [*STEPS, "Overdue accounts"]]
    )
    run = await api.ask(
        """query ($id: ID!) { node(id: $id) { ... on JobRun {
          steps { name done } totals { kind count sum { currency } }
          quarantined(first: 1) { totalCount }
        } } }""",
        id=account["run"],
    )
    done = {it["name"]: it["done"] for it in run["node"]["steps"]}
    assert done["bills"] > 0
    await expect(page.locator("[data-step=bills]")).to_contain_text(f"Completed · {done['bills']}")
    made = sum(it["count"] for it in run["node"]["totals"] if it["kind"] == "BILLS_MADE")
    assert made > 0
    totals = page.get_by_role("region", name="Totals")
    await expect(totals.locator("dt")).to_have_text(
        ["Bills made", "Payments collected", "Payments failed", "Quarantined", "Overdue now"]
    )
    await expect(totals.locator("dd").first).to_contain_text(
        re.compile(r"\d+ bills?.*\d\.\d\d USD")
    )
    await expect(totals.locator("dd").nth(1)).to_contain_text(
        re.compile(r"\d+ payments?.*\d\.\d\d USD")
    )
    await expect(totals.locator("dd").nth(3)).to_have_text(
        f"{run['node']['quarantined']['totalCount']} accounts"
    )
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)


async def test_catalog(page: Page) -> None:
    """Opened by a shortcut, searched and filtered in the URL; a new offer appears immediately."""
    code = f"TEST-{uuid4().hex[:6]}"
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await go_to(page, "o")
    await expect(page.get_by_role("heading", level=1, name="Catalog")).to_be_visible()
    table = page.get_by_role("table", name="Offers")
    await page.get_by_role("button", name="New offer").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Code").fill(code)
    await dialog.get_by_role("textbox", name="Name").fill("Loyal for ever")
    await dialog.get_by_role("textbox", name="Monthly fee in USD").fill("9.90")
    await dialog.get_by_text("Discount offer").click()
    await expect(dialog.get_by_role("textbox", name="Monthly fee in USD")).to_have_count(0)
    await dialog.get_by_role("textbox", name="Per cent off the monthly fee").fill("101")
    await dialog.get_by_role("button", name="Create offer").click()
    await expect(dialog.get_by_text("A discount must be from 0 to 100 percent")).to_be_visible()
    await dialog.get_by_role("textbox", name="Per cent off the monthly fee").fill("12.5")
    await dialog.get_by_role("button", name="Create offer").click()
    await expect(dialog).to_be_hidden()
    row = table.get_by_role("row").filter(has_text=code)
    await expect(row).to_contain_text(
        re.compile("Loyal for ever.*Discount offer.*the account.*12.5 % off")
    )

    await page.get_by_role("searchbox", name="Search offers").fill(f"ever {code.lower()}")
    await expect(table.get_by_role("row")).to_have_count(2)
    await expect(row).to_be_visible()
    await page.get_by_role("button", name="Kind").click()
    await page.get_by_label("Charge offer").check()
    await expect(page.get_by_text("No offer matches")).to_be_visible()
    await expect(page).to_have_url(re.compile("CHARGE"))
    await page.get_by_role("button", name="Clear filters").last.click()
    await expect(row).to_be_visible()

    await page.get_by_role("button", name="New offer").click()
    await dialog.get_by_role("textbox", name="Code").fill(code)
    await dialog.get_by_role("textbox", name="Name").fill("Another")
    await dialog.get_by_role("button", name="Create offer").click()
    await expect(dialog.get_by_text(f"Offer code {code} is taken")).to_be_visible()


@pytest.mark.parametrize("context", ["viewer@example.com"], indirect=True)
async def test_viewer_sees_payments_without_actions(page: Page, api: Api) -> None:
    """A viewer sees no button of an action, also in the catalog and on the jobs page."""
    found = await api.ask("{ accounts(first: 1) { nodes { number } } }")
    await page.goto(f"/accounts/{found['accounts']['nodes'][0]['number']}/payments")
    await expect(page.get_by_role("heading", level=2, name="Payment methods")).to_be_visible()
    await wait_until_idle(page)
    for word in ("Add payment method", "Record a payment", "Edit expiration", "Make default"):
        await expect(page.get_by_role("button", name=word)).to_have_count(0)
