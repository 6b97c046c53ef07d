"""What a change tells before and after: its money by payer, its conflicts, its entry."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.billing import account_with_charges
from tests.browser.conftest import Api
from tests.browser.page_checks import check_accessibility, wait_until_idle

pytestmark = [pytest.mark.anyio]

PENDING = """query ($id: ID!) { account(id: $id) {
  status deferredActions(filter: { status: [PENDING] }) { nodes { id } }
} }"""
MONTHLY = """mutation { createOffer(input: {
  code: "browser-paid", name: "Browser paid", kind: CHARGE, monthlyFee: "30"
}) { errors { code } } }"""
PURCHASE = """mutation ($input: PurchaseOfferInput!) {
  purchaseOffer(input: $input) { errors { message } }
}"""
CLOSE_ACCOUNT = "mutation ChangeAccountStatus("


def button(inside: Page | Locator, name: str) -> Locator:
    """A button by its exact name."""
    return inside.get_by_role("button", name=name, exact=True)


async def change(page: Page, number: str, account: str, status: str) -> Locator:
    """Open the dialog that sets a status."""
    await page.goto(f"/accounts/{number}?dialog=change-status&on={account}&choice={status}")
    return page.get_by_role("dialog")


async def current(page: Page) -> Locator:
    """The marked entry of the timeline, which is in view."""
    entry = page.locator("[aria-current=true]", has=page.locator("time"))
    await expect(entry).to_have_count(1)
    await expect(entry).to_be_in_viewport()
    return entry


async def expect_another_version(route: Route) -> None:
    """Makes the server refuse the change of a status, as if somebody else had made one before."""
    sent = json.loads(route.request.post_data or "{}")
    if CLOSE_ACCOUNT in sent["query"]:
        sent["variables"]["input"]["expectedVersion"] = 0
    await route.continue_(post_data=json.dumps(sent))


async def test_money_of_paid_accounts_by_payer(page: Page, api: Api) -> None:
    """Rules 2.6, 6.7: what a paid account gives back is on the bill of its payer."""
    await api.ask(MONTHLY)
    payer = await api.new_account("Paying Corp", billingDayOfMonth=1)
    paid = await api.new_account("Paid Spa", parentId=payer["id"], parentPays=True)
    bought = {"accountId": paid["id"], "offerCode": "browser-paid"}
    assert (await api.ask(PURCHASE, input=bought))["purchaseOffer"]["errors"] == []
    dialog = await change(page, paid["number"], paid["id"], "CLOSED")
    await expect(dialog.locator("[data-payers]")).to_have_text(
        re.compile(r"^On the next billsPaying Corp: \d+\.\d\d USD credited$")
    )
    await expect(dialog.locator("[data-money]")).to_contain_text("Browser paid")
    await check_accessibility(page)
    dialog = await change(page, payer["number"], payer["id"], "INACTIVE")
    await expect(dialog.locator("[data-impact]")).to_have_text("2 accounts · 2 services · 1 offer")
    await expect(dialog.locator("[data-payers]")).to_have_count(0)


async def test_money_of_a_move(page: Page, api: Api) -> None:
    """Rules 5.2, 5.3: who pays afterwards, and what moves to whose bill, before it is done."""
    its = await account_with_charges(api, "Moved with charges")
    target = await api.new_account("New Payer")
    await page.goto(f"/accounts/{its.number}?dialog=change-hierarchy&on={its.id}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("New parent").press_sequentially(target["number"])
    await page.get_by_role("option", name="New Payer", exact=False).click()
    await dialog.get_by_role("radio", name="New Payer").check()
    await expect(dialog.locator("[data-payer-changes]")).to_have_text(
        "New Payer pays for Moved with charges. Until now it pays for itself. "
        "36.00 USD of unbilled charges move to the next bill of New Payer."
    )
    await check_accessibility(page)
    await button(dialog, "Change hierarchy").click()
    await expect(dialog).to_be_hidden()
    await button(page.get_by_role("alert"), "Show").click()
    await expect(await current(page)).to_contain_text("Moved account")


async def test_conflicts_are_cancelled_in_the_same_change(page: Page, api: Api) -> None:
    """Rules 4.8: one request; where it fails, the actions stay pending and the dialog says so."""
    account = await api.new_account("One change")
    later = ((await api.now()) + timedelta(days=9)).isoformat()
    await api.change_status(account["id"], "INACTIVE", deferUntil=later)
    sent: list[Any] = []
    page.on("request", lambda asked: sent.append(asked.post_data or ""))
    dialog = await change(page, account["number"], account["id"], "CLOSED")
    await expect(dialog.get_by_label("Cancel it too")).to_be_checked()
    await dialog.get_by_label("I understand").check()
    await page.route("**/graphql", expect_another_version)
    await button(dialog, "Close account").click()
    await expect(dialog.get_by_role("alert").first).to_contain_text("changed since")
    found = (await api.ask(PENDING, id=account["id"]))["account"]
    assert (found["status"], len(found["deferredActions"]["nodes"])) == ("ACTIVE", 1)

    await page.unroute("**/graphql")
    sent.clear()
    await button(dialog, "Close account").click()
    await expect(page.get_by_text("1 deferred action cancelled.")).to_be_visible()
    found = (await api.ask(PENDING, id=account["id"]))["account"]
    assert found == {"status": "CLOSED", "deferredActions": {"nodes": []}}
    # The preview is a mutation too: a dry run.
    made = [it for it in sent if "mutation" in it and "Preview" not in it]
    assert len(made) == 1
    assert CLOSE_ACCOUNT in made[0]


async def test_the_notice_leads_to_the_entry_of_the_timeline(page: Page, api: Api) -> None:
    """Scheduled or made; its address is a link that finds the entry on a later page too."""
    account = await api.new_account("Shown entry")
    dialog = await change(page, account["number"], account["id"], "INACTIVE")
    await button(dialog, "Next Monday").click()
    await button(dialog, "Inactivate on this date").click()
    await expect(dialog).to_be_hidden()
    await button(page.get_by_role("alert"), "Show").click()
    await expect(page).to_have_url(re.compile(r"/events\?entry="))
    await expect(await current(page)).to_contain_text("Requested by admin@example.com")
    await wait_until_idle(page)
    await check_accessibility(page)

    dialog = await change(page, account["number"], account["id"], "INACTIVE")
    await dialog.get_by_label("Reason").fill("To be found")
    await button(dialog, "Inactivate").click()
    await expect(dialog).to_be_hidden()
    await button(page.get_by_role("alert").filter(has_text="inactivated"), "Show").click()
    await expect(await current(page)).to_contain_text("To be found")
    address = page.url
    notes = ", ".join(
        f'n{number}: addNote(input: {{ accountId: "{account["id"]}", text: "Note" }})'
        "{ errors { message } }"
        for number in range(26)
    )
    for _ in range(4):
        await api.ask(f"mutation {{ {notes} }}")
    await page.goto(address)
    await expect(await current(page)).to_contain_text("To be found")
    await expect(page).to_have_url(re.compile(r"after="))
    await (await current(page)).get_by_role("link").first.click()
    await expect(await current(page)).to_contain_text("To be found")


async def test_amounts_and_dates_in_german(page: Page, api: Api) -> None:
    """Typed as in German; what can be two amounts is refused and kept."""
    account = await api.new_account("Beträge")
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    await page.goto(f"/accounts/{account['number']}?dialog=record-payment&on={account['id']}")
    dialog = page.get_by_role("dialog")
    amount = dialog.get_by_label("Betrag")
    await amount.fill("12,5x")
    await dialog.get_by_role("textbox", name="Verwendungszweck").fill("DE-1")
    await page.keyboard.press("Enter")
    await expect(amount).to_have_attribute("aria-invalid", "true")
    await expect(amount).to_have_value("12,5x")
    await amount.fill("1.234,50")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-balance]")).to_have_text("1.234,50 USD Guthaben")

    await page.goto(f"/accounts/{account['number']}?dialog=purchase-offer&on={account['id']}")
    quantity = dialog.get_by_label("Menge")
    await quantity.fill("1.234")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_text("Das kann 1234 oder 1,234 sein.")).to_be_visible()
    await expect(quantity).to_have_value("1.234")
    await check_accessibility(page)

    dialog = await change(page, account["number"], account["id"], "INACTIVE")
    field = dialog.get_by_label("Reaktivieren am")
    for typed in ("übermorgen um 9:15 Uhr", "+2 Wochen", "Monatsende", "nächsten Freitag"):
        await field.fill(typed)
        await field.press("Tab")
        await expect(field).to_have_value(re.compile(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$"))
    await field.fill("irgendwann")
    await field.press("Tab")
    await expect(field).to_have_value("irgendwann")
    await expect(field).to_have_attribute("aria-invalid", "true")


async def test_whether_a_service_may_be_used(page: Page, api: Api) -> None:
    """Rules 7.5: also of an active service, whose account has reached its credit limit."""
    its = await account_with_charges(api, "Limited", creditLimit="10")
    await page.goto(f"/accounts/{its.number}/assets")
    await page.get_by_role("button", name="Actions for internet").click()
    await page.get_by_role("menuitem", name="May it be used?").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-authorization]")).to_contain_text(
        "Usage is denied: the credit limit of the account or payer is reached."
    )
    await expect(dialog).to_contain_text("36.00 USD")
    await expect(dialog).to_contain_text("10.00 USD")
    await check_accessibility(page)


async def test_undo_leaves_what_others_changed_since(page: Page, api: Api) -> None:
    """It would reopen what another agent has closed, or take back another move."""
    account = await api.new_account("Undone late")
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=INACTIVE"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Inactivate", exact=True).click()
    undo = page.get_by_role("alert").get_by_role("button", name="Undo")
    await expect(undo).to_be_visible()
    await api.change_status(account["id"], "CLOSED")
    await undo.click()
    await expect(page.get_by_text("changed since")).to_be_visible()
    moved, first, second = [await api.new_account(f"Undone move {it}") for it in range(3)]
    await page.goto(f"/accounts/{moved['number']}?dialog=change-hierarchy&on={moved['id']}")
    await dialog.get_by_label("New parent").press_sequentially(first["number"])
    await page.get_by_role("option", name=first["number"], exact=False).click()
    await dialog.get_by_role("button", name="Change hierarchy", exact=True).click()
    await expect(undo).to_be_visible()
    await api.ask(
        """mutation ($child: ID!, $parent: ID!) {
          changeHierarchy(input: {accountId: $child, parentId: $parent}) { errors { message } }
        }""",
        child=moved["id"],
        parent=second["id"],
    )
    await undo.click()
    await expect(page.get_by_text("changed since")).to_be_visible()
    query = "query ($id: ID!) { account(id: $id) { status parent { number } } }"
    found = [(await api.ask(query, id=it["id"]))["account"] for it in (account, moved)]
    assert found == [
        {"status": "CLOSED", "parent": None},
        {"status": "ACTIVE", "parent": {"number": second["number"]}},
    ]
