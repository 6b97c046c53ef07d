"""Rules 9: the hooks, the default plug-in, and the checks of results."""

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tenure.holds.models import Status
from tenure.kernel.errors import ConfigurationError, ErrorCode, TenureError
from tenure.policies import (
    AccountFacts,
    Amendment,
    Denial,
    Entity,
    Hold,
    LimitEvent,
    PaymentOutcome,
    PaymentResult,
    Refusal,
    ServiceFacts,
    StatusChange,
    policy,
)
from tenure.policies.queries import installed, with_plugins

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
CARLA = AccountFacts("A-1", "Carla", Status.ACTIVE, "GOLD", "USD", Decimal(100))
LINE = ServiceFacts("internet", "Internet", "carla", Status.ACTIVE, CARLA)
LIMIT = LimitEvent("USAGE", Decimal(20), Decimal(110), Decimal(100), "USD", NOON)
ENTITY = Entity("account", "A-1", Status.ACTIVE, CARLA)
CHANGE = StatusChange(Status.CLOSED, "ana@example.com", NOON, deferred=False, reason="moved")


def failed(outcome: PaymentOutcome) -> PaymentResult:
    """A payment that failed like this, where 30 days past due count."""
    return PaymentResult(outcome, Decimal(25), "USD", 30)


def plugin(**hooks: object) -> object:
    """A plug-in of these functions."""
    marked = {name: policy(hook) for name, hook in hooks.items()}  # type: ignore[call-overload]
    return SimpleNamespace(**marked)


@pytest.mark.parametrize(
    ("outcome", "days", "hold"),
    [
        (PaymentOutcome.INVALID_CARD, 0, Status.INACTIVE),
        (PaymentOutcome.EXPIRED, 0, Status.INACTIVE),
        (PaymentOutcome.VALIDATION_FAILED, 29, None),
        (PaymentOutcome.VALIDATION_FAILED, 30, Status.INACTIVE),
        (PaymentOutcome.INSUFFICIENT_FUNDS, 400, None),
        (PaymentOutcome.NO_ANSWER, 400, None),
    ],
)
def test_failed_payment_by_default(outcome: PaymentOutcome, days: int, hold: Status | None) -> None:
    """Rules 7.3."""
    assert with_plugins().payment_failed(CARLA, failed(outcome), days) is hold


def test_other_defaults() -> None:
    """Rules 7.5: no hold at the credit limit, no further denial, no amendment of changes."""
    policies = with_plugins()
    assert policies.credit_limit_reached(CARLA, LIMIT) is None
    assert policies.authorize(LINE, Decimal(1)) is None
    assert not policies.prepares_status_changes
    assert policies.prepare_status_change(ENTITY, CHANGE) == Amendment()


def test_first_opinion_counts() -> None:
    """After None the next plug-in is called, the default last. ACTIVE means: no hold."""
    closing = plugin(
        payment_failed=lambda days_past_due: Hold(Status.CLOSED) if days_past_due > 90 else None,
        credit_limit_reached=lambda event: (
            Hold(Status.INACTIVE) if event.balance > event.limit else None
        ),
        authorize=lambda amount: Denial("Too much at once.") if amount > 10 else None,
    )
    lenient = plugin(
        payment_failed=lambda account: Hold(Status.ACTIVE) if account.rank == "GOLD" else None
    )
    policies = with_plugins(closing)
    assert policies.payment_failed(CARLA, failed(PaymentOutcome.EXPIRED), 91) is Status.CLOSED
    assert policies.payment_failed(CARLA, failed(PaymentOutcome.EXPIRED), 90) is Status.INACTIVE
    assert policies.credit_limit_reached(CARLA, LIMIT) is Status.INACTIVE
    assert policies.authorize(LINE, Decimal(10)) is None
    assert policies.authorize(LINE, Decimal(11)) == Denial("Too much at once.")
    assert (
        with_plugins(closing, lenient).payment_failed(CARLA, failed(PaymentOutcome.EXPIRED), 91)
        is None
    )


def test_amendments_are_put_together() -> None:
    """The first plug-in that sets a field wins; all are called, so each may refuse."""
    first = plugin(prepare_status_change=lambda: Amendment(reason="first"))
    second = plugin(
        prepare_status_change=lambda entity: Amendment(reason="second", note=entity.name)
    )
    assert with_plugins(second, first).prepare_status_change(ENTITY, CHANGE) == Amendment(
        "first", "A-1"
    )

    def refuse() -> None:
        raise Refusal("Never.")

    with pytest.raises(TenureError, match=r"^Never\.$"):
        with_plugins(plugin(prepare_status_change=refuse), first).prepare_status_change(
            ENTITY, CHANGE
        )


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Refusal("Not on Sundays."), "Not on Sundays."),
        (ValueError("a bug"), "a bug"),
        (KeyError(), "A plug-in refused it (KeyError)."),
    ],
)
def test_what_is_raised_is_told(fault: Exception, message: str) -> None:
    """NOT_ALLOWED with the plug-in's message, whatever it raises, at each hook."""

    def raises() -> None:
        raise fault

    policies = with_plugins(
        plugin(
            payment_failed=raises,
            credit_limit_reached=raises,
            authorize=raises,
            prepare_status_change=raises,
        )
    )
    for path, ask in (
        ("status", lambda: policies.prepare_status_change(ENTITY, CHANGE)),
        ("payment", lambda: policies.payment_failed(CARLA, failed(PaymentOutcome.EXPIRED), 1)),
        ("credit_limit", lambda: policies.credit_limit_reached(CARLA, LIMIT)),
        ("service", lambda: policies.authorize(LINE, Decimal(1))),
    ):
        with pytest.raises(TenureError) as refusal:
            ask()
        assert (refusal.value.code, refusal.value.message) == (ErrorCode.NOT_ALLOWED, message)
        assert refusal.value.path == (path,)


def test_answers_of_another_kind_are_refused() -> None:
    """Rather than taken for something that they are not."""
    policies = with_plugins(
        plugin(authorize=lambda: True, prepare_status_change=lambda: {"reason": "x"})
    )
    with pytest.raises(TenureError, match="answered bool where Denial or None was asked for"):
        policies.authorize(LINE, Decimal(1))
    with pytest.raises(TenureError, match="answered dict where Amendment or None was asked for"):
        policies.prepare_status_change(ENTITY, CHANGE)


def test_facts_are_frozen() -> None:
    """A hook decides; it changes nothing."""
    for fact in (CARLA, LINE, LIMIT, ENTITY, CHANGE, Amendment(), Hold(Status.ACTIVE), Denial("x")):
        with pytest.raises(AttributeError):
            setattr(fact, fields(fact)[0].name, "other")


def test_hook_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said when plug-ins are loaded: a misspelt hook would never be called."""
    misspelt = plugin(prepare_status=lambda: None)
    entry = SimpleNamespace(name="misspelt", value="misspelt:plugin", load=lambda: misspelt)
    monkeypatch.setattr("tenure.policies.queries.entry_points", lambda **_: [entry])
    installed.cache_clear()
    with pytest.raises(ConfigurationError, match="unknown hook 'prepare_status'"):
        installed()
    monkeypatch.undo()
    installed.cache_clear()
    assert not installed().prepares_status_changes
