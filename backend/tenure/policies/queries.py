"""Calls the hooks of the plug-ins. The message of an error becomes the user error (rules 9)."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import entry_points
from typing import TypeVar

import pluggy
import structlog

from tenure.holds.models import Status
from tenure.kernel.errors import ConfigurationError, ErrorCode, TenureError
from tenure.kernel.settings import GatewaySettings
from tenure.policies.rules import (
    GROUP,
    AccountFacts,
    Amendment,
    Defaults,
    Denial,
    Entity,
    Gateway,
    Hold,
    Hooks,
    LimitEvent,
    PaymentResult,
    Refusal,
    ServiceFacts,
    StatusChange,
    merged,
)

Answer = TypeVar("Answer")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Policies:
    """The plug-ins of a process."""

    plugins: pluggy.PluginManager

    @property
    def prepares_status_changes(self) -> bool:
        """False if no plug-in has the hook; then its facts need not be read."""
        return bool(self.plugins.hook.prepare_status_change.get_hookimpls())

    @property
    def watches_credit_limits(self) -> bool:
        """False if only the default has the hook, which sets no hold; then no balance is read."""
        return len(self.plugins.hook.credit_limit_reached.get_hookimpls()) > 1

    def prepare_status_change(self, entity: Entity, change: StatusChange) -> Amendment:
        """The amendments of the plug-ins. Raises NOT_ALLOWED with the message of a refusal."""
        hook = self.plugins.hook.prepare_status_change
        answers: list[object] = _asked("status", lambda: hook(entity=entity, change=change))
        return merged([_checked(answer, Amendment) for answer in answers])

    def payment_gateway(
        self, settings: GatewaySettings
    ) -> AbstractAsyncContextManager[Gateway] | None:
        """Opens the gateway of that name; None if no plug-in has it. Raises ConfigurationError."""
        try:
            answer: object = self.plugins.hook.payment_gateway(settings=settings)
        except Exception as fault:
            raise ConfigurationError(
                f"The payment gateway {settings.name} cannot be opened: {fault}"
            ) from fault
        if answer is None or isinstance(answer, AbstractAsyncContextManager):
            return answer
        raise ConfigurationError(
            f"A plug-in's payment gateway {settings.name} is no asynchronous context manager."
        )

    def payment_failed(
        self, account: AccountFacts, result: PaymentResult, days_past_due: int
    ) -> Status | None:
        """The effect of the DEBT hold to set on the account, if any."""
        hook = self.plugins.hook.payment_failed
        return _effect(
            _asked(
                "payment", lambda: hook(account=account, result=result, days_past_due=days_past_due)
            )
        )

    def credit_limit_reached(self, account: AccountFacts, event: LimitEvent) -> Status | None:
        """The effect of the DEBT hold to set on the account, if any."""
        hook = self.plugins.hook.credit_limit_reached
        return _effect(_asked("credit_limit", lambda: hook(account=account, event=event)))

    def authorize(self, service: ServiceFacts, amount: Decimal) -> Denial | None:
        """The denial of the usage; None if no plug-in denies it."""
        hook = self.plugins.hook.authorize
        answer: object = _asked("service", lambda: hook(service=service, amount=amount))
        return None if answer is None else _checked(answer, Denial)


@cache
def installed() -> Policies:
    """The default plug-in and those of installed packages. Raises ConfigurationError."""
    found = with_plugins()
    for entry in entry_points(group=GROUP):
        try:
            found.plugins.register(entry.load(), name=entry.name)
            found.plugins.check_pending()
        except Exception as fault:
            line = " ".join(str(fault).split())
            raise ConfigurationError(
                f"The plug-in {entry.name} ({entry.value}) cannot be loaded: "
                f"{type(fault).__name__}: {line}"
            ) from fault
    return found


def with_plugins(*plugins: object) -> Policies:
    """The default plug-in and these. The hooks of the last one are called first."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    manager.register(Defaults(), name="tenure defaults")
    for plugin in plugins:
        manager.register(plugin)
    return Policies(manager)


def _asked(path: str, ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except Exception as fault:
        if not isinstance(fault, Refusal):
            log.exception("a plug-in failed")
        message = str(fault) or f"A plug-in refused it ({type(fault).__name__})."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, (path,)) from fault


def _checked(answer: object, kind: type[Answer]) -> Answer:
    if not isinstance(answer, kind):
        expected = f"{kind.__name__} or None"
        message = f"A plug-in answered {type(answer).__name__} where {expected} was asked for."
        raise TenureError(ErrorCode.NOT_ALLOWED, message)
    return answer


def _effect(answer: object) -> Status | None:
    if answer is None:
        return None
    effect = _checked(answer, Hold).effect
    return None if effect is Status.ACTIVE else effect
