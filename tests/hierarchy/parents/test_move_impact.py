"""What a move tells of itself: who pays afterwards, what moves, and what becomes inactive.

Rules 2.7, 5.2 and 5.3.
"""

from decimal import Decimal
from typing import Any

from tenure.holds.models import Status
from tenure.kernel.dry_run import dry_run
from tenure.kernel.unit import Runtime
from tests import builders
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

PAYLOAD = (
    "deferredAction { id } event { kind account { name } } impact { payerChangeCount"
    " payerChanges { billUnit { account { name } } formerPayer { name } payer { name }"
    " moved { amount currency } }"
    " statusChange { accounts offers"
    " ofPayers { payer { name } charged { amount } givenBack { amount } } } }"
)


async def move(ask: Caller, account: int, **to: Any) -> Any:
    """The payload of a move that must succeed."""
    answer = await ask.change(
        *("changeHierarchy", "ChangeHierarchyInput", PAYLOAD),
        accountId=global_id("Account", account),
        **to,
    )
    assert answer["errors"] == []
    return answer


def change(account: str, former: str, payer: str, moved: str) -> dict[str, Any]:
    """A payer change as the API tells it."""
    return {
        "billUnit": {"account": {"name": account}},
        "formerPayer": {"name": former},
        "payer": {"name": payer},
        "moved": {"amount": moved, "currency": "USD"},
    }


async def owner_with_a_fee(runtime: Runtime) -> tuple[int, int]:
    """Ada, who pays for Bob and has a purchase fee of 25 that is not billed yet; and Cora."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, purchase_fee=Decimal(25))
        ada = await builders.account(unit, "Ada")
        await builders.child(unit, ada, "Bob")
        await builders.purchased_offer(unit, ada)
        cora = await builders.account(unit, "Cora")
    return ada, cora


async def test_a_move_below_a_payer(runtime: Runtime) -> None:
    """Rules 5.2, 5.3: also the bill units that it paid for. A dry run tells the same."""
    ada, cora = await owner_with_a_fee(runtime)
    to = {"parentId": global_id("Account", cora), "parentPays": True}
    async with nothing_written(runtime), dry_run(runtime) as rolled_back:
        dry = await move(Caller(rolled_back, ANA), ada, **to)
    done = await move(Caller(runtime, ANA), ada, **to)
    assert done == dry
    assert done["event"] == {"kind": "HIERARCHY_CHANGE", "account": {"name": "Ada"}}
    assert done["impact"] == {
        "payerChangeCount": 2,
        "payerChanges": [change("Ada", "Ada", "Cora", "25"), change("Bob", "Ada", "Cora", "0")],
        "statusChange": {"accounts": 0, "offers": 0, "ofPayers": []},
    }


async def test_a_removal_makes_the_account_pay_for_itself(runtime: Runtime) -> None:
    """Rules 5.2, 5.3: its unbilled charges come back to it; those that it paid for stay."""
    ada, cora = await owner_with_a_fee(runtime)
    ask = Caller(runtime, ANA)
    await move(ask, ada, parentId=global_id("Account", cora), parentPays=True)
    impact = (await move(ask, ada, parentId=None))["impact"]
    assert impact["payerChanges"] == [change("Ada", "Cora", "Ada", "25")]
    assert impact["payerChangeCount"] == 1


async def test_below_an_inactive_payer(runtime: Runtime) -> None:
    """Rules 2.7: the account is held at once. What is given back is on the bill of the payer."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        ada = await builders.account(unit, "Ada", billing_day_of_month=20)
        await builders.purchased_offer(unit, ada)
        cora = await builders.account(unit, "Cora")
        await builders.set_account(unit, cora, Status.INACTIVE)
    to = {"parentId": global_id("Account", cora), "parentPays": True}
    impact = (await move(Caller(runtime, ANA), ada, **to))["impact"]
    [moved] = impact["payerChanges"]
    fee = moved["moved"]["amount"]
    assert Decimal(fee) > 0
    assert impact["statusChange"] == {
        "accounts": 1,
        "offers": 1,
        "ofPayers": [
            {"payer": {"name": "Cora"}, "charged": {"amount": "0"}, "givenBack": {"amount": fee}}
        ],
    }


async def test_a_move_that_changes_no_payer(runtime: Runtime) -> None:
    """The account pays for itself before and after."""
    ada, cora = await owner_with_a_fee(runtime)
    moved = await move(Caller(runtime, ANA), ada, parentId=global_id("Account", cora))
    assert moved["impact"] == {"payerChangeCount": 0, "payerChanges": [], "statusChange": None}
    again = await move(Caller(runtime, ANA), ada, parentId=global_id("Account", cora))
    assert (again["event"], again["impact"]) == (None, moved["impact"])


async def test_a_scheduled_move_has_no_impact_yet(runtime: Runtime) -> None:
    """It has a deferred action instead."""
    ada, cora = await owner_with_a_fee(runtime)
    later = "2026-11-30T00:00:00Z"
    done = await move(
        Caller(runtime, ANA), ada, parentId=global_id("Account", cora), deferUntil=later
    )
    assert done["deferredAction"] is not None
    assert (done["event"], done["impact"]) == (None, None)
