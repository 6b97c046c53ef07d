"""The page of an account: its header, overview, change dialogs, timeline and hierarchy."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, StorageState, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api, Server
from tests.browser.page_checks import check_accessibility, wait_until_idle
from tests.browser.steps import button

pytestmark = [pytest.mark.anyio]

STATE = """query ($id: ID!) { account(id: $id) {
  status parent { id } billUnits { payingParent { account { id } } }
  deferredActions(filter: { status: [PENDING] }) { nodes { toStatus scheduledFor } }
} }"""
CONTACTS = """query ($id: ID!) { account(id: $id) { contacts {
  id name isPrimary email phone addressLines postalCode city country
} } }"""
NOTES = "query ($id: ID!) { account(id: $id) { notes { nodes { id text isPinned } } } }"
ADD_NOTE = """mutation ($input: AddNoteInput!) {
  addNote(input: $input) { note { id } errors { message } }
}"""


async def state_of(api: Api, account: dict[str, Any]) -> dict[str, Any]:
    """The status, the place and the pending deferred actions of an account."""
    return dict((await api.ask(STATE, id=account["id"]))["account"])


async def open_page(page: Page, account: dict[str, Any], tab: str = "") -> None:
    """Open a tab of the page of an account."""
    await page.goto(f"/accounts/{account['number']}{tab}")
    await expect(page.get_by_role("heading", level=1, name=account["name"])).to_be_visible()
    await wait_until_idle(page)


async def test_header_says_why_and_what_is_next(page: Page, api: Api) -> None:
    """Rules 2.6: the payer is named; the next deferred action leads to the timeline."""
    payer = await api.new_account("Header Payer")
    child = await api.new_account("Header Child", parentId=payer["id"], parentPays=True)
    later = (await api.now()) + timedelta(days=30)
    await api.change_status(child["id"], "CLOSED", deferUntil=later.isoformat())
    await open_page(page, child)
    await expect(page.locator("[data-why]")).to_have_count(0)
    await expect(page.locator("[data-balance]")).to_have_text("0.00 USD")
    await api.change_status(payer["id"], "INACTIVE", reason="Vacation")
    await page.reload()
    await expect(page.locator("[data-why]")).to_have_text(
        re.compile(r"^Inactive since \d+ \w+ \d+: its payer Header Payer is inactive$")
    )
    await page.locator("[data-next]").get_by_role("link").click()
    await expect(page.get_by_role("region", name="Scheduled")).to_contain_text(
        f"Close Header Child ({child['number']})"
    )
    await page.mouse.wheel(0, 2_000)
    await expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


async def test_overview(page: Page, api: Api) -> None:
    """The charges so far, the open dispute and the card."""
    its = await account_with_charges(api, "Overview")
    await open_dispute(api, its)
    await api.add_card(its.id)
    await open_page(page, {"number": its.number, "name": "Overview"})
    bill = page.get_by_role("region", name="Next bill")
    await expect(bill).to_contain_text(re.compile(r"So far on.*36\.00 USD"))
    await expect(bill.get_by_role("listitem").filter(has_text="Calls abroad")).to_have_count(0)
    disputes = page.get_by_role("region", name="Open disputes")
    await expect(disputes).to_contain_text("Never called")
    await check_accessibility(page)
    await expect(page.get_by_role("region", name="Payments")).to_contain_text("03/2035")


async def test_scheduled_change_is_undone(page: Page, api: Api) -> None:
    """The notice names both dates; Undo cancels both actions."""
    account = await api.new_account("Undone")
    dialog = page.get_by_role("dialog")
    await open_page(page, account)
    await button(page, "Inactivate").click()
    await button(dialog, "Next Monday").click()
    await button(dialog, "After a week").click()
    await button(dialog, "Inactivate on this date").click()
    await expect(dialog).to_be_hidden()
    pending = (await state_of(api, account))["deferredActions"]["nodes"]
    assert sorted(it["toStatus"] for it in pending) == ["ACTIVE", "INACTIVE"]
    notice = page.get_by_role("alert").filter(has_text="Scheduled: inactive from Mon")
    await expect(notice).to_contain_text("active again on Mon")
    await button(notice, "Undo").click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    assert (await state_of(api, account))["deferredActions"]["nodes"] == []


async def test_impact_of_a_change_with_money_and_conflicts(page: Page, api: Api) -> None:
    """Rules 4.8: the server lists what is affected; conflicts are cancelled with the change."""
    its = await account_with_charges(api, "Impact")
    account = {"id": its.id, "number": its.number, "name": "Impact"}
    later = ((await api.now()) + timedelta(days=9)).isoformat()
    await api.change_status(its.id, "INACTIVE", deferUntil=later)
    await open_page(page, account)
    await button(page, "Close").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-impact]")).to_have_text("1 account · 1 service · 1 offer")
    await expect(dialog.get_by_text("No charges, no credits.")).to_be_visible()
    await expect(dialog.get_by_label("Cancel it too")).to_be_checked()
    state = await state_of(api, account)
    assert state["status"] == "ACTIVE"
    await dialog.get_by_label("I understand").check()
    await button(dialog, "Close account").click()
    await expect(page.get_by_text("1 deferred action cancelled.")).to_be_visible()
    state = await state_of(api, account)
    assert (state["status"], state["deferredActions"]["nodes"]) == ("CLOSED", [])
    await expect(button(page.get_by_role("alert"), "Undo")).to_have_count(0)


async def test_change_is_undone_and_backdated(page: Page, api: Api) -> None:
    """Undo reactivates; a date before the creation is refused before it is submitted."""
    account = await api.new_account("Back")
    await open_page(page, account)
    dialog = page.get_by_role("dialog")
    await button(page, "Inactivate").click()
    await button(dialog, "Inactivate").click()
    await button(page.get_by_role("alert"), "Undo").click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    assert (await state_of(api, account))["status"] == "ACTIVE"
    await button(page, "Inactivate").click()
    await dialog.get_by_text("Backdated", exact=True).click()
    field = dialog.get_by_label("Effective date")
    await field.fill("2001-01-01")
    await field.press("Tab")
    await expect(dialog.get_by_text("This is not possible")).to_be_visible()
    await expect(dialog.get_by_text("can't be backdated").first).to_be_visible()


async def test_move_with_children(page: Page, api: Api) -> None:
    """Rules 2.7, 5.2: payer and status after the move are shown, and the way back works."""
    parent = await api.new_account("Move Target")
    moved = await api.new_account("Moved")
    await api.new_account("Moved Child", parentId=moved["id"])
    await api.change_status(parent["id"], "INACTIVE")
    await open_page(page, moved)
    dialog = page.get_by_role("dialog")
    await button(page, "Move").click()
    await expect(dialog.get_by_label("New parent")).to_be_focused()
    await dialog.get_by_label("New parent").press_sequentially(parent["number"])
    await page.get_by_role("option", name="Move Target", exact=False).click()
    await expect(dialog.locator("[data-impact]")).to_have_text("Status: Active, as now")
    await expect(dialog.get_by_text("Nobody else pays than before.")).to_be_visible()
    await button(dialog, "Change hierarchy").click()
    await expect(dialog).to_be_hidden()
    assert (await state_of(api, moved))["parent"] == {"id": parent["id"]}
    await button(page.get_by_role("alert"), "Undo").click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    assert (await state_of(api, moved))["parent"] is None

    await button(page, "Move").click()
    await dialog.get_by_label("New parent").press_sequentially(parent["number"])
    await page.get_by_role("option", name="Move Target", exact=False).click()
    await dialog.get_by_role("radio", name="Move Target").check()
    await expect(dialog.locator("[data-impact]")).to_have_text(
        "Status: Inactive · Affected: 1 account, 1 service"
    )
    await expect(dialog.locator("[data-payer-changes]")).to_have_text(
        "Move Target pays for Moved. Until now it pays for itself. Nothing is unbilled."
    )


async def test_timeline_joins_cause_and_effect(page: Page, api: Api) -> None:
    """A cascade is one entry that unfolds; a scheduled action is cancelled in place."""
    its = await account_with_charges(api, "Timeline")
    account = {"id": its.id, "number": its.number, "name": "Timeline"}
    later = ((await api.now()) + timedelta(days=9)).isoformat()
    await api.change_status(its.id, "CLOSED", deferUntil=later)
    await api.change_status(its.id, "INACTIVE", reason="Vacation")
    await open_page(page, account, "/events")
    unfold = page.get_by_role("button", name="1 service, 1 offer")
    await expect(unfold).to_have_count(1)
    await expect(page.get_by_text("Reason: Vacation")).to_have_count(1)
    await unfold.click()
    await expect(unfold).to_have_attribute("aria-expanded", "true")
    await expect(page.get_by_text("Reason: Vacation")).to_have_count(3)
    await check_accessibility(page)

    scheduled = page.get_by_role("region", name="Scheduled")
    await scheduled.get_by_role("button", name="Why? Close", exact=False).click()
    await expect(page.get_by_text("Runs within a minute of its time.", exact=False)).to_be_visible()
    await page.keyboard.press("Escape")
    await scheduled.get_by_role("button", name="Cancel: Close", exact=False).click()
    dialog = page.get_by_role("dialog")
    await button(dialog, "Cancel this action").click()
    await expect(dialog).to_be_hidden()
    await expect(scheduled).to_have_count(0)
    assert (await state_of(api, account))["deferredActions"]["nodes"] == []


async def test_why_a_service_is_held(page: Page, api: Api) -> None:
    """The rule, and the answer that a network element gets for its login."""
    account = await api.new_account("Held")
    await api.change_status(account["id"], "INACTIVE")
    await open_page(page, account, "/assets")
    await page.get_by_role("button", name="Why?", exact=False).click()
    why = page.get_by_role("dialog")
    await expect(why).to_contain_text("Services and offers follow the status of their account.")
    await expect(why.locator("[data-authorization]")).to_have_text(
        "Usage is denied: the account is not active."
    )


async def add_children(api: Api, parent: dict[str, Any], word: str) -> None:
    """52 accounts below the parent, which are two pages: "word 0" and so on."""
    create = 'createAccount(input: {{ name: "{0} {1}", parentId: "{2}" }}) {{ errors {{ code }} }}'
    for numbers in (range(26), range(26, 52)):
        children = [f"c{n}: {create.format(word, n, parent['id'])}" for n in numbers]
        await api.ask(f"mutation {{ {' '.join(children)} }}")


async def test_hierarchy_is_walked_by_keyboard(page: Page, api: Api) -> None:
    """From the root to the account, siblings on demand, children by page, payers marked."""
    root = await api.new_account("Tree Root")
    middle = await api.new_account("Tree Middle", parentId=root["id"], parentPays=True)
    await api.new_account("Tree Sibling", parentId=root["id"])
    await add_children(api, middle, "Tree Child")
    await open_page(page, middle, "/hierarchy")
    tree = page.get_by_role("tree", name="Hierarchy")
    item = tree.get_by_role("treeitem")
    # The root, the account, 50 of its children, "Show more" and the sibling.
    await expect(item).to_have_count(54)
    own = tree.locator("[aria-current=true]")
    await expect(own).to_contain_text("Billed to Tree Root")
    await check_accessibility(page)

    await own.focus()
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(tree.get_by_role("treeitem", name=re.compile("^Tree Sibling A-"))).to_be_visible()
    await own.focus()
    await page.keyboard.press("ArrowLeft")
    await expect(own).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("ArrowRight")
    await tree.get_by_role("treeitem", name="Show more").get_by_role("button").click()
    await expect(tree.get_by_role("treeitem", name=re.compile("^Tree Child"))).to_have_count(52)
    await own.focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Tree Root")).to_be_visible()
    await expect(page).to_have_url(re.compile(rf"/accounts/{root['number']}/hierarchy$"))


async def test_shown_parts_of_the_hierarchy_are_kept(page: Page, api: Api) -> None:
    """By a reload, and by Back from another account."""
    root = await api.new_account("Kept Root")
    middle = await api.new_account("Kept Middle", parentId=root["id"])
    await api.new_account("Kept Sibling", parentId=root["id"])
    await add_children(api, middle, "Kept Child")
    await open_page(page, middle, "/hierarchy")
    tree = page.get_by_role("tree", name="Hierarchy")
    children = tree.get_by_role("treeitem", name=re.compile("^Kept Child"))
    sibling = tree.get_by_role("treeitem", name=re.compile("^Kept Sibling A-"))
    await tree.get_by_role("treeitem", name="Show more").get_by_role("button").click()
    await tree.get_by_role("button", name="Show 1 sibling of Kept Middle").click()
    await expect(children).to_have_count(52)
    await expect(sibling).to_be_visible()
    await page.reload()
    await expect(children).to_have_count(52)
    await expect(sibling).to_be_visible()
    await sibling.get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1, name="Kept Sibling")).to_be_visible()
    await expect(children).to_have_count(0)
    await page.go_back()
    await expect(children).to_have_count(52)
    await expect(sibling).to_be_visible()
    own = tree.locator("[aria-current=true]")
    await own.get_by_role("button", name="Hide children").click()
    await expect(children).to_have_count(0)
    await page.reload()
    await expect(own).to_have_attribute("aria-expanded", "false")
    await expect(children).to_have_count(0)


async def test_all_contacts_stay_shown(page: Page, api: Api) -> None:
    """By a reload, and by Back from another tab."""
    account = await api.new_account("Many contacts")
    add = 'addContact(input: {{ accountId: "{0}", kind: OTHER, name: "Contact {1}" }})'
    contacts = [f"c{n}: {add.format(account['id'], n)} {{ errors {{ code }} }}" for n in range(7)]
    await api.ask(f"mutation {{ {' '.join(contacts)} }}")
    await open_page(page, account)
    panel = page.get_by_role("region", name="Contacts")
    await button(panel, "and 2 more").click()
    await expect(panel.get_by_text(re.compile("^Contact [0-9]$"))).to_have_count(7)
    await page.reload()
    await expect(panel.get_by_text(re.compile("^Contact [0-9]$"))).to_have_count(7)
    await page.get_by_role("link", name="Bills").last.click()
    await expect(panel).to_have_count(0)
    await page.go_back()
    await expect(panel.get_by_text(re.compile("^Contact [0-9]$"))).to_have_count(7)


async def test_charge_now(page: Page, api: Api) -> None:
    """Without an open bill there is nothing to collect, and the dialog says so."""
    account = await api.new_account("Charge now")
    await api.add_card(account["id"])
    await open_page(page, account, "/payments")
    await page.get_by_role("button", name="Charge now: Visa ···· 4242").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("No bill is open.")
    await expect(button(dialog, "Charge now")).to_be_disabled()


async def test_notes_and_kept_reasons(page: Page, api: Api, usual_reasons: None) -> None:
    """A note is written and pinned in place; a kept reason replaces the usual ones."""
    account = await api.new_account("Noted")
    await open_page(page, account)
    notes = page.get_by_role("region", name="Notes")
    for text in ("Calls back on Friday", "Prefers e-mail"):
        await notes.get_by_label("New note").fill(text)
        await button(notes, "Add note").click()
        await expect(notes.get_by_role("listitem").filter(has_text=text)).to_be_visible()
    first = notes.get_by_role("listitem").filter(has_text="Calls back")
    await button(first, "Pin").click()
    await expect(first).to_contain_text("Pinned")
    await expect(notes.get_by_role("listitem").first).to_contain_text("Calls back on Friday")
    made = await api.ask(
        """mutation ($input: CreateReasonInput!) {
          createReason(input: $input) { reason { id } errors { message } }
        }""",
        input={"code": "HOUSE_SOLD", "label": "House sold", "appliesTo": ["CLOSED"]},
    )
    assert made["createReason"]["errors"] == []
    await button(page, "Close").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reason").click()
    await page.get_by_role("option", name="House sold").click()
    await expect(dialog.get_by_label("Reason")).to_have_value("House sold")


async def add_note(api: Api, account: dict[str, Any], text: str) -> str:
    """Write a note about an account; returns its id."""
    made = await api.ask(ADD_NOTE, input={"accountId": account["id"], "text": text})
    assert made["addNote"]["errors"] == []
    return str(made["addNote"]["note"]["id"])


async def test_contacts_are_added_edited_and_removed(page: Page, api: Api) -> None:
    """Errors stand at their fields; what others changed meanwhile is shown before it is saved."""
    account = await api.new_account("Contacts")
    async with page.expect_websocket() as opened:
        await page.goto(f"/accounts/{account['number']}")
    socket = await opened.value
    await socket.wait_for_event("framesent", lambda frame: "subscribe" in str(frame))
    contacts = page.get_by_role("region", name="Contacts")
    await expect(contacts).to_contain_text("is printed on the bill")
    await button(contacts, "Add contact").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Primary: ")).to_be_checked()
    await dialog.get_by_label("Name").fill("Hana Suzuki")
    await dialog.get_by_label("E-mail").fill("hana@example.com")
    await dialog.get_by_label("Phone").fill("none")
    await dialog.get_by_label("Address", exact=True).fill("Building 2\nHauptstr. 1")
    await dialog.get_by_label("Postal code").fill("10115")
    await dialog.get_by_label("City").fill("Berlin")
    await dialog.get_by_role("combobox", name="Country").fill("germ")
    await page.get_by_role("option", name="Germany").click()
    await button(dialog, "Add contact").click()
    await expect(dialog.get_by_text("This is not a telephone number.")).to_be_visible()
    await expect(dialog.get_by_label("Phone")).to_be_focused()
    await dialog.get_by_label("Phone").fill("+49 (0)30 123")
    await button(dialog, "Add contact").click()
    await expect(dialog).to_be_hidden()
    row = contacts.get_by_role("listitem")
    await expect(row).to_contain_text(re.compile("Hana Suzuki.*Billing.*Primary"))
    await expect(row.get_by_role("link", name="hana@example.com")).to_have_attribute(
        "href", "mailto:hana@example.com"
    )
    await expect(row.get_by_role("link", name="+49 (0)30 123")).to_have_attribute(
        "href", "tel:+4930123"
    )
    await expect(row.locator("address")).to_have_text(
        "Building 2\nHauptstr. 1\nBerlin 10115\nGermany"
    )
    await check_accessibility(page)

    await button(row, "Actions for contact: Hana Suzuki").click()
    await page.get_by_role("menuitem", name="Edit…").click()
    await dialog.get_by_label("Name").fill("Hana Sato")
    [stored] = (await api.ask(CONTACTS, id=account["id"]))["account"]["contacts"]
    await api.ask(
        "mutation ($input: UpdateContactInput!) { updateContact(input: $input) "
        "{ errors { message } } }",
        input={"contactId": stored["id"], "city": "Potsdam"},
    )
    await expect(dialog.get_by_role("alert")).to_contain_text("just edited by somebody else")
    await expect(button(dialog, "Save")).to_be_disabled()
    await button(dialog, "Show the changes").click()
    await expect(dialog.get_by_label("City")).to_have_value("Potsdam")
    await button(dialog, "Save").click()
    await expect(dialog).to_be_hidden()
    found = (await api.ask(CONTACTS, id=account["id"]))["account"]["contacts"]
    assert found == [
        {
            "id": stored["id"],
            "name": "Hana Sato",
            "isPrimary": True,
            "email": "hana@example.com",
            "phone": "+49 (0)30 123",
            "addressLines": "Building 2\nHauptstr. 1",
            "postalCode": "10115",
            "city": "Potsdam",
            "country": "DE",
        }
    ]

    await button(row, "Actions for contact: Hana Sato").click()
    await page.get_by_role("menuitem", name="Remove…").click()
    await expect(dialog).to_contain_text("Bills will be addressed to the oldest other")
    await button(dialog, "Remove contact").click()
    await expect(dialog).to_be_hidden()
    await expect(contacts).to_contain_text("No contacts yet")
    assert (await api.ask(CONTACTS, id=account["id"]))["account"]["contacts"] == []


@pytest.mark.parametrize("context", ["agent@example.com"], indirect=True)
async def test_notes_are_searched_edited_and_deleted(
    page: Page,
    api: Api,
    server: Server,
    browser: Browser,
    signed_in: dict[str, StorageState],
) -> None:
    """A note is deleted by its author or an admin; a conflict shows the text of the other."""
    account = await api.new_account("Searched notes")
    kept = signed_in["admin@example.com"]
    async with await browser.new_context(base_url=server.address, storage_state=kept) as other:
        admin = Api(other, server.address)
        await add_note(admin, account, "Wrote to the lawyer")
        edited = await add_note(api, account, "Moves in the spring")
        for text in ("Likes trains", "Has two dogs"):
            await add_note(api, account, text)
        # Without live updates, so that the server has to find the conflict.
        await page.route_web_socket(re.compile("graphql"), lambda _: None)
        await open_page(page, account)
        notes = page.get_by_role("region", name="Notes")
        rows = notes.get_by_role("list", name="Notes").get_by_role("listitem")
        await expect(rows).to_have_count(3)
        await button(notes, "Show all 4 notes").click()
        await expect(rows).to_have_count(4)
        await button(rows.last, "Actions for note: Wrote to the lawyer").click()
        await expect(page.get_by_text("Only admin@example.com or an admin")).to_be_visible()
        await expect(page.get_by_role("menuitem", name="Delete…")).to_have_count(0)
        await page.keyboard.press("Escape")
        await notes.get_by_label("Search the notes").fill("SPRING")
        await expect(rows).to_have_count(1)
        await expect(page).to_have_url(re.compile(r"notes=SPRING"))

        await button(rows, "Actions for note: Moves in the spring").click()
        await page.get_by_role("menuitem", name="Edit…").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Text").fill("Moves in the spring of 2027")
        await admin.ask(
            "mutation ($input: UpdateNoteInput!) { updateNote(input: $input) "
            "{ errors { message } } }",
            input={"noteId": edited, "text": "Moves in the spring, perhaps"},
        )
    await button(dialog, "Save").click()
    changed = dialog.get_by_role("alert")
    await expect(changed).to_contain_text("admin@example.com just changed this note")
    await expect(changed).to_contain_text("Moves in the spring, perhaps")
    await button(dialog, "Continue editing").click()
    await button(dialog, "Save").click()
    await expect(dialog).to_be_hidden()
    await expect(rows).to_contain_text("Moves in the spring of 2027")
    await button(rows, "Actions for note: Moves in the spring of 2027").click()
    await page.get_by_role("menuitem", name="Delete…").click()
    await button(dialog, "Delete note").click()
    await expect(dialog).to_be_hidden()
    await expect(notes).to_contain_text('No notes contain "SPRING"')
    left = (await api.ask(NOTES, id=account["id"]))["account"]["notes"]["nodes"]
    assert [it["text"] for it in left] == ["Has two dogs", "Likes trains", "Wrote to the lawyer"]


async def test_bill_to_come(page: Page, api: Api) -> None:
    """Rules 6.2: the charges so far and the fees of the next cycle, also of a paid account."""
    payer = await api.new_account("Bill to come")
    child = await api.new_account("Paid for", parentId=payer["id"], parentPays=True)
    offer = {
        "code": "browser-monthly",
        "name": "Browser monthly",
        "kind": "CHARGE",
        "serviceKind": "internet",
        "monthlyFee": "20",
    }
    made = await api.ask(
        "mutation ($input: CreateOfferInput!) { createOffer(input: $input) { errors { code } } }",
        input=offer,
    )
    assert made["createOffer"]["errors"] == []
    for account in (payer, child):
        bought = await api.ask(
            "mutation ($input: PurchaseOfferInput!) { purchaseOffer(input: $input) "
            "{ errors { message } } }",
            input={
                "accountId": account["id"],
                "serviceId": account["service"],
                "offerCode": offer["code"],
            },
        )
        assert bought["purchaseOffer"]["errors"] == []
    await open_page(page, payer)
    bill = page.get_by_role("region", name="Next bill")
    so_far = bill.get_by_role("list", name="Charges so far").get_by_role("listitem").first
    await expect(so_far).to_contain_text("40.00 USD")
    fees = bill.get_by_role("list", name="Fees of the next cycle").get_by_role("listitem")
    await expect(fees).to_have_text(
        [
            re.compile(r"^Fees of the next cycle.*40\.00 USD$"),
            re.compile(r"^Browser monthlyInternet net-a-\d+.*20\.00 USD$"),
            re.compile(rf"^Paid for{child['number']}20\.00 USD$"),
            re.compile(r"^Expected on .*80\.00 USD$"),
        ]
    )
    await open_page(page, child)
    await expect(bill).to_contain_text("Charges are billed to Bill to come.")
    await expect(fees).to_have_count(2)
    await expect(fees.first).to_contain_text("20.00 USD")
