"""What a status change charges and gives back, told with its impact (rules 6.3)."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tenure.events.actions import record
from tenure.events.models import Event, EventKind
from tenure.kernel.dialects import is_of_this_transaction
from tenure.kernel.dry_run import dry_run
from tenure.kernel.unit import Runtime
from tests import builders
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

IMPACT = "impact { offers charged { amount currency } givenBack { amount currency } }"


async def change(ask: Caller, account: str, status: str) -> Any:
    """The impact of a status change."""
    answer = await ask.change(
        *("changeAccountStatus", "ChangeAccountStatusInput", IMPACT),
        accountId=account,
        status=status,
    )
    assert answer["errors"] == []
    return answer["impact"]


async def test_a_change_tells_what_it_charges_and_gives_back(runtime: Runtime) -> None:
    """A dry run tells the same; a preview, which posts nothing, tells neither."""
    async with runtime.unit(ANA) as unit:
        owner = await builders.account(unit, billing_day_of_month=20)
        prices = {"monthly_fee": Decimal(30), "cancel_fee": Decimal(5)}
        await builders.catalog_offer(unit, **prices)
        await builders.purchased_offer(unit, owner)
        await builders.purchased_offer(unit, owner)
        account = global_id("Account", owner)
    ask = Caller(runtime, ANA)
    async with nothing_written(runtime), dry_run(runtime) as rolled_back:
        dry = await change(Caller(rolled_back, ANA), account, "CLOSED")
    [event] = (await ask("{ events(first: 1) { nodes { amount { amount } } } }"))["events"]["nodes"]
    paid = 2 * Decimal(event["amount"]["amount"])
    found = await change(ask, account, "INACTIVE")
    assert found == {
        "offers": 2,
        "charged": [],
        "givenBack": [{"amount": f"{paid.normalize():f}", "currency": "USD"}],
    }
    assert await change(ask, account, "ACTIVE") == {
        "offers": 2,
        "charged": found["givenBack"],
        "givenBack": [],
    }
    closed = await change(ask, account, "CLOSED")
    assert closed == dry == found | {"charged": [{"amount": "10", "currency": "USD"}]}
    preview = (
        "query($id: ID!) { accountStatusImpact(accountId: $id, status: ACTIVE) {"
        " charged { amount } givenBack { amount } } }"
    )
    assert await ask(preview, id=account) == {
        "accountStatusImpact": {"charged": None, "givenBack": None}
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_events_of_other_transactions_are_not_counted(runtime: Runtime) -> None:
    """PostgreSQL: another unit commits events while a change is made."""
    async with runtime.unit(ANA) as unit:
        owner = await builders.account(unit)
    async with runtime.unit(ANA) as unit:
        own = await record(unit, EventKind.ACCOUNT_CHANGE, owner, "Own")
        async with runtime.unit(ANA) as other:
            await record(other, EventKind.ACCOUNT_CHANGE, owner, "Other")
        written = select(Event.id).where(is_of_this_transaction(Event.transaction_id))
        assert (await unit.session.execute(written)).scalars().all() == [own]


async def test_amounts_are_told_by_payer(runtime: Runtime) -> None:
    """Rules 2.6, 6.7: what a paid account gives back is on the bills of its payer."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        payer = await builders.account(unit, "Payer", billing_day_of_month=20)
        paid = await builders.child(unit, payer, "Paid")
        await builders.purchased_offer(unit, paid)
        alone = await builders.account(unit, "Alone", billing_day_of_month=20)
        await builders.paid_unit(unit, alone, payer)
        await builders.purchased_offer(unit, alone)
    found = await Caller(runtime, ANA).change(
        *("changeAccountStatus", "ChangeAccountStatusInput"),
        "impact { givenBack { amount } ofPayers { payer { name } charged { amount }"
        " givenBack { amount currency } } }",
        accountId=global_id("Account", payer),
        status="INACTIVE",
    )
    [total] = found["impact"]["givenBack"]
    half = f"{(Decimal(total['amount']) / 2).normalize():f}"
    assert Decimal(half) > 0
    given_back = {"charged": {"amount": "0"}, "givenBack": {"amount": half, "currency": "USD"}}
    assert found["impact"]["ofPayers"] == [
        {"payer": {"name": "Payer"}, **given_back},
        {"payer": {"name": "Alone"}, **given_back},
    ]
