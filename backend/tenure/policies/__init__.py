"""The hooks for plug-ins (docs/plugins.md). Plug-ins import only from this module."""

from tenure.kernel.settings import GatewaySettings
from tenure.policies.rules import (
    AccountFacts,
    Amendment,
    Denial,
    Entity,
    Gateway,
    GatewayAnswer,
    Hold,
    LimitEvent,
    PaymentOutcome,
    PaymentRequest,
    PaymentResult,
    Refusal,
    ServiceFacts,
    StatusChange,
    policy,
)

__all__ = [
    "AccountFacts",
    "Amendment",
    "Denial",
    "Entity",
    "Gateway",
    "GatewayAnswer",
    "GatewaySettings",
    "Hold",
    "LimitEvent",
    "PaymentOutcome",
    "PaymentRequest",
    "PaymentResult",
    "Refusal",
    "ServiceFacts",
    "StatusChange",
    "policy",
]
