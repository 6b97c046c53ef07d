"""The daily figures of the home page: revenue by day, and accounts by status by month."""

from collections.abc import Awaitable, Callable
from datetime import date

from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tenure.overview.actions import store_figures
from tenure.settings.queries import read_business


def daily_figures(runtime: Runtime, actor: Actor) -> Callable[[], Awaitable[None]]:
    """Return a function to be called each minute, which stores the figures once a business day.

    A call that fails is repeated in the next minute. Several processes may do this at once: they
    store the same.
    """
    done: date | None = None

    async def store_once_a_day() -> None:
        nonlocal done
        async with runtime.database.reading() as session:
            today = (await read_business(session, runtime)).today
        if done == today:
            return
        await runtime.run_in_unit(actor, store_figures)
        done = today

    return store_once_a_day
