"""The previews of changes: what they say if they cannot be loaded, and who pays afterwards."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.billing import account_with_charges
from tests.browser.conftest import Api
from tests.browser.console import NO_NETWORK, Console
from tests.browser.page_checks import check_accessibility

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

NOT_LOADED = "Couldn't load the preview"
BILL_UNITS = "query ($id: ID!) { account(id: $id) { billUnits { id } } }"
STATUS_5XX = re.compile(r"Failed to load resource: the server responded with a status of 50\d .*")


async def no_network(route: Route) -> None:
    """The request does not reach the server."""
    await route.abort()


async def bad_gateway(route: Route) -> None:
    """A proxy answers, with a page."""
    await route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")


async def timed_out(route: Route) -> None:
    """The server answers that it has no answer."""
    error = {"message": "The request took too long.", "extensions": {"code": "TIMED_OUT"}}
    await route.fulfill(status=503, json={"data": None, "errors": [error]})


FAULTS = {"no network": no_network, "bad gateway": bad_gateway, "timed out": timed_out}
# The dialog, what is picked in it, and its button.
CHANGES = {
    "account": ("change-status&on={id}&choice=INACTIVE", None, "Inactivate"),
    "service": ("change-status&on={service}&choice=INACTIVE", None, "Inactivate"),
    "accounts": ("change-statuses&on={number}", None, "Inactivate 1 account"),
    "parent": ("change-hierarchy&on={id}", "New parent", "Change hierarchy"),
    "payer": ("change-payer&on={unit}", "Paying account", "Change payer"),
}


async def break_previews(page: Page, fault: Callable[[Route], Awaitable[None]]) -> None:
    """Only requests of dry runs fail."""

    async def handle(route: Route) -> None:
        if "tenure-dry-run" in route.request.headers:
            await fault(route)
        else:
            await route.continue_()

    await page.route("**/graphql", handle)


async def test_what_a_new_bill_unit_affects(page: Page, api: Api) -> None:
    """Its first bill; with a payer, on whose bills it is; and why the server refuses it."""
    payer = await api.new_account("Unit Payer", billingDayOfMonth=9)
    account = await api.new_account("Unit Owner", billingDayOfMonth=9)
    await page.goto(f"/accounts/{account['number']}?dialog=add-bill-unit&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("monthly on day 9.")).to_be_visible()
    await expect(dialog.get_by_text("Status: Active, as now")).to_be_visible()
    await dialog.get_by_label("Billing day of month").fill("17")
    await expect(dialog.get_by_text("monthly on day 17.")).to_be_visible()
    await dialog.get_by_label("Another account").check()
    await dialog.get_by_label("Paying account").fill(payer["number"])
    await page.get_by_role("option").filter(has_text="Unit Payer").click()
    await expect(dialog.get_by_text("This is not possible")).to_be_visible()
    await dialog.get_by_label("Billing day of month").fill("")
    await expect(dialog.get_by_text("Unit Payer pays for it.")).to_be_visible()
    await check_accessibility(page)
    units = await api.ask(BILL_UNITS, id=account["id"])
    assert len(units["account"]["billUnits"]) == 1


async def first_unit(api: Api, account: str) -> str:
    """The id of the default bill unit of an account."""
    found = await api.ask(BILL_UNITS, id=account)
    return str(found["account"]["billUnits"][0]["id"])


async def pick(page: Page, dialog: Locator, label: str, number: str) -> None:
    """Choose an account in a field."""
    await dialog.get_by_label(label).press_sequentially(number)
    await page.get_by_role("option", name=number, exact=False).click()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("change", CHANGES)
async def test_preview_that_is_not_loaded_says_so_and_does_not_block(
    page: Page, api: Api, console: Console, change: str, fault: str
) -> None:
    """It is no refusal: the change can be made, and the preview tried again."""
    address, label, submit = CHANGES[change]
    account = await api.new_account(f"Previewed {change} {fault}")
    other = await api.new_account(f"Other {change} {fault}")
    its = {**account, "unit": await first_unit(api, account["id"])}
    console.allow(NO_NETWORK, STATUS_5XX)
    await break_previews(page, FAULTS[fault])
    await page.goto(f"/accounts/{account['number']}?dialog={address.format(**its)}")
    dialog = page.get_by_role("dialog")
    if label:
        await pick(page, dialog, label, other["number"])
    notice = dialog.get_by_role("alert").filter(has_text=NOT_LOADED)
    await expect(notice).to_be_visible()
    await expect(dialog.get_by_text("not possible", exact=False)).to_have_count(0)
    button = dialog.get_by_role("button", name=submit, exact=True)
    await expect(button).to_be_enabled()
    if fault == "no network":
        await check_accessibility(page)
    await page.unroute_all()
    await notice.get_by_role("button", name="Try again").click()
    await expect(notice).to_have_count(0)
    await expect(dialog.locator("[data-impact]")).to_be_visible()
    await break_previews(page, FAULTS[fault])
    await button.click()
    await expect(dialog).to_be_hidden()


async def test_refusal_is_no_fault(page: Page, api: Api) -> None:
    account = await api.new_account("Refused")
    await page.goto(f"/accounts/{account['number']}?dialog=change-hierarchy&on={account['id']}")
    dialog = page.get_by_role("dialog")
    child = await api.new_account("Refused child", parentId=account["id"])
    await pick(page, dialog, "New parent", child["number"])
    await expect(dialog.get_by_text("This is not possible")).to_be_visible()
    await expect(dialog.get_by_text(NOT_LOADED)).to_have_count(0)


async def test_new_payer_is_previewed(page: Page, api: Api) -> None:
    """Who pays afterwards, the unbilled charges that move, and the status; then the way back."""
    its = await account_with_charges(api, "New payer previewed")
    payer = await api.new_account("Previewed payer")
    await api.change_status(payer["id"], "INACTIVE")
    unit = await first_unit(api, its.id)
    await page.goto(f"/accounts/{its.number}?dialog=change-payer&on={unit}")
    dialog = page.get_by_role("dialog")
    await pick(page, dialog, "Paying account", payer["number"])
    await expect(dialog.locator("[data-payer-changes]")).to_contain_text(
        "Previewed payer pays for New payer previewed. Until now it pays for itself."
    )
    await expect(dialog.locator("[data-payer-changes]")).to_contain_text(
        "of unbilled charges move to the next bill of Previewed payer."
    )
    await expect(dialog.locator("[data-impact]")).to_contain_text("Status: Inactive")
    await check_accessibility(page)
    await dialog.get_by_role("radio", name="This account").check()
    await expect(dialog.get_by_text("Nobody else pays than before.")).to_be_visible()
    await dialog.get_by_role("radio", name="Another account").check()
    await dialog.get_by_role("button", name="Change payer", exact=True).click()
    await expect(dialog).to_be_hidden()
    await page.goto(f"/accounts/{its.number}?dialog=change-payer&on={unit}")
    await dialog.get_by_role("radio", name="This account").check()
    await expect(dialog.locator("[data-payer-changes]")).to_contain_text(
        "New payer previewed pays for itself. Until now Previewed payer pays."
    )


async def test_present_payer_of_a_move_is_preselected(page: Page, api: Api) -> None:
    """Rules 5.2: a payer through the parent stays only if it also pays for the new one."""
    group = await api.new_account("Move Group")
    below_group = {"parentId": group["id"], "parentPays": True}
    hotel = await api.new_account("Move Hotel", **below_group)
    spa = await api.new_account("Move Spa", **below_group)
    other = await api.new_account("Move Other")
    moved = await api.new_account("Move Room", parentId=hotel["id"], parentPays=True)
    address = f"/accounts/{moved['number']}?dialog=change-hierarchy&on={moved['id']}"
    dialog = page.get_by_role("dialog")
    submit = dialog.get_by_role("button", name="Change hierarchy", exact=True)
    radio = dialog.get_by_role("radio")

    await page.goto(address)
    await pick(page, dialog, "New parent", spa["number"])
    await expect(radio.and_(dialog.get_by_label("Move Group, as now"))).to_be_checked()
    await expect(dialog.get_by_text("Nobody else pays than before.")).to_be_visible()

    await page.goto(address)
    await pick(page, dialog, "New parent", other["number"])
    await expect(dialog.get_by_text("Move Group pays now, through the current")).to_be_visible()
    for name in ("Move Other", "Move Room itself"):
        await expect(dialog.get_by_role("radio", name=name, exact=True)).not_to_be_checked()
    await submit.click()
    await expect(dialog.get_by_text("Choose who pays")).to_be_visible()
    await check_accessibility(page)
    await dialog.get_by_role("radio", name="Move Room itself").check()
    await expect(dialog.get_by_text("Choose who pays")).to_have_count(0)
    await expect(dialog.locator("[data-payer-changes]")).to_contain_text(
        "Move Room pays for itself. Until now Move Group pays."
    )
    await submit.click()
    await expect(dialog).to_be_hidden()
    await page.get_by_role("alert").get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    query = (
        "query ($id: ID!) { account(id: $id) { billUnits { payingParent { account { id } } } } }"
    )
    [unit] = (await api.ask(query, id=moved["id"]))["account"]["billUnits"]
    assert unit["payingParent"] == {"account": {"id": group["id"]}}


STATUS_CHANGES = {
    "account": """mutation ($id: ID!, $to: Status!) {
      changeAccountStatus(input: {accountId: $id, status: $to}) { errors { message } } }""",
    "service": """mutation ($id: ID!, $to: Status!) {
      changeAssetStatus(input: {assetId: $id, status: $to}) { errors { message } } }""",
}


@pytest.mark.parametrize("subject", STATUS_CHANGES)
async def test_status_that_somebody_else_changes_meanwhile(
    page: Page, api: Api, subject: str
) -> None:
    """The dialog says so before it is overwritten, previews anew and keeps what was typed."""
    account = await api.new_account(f"Changed elsewhere {subject}")
    on = account["id" if subject == "account" else "service"]
    dialog = page.get_by_role("dialog")
    await page.goto(f"/accounts/{account['number']}?dialog=change-status&on={on}&choice=INACTIVE")
    impact = dialog.locator("[data-impact]")
    await expect(impact).to_contain_text("1 service" if subject == "service" else "1 account")
    await dialog.get_by_label("Note").fill("Asked by phone")
    warning = dialog.get_by_role("alert").filter(has_text="was just changed by somebody else")
    for to, shown, submit in (
        ("INACTIVE", "Already inactive.", "Inactivate"),
        ("CLOSED", None, "Reopen"),
    ):
        await api.ask(STATUS_CHANGES[subject], id=on, to=to)
        await expect(warning).to_be_visible()
        await expect(dialog.locator("button[type=submit]")).to_be_disabled()
        if shown:
            await expect(impact).to_have_text(shown)
        await check_accessibility(page)
        await warning.get_by_role("button", name="Continue").click()
        await expect(warning).to_have_count(0)
        await expect(dialog.get_by_role("button", name=submit)).to_be_enabled()
    await expect(dialog.get_by_label("Note")).to_have_value("Asked by phone")
    await dialog.get_by_role("button", name="Reopen").click()
    await expect(dialog).to_be_hidden()
    await expect(warning).to_have_count(0)


async def test_hierarchy_that_somebody_else_changes_meanwhile(page: Page, api: Api) -> None:
    """Removing it from a parent that it no longer has is not offered."""
    parent = await api.new_account("Former parent")
    account = await api.new_account("Moved elsewhere")
    await api.ask(MOVE, id=account["id"], parent=parent["id"])
    await page.goto(f"/accounts/{account['number']}?dialog=change-hierarchy&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Remove from the hierarchy").check()
    await dialog.get_by_label("Note").fill("Asked by phone")
    warning = dialog.get_by_role("alert").filter(has_text="was just changed by somebody else")
    await expect(warning).to_have_count(0)
    await api.ask(MOVE, id=account["id"], parent=None)
    await expect(warning).to_be_visible()
    await expect(dialog.locator("button[type=submit]")).to_be_disabled()
    await warning.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_label("New parent")).to_be_visible()
    await expect(dialog.get_by_label("Note")).to_have_value("Asked by phone")


MOVE = """mutation ($id: ID!, $parent: ID) {
  changeHierarchy(input: {accountId: $id, parentId: $parent}) { errors { message } } }"""
