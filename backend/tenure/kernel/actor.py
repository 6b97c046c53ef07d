"""Who acts, and the four roles in their order."""

from dataclasses import dataclass
from enum import StrEnum

from tenure.kernel.errors import ForbiddenError


class Role(StrEnum):
    """Each role may do all that the one before it may (rules 10)."""

    VIEWER = "VIEWER"
    AGENT = "AGENT"
    MANAGER = "MANAGER"
    ADMIN = "ADMIN"

    def includes(self, other: "Role") -> bool:
        """True where this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a client of a partner system, or a job: the name that its events bear."""

    name: str
    role: Role

    def require(self, role: Role) -> None:
        """Raises ForbiddenError where the actor's role is below `role`."""
        if not self.role.includes(role):
            raise ForbiddenError(f"This needs the role {role}; {self.name} is {self.role}.")


SYSTEM = Actor("tenure", Role.ADMIN)
