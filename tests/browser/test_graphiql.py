"""GraphiQL: sign-in, the tabs with common tasks, the explorer, and subscriptions."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tenure.kernel.actor import Role
from tests.browser.conftest import Api, Server
from tests.demonstration import DemoServer, demo_served
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

TASKS = [
    "FindAndExplain",
    "SuspendForAWeek",
    "CloseAtMonthEnd",
    "DisputeACharge",
    "SettleADispute",
    "MoveWithChildren",
    "RecordAPayment",
    "RescheduleThree",
    "ExtendACard",
    "RunTheBillDay",
    "WatchEvents",
]


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A server of this file, since its tasks would disturb the other tests."""
    with demo_served(tmp_path_factory, "graphiql") as server:
        yield server


async def open_graphiql(page: Page) -> None:
    """Open it, and wait until the first task is in the editor."""
    await page.goto("/graphiql")
    await expect(page.get_by_role("tab", name="FindAndExplain")).to_be_visible()
    await expect(page.locator(".graphiql-editor .view-line").first).to_be_visible()


@pytest.mark.parametrize("context", ["nobody"], indirect=True)
async def test_anonymous_is_led_to_sign_in_and_back(
    context: BrowserContext, server: Server
) -> None:
    page = await context.new_page()
    await page.goto("/graphiql")
    await page.wait_for_url("**/sign-in?from=%2Fgraphiql")
    await page.get_by_label("E-mail").fill("viewer@example.com")
    await page.get_by_label("Password", exact=True).fill(server.passwords["viewer@example.com"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("tab", name="FindAndExplain")).to_be_visible()
    await expect(page).to_have_url(f"{server.address}/graphiql")


async def test_tasks_run_on_the_demonstration(page: Page, demo_server: DemoServer) -> None:
    """Both servers have the same data. Each task without errors, as it stands in its tab."""
    await open_graphiql(page)
    read = await page.wait_for_function("localStorage.getItem('graphiql:tabState')")
    stored = await read.json_value()
    texts = {tab["title"]: tab["query"] for tab in json.loads(stored)["tabs"]}
    assert list(texts) == TASKS
    assert [name for name, text in texts.items() if "{{" in text] == []
    headers = {"Authorization": f"Bearer {demo_server.tokens[Role.MANAGER]}"}
    async with httpx.AsyncClient(
        base_url=demo_server.address, headers=headers, timeout=PATIENCE
    ) as client:
        for name in TASKS[:-1]:
            answer = (await client.post("/graphql", json={"query": texts[name]})).json()
            assert (name, answer.get("errors")) == (name, None)
            [payload] = answer["data"].values()
            assert (name, payload.get("errors", [])) == (name, [])


# The editor has read the operation of the tab: until then GraphiQL sends it as a query.
# It stores the text in the same step.
IS_READ = "(name) => (localStorage.getItem('graphiql:query') ?? '').includes(name)"


async def test_a_query_and_a_subscription_are_answered(page: Page, api: Api) -> None:
    """`page` fails on a request to another host, and on a breach of the content policy."""
    await open_graphiql(page)
    await page.get_by_role("button", name=re.compile("Execute query")).click()
    await expect(page.locator(".result-window")).to_contain_text("Brightwater")
    await page.get_by_role("tab", name="WatchEvents").click()
    await page.wait_for_function(IS_READ, arg="WatchEvents")
    async with page.expect_websocket() as opened:
        await page.get_by_role("button", name=re.compile("Execute query")).click()
    await opened.value

    async def event_is_shown() -> bool:
        """Creates an event, since those before the server has subscribed are not sent."""
        await api.new_account("Watched By GraphiQL")
        return "ACCOUNT_CHANGE" in await page.locator(".result-window").inner_text()

    await wait_for(event_is_shown, PATIENCE, "No event is shown.")


async def test_the_explorer_adds_a_field(page: Page) -> None:
    await open_graphiql(page)
    await page.get_by_role("button", name=re.compile("GraphiQL Explorer")).click()
    await page.locator(".docExplorerWrap").get_by_text("rank", exact=True).first.click()
    await expect(page.locator(".graphiql-editor").first).to_contain_text("rank")
