"""Rules 2.1: conditions on hold masks and names of causes, in SQL and in Python."""

from itertools import product

from sqlalchemy import SmallInteger, cast, select

from tenure.accounts.models import Account
from tenure.holds.models import ALL_CAUSES, Cause
from tenure.holds.queries import cause_name, has_hold, held_entities
from tenure.kernel.unit import Runtime
from tests.builders import account
from tests.conftest import ANA

MASKS = (0, *Cause, Cause.DEBT | Cause.MANUAL, ALL_CAUSES)


async def test_names_of_causes(runtime: Runtime) -> None:
    """Rules 2.1: each bit has the name of its cause; no bit has none."""
    async with runtime.unit(ANA) as unit:
        names = [
            (await unit.session.execute(select(cause_name(cast(bit, SmallInteger))))).scalar_one()
            for bit in (*map(int, Cause), 0, None)
        ]
    assert names == ["MANUAL", "DEBT", "PARENT", "ACCOUNT", "SERVICE", None, None]


async def test_has_hold_looks_at_both_masks(runtime: Runtime) -> None:
    """Rules 2.1: a hold of one of the causes, whether it inactivates or closes."""
    async with runtime.unit(ANA) as unit:
        row = await unit.session.get_one(Account, await account(unit))
        for inactive, closed in product(MASKS, MASKS):
            row.inactive_holds, row.closed_holds = int(inactive), int(closed)
            await unit.session.flush()
            for wanted in (Cause.DEBT, Cause.MANUAL | Cause.PARENT):
                found = await unit.session.execute(
                    select(Account.id).where(has_hold(Account, wanted))
                )
                is_held = bool((inactive | closed) & wanted)
                assert (found.first() is not None) == is_held
                keys = held_entities(Account, Account.id, wanted).keys
                assert ((await unit.session.execute(keys)).first() is not None) == is_held
