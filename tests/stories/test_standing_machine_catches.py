"""The machine finds what it is there for: faults that are put into the program by changing a line of one function."""

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
from tests.stories.standing_machine import StandingMachine
from tests.stories.standing_program import Program
from tests.stories.test_standing_machine import EXAMPLES, SETTINGS, program

__all__ = ["program"]

# A function, a piece of its source, and what stands there instead. All are tried where TENURE_TEST_EXAMPLES is set.
FAULTS = {
    "offers are reopened": (
        queries,
        "changed_offers",
        "part.where(PurchasedOffer.status != Status.CLOSED)",
        "part",
    ),
    "events tell of nothing": (
        rows,
        "changed_rows",
        "or_(inactive_differs, closed_differs)",
        "after.c.account_id > 0",
    ),
    "payers outside of the region are forgotten": (
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
    "the setting is not asked": (
        queries,
        "changed_services",
        "[] if allow_active else",
        "[] if False else",
    ),
    "offers start anew though they lie ahead": (
        updates,
        "update_offers",
        "PurchasedOffer.purchase_start <= at",
        "True",
    ),
    "offers start anew always": (updates, "update_offers", "if restarts:", "if True:"),
    "the login is not given up": (updates, "update_services", "if rewrites_logins:", "if False:"),
    "ACTIVE leaves DEBT": (
        holds,
        "lifted_by_activation",
        "else LIFTED_MANUALLY",
        "else Cause.MANUAL",
    ),
    "paid ones stay with who is paid": (
        payers,
        "assign_payer",
        "| in_ids(BillUnit.paying_parent_id, ids)",
        "",
    ),
    "the order is lost": (order, "rounds", "groups[action.account_id]", "action.id"),
    "circles hold themselves": (
        entities,
        "held_entities",
        "set(with_parent) - held",
        "set()",
    ),
}
QUICKLY_FOUND = 4


def put_in(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str, before: str, after: str
) -> None:
    """Replace that piece of the function by another."""
    # Without formatting: lines and quotes as `ast.unparse` writes them.
    source = ast.unparse(ast.parse(textwrap.dedent(inspect.getsource(getattr(module, function)))))
    before, after = before.replace('"', "'"), after.replace('"', "'")
    assert source.count(before) == 1, (
        f"{function} does not say {before!r} once any more: seed the fault anew."
    )
    spoilt: dict[str, FunctionType] = {}
    exec(
        compile(source.replace(before, after), f"{function} with a fault", "exec"),
        vars(module),
        spoilt,
    )
    monkeypatch.setattr(
        getattr(module, function), "__code__", spoilt[function].__code__
    )  # Others have imported it.


@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("fault", list(FAULTS)[: None if EXAMPLES else QUICKLY_FOUND])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_machine_catches(program: Program, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    class Machine(StandingMachine):
        pass

    Machine.program = program
    put_in(monkeypatch, *FAULTS[fault])
    actions.cached_statements.cache_clear()  # The statements of a cascade are put together once.
    try:
        with pytest.raises(AssertionError):
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    SETTINGS, phases=[Phase.generate], report_multiple_bugs=False, max_examples=150
                ),
            )
    finally:
        actions.cached_statements.cache_clear()
