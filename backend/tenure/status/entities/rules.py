"""How far back a change of an entity may take effect (rules 2.11)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BackdatingLimit:
    """The times before which a backdated change of an entity can't take effect.

    `status_changed_at` is the later of the last status change and the start of the latest manually
    lifted hold; `billed_until` is the end of the last billed period.
    """

    created_at: datetime
    status_changed_at: datetime
    billed_until: date
