"""What an installation may decide for itself, by plug-ins: docs/plugins.md. Plug-ins import from here and nowhere else."""

from tenure.policies.rules import (
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

__all__ = [
    "AccountFacts",
    "Amendment",
    "Denial",
    "Entity",
    "Hold",
    "LimitEvent",
    "PaymentOutcome",
    "PaymentResult",
    "Refusal",
    "ServiceFacts",
    "StatusChange",
    "policy",
]
