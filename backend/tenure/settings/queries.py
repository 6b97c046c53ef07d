"""Reads the business settings, and opens runtimes whose units read them at their start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.kernel.clock import real_now
from tenure.kernel.db import AnySelect, Database
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime, Unit, UnitSettings
from tenure.settings.models import BusinessRow
from tenure.settings.rules import Business

COLUMNS = (
    BusinessRow.time_zone,
    BusinessRow.allow_active_service_with_inactive_account,
    BusinessRow.change_start_time_on_activation,
    BusinessRow.closed_login_prefix,
    BusinessRow.inactivate_after_days_past_due,
    BusinessRow.payment_term_days,
    BusinessRow.clock_set_to,
)


@dataclass(frozen=True, slots=True)
class BusinessReader:
    """Reads the settings of a unit. Unless `clock_settable`, a clock that was set is ignored."""

    clock_settable: bool = False

    def statement(self) -> AnySelect:
        """Selects the settings."""
        return select(*COLUMNS)

    def settings_of(self, row: Row[Any]) -> Business:
        """The settings in a row of `statement`, which may have more columns."""
        set_to: datetime | None = row.clock_set_to if self.clock_settable else None
        return Business(
            now=set_to or real_now(),
            clock_is_set=set_to is not None,
            clock_settable=self.clock_settable,
            time_zone=row.time_zone,
            allow_active_service_with_inactive_account=(
                row.allow_active_service_with_inactive_account
            ),
            change_start_time_on_activation=row.change_start_time_on_activation,
            closed_login_prefix=row.closed_login_prefix,
            inactivate_after_days_past_due=row.inactivate_after_days_past_due,
            payment_term_days=row.payment_term_days,
        )


def runtime_of(
    settings: Settings, database: Database, *, wake_workers: Callable[[], None] = lambda: None
) -> Runtime:
    """The runtime of an entry point, as the operator has configured it."""
    return Runtime(
        database,
        BusinessReader(clock_settable=settings.clock == "settable"),
        wake_workers=wake_workers,
        gateway=settings.payment_gateway,
        webhooks=settings.webhooks,
    )


def settings_of(unit: Unit) -> Business:
    """The business settings that the unit read at its start."""
    return _business(unit.settings)


async def read_business(session: AsyncSession, runtime: Runtime) -> Business:
    """The business settings and the time, outside of a unit."""
    row = (await session.execute(runtime.settings.statement())).one()
    return _business(runtime.settings.settings_of(row))


def _business(settings: UnitSettings) -> Business:
    if not isinstance(settings, Business):
        raise TypeError("The runtime does not read the business settings. Open it by runtime_of.")
    return settings
