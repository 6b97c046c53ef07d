"""The fees of the next cycle, before they are charged (rules 6.2)."""

from datetime import timedelta
from decimal import Decimal

from tenure.batch import execute_run
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.holds.models import Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind
from tenure.kernel.unit import Runtime
from tests import builders
from tests.checks import nothing_written
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id

NEXT = """query($id: ID!) { nextCycles(accountId: $id) {
  billUnit { account { name } } periodStart periodEnd total { amount currency }
  fees { kind description amount { amount } offer { name } service { login } } } }"""
POSTED = """query($id: ID!) { account(id: $id) { events(filter: {kind: [CYCLE_FEE, DISCOUNT]}) {
  nodes { kind description amount { amount } } } } }"""


async def test_the_next_bill_day_charges_these_fees(runtime: Runtime) -> None:
    """Also for a paid account; not for a suspended offer. Nothing is written."""
    async with runtime.unit(ANA) as unit:
        ada = await builders.account(unit, "Ada", billing_day_of_month=20)
        bob = await builders.child(unit, ada, "Bob")
        await builders.catalog_offer(unit, "flat", monthly_fee=Decimal(30))
        await builders.catalog_offer(unit, "idle", monthly_fee=Decimal(7))
        await create_offer(
            unit,
            code="less",
            name="Less",
            kind=OfferKind.DISCOUNT,
            monthly_percent_off=Decimal(10),
        )
        line = await builders.service(unit, ada, "ada")
        for owner, service in ((ada, line), (bob, None)):
            await builders.purchased_offer(unit, owner, service)
        await builders.purchased_offer(unit, ada, code="less")
        idle = await builders.purchased_offer(unit, ada, code="idle")
        await builders.set_offer(unit, idle, Status.INACTIVE)
    ask = Caller(runtime, ANA)
    async with nothing_written(runtime):
        cycles = (await ask(NEXT, id=global_id("Account", ada)))["nextCycles"]
    [own, paid] = cycles
    assert [it["billUnit"]["account"]["name"] for it in cycles] == ["Ada", "Bob"]
    assert (own["periodStart"], own["periodEnd"]) == ("2026-11-20", "2026-12-20")
    assert own["total"] == {"amount": "27", "currency": "USD"}
    assert paid["total"] == {"amount": "30", "currency": "USD"}
    expected = [
        {"kind": it["kind"], "description": it["description"], "amount": it["amount"]}
        for it in own["fees"]
    ]
    assert [(it["offer"]["name"], it["service"]) for it in own["fees"]] == [
        ("Flat", {"login": "ada"}),
        ("Less", {"login": "ada"}),
    ]
    await set_clock(runtime, NOON + timedelta(days=10))
    async with runtime.unit(ANA) as unit:
        run = await start(unit, kind=JobKind.BILL_DAY)
        run_id = run.id
    await execute_run(runtime, run_id)
    posted = (await ask(POSTED, id=global_id("Account", ada)))["account"]["events"]["nodes"]
    assert sorted(posted[:2], key=str) == sorted(expected, key=str)
    unknown = global_id("Account", 99)
    assert await ask(NEXT, id=unknown) == {"nextCycles": []}
    assert await ask.code(NEXT, id=global_id("Bill", 1)) == "INVALID"
