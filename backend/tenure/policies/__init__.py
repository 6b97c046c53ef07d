"""What an installation may decide for itself, by plug-ins: docs/plugins.md. Plug-ins import from here and nowhere else."""

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
