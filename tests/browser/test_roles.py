"""The actions of viewers, agents, managers and admins, each in their own session."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api
from tests.browser.page_checks import navigate

pytestmark = [pytest.mark.anyio]

PERSONS = ["viewer", "agent", "manager", "admin"]
# What each screen offers, and who is the least who is offered it.
OFFERS = {
    "/accounts": {"New account": "agent"},
    "/accounts/{number}": {
        "Inactivate": "agent",
        "Edit": "agent",
        "Add service": "agent",
        "Add contact": "agent",
    },
    "/accounts/{number}/hierarchy": {"Change hierarchy": "agent"},
    "/accounts/{number}/bill-units": {"Add bill unit": "agent"},
    "/accounts/{number}/bills": {"Adjust account": "manager"},
    "/accounts/{number}/payments": {"Add payment method": "agent"},
    "/catalog": {"New offer": "manager"},
    "/jobs": {"Start a job": "manager"},
}
DIALOGS = {
    "dialog=keyboard": "viewer",
    "dialog=change-status&on={id}&choice=CLOSED": "agent",
    "dialog=create-account": "agent",
    "dialog=add-payment-method&on={id}": "agent",
    "dialog=record-payment&on={id}": "manager",
    "dialog=create-offer": "manager",
    "dialog=start-job": "manager",
}


@pytest.mark.parametrize(
    ("context", "person"),
    [(f"{person}@example.com", person) for person in PERSONS],
    indirect=["context"],
)
async def test_actions_of_a_role(page: Page, api: Api, person: str) -> None:
    """Screens show only permitted actions, and URLs open only permitted dialogs."""
    found = await api.ask(
        "{ accounts(filter: { status: [ACTIVE] }, first: 1) { nodes { id number } } }"
    )
    account = found["accounts"]["nodes"][0]
    rank = PERSONS.index(person)
    await page.goto("/deferred-actions")
    for path, offers in OFFERS.items():
        await navigate(page, path.format(**account))
        for word, least in offers.items():
            button = page.get_by_role("button", name=word, exact=True)
            await expect(button).to_have_count(1 if rank >= PERSONS.index(least) else 0)
    await expect(page.get_by_role("link", name="Settings")).to_have_count(
        1 if person == "admin" else 0
    )
    for address, least in DIALOGS.items():
        await navigate(page, f"/accounts/{account['number']}?{address.format(**account)}")
        await expect(page.get_by_role("dialog")).to_have_count(
            1 if rank >= PERSONS.index(least) else 0
        )


@pytest.mark.parametrize("context", ["agent@example.com"], indirect=True)
async def test_agent_changes_a_status(page: Page, api: Api) -> None:
    account = await api.new_account("Role Agent")
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=INACTIVE"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Inactivate").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-why]")).to_contain_text(": by agent@example.com")
    await page.goto(f"/accounts/{account['number']}/events")
    await expect(page.get_by_text("by agent@example.com").first).to_be_visible()


@pytest.mark.parametrize("context", ["manager@example.com"], indirect=True)
async def test_manager_starts_a_job(page: Page) -> None:
    await page.goto("/jobs?dialog=start-job&choice=DEFERRED_ACTIONS")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("combobox", name="Job")).to_have_value("Deferred actions")
    await dialog.get_by_role("textbox", name="Business date").fill("2026-10-15")
    await dialog.get_by_role("button", name="Start").click()
    await expect(dialog).to_be_hidden()
    ended = (
        page.get_by_role("table", name="Job history")
        .get_by_role("row")
        .filter(has_text="15 Oct 2026")
        .first
    )
    await expect(ended).to_contain_text("manager@example.com")
