"""The small company while it is built: who works there, and a unit of any of its last days."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Unit, Workplace

MAYA = Actor("maya.chen@example.com", Role.MANAGER)
BEN = Actor("ben.adeyemi@example.com", Role.AGENT)
PORTAL = Actor("customer portal", Role.AGENT)
ACTORS = (MAYA, BEN, PORTAL)

FIRST_DAY = 20


@dataclass(slots=True)
class Company:
    """The company under way: its customers' ids by name, and the unit of any of its days."""

    workplace: Workplace
    now: datetime
    advance: Callable[[int], None]
    ids: dict[str, int] = field(default_factory=dict)

    @asynccontextmanager
    async def unit(self, actor: Actor, days_ago: float) -> AsyncIterator[Unit]:
        """A unit of so many days ago, so that the events of the company do not all bear the same minute."""
        async with self.workplace.unit(actor) as unit:
            unit.business = replace(unit.business, now=self.now - timedelta(days=days_ago))
            yield unit
