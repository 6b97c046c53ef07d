"""An operator's own rules.

Platinum accounts cannot be closed. The login of a service that is closed is rewritten.
"""

from tenure.policies import Amendment, Entity, Refusal, StatusChange, policy


@policy
def prepare_status_change(entity: Entity, change: StatusChange) -> Amendment | None:
    """Called before each requested status change."""
    if change.to != "CLOSED":
        return None
    if entity.kind == "account" and entity.account.rank == "PLATINUM":
        raise Refusal(
            f"{entity.account.number} is a platinum customer: "
            "their manager closes such accounts by another way."
        )
    if entity.kind == "service" and entity.login is not None:
        return Amendment(
            login=f"gone-{entity.account.number}-{entity.login}",
            note=change.note or "Login rewritten",
        )
    return None
