"""The amounts of a bill, an item or an event that can be disputed or credited."""

from decimal import Decimal

from tenure.events.models import EventKind
from tenure.kernel.unit import Runtime
from tests import bill_rows, builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

DISPUTABLE = """query($id: ID!) { bill(id: $id) { disputable { amount currency }
  items { nodes { disputable { amount } events { nodes { kind disputable { amount } } } } } } }"""


async def test_what_is_disputable(ask: Caller, runtime: Runtime) -> None:
    """The amount without earlier disputes and adjustments; null for an event without a charge.

    It is at most that of the item and the bill to which it belongs.
    """
    sums = {
        "current_charges": Decimal(30),
        "adjusted": Decimal(-2),
        "held": Decimal(11),
        "paid": Decimal(-30),
    }
    async with runtime.unit(ANA) as unit:
        unit_id = await builders.default_bill_unit_id(unit, await builders.account(unit))
        made = await bill_rows.bill(unit, unit_id, **sums)
        item = await bill_rows.item(
            unit, made, unit_id, "30", adjusted=Decimal(-2), held=Decimal(3)
        )
        fee = await bill_rows.charge(unit, item, "12")
        await bill_rows.charge(unit, item, "-2", kind=EventKind.DISCOUNT, followed_id=fee)
        await bill_rows.dispute(unit, made, item_id=item, event_id=fee, amount=Decimal(3))
        await bill_rows.charge(unit, item, "20")
        await bill_rows.charge(unit, item, kind=EventKind.DISPUTE, amount=None)
    found = (await ask(DISPUTABLE, id=global_id("Bill", made)))["bill"]
    # Of the item 25 are left, and of the bill 17: more is disputed of it as a whole.
    assert found["disputable"] == {"amount": "17", "currency": "USD"}
    [its_item] = found["items"]["nodes"]
    assert its_item["disputable"] == {"amount": "17"}
    assert its_item["events"]["nodes"] == [
        {"kind": "DISPUTE", "disputable": None},
        {"kind": "CYCLE_FEE", "disputable": {"amount": "17"}},
        {"kind": "DISCOUNT", "disputable": {"amount": "-2"}},
        {"kind": "CYCLE_FEE", "disputable": {"amount": "7"}},
    ]
