"""The command `tenure account show`: an account on one screen."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.output import AsJson, print_json
from tenure.cli.reading import Record, account_id, ask, pages
from tenure.cli.running import in_runtime

if TYPE_CHECKING:
    from tenure.kernel.unit import Runtime

accounts = typer.Typer(help="Accounts of customers.", no_args_is_help=True)

ACCOUNT = """query($id: ID!) { account(id: $id) {
  number name status holds { effect cause } rank email phone currency createdAt closedAt
  balance { amount currency } overdue { amount currency } overdueSince
  creditLimit { amount currency }
  parent { number name } descendantCount
  billUnits { name billingDayOfMonth payingParent { account { number name } } }
  offers { name status offer { code } }
  paymentMethods { label isDefault }
  bills(first: 5) { nodes { number status totalDue { amount currency } dueOn } }
} }"""
SERVICES = """query($id: ID!, $count: Int!, $cursor: String) { account(id: $id) {
  services(first: $count, after: $cursor) {
    nodes { kind login name status holds { effect cause } offers { name status offer { code } } }
    pageInfo { cursor: endCursor hasMore: hasNextPage }
  }
} }"""
ACTIONS = """query($id: ID!, $count: Int!, $cursor: String) { account(id: $id) {
  deferredActions(first: $count, after: $cursor, filter: {status: [PENDING, FAILED]}) {
    nodes { summary status scheduledFor } pageInfo { cursor: endCursor hasMore: hasNextPage }
  }
} }"""


@accounts.command(name="show")
def show_account(
    number: Annotated[str, typer.Argument(metavar="NUMBER")], as_json: AsJson = False
) -> None:
    """Show an account: status with reasons, money, assets, the last bills, what is scheduled."""

    async def read(runtime: "Runtime") -> Record:
        key = await account_id(runtime, number)
        services = pages(runtime, SERVICES, id=key)
        actions = pages(runtime, ACTIONS, id=key)
        return {
            **(await ask(runtime, ACCOUNT, id=key))["account"],
            "services": [service async for page in services for service in page],
            "deferred_actions": [action async for page in actions for action in page],
        }

    account = in_runtime(read)
    if as_json:
        print_json(account)
        return
    for label, text in described(account):
        typer.echo(f"{label:12}{text}".rstrip())


def described(account: Record) -> Iterator[tuple[str, str]]:
    """The lines of an account: label and text. What is missing is left out."""
    yield account["number"], account["name"]
    yield "status", state(account)
    for name in ("rank", "email", "phone"):
        if account[name]:
            yield name, account[name]
    yield "balance", amount(account["balance"])
    if account["overdue_since"]:
        yield "overdue", f"{amount(account['overdue'])} since {account['overdue_since']}"
    if account["parent"]:
        yield "parent", f"{account['parent']['number']} {account['parent']['name']}"
    for unit in account["bill_units"]:
        payer = unit["paying_parent"]
        paid_by = f", paid by {payer['account']['number']}" if payer else ""
        yield "bill unit", f"{unit['name']}, day {unit['billing_day_of_month']}{paid_by}"
    for service in account["services"]:
        yield "service", f"{service['kind']} {service['login'] or '-'}: {state(service)}"
        for offer in service["offers"]:
            yield "", f"  {offer['offer']['code']}: {offer['status']}"
    for offer in account["offers"]:
        yield "offer", f"{offer['offer']['code']}: {offer['status']}"
    for method in account["payment_methods"]:
        yield "pays by", method["label"]
    for bill in account["bills"]:
        yield "bill", f"{bill['number'] or '-'}: {bill['status']}, {amount(bill['total_due'])}"
    for action in account["deferred_actions"]:
        yield "scheduled", f"{action['scheduled_for']}: {action['summary']} ({action['status']})"


def state(entity: Record) -> str:
    """Status and holds: `INACTIVE (PARENT, MANUAL)`."""
    causes = ", ".join(hold["cause"] for hold in entity["holds"])
    return f"{entity['status']} ({causes})" if causes else str(entity["status"])


def amount(money: Mapping[str, str]) -> str:
    """`12.50 EUR`."""
    return f"{money['amount']} {money['currency']}"
