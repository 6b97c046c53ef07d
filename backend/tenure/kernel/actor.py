"""Actors and their roles."""

from dataclasses import dataclass, field
from enum import StrEnum

from tenure.kernel.errors import ForbiddenError


class Role(StrEnum):
    """The roles in their order. Each includes the permissions of those before it (rules 10)."""

    VIEWER = "VIEWER"
    AGENT = "AGENT"
    MANAGER = "MANAGER"
    ADMIN = "ADMIN"

    def includes(self, other: "Role") -> bool:
        """True if this role is `other` or a higher one."""
        return ORDER[self] >= ORDER[other]


ORDER = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, an API client or a job. Its name is stored in the events that it causes.

    `session` is the digest of the session in which a user works; None for others.
    """

    name: str
    role: Role
    session: str | None = field(default=None, compare=False, repr=False)

    def require(self, role: Role) -> None:
        """Raises ForbiddenError if the role of the actor is lower than `role`."""
        if not self.role.includes(role):
            raise ForbiddenError(f"This needs the role {role}; {self.name} is {self.role}.")


SYSTEM = Actor("tenure", Role.ADMIN)
