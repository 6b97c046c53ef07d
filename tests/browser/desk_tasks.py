"""The ten commonest tasks of an agent: where each starts, its steps, and what is so afterwards.

The tests in test_desk_tasks.py count the steps, make them by keyboard, and interrupt them.
docs/desk.md lists them.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.steps import Click, Press, Step, Type, button, field, in_dialog, on_page

PENDING = """query ($id: ID!) { account(id: $id) {
  deferredActions(filter: { status: [PENDING] }) { nodes { toStatus scheduledFor } }
} }"""
ACCOUNT = """query ($id: ID!) { account(id: $id) {
  parent { number } children { nodes { name } } disputes { nodes { status reason } }
  payments { nodes { reference amount { amount } } }
  paymentMethods { expirationMonth expirationYear }
} }"""
RUNS = """{ jobRuns(first: 100) { nodes { kind requestedBy businessDate } }
  clock { today } }"""
RESCHEDULED = "2032-03-01"


@dataclass(frozen=True, slots=True)
class Case:
    """A task on data of its own.

    `shows` checks a page that follows the change, `result` reads what was changed, which is then
    `expected`: once, however often the page was left meanwhile.
    """

    start: str
    steps: list[Step]
    shows: Callable[[Page], Awaitable[None]]
    result: Callable[[], Awaitable[object]]
    expected: object


@dataclass(frozen=True, slots=True)
class Task:
    """A task: the steps that it took before this page, and the most that it may take."""

    name: str
    before: int
    most: int
    prepare: Callable[[Api, str], Awaitable[Case]]
    # The last step changes something; before it, the dialog has input that is not saved.
    changes: bool = True
    is_typed: bool = True

    def row(self, case: Case) -> str:
        """The row of the table in docs/desk.md."""
        steps = ", ".join(str(step) for step in case.steps)
        return f"| {self.name} | {steps} | {self.before} | {self.most} | {len(case.steps)} |"


def account_path(account: dict[str, Any]) -> str:
    """The path of the page of an account."""
    return f"/accounts/{account['number']}"


def text(selector: str, shown: str) -> Callable[[Page], Awaitable[None]]:
    """The check that an element of the page contains a text, given as an expression."""

    async def check(page: Page) -> None:
        await expect(page.locator(selector).first).to_have_text(re.compile(shown))

    return check


def region(name: str, shown: str) -> Callable[[Page], Awaitable[None]]:
    """The check that a panel of the page contains a text."""

    async def check(page: Page) -> None:
        await expect(page.get_by_role("region", name=name)).to_contain_text(shown)

    return check


async def find_and_say_why(api: Api, name: str) -> Case:
    """Rules 2.6: the header of the account says why it is inactive."""
    payer = await api.new_account(f"{name} Payer")
    child = await api.new_account(name, parentId=payer["id"], parentPays=True)
    await api.change_status(payer["id"], "INACTIVE")

    async def status() -> object:
        found = await api.ask("query ($id: ID!) { account(id: $id) { status } }", id=child["id"])
        return found["account"]["status"]

    typed = Type("the number", child["number"], field("Search"))
    shows = text("[data-why]", f"its payer {name} Payer is inactive")
    return Case("/jobs", [Press("/"), typed, Press("Enter")], shows, status, "INACTIVE")


async def pending_actions(api: Api, account_id: str) -> list[dict[str, str]]:
    """The pending actions of an account, the next one first."""
    found = (await api.ask(PENDING, id=account_id))["account"]["deferredActions"]["nodes"]
    return sorted(found, key=lambda it: it["scheduledFor"])


async def pending_statuses(api: Api, account_id: str) -> list[str]:
    """The statuses to which an account is going to change."""
    return [it["toStatus"] for it in await pending_actions(api, account_id)]


async def suspend(api: Api, name: str) -> Case:
    """Inactive from next Monday to the Monday after it."""
    account = await api.new_account(name)
    return Case(
        account_path(account),
        [
            on_page("Inactivate"),
            in_dialog("Next Monday"),
            in_dialog("After a week"),
            in_dialog("Inactivate on this date"),
        ],
        text("[data-next]", "Inactivate|inactive"),
        lambda: pending_statuses(api, account["id"]),
        ["INACTIVE", "ACTIVE"],
    )


async def close(api: Api, name: str) -> Case:
    """At the end of the month."""
    account = await api.new_account(name)
    sure = Click(
        "I understand", lambda page: page.get_by_role("dialog").get_by_label("I understand")
    )
    return Case(
        account_path(account),
        [
            on_page("Close"),
            in_dialog("End of the month"),
            sure,
            in_dialog("Close account on this date"),
        ],
        text("[data-next]", "Close|closed"),
        lambda: pending_statuses(api, account["id"]),
        ["CLOSED"],
    )


async def value_of(api: Api, account_id: str, *path: str) -> object:
    """A value of the account, found by the names of its fields."""
    found: Any = (await api.ask(ACCOUNT, id=account_id))["account"]
    for key in path:
        found = found[key]
    return found


async def dispute(api: Api, name: str) -> Case:
    """One call on the bill to come."""
    its = await account_with_charges(api, name)
    reason = "Was abroad myself"
    item = Click(
        "the item", lambda page: page.get_by_role("link", name=its.item_name, exact=True).first
    )
    return Case(
        f"/accounts/{its.number}",
        [
            item,
            on_page("Dispute: Calls abroad", "Dispute"),
            Type("the reason", reason, field("Reason", "combobox")),
            Press("Enter"),
        ],
        text("main", r"Disputed\s*6\.00 USD"),
        lambda: value_of(api, its.id, "disputes", "nodes"),
        [{"status": "OPEN", "reason": reason}],
    )


async def settle(api: Api, name: str) -> Case:
    """In full."""
    its = await account_with_charges(api, name)
    await open_dispute(api, its)
    grant = on_page(f"Grant: {its.item_name}", "Grant")
    return Case(
        f"/accounts/{its.number}",
        [grant, in_dialog("Settle")],
        region("Open disputes", "No open disputes"),
        lambda: value_of(api, its.id, "disputes", "nodes"),
        [{"status": "GRANTED", "reason": "Never called"}],
    )


async def move(api: Api, name: str) -> Case:
    """Below another account, with the accounts below it."""
    target = await api.new_account(f"{name} Target")
    moved = await api.new_account(name)
    await api.new_account(f"{name} Child", parentId=moved["id"])

    async def place() -> object:
        found = (await api.ask(ACCOUNT, id=moved["id"]))["account"]
        return found["parent"]["number"], [it["name"] for it in found["children"]["nodes"]]

    option = Click("the account", lambda page: page.get_by_role("option", name=target["name"]))
    return Case(
        account_path(moved),
        [
            on_page("Move"),
            Type("the number", target["number"], field("New parent", "combobox")),
            option,
            in_dialog("Change hierarchy"),
        ],
        text("nav[aria-label=Breadcrumb]", f"{name} Target.*{name}"),
        place,
        (target["number"], [f"{name} Child"]),
    )


async def record_payment(api: Api, name: str) -> Case:
    """A transfer of the customer."""
    account = await api.new_account(name)
    return Case(
        account_path(account),
        [
            on_page("Record a payment"),
            Type("the amount", "10", field("Amount")),
            Press("Tab"),
            Type("the reference", f"T-{account['number']}", field("Reference")),
            Press("Enter"),
        ],
        text("[data-balance]", r"10\.00"),
        lambda: value_of(api, account["id"], "payments", "nodes"),
        [{"reference": f"T-{account['number']}", "amount": {"amount": "10"}}],
    )


async def reschedule(api: Api, name: str) -> Case:
    """All three actions of an account at once."""
    account = await api.new_account(name)
    for day in range(2, 5):
        at = f"2032-02-0{day}T00:00:00Z"
        await api.change_status(account["id"], "INACTIVE", deferUntil=at)

    async def dates() -> object:
        return [it["scheduledFor"][:10] for it in await pending_actions(api, account["id"])]

    return Case(
        account_path(account),
        [
            Click(
                "Deferred actions", lambda page: page.get_by_role("tab", name="Deferred actions")
            ),
            Click(
                "Select all on this page",
                lambda page: page.get_by_role("checkbox", name="Select all on this page"),
            ),
            Click("Reschedule", lambda page: button(page.get_by_role("toolbar"), "Reschedule")),
            Type("the date", RESCHEDULED, field("New date")),
            Press("Enter"),
        ],
        text("main table tbody tr:nth-child(3)", "1 Mar 2032"),
        dates,
        [RESCHEDULED] * 3,
    )


async def edit_expiration(api: Api, name: str) -> Case:
    """Of the card with which an account pays."""
    account = await api.new_account(name)
    await api.add_card(account["id"])
    card = "Edit expiration of Visa ···· 4242: 03/2035"
    return Case(
        account_path(account),
        [
            on_page(card, "the expiration of the card"),
            Type("month and year", "0436", field("Expires")),
            Press("Enter"),
        ],
        region("Payments", "04/2036"),
        lambda: value_of(api, account["id"], "paymentMethods"),
        [{"expirationMonth": 4, "expirationYear": 2036}],
    )


async def run_bill_day(api: Api, name: str) -> Case:
    """Of today."""

    async def runs() -> int:
        found = await api.ask(RUNS)
        own = {
            "kind": "BILL_DAY",
            "requestedBy": "admin@example.com",
            "businessDate": found["clock"]["today"],
        }
        return int(found["jobRuns"]["nodes"].count(own))

    async def shows(page: Page) -> None:
        rows = page.get_by_role("table", name="Job history").locator("tbody tr")
        own = rows.filter(has_text="Bill day").filter(has_text="admin@example.com")
        # The history has the runs of other tests too.
        await expect(own.nth(before)).to_be_visible()

    before = await runs()
    return Case(
        "/",
        [
            Click(
                "Jobs",
                lambda page: page.get_by_role("navigation", name="Main").get_by_role(
                    "link", name="Jobs"
                ),
            ),
            on_page("Run the bill day…"),
            in_dialog("Start"),
        ],
        shows,
        runs,
        before + 1,
    )


TASKS = [
    Task("Find an account and say why it is inactive", 4, 3, find_and_say_why, changes=False),
    Task("Suspend from Monday to Monday", 14, 5, suspend),
    Task("Close at the end of the month", 11, 4, close),
    Task("Dispute a charge", 13, 5, dispute),
    Task("Settle a dispute", 6, 2, settle, is_typed=False),
    Task("Move an account with its children", 10, 6, move),
    Task("Record a payment", 9, 5, record_payment),
    Task("Reschedule three actions", 11, 5, reschedule),
    Task("Correct the expiration of a card", 10, 3, edit_expiration),
    Task("Run the bill day", 6, 3, run_bill_day, is_typed=False),
]
