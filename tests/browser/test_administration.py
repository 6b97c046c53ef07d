"""The screens of administration: users, tokens, webhooks, reasons, settings, the audit log."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Locator, Page, expect
from standardwebhooks import Webhook as Verifier

from tests.browser.conftest import Api, Server
from tests.browser.page_checks import (
    WIDE,
    check_accessibility,
    check_lists_on_phone,
    wait_until_idle,
)
from tests.server import free_port
from tests.waiting import PATIENCE, wait_for
from tests.webhooks.receiver import Answer, Receiver, receiving

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

SCREENS = [
    "/users",
    "/tokens",
    "/webhooks",
    "/webhooks/none",
    "/reasons",
    "/settings",
    "/audit-log",
]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The endpoint of a partner system."""
    with receiving() as opened:
        yield opened


def row_of(page: Page, text: str) -> Locator:
    """The row of a table with this text."""
    return page.get_by_role("row").filter(has_text=text)


async def choose(page: Page, of: str, action: str) -> Locator:
    """Choose an action of the menu of a row; returns the dialog that it opens."""
    await page.get_by_role("button", name=f"Actions for {of}").click()
    await page.get_by_role("menuitem", name=action).click()
    return page.get_by_role("dialog")


async def test_a_user_from_the_creation_to_the_end(page: Page, server: Server) -> None:
    """By keyboard alone up to the password, which is shown once; then role, sessions, access."""
    email = "eva.admin@example.com"
    await page.goto("/users")
    await page.get_by_role("button", name="New user").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("E-mail")).to_be_focused()
    await page.keyboard.type("nobody")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_text("Enter an e-mail address")).to_be_visible()
    await expect(dialog.get_by_label("E-mail")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type(email)
    await page.keyboard.press("Enter")
    password = await dialog.get_by_label("Password").input_value()
    await expect(dialog.get_by_text("it is not shown again")).to_be_visible()
    await check_accessibility(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.go_forward()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    credentials = {"email": email, "password": password}
    assert signed_in(server, credentials) == 200

    dialog = await choose(page, email, "Edit…")
    await dialog.get_by_label("Role").click()
    await page.get_by_role("option", name="Manager").click()
    await expect(dialog.get_by_text("Like an agent")).to_be_visible()
    await dialog.get_by_role("button", name="Save").click()
    await expect(row_of(page, email).get_by_text("Manager")).to_be_visible()
    dialog = await choose(page, email, "End sessions…")
    await dialog.get_by_role("button", name="End sessions").click()
    await expect(dialog).to_be_hidden()
    dialog = await choose(page, email, "Reset password…")
    await dialog.get_by_role("button", name="Reset password").click()
    assert await dialog.get_by_label("Password").input_value() != password
    assert signed_in(server, credentials) == 401
    await dialog.get_by_role("button", name="Close", exact=True).click()
    dialog = await choose(page, email, "Edit…")
    await dialog.get_by_label("May sign in").uncheck()
    await dialog.get_by_role("button", name="Save").click()
    await expect(row_of(page, email).get_by_text("Disabled")).to_be_visible()
    await page.goto('/users?status=%5B"DISABLED"%5D')
    await expect(row_of(page, email)).to_be_visible()
    await expect(row_of(page, "agent@example.com")).to_have_count(0)

    await page.get_by_role("button", name=f"Actions for {email}").click()
    await page.get_by_role("menuitem", name="Changes of this user").click()
    log = page.get_by_role("table", name="Audit log")
    for text in (
        f"Created user {email} as AGENT.",
        "Role: Before: Agent → After: Manager",
        "Status: Before: Active → After: Disabled",
        f"Ended 1 session of {email}.",
        f"Set a new password for {email}.",
    ):
        await expect(log).to_contain_text(text)
    assert password not in await page.content()


def signed_in(server: Server, credentials: dict[str, str]) -> int:
    """The status of a sign-in."""
    headers = {"origin": server.address}
    url = f"{server.address}/auth/sign-in"
    return httpx.post(url, json=credentials, headers=headers, timeout=PATIENCE).status_code


async def test_a_token_from_the_creation_to_the_end(page: Page, server: Server) -> None:
    """The secret works until the token is revoked."""
    await page.goto("/tokens")
    await page.get_by_role("button", name="New token").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Browser shop")
    await dialog.get_by_role("button", name="Create token").click()
    secret = await dialog.get_by_label("Token", exact=True).input_value()
    await dialog.get_by_role("button", name="Close", exact=True).click()
    assert viewer(server, secret) == {"data": {"viewer": {"name": "Browser shop"}}}
    row = row_of(page, "Browser shop")
    await expect(row).to_contain_text("Agent")
    await expect(row).to_contain_text("Active")
    await expect(row).to_contain_text(secret[:8])
    dialog = await choose(page, "Browser shop", "Revoke…")
    await dialog.get_by_role("button", name="Revoke token").click()
    await expect(row).to_contain_text("Revoked")

    async def error_code() -> str | None:
        """The server looks once a second whether the token may still be used."""
        answer = await asyncio.to_thread(viewer, server, secret)
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None

    assert await wait_for(error_code, PATIENCE, "The token still works.") == "UNAUTHENTICATED"
    await page.get_by_role("button", name="Actions for Browser shop").click()
    await expect(page.get_by_role("menuitem", name="Revoke…")).to_have_count(0)


def viewer(server: Server, secret: str) -> dict[str, Any]:
    """What the API answers a token, without the cost."""
    answer: dict[str, Any] = httpx.post(
        f"{server.address}/graphql",
        json={"query": "{ viewer { name } }"},
        headers={"authorization": f"Bearer {secret}"},
        timeout=PATIENCE,
    ).json()
    answer.pop("extensions", None)
    return answer


async def test_a_webhook_from_the_creation_to_the_end(
    page: Page, api: Api, receiver: Receiver
) -> None:
    """Created, tested, failing and sent again, paused and resumed, rotated, deleted."""
    await page.goto("/webhooks")
    await page.get_by_role("button", name="New webhook").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Address").fill("shop")
    await dialog.get_by_role("button", name="Create webhook").click()
    await expect(dialog.get_by_text("begins with https://")).to_be_visible()
    await dialog.get_by_label("Address").fill(receiver.url)
    await dialog.get_by_label("Description").fill("Shop")
    await dialog.get_by_role("button", name="Create webhook").click()
    secret = await dialog.get_by_label("Secret").input_value()
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await page.get_by_role("link", name=receiver.url).click()

    await page.get_by_role("button", name="Send test").click()
    await dialog.get_by_role("button", name="Send", exact=True).click()
    await expect(dialog.get_by_text("accepted the message (204)")).to_be_visible()
    [test] = receiver.requests
    Verifier(secret).verify(test.body, test.headers)
    receiver.answer = lambda _: Answer(503)
    await dialog.get_by_role("button", name="Send again").click()
    await expect(dialog.get_by_text("The endpoint answered: 503")).to_be_visible()
    await dialog.get_by_role("button", name="Close", exact=True).click()

    await api.new_account("Webhook Test")
    delivery = row_of(page, "Webhook Test").filter(has_text="was created")
    await expect(delivery).to_contain_text("The endpoint answered: 503")
    await expect(delivery).to_contain_text("Pending")
    await check_lists_on_phone(page)
    await page.set_viewport_size(WIDE)
    receiver.answer = lambda _: Answer()
    await (
        delivery.get_by_role("button", name="Send again")
        .or_(delivery.get_by_role("button", name="Send now"))
        .click()
    )
    await expect(row_of(page, "Webhook Test").filter(has_text="Delivered").first).to_be_visible()
    await page.get_by_role("button", name="Status").click()
    await page.get_by_label("Failed").check()
    await expect(page.get_by_text("No delivery has this status")).to_be_visible()
    await expect(page).to_have_url(re.compile("status="))
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Rotate secret…").click()
    await dialog.get_by_role("button", name="Make a new secret").click()
    assert await dialog.get_by_label("New secret").input_value() != secret
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Delete…").click()
    await dialog.get_by_role("button", name="Delete webhook").click()
    await expect(page).to_have_url(re.compile(r"/webhooks$"))
    await expect(page.get_by_role("link", name=receiver.url)).to_have_count(0)
    await page.goto(f"/audit-log?q={receiver.url}")
    log = page.get_by_role("table", name="Audit log")
    await expect(log).to_contain_text(f"Rotated the secret of webhook {receiver.url}.")
    await expect(log).to_contain_text("Status: Before: Active → After: Paused")
    assert secret not in await page.content()


async def test_webhook_whose_endpoint_is_down(page: Page, api: Api) -> None:
    """In sentences, also in German; the events of an account wait for the first of them."""
    url = f"http://127.0.0.1:{free_port()}/down"
    created = "mutation ($url: String!) { createWebhook(input: {url: $url}) { webhook { id } } }"
    webhook = (await api.ask(created, url=url))["createWebhook"]["webhook"]["id"]
    await api.new_account("Waiting Events")
    await page.goto(f"/webhooks/{webhook}")
    rows = row_of(page, "Waiting Events")
    first = rows.filter(has_text="was created")
    await expect(first).to_contain_text("Nothing answers at this address.")
    await expect(first).not_to_contain_text("ConnectError")
    await expect(first).not_to_contain_text("After the event before it")
    later = rows.filter(has_not_text="was created")
    await expect(later.first).to_contain_text("After the event before it")
    await check_accessibility(page)
    await page.evaluate("localStorage.setItem('tenure-language', 'de')")
    await page.reload()
    await expect(rows.last).to_contain_text("Unter dieser Adresse antwortet nichts.")
    deletion = "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { message } } }"
    await api.ask(deletion, id=webhook)


async def test_a_reason_is_offered_until_it_is_retired(page: Page, api: Api) -> None:
    """Created by keyboard, offered for its statuses only, changed, then retired."""
    account = await api.new_account("Offered Test")
    await page.goto("/reasons")
    await page.get_by_role("button", name="New reason").first.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Code")).to_be_focused()
    await page.keyboard.type("moved away")
    await dialog.get_by_label("Text").fill("Moved away")
    await dialog.get_by_role("checkbox", name="Inactivate").uncheck()
    await dialog.get_by_label("Code").press("Enter")
    await expect(dialog.get_by_text("Choose at least one")).to_be_visible()
    await expect(dialog.get_by_role("checkbox").first).to_be_focused()
    await check_accessibility(page)
    await dialog.get_by_role("checkbox", name="Inactivate").check()
    await dialog.get_by_role("button", name="Create reason").click()
    await expect(dialog.get_by_text("Use letters, digits")).to_be_visible()
    await expect(dialog.get_by_label("Code")).to_be_focused()
    await dialog.get_by_label("Code").fill("moved-away")
    await page.keyboard.press("Enter")
    row = row_of(page, "moved-away")
    await expect(row).to_contain_text("InactivateOffered")
    await expect(dialog).to_be_hidden()
    await check_accessibility(page)
    await expect(await offered_reasons(page, account, "INACTIVE")).to_have_text(["Moved away"])
    await expect(await offered_reasons(page, account, "CLOSED")).to_have_count(0)

    await page.goto("/reasons")
    dialog = await choose(page, "Moved away", "Edit…")
    await dialog.get_by_label("Text").fill("Moved abroad")
    await dialog.get_by_role("checkbox", name="Close").check()
    await check_accessibility(page)
    await dialog.get_by_role("button", name="Save").click()
    await expect(row).to_contain_text("Inactivate, CloseOffered")
    await expect(await offered_reasons(page, account, "CLOSED")).to_have_text(["Moved abroad"])

    await page.goto("/reasons")
    dialog = await choose(page, "Moved abroad", "Edit…")
    await dialog.get_by_label("Offered for new changes").uncheck()
    await dialog.get_by_role("button", name="Save").click()
    await expect(row).to_contain_text("Retired")
    # Without any reason the usual ones are offered.
    reasons = await offered_reasons(page, account, "CLOSED")
    await expect(reasons.filter(has_text="Vacation")).to_be_visible()
    await expect(reasons.filter(has_text="Moved abroad")).to_have_count(0)
    await page.goto("/reasons")
    await page.get_by_role("button", name="Actions for Moved abroad").click()
    await page.get_by_role("menuitem", name="Changes of this reason").click()
    log = page.get_by_role("table", name="Audit log")
    for text in (
        "Created reason moved-away.",
        "Text: Before: Moved away → After: Moved abroad",
        "Offered for: Before: Inactive → After: Inactive, Closed",
        "Retired: Before: No → After: Yes",
    ):
        await expect(log).to_contain_text(text)


async def offered_reasons(page: Page, account: dict[str, Any], status: str) -> Locator:
    """The reasons that the dialog for a change of status offers."""
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice={status}"
    )
    await wait_until_idle(page)
    await page.get_by_role("dialog").get_by_label("Reason").click()
    return page.get_by_role("option")


UPDATES = {
    "/users": """mutation ($id: ID!) {
      updateUser(input: { userId: $id, name: "Elsewhere" }) { errors { message } } }""",
    "/webhooks": """mutation ($id: ID!) {
      updateWebhook(input: { webhookId: $id, description: "Elsewhere" })
        { errors { message } } }""",
    "/reasons": """mutation ($id: ID!) {
      updateReason(input: { reasonId: $id, label: "Elsewhere" }) { errors { message } } }""",
}
CREATIONS = {
    "/users": """mutation { made: createUser(input: {
      email: "stale@example.com", role: VIEWER }) { made: user { id } } }""",
    "/webhooks": """mutation { made: createWebhook(input: {
      url: "https://127.0.0.1:9/stale", eventKinds: [PAYMENT] }) { made: webhook { id } } }""",
    "/reasons": """mutation { made: createReason(input: {
      code: "stale", label: "Stale", appliesTo: [CLOSED] }) { made: reason { id } } }""",
}


@pytest.mark.parametrize(
    ("path", "dialog_name", "other", "typed"),
    [
        ("/users", "edit-user", "Name", None),
        ("/webhooks", "edit-webhook", "Description", "Address"),
        ("/reasons", "edit-reason", "Text", None),
    ],
)
async def test_what_others_edited_is_shown_before_it_is_overwritten(
    page: Page,
    api: Api,
    usual_reasons: None,
    path: str,
    dialog_name: str,
    other: str,
    typed: str | None,
) -> None:
    """The form takes over their values, keeps what was typed, and is saved."""
    made = (await api.ask(CREATIONS[path]))["made"]["made"]["id"]
    await page.goto(f"{path}?dialog={dialog_name}&on={made}")
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_role("textbox", name=other, exact=True)
    await expect(field).to_be_visible()
    if typed:
        await dialog.get_by_role("textbox", name=typed, exact=True).fill(
            "https://127.0.0.1:9/typed"
        )
    await api.ask(UPDATES[path], id=made)
    await field.fill("Typed here")
    await dialog.get_by_role("button", name="Save").click()
    stale = dialog.get_by_role("alert")
    await expect(stale).to_contain_text("was just edited by somebody else")
    await expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    await check_accessibility(page)
    await stale.get_by_role("button", name="Show the changes").click()
    await expect(stale).to_have_count(0)
    await expect(field).to_have_value("Typed here")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    # Saved: nothing is stale while the dialog closes.
    await expect(page.get_by_text("was just edited by somebody else")).to_have_count(0)
    if path == "/webhooks":
        deletion = "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { message } } }"
        await api.ask(deletion, id=made)


async def test_a_setting_tells_its_last_change(page: Page) -> None:
    """By whom, and what it was before; the log has the same."""
    await page.goto("/settings")
    field = page.get_by_label("Payment term in days")
    before = await field.input_value()
    other = "22" if before == "21" else "21"
    for days in (other, before):
        await field.fill(days)
        await page.get_by_role("button", name="Save settings").click()
        await expect(page.get_by_text("Settings saved.").first).to_be_visible()
        await expect(field).to_have_value(days)
        was = before if days == other else other
        shown = page.get_by_text(f"by admin@example.com, before: {was}").first
        await expect(shown).to_be_visible()
    await page.get_by_role("link", name="All changes").click()
    log = page.get_by_role("table", name="Audit log")
    change = f"Payment term in days: Before: {before} → After: {other}"
    await expect(log).to_contain_text(change)


SETTINGS = "{ settings { paymentTermDays closedLoginPrefix } }"
UPDATE_SETTINGS = """mutation ($input: UpdateSettingsInput!) {
  updateSettings(input: $input) { errors { message } }
}"""


@pytest.fixture
async def settings_restored(api: Api) -> AsyncIterator[None]:
    """Restores the settings after the test."""
    every = "paymentTermDays closedLoginPrefix inactivateAfterDaysPastDue"
    before = (await api.ask(f"{{ settings {{ {every} }} }}"))["settings"]
    yield
    await api.ask(UPDATE_SETTINGS, input=before)


async def test_settings_changed_by_somebody_else_are_not_overwritten(
    page: Page, api: Api, settings_restored: None
) -> None:
    """A form with input says so and keeps it; one without input shows the new values."""
    await page.goto("/settings")
    term = page.get_by_label("Payment term in days")
    prefix = page.get_by_label("Prefix for closed logins")
    days = page.get_by_label("Inactivate after days past due")
    save = page.get_by_role("button", name="Save settings")
    stale = page.get_by_role("alert").filter(has_text="just edited by somebody else")
    await prefix.fill("#MINE#")
    await api.ask(UPDATE_SETTINGS, input={"paymentTermDays": 41, "closedLoginPrefix": "#THEIRS#"})
    await save.click()
    await expect(stale).to_be_visible()
    await expect(save).to_be_disabled()
    await expect(prefix).to_have_value("#MINE#")
    assert (await api.ask(SETTINGS))["settings"]["closedLoginPrefix"] == "#THEIRS#"
    await check_accessibility(page)
    await stale.get_by_role("button", name="Show the changes").click()
    await expect(stale).to_have_count(0)
    await expect(term).to_have_value("41")
    await expect(prefix).to_have_value("#MINE#")
    await save.click()
    await expect(page.get_by_text("Settings saved.")).to_be_visible()
    assert (await api.ask(SETTINGS))["settings"] == {
        "paymentTermDays": 41,
        "closedLoginPrefix": "#MINE#",
    }
    # After it was saved, it can be edited and saved again.
    await days.fill("31")
    await expect(stale).to_have_count(0)
    await save.click()
    await expect(page.get_by_role("button", name="Discard")).to_be_disabled()
    await api.ask(UPDATE_SETTINGS, input={"paymentTermDays": 42})
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(term).to_have_value("42")
    await expect(stale).to_have_count(0)


async def test_the_audit_log_is_filtered_by_its_address(page: Page, api: Api) -> None:
    """By words, actor, kind and date; Back takes a filter away again."""
    await page.goto("/audit-log")
    await page.get_by_role("button", name="Kind").click()
    await page.get_by_label("User created").check()
    await page.keyboard.press("Escape")
    log = page.get_by_role("table", name="Audit log")
    await expect(log).to_contain_text("Created user agent@example.com as AGENT.")
    await expect(log).not_to_contain_text("signed in")
    assert json.loads(httpx.URL(page.url).params["action"]) == ["USER_CREATED"]
    await page.get_by_label("Search the audit log").fill("VIEWER@example")
    await expect(row_of(page, "agent@example.com as AGENT")).to_have_count(0)
    await expect(row_of(page, "viewer@example.com as VIEWER")).to_be_visible()
    await log.get_by_role("link", name="ana@example.com").first.click()
    await expect(page.get_by_label("Actor")).to_have_value("ana@example.com")
    await page.goto("/audit-log?actor=nobody&to=2020-01-01")
    await expect(page.get_by_text("No entry matches")).to_be_visible()
    await page.get_by_role("button", name="Clear filters").last.click()
    await expect(log).to_be_visible()
    await wait_until_idle(page)
    # Keyset pages: the demonstration has more than one.
    counted = await api.ask("{ auditLog { totalCount } }")
    if counted["auditLog"]["totalCount"] > 25:
        await page.get_by_role("button", name="Next").click()
        await expect(page).to_have_url(re.compile("after="))


@pytest.mark.parametrize("context", ["manager@example.com"], indirect=True)
async def test_others_are_told_whom_to_ask(page: Page) -> None:
    """No request is refused, and there are no links to what they may not see."""
    for path in SCREENS:
        await page.goto(path)
        await expect(page.get_by_text("This page is for admins")).to_be_visible()
    await expect(page.get_by_role("link", name="Audit log")).to_have_count(0)
    await page.goto("/accounts?dialog=create-user")
    await wait_until_idle(page)
    await expect(page.get_by_role("dialog")).to_have_count(0)
