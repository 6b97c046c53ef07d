"""`test_status_machine` finds faults in status code that are seeded by changing one function."""

import ast
import inspect
import textwrap
from types import FunctionType, ModuleType

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tenure.batch.deferred_actions import rules as order
from tenure.hierarchy.payers import actions as payers
from tenure.holds import rules as holds
from tenure.status.cascades import actions, queries
from tenure.status.entities import queries as entities
from tenure.status.entity_updates import actions as updates
from tenure.status.parent_holds import queries as parent_holds
from tenure.status.rows import queries as rows
from tests.stories.status_machine import StatusMachine
from tests.stories.tenure_driver import TenureDriver
from tests.stories.test_status_machine import EXAMPLES, SETTINGS, driver

__all__ = ["driver"]

# Module, function, a part of its source and its replacement. All run with TENURE_TEST_EXAMPLES.
FAULTS = {
    "offers are reopened": (
        queries,
        "changed_offers",
        "part.where(PurchasedOffer.status != Status.CLOSED)",
        "part",
    ),
    "events without a change are written": (
        rows,
        "changed_rows",
        "or_(inactive_differs, closed_differs)",
        "after.c.account_id > 0",
    ),
    "payers outside of the affected accounts are ignored": (
        parent_holds,
        "_parent_holds",
        "unaffected.status != Status.ACTIVE",
        "unaffected.status == Status.ACTIVE",
    ),
    "an own hold hides PARENT": (
        parent_holds,
        "_own_holds",
        'else_=Account.closed_holds).op("&")(no_parent)',
        'else_=Account.closed_holds).op("&")(31)',
    ),
    "the setting for active services is ignored": (
        queries,
        "changed_services",
        "[] if allow_active else",
        "[] if False else",
    ),
    "future offers restart": (
        updates,
        "update_offers",
        "PurchasedOffer.purchase_start <= at",
        "True",
    ),
    "offers always restart": (updates, "update_offers", "if restarts:", "if True:"),
    "the login is not rewritten": (updates, "update_services", "if rewrites_logins:", "if False:"),
    "activation leaves DEBT holds": (
        holds,
        "lifted_by_activation",
        "else LIFTED_MANUALLY",
        "else Cause.MANUAL",
    ),
    "indirectly paid bill units keep their payer": (
        payers,
        "assign_payer",
        "| in_ids(BillUnit.paying_parent_id, ids)",
        "",
    ),
    "the order of deferred actions is ignored": (
        order,
        "rounds",
        "groups[action.account_id]",
        "action.id",
    ),
    "accounts in a circle hold each other": (
        entities,
        "held_entities",
        "set(with_parent) - held",
        "set()",
    ),
}
DEFAULT_FAULTS = 4


def seed_fault(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str, before: str, after: str
) -> None:
    """Replace a part of the source of a function."""
    # Lines and quotes as `ast.unparse` writes them, independent of the formatting.
    source = ast.unparse(ast.parse(textwrap.dedent(inspect.getsource(getattr(module, function)))))
    before, after = before.replace('"', "'"), after.replace('"', "'")
    assert source.count(before) == 1, (
        f"{function} must contain {before!r} exactly once. Update the seeded fault."
    )
    compiled: dict[str, FunctionType] = {}
    exec(
        compile(source.replace(before, after), f"{function} with a fault", "exec"),
        vars(module),
        compiled,
    )
    monkeypatch.setattr(
        getattr(module, function), "__code__", compiled[function].__code__
    )  # Other modules have imported the function object.


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_can_be_seeded(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The source that it replaces exists, also for the faults that need TENURE_TEST_EXAMPLES."""
    seed_fault(monkeypatch, *FAULTS[fault])


@pytest.mark.thorough
@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("fault", list(FAULTS)[: None if EXAMPLES else DEFAULT_FAULTS])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_seeded_fault_is_found(
    driver: TenureDriver, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    class Machine(StatusMachine):
        pass

    Machine.driver = driver
    seed_fault(monkeypatch, *FAULTS[fault])
    actions.cascade_statements.cache_clear()  # The statements of a cascade are cached.
    try:
        with pytest.raises(AssertionError):
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    SETTINGS, phases=[Phase.generate], report_multiple_bugs=False, max_examples=150
                ),
            )
    finally:
        actions.cascade_statements.cache_clear()
