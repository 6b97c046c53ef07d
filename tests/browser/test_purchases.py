"""The pickers of the dialogs for offers and services search: they can be more than a list shows."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api, Server

pytestmark = [pytest.mark.anyio]

MANY = 120
AT_ONCE = 20


async def ask_many(api: Api, mutations: list[str]) -> None:
    """Send mutations, many in a document."""
    for start in range(0, len(mutations), AT_ONCE):
        part = mutations[start : start + AT_ONCE]
        named = " ".join(f"m{index}: {it}" for index, it in enumerate(part))
        done = await api.ask(f"mutation {{ {named} }}")
        assert all(it["errors"] == [] for it in done.values()), done


@pytest.fixture
async def many_offers(api: Api, server: Server) -> AsyncIterator[str]:
    """The word of many offers for internet services; they are no longer there after the test."""
    word = f"w{uuid4().hex[:8]}"
    await ask_many(
        api,
        [
            f'createOffer(input: {{ code: "{word}-{index:03}", name: "Plan {word} {index:03}", '
            f'kind: CHARGE, serviceKind: "internet", monthlyFee: "9" }}) {{ errors {{ message }} }}'
            for index in range(MANY)
        ],
    )
    yield word
    with closing(sqlite3.connect(server.database, timeout=60)) as database, database:
        database.execute("DELETE FROM offer WHERE code LIKE ?", (f"{word}-%",))


async def test_each_of_many_services_and_offers_can_be_picked(
    page: Page, api: Api, many_offers: str
) -> None:
    """The first ones are those that the lists show last."""
    account = await api.new_account("Many services")
    await ask_many(
        api,
        [
            f'addService(input: {{ accountId: "{account["id"]}", kind: "internet", '
            f'login: "{many_offers}-{index:03}" }}) {{ errors {{ message }} }}'
            for index in range(MANY)
        ],
    )
    await page.goto(f"/accounts/{account['number']}?dialog=purchase-offer&on={account['id']}")
    dialog = page.get_by_role("dialog")
    target = dialog.get_by_role("combobox", name="For")
    await target.fill(f"{many_offers}-000")
    await page.get_by_role("option", name=f"{many_offers}-000").click()
    await expect(target).to_have_value(f"Internet ({many_offers}-000)")
    offer = dialog.get_by_role("combobox", name="Offer")
    await offer.fill(f"{many_offers} 000")
    await page.get_by_role("option", name=f"Plan {many_offers} 000").click()
    await expect(offer).to_have_value(f"Plan {many_offers} 000 (9.00 USD a month)")
    await dialog.get_by_label("Quantity").fill("2")
    await expect(offer).to_have_value(f"Plan {many_offers} 000 (9.00 USD a month)")


async def test_each_of_many_offers_can_be_purchased_with_a_service(
    page: Page, api: Api, many_offers: str
) -> None:
    """Those that were picked stay while others are searched."""
    account = await api.new_account("Many offers")
    await page.goto(f"/accounts/{account['number']}?dialog=add-service&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Kind").fill("internet")
    offers = dialog.get_by_role("combobox", name="Offers to purchase with it")
    for number in ("000", "001"):
        await offers.fill(f"{many_offers} {number}")
        await page.get_by_role("option", name=f"Plan {many_offers} {number}").click()
    for number in ("000", "001"):
        await expect(dialog.get_by_text(f"Plan {many_offers} {number} (9.00")).to_be_visible()


async def test_inactive_services_are_not_offered(page: Page, api: Api) -> None:
    """The API sells offers for active ones only."""
    account = await api.new_account("Inactive service")
    done = await api.ask(
        """mutation ($input: ChangeAssetStatusInput!) {
          changeAssetStatus(input: $input) { errors { message } }
        }""",
        input={"assetId": account["service"], "status": "INACTIVE"},
    )
    assert done["changeAssetStatus"]["errors"] == []
    await page.goto(f"/accounts/{account['number']}?dialog=purchase-offer&on={account['id']}")
    await page.get_by_role("dialog").get_by_role("combobox", name="For").click()
    await expect(page.get_by_role("option")).to_have_text(["Account"])
